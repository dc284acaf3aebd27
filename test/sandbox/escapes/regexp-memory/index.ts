// A regular expression whose compilation takes memory outside of the heap, in one native call.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    const kept: RegExp[] = [];
    for (let n = 0; ; n++) {
      const pattern = `(?:${'(a|b)?'.repeat(200_000)})${n}`;
      const expression = new RegExp(pattern);
      expression.test('ab'.repeat(1_000));
      kept.push(expression);
    }
  }
}
