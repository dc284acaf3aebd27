// The captures of a regular expression on a long text, kept.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    const text = 'ab'.repeat(4_000_000);
    const kept: unknown[] = [];
    for (;;) kept.push(text.match(/(a)(b)/g), text.split(/b/));
  }
}
