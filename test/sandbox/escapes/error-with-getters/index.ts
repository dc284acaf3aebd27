// Throws an object that answers every question about itself with more code.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    throw new Proxy(Object.create(null) as object, {
      get(_, key) {
        if (key === 'message') throw new Error('from the getter');
        return { toString: () => 'not text' };
      },
      getPrototypeOf() {
        throw new Error('no prototype');
      },
    });
  }
}
