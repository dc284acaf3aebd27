// One multiplication of huge numbers: native code that asks nobody whether it may go on.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    let number = 2n ** (2n ** 24n) - 1n;
    while (true) number *= number;
  }
}
