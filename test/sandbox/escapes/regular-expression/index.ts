// A regular expression that tries every way to fail.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    /^(a+)+$/.test(`${'a'.repeat(40)}b`);
  }
}
