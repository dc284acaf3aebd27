// Throws an object whose message takes for ever to read.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    throw {
      get message(): string {
        while (true) {}
      },
    };
  }
}
