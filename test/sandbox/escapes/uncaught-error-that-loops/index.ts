// Leaves a rejected promise behind, whose error takes for ever to read outside any time limit of a step.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  async compute() {
    const error = new Error('never read');
    Object.defineProperty(error, 'message', {
      get(): string {
        while (true) {}
      },
    });
    void Promise.reject(error);
    await this.data.read('Patient', 'p');
    await new Promise(() => {});
  }
}
