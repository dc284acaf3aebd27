// Looks for anything that is not the language's own: of the host, of the engine, of the other side of a function.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    const names = ['process', 'require', 'module', 'exports', 'global', 'Buffer', 'setTimeout', 'setImmediate', 'ivm'];
    const world = globalThis as unknown as Record<string, unknown>;
    for (const name of [...names, '__chartwire', 'Atomics', 'SharedArrayBuffer', 'WeakRef', 'FinalizationRegistry']) {
      if (world[name] !== undefined) this.log.error(`reached ${name}`);
    }
    // A function of the host would tell its caller's stack, or be callable with objects of ours.
    for (const found of [
      this.data.read,
      this.http.fetch,
      this.log.info,
      fetch,
      structuredClone,
      URL,
      crypto.randomUUID,
    ]) {
      const { caller, arguments: given } = Object.getOwnPropertyDescriptors(found) as Record<string, unknown>;
      if (caller || given) this.log.error('reached the caller');
    }
    return [];
  }
}
