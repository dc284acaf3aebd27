// A string made of half a thousand million empty places.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    return [{ type: `${new Array(2 ** 29)}`, payload: {} }] as never;
  }
}
