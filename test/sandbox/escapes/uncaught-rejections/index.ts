// Leaves rejected promises behind, which nobody catches.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  async compute() {
    for (let i = 0; i < 1_000; i++) void Promise.reject(new Error('nobody catches this'));
    await this.data.read('Patient', 'p');
    return [];
  }
}
