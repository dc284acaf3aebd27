// Code made of strings, and modules that are not in the script.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  async compute() {
    const code = 'typeof process + typeof require';
    const nothing = 'undefinedundefined';
    const ways: (() => unknown)[] = [
      // biome-ignore lint/security/noGlobalEval: that is the attack
      () => globalThis.eval(code),
      () => new Function(`return ${code}`)(),
      () => Object.getPrototypeOf(async () => {}).constructor(`return ${code}`)(),
      () =>
        Object.getPrototypeOf(function* () {})
          .constructor(`yield ${code}`)()
          .next().value,
      () => import(['node', 'fs'].join(':')),
      () => import(['data:text/javascript', 'export default 1'].join(',')),
    ];
    for (const way of ways) {
      try {
        const found = await way();
        if (found !== nothing) this.log.error(`reached: ${String(found)}`);
      } catch {
        // Modules, and all else that is not there.
      }
    }
    return [];
  }
}
