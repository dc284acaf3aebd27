// Fills the log.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    for (let i = 0; i < 100_000; i++) this.log.info(`line ${i}`);
    this.log.info('x'.repeat(10_000_000));
  }
}
