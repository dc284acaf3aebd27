// Copies that fill the memory: the engine counts all of it to the isolate, as it does what a plugin makes by itself.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    const kept: unknown[] = [];
    for (let size = 2 ** 20; ; size *= 2) {
      kept.push(structuredClone(new Uint8Array(size)), new TextEncoder().encode('x'.repeat(size)));
    }
  }
}
