// An answer that is nested as deeply as it can be written.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    for (let depth = 100_000; depth > 100; depth = Math.floor(depth * 0.9)) {
      let payload: unknown = {};
      for (let level = 0; level < depth; level++) payload = { a: payload };
      try {
        JSON.stringify([payload]);
        return [{ type: 'DEEP', payload }];
      } catch {
        // Deeper than the stack is.
      }
    }
    return [];
  }
}
