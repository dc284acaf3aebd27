// An answer of a great many names and escapes, which takes long to read.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    const payload: Record<string, unknown> = {};
    for (let n = 0; n < 60_000; n++) payload[`\u0001${n}`] = n;
    return [{ type: 'A', payload }];
  }
}
