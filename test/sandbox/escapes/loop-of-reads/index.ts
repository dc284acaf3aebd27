// An asynchronous loop of reads, none of which takes long.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  async compute() {
    while (true) await this.data.read('Patient', 'p');
  }
}
