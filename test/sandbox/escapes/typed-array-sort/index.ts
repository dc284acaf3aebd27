// Sorts inside the engine, without any code of the plugin in them.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    const list = new Float64Array(5_000_000);
    for (;;) {
      for (let at = 0; at < list.length; at++) list[at] = (at * 7_919) % 1_000_003;
      list.sort();
    }
  }
}
