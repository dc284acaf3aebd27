// The answer loops while it is being written as JSON.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    const payload = {
      toJSON() {
        while (true) {}
      },
    };
    return [{ type: 'CREATE_TASK', payload }] as never;
  }
}
