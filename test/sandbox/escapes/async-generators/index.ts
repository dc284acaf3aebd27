// Microtasks that make microtasks, by generators that wait for one another.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  async compute() {
    async function* ticks(): AsyncGenerator<number> {
      for (let n = 0; ; n++) yield n;
    }
    const drain = async (): Promise<void> => {
      for await (const _ of ticks());
    };
    await Promise.all(Array.from({ length: 1_000 }, drain));
  }
}
