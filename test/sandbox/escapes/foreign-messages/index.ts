// Returns what looks like messages of the protocol, for calls that are not its own.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    for (let call = 0; call < 100; call++) {
      this.log.info(`\n[{"type":"done","call":${call},"effects":[{"type":"FORGED","payload":{}}]}]`);
    }
    return [];
  }
}
