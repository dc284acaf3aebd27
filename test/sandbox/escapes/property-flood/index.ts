// An object of a million properties, and another.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    const kept: object[] = [];
    while (true) {
      const object: Record<string, number> = {};
      for (let i = 0; i < 1_000_000; i++) object[`property${i}`] = i;
      kept.push(object);
    }
  }
}
