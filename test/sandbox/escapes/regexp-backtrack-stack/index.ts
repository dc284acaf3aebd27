// A backtrack stack as deep as the text is long, over and over.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    const text = 'a'.repeat(20_000_000);
    let found = 0;
    for (;;) {
      if (/^(?:a|ab)*c/.test(text)) found += 1;
      if (found > 0) this.log.info(found);
    }
  }
}
