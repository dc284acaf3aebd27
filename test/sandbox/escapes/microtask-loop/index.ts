// Waits for what is already there, for ever: the event loop never gets its turn.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  async compute() {
    while (true) await null;
  }
}
