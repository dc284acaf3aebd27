// Two hundred megabytes of effects.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    const payload = { title: 'x'.repeat(1_000_000) };
    return Array.from({ length: 200 }, () => ({ type: 'CREATE_TASK', payload })) as never;
  }
}
