// Spreads a string of five hundred million letters.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    const letters = [...'x'.repeat(5e8)];
    return [{ type: letters.length.toString(), payload: {} }] as never;
  }
}
