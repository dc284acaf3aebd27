// Sorts and joins arrays that are nearly all holes.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    const array: number[] = [];
    array.length = 2 ** 32 - 2;
    array[2 ** 31] = 1;
    array.sort();
    array.join('-');
  }
}
