// The constructor of a constructor makes functions of strings, in whichever world its own object is from.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  async compute() {
    // The last is an error that came from the host.
    const refusal: unknown = await this.data.read('Patient', 'of-the-innocent').catch((error) => error);
    const { event, data, http, log, variables } = this;
    const starts: unknown[] = [event, event.context, data, data.read, http, log, log.info, variables, refusal];
    for (const start of starts) {
      const chain = start as { constructor: { constructor(code: string): () => unknown } };
      const found = chain.constructor.constructor('return typeof process')();
      if (found !== 'undefined') this.log.error('reached');
    }
    return [];
  }
}
