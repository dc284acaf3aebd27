// A log as long as it may be beside reads that never end, from many sides.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  async compute() {
    const side = async (): Promise<void> => {
      for (let n = 0; ; n++) {
        this.log.info('x'.repeat(10_000));
        await this.data.read('Patient', `p${n}`);
      }
    };
    await Promise.all(Array.from({ length: 50 }, side));
  }
}
