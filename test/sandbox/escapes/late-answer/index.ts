// Ends its isolate while a read is on its way: the answer must not reach the next isolate.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    void this.data.read('Patient', 'slow');
    while (true) {}
  }
}
