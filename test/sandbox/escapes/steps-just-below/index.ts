// Steps that each end before the limit, from many sides, so that the runner is never free.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  async compute() {
    const side = async (): Promise<void> => {
      for (let turn = 0; turn < 3; turn++) {
        await this.data.read('Patient', 'p');
        let x = 0;
        for (let n = 0; n < 2_000_000; n++) x = (x * 31 + n) | 0;
        if (x === 1) this.log.info('x');
      }
    };
    await Promise.all(Array.from({ length: 4 }, side));
    return [];
  }
}
