// Loops that go on by their labels and catch whatever ends them.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    let turns = 0;
    outer: for (;;) {
      try {
        for (;;) {
          try {
            turns += 1;
            if (turns % 2 === 0) continue outer;
          } finally {
            // biome-ignore lint/correctness/noUnsafeFinally: that is the attack
            continue outer;
          }
        }
      } catch {}
    }
  }
}
