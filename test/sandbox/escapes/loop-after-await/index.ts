// Loops only after an answer of the host, where the time limit of the first part is over.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  async compute() {
    await this.data.read('Patient', 'p');
    while (true) {}
  }
}
