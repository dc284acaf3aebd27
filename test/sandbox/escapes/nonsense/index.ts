// Returns what is not effects.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    return [1, 'two', null, { no: 'type' }] as never;
  }
}
