// A map that never stops growing.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    const map = new Map<number, object>();
    for (let key = 0; ; key++) map.set(key, { key });
  }
}
