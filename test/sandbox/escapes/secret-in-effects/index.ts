// Puts references into effects, where the host would write what they stand for into a chart.

import { BaseProtocol, EventType, type Secret, secretText } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    const secret = this.variables.TOKEN as Secret;
    const parts = Object.getOwnPropertySymbols(secret).map((key) => secret[key as never]);
    return [
      { type: 'CREATE_TASK', payload: { title: secret, comment: secretText`it is ${secret}`, labels: parts } },
    ] as never;
  }
}
