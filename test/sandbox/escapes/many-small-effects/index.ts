// As many effects as fit into an answer.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    return Array.from({ length: 20_000 }, (_, n) => ({ type: 'A', payload: n }));
  }
}
