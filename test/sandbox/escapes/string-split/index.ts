// Splits a string of four hundred million letters: kills any process that holds the isolate.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    'ab'.repeat(2e8).split('');
  }
}
