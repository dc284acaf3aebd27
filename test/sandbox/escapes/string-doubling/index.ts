// A string that doubles until it cannot.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    let text = 'chart';
    while (true) {
      text += text;
      // Flattens the rope, so that the memory is really taken.
      text.charCodeAt(text.length - 1);
      JSON.stringify(text);
    }
  }
}
