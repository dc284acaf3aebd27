// Memory outside the heap that the limit watches.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    const kept: Uint8Array[] = [];
    while (true) kept.push(new Uint8Array(50_000_000).fill(1));
  }
}
