// Returns something that looks like a promise and is a loop.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    return {
      // biome-ignore lint/suspicious/noThenProperty: that is the attack
      then() {
        while (true) {}
      },
    } as never;
  }
}
