// One sort of many items, in one native call with a comparison that takes its time.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    const list = Array.from({ length: 2_000_000 }, (_, n) => (n * 7_919) % 1_000_003);
    for (;;) list.sort((a, b) => Math.sin(a) - Math.sin(b)).reverse();
  }
}
