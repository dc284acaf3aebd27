// Calls itself, until there is no stack, and then JSON does.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    const payload: { deeper?: object } = {};
    let at = payload;
    for (let i = 0; i < 2_000_000; i++) at = at.deeper = {};
    const recur = (): number => 1 + recur();
    try {
      recur();
    } catch {
      JSON.stringify(payload);
    }
  }
}
