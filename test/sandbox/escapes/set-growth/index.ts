// A Set that grows: each time it does, all that it holds is put into a new table.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    const set = new Set<number>();
    for (let n = 0; ; n++) set.add(n * 1.5);
  }
}
