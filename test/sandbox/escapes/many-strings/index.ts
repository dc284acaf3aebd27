// Thousands of strings of a megabyte.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    const kept: string[] = [];
    while (true) kept.push(JSON.parse(JSON.stringify(String.fromCharCode(97 + (kept.length % 26)).repeat(1_000_000))));
  }
}
