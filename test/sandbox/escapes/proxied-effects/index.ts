// A list of effects that has no end.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    return new Proxy([], {
      get: (list, key) =>
        key === 'length' ? 2 ** 50 : key === Symbol.iterator ? undefined : { type: 'X', payload: list },
    }) as never;
  }
}
