// Three million reads at once.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  async compute() {
    const reads: Promise<unknown>[] = [];
    for (let i = 0; i < 3_000_000; i++) reads.push(this.data.read('Patient', String(i)));
    await Promise.all(reads);
  }
}
