// Memory of WebAssembly, which is counted nowhere.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    const { WebAssembly } = globalThis as unknown as { WebAssembly?: { Memory: new (size: object) => unknown } };
    if (!WebAssembly) throw new ReferenceError('WebAssembly is not defined');
    const kept: unknown[] = [];
    while (true) kept.push(new WebAssembly.Memory({ initial: 10_000, maximum: 65_536 }));
  }
}
