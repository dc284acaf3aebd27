// Reads records that were given to another plugin, and makes up calls of others.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  async compute() {
    const seen: string[] = [];
    for (const id of ['of-the-innocent', '../Patient/of-the-innocent', 'of-the-innocent/_history/1']) {
      seen.push(
        await this.data.read('Patient', id).then(
          (found) => (found ? 'given' : 'nothing'),
          () => 'refused',
        ),
      );
    }
    return [{ type: 'SEEN', payload: seen }] as never;
  }
}
