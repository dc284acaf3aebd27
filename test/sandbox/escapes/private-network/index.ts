// Reaches into the network of the operator.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  async compute() {
    const seen: string[] = [];
    const addresses = [
      'https://127.0.0.1/',
      'http://169.254.169.254/latest/meta-data/',
      'https://[::1]/',
      'https://[::ffff:10.0.0.1]/',
      'https://2130706433/',
      'file:///etc/passwd',
    ];
    for (const address of addresses) {
      seen.push(
        await this.http.get(address).then(
          () => 'answered',
          () => 'refused',
        ),
      );
    }
    return [{ type: 'SEEN', payload: seen }] as never;
  }
}
