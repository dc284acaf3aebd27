// Objects, and more objects.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    const kept: object[] = [];
    while (true) kept.push({ a: 1, b: [1, 2, 3], c: { d: kept.length } });
  }
}
