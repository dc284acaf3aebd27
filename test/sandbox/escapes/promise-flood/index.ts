// Promises, each with a callback that makes more.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  async compute() {
    const more = async (): Promise<unknown> => Promise.all([more(), more(), Promise.resolve().then(more)]);
    await more();
  }
}
