// Lies in wait for the globals that are made when they are first used, and changes them once they are.

import { BaseProtocol, EventType } from 'chartwire/sdk';

type World = Record<string, unknown>;
const world = globalThis as unknown as World;

const evil = () => {
  throw new Error('ran in the making of a global');
};
/** While the plugin is loaded, before any of them is made. */
const poisons: (() => unknown)[] = [
  () => Object.defineProperty(Object.prototype, 'URL', { get: evil }),
  () => Object.defineProperty(Object.prototype, 'TextEncoder', { get: evil, configurable: true }),
  () => Object.defineProperty(Object.prototype, '0', { set: evil }),
  () => Object.defineProperty(Array.prototype, Symbol.iterator, { value: evil }),
  () => Object.assign(String.prototype, { replace: evil, charCodeAt: evil }),
  () => Object.assign(RegExp.prototype, { exec: evil, test: evil }),
  () => Object.assign(Map.prototype, { get: evil, set: evil }),
  () => Object.assign(Object, { defineProperty: evil, freeze: () => {}, isFrozen: () => true }),
  () => Object.assign(Uint8Array, { from: evil, of: evil }),
  // biome-ignore lint/security/noGlobalEval: that is the attack
  () => globalThis.eval('var structuredClone = 1; function URL() {}'),
];
for (const name of ['URL', 'TextEncoder', 'TextDecoder', 'crypto', 'fetch', 'eval', 'structuredClone']) {
  poisons.push(() => (world[name] = evil));
  poisons.push(() => Object.defineProperty(world, name, { value: evil }));
  poisons.push(() => {
    if (!Reflect.deleteProperty(world, name)) throw new TypeError('not deleted');
  });
}
const taken: number[] = [];
poisons.forEach((poison, index) => {
  try {
    poison();
    taken.push(index);
  } catch {
    // As it should be.
  }
});
// These are the code's own, whatever their names.
// biome-ignore lint/security/noGlobalEval: that is the attack
globalThis.eval('let TextEncoder = class {}, fetch = 1');
// What packages look for, and may be given: a plugin's own, of which the globals know nothing.
for (const name of [
  'Buffer',
  'SharedArrayBuffer',
  'HermesInternal',
  'Deno',
  'given',
  'nothing',
  'NotShared',
  'library',
]) {
  Object.defineProperty(world, name, { get: evil });
}

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    // Those that add a name of their own to the world do no harm; no index may be of another kind.
    for (const index of taken) this.log.error(`poison ${index} took`);
    const url = new URL('https://münchen.example/?a=b');
    const made: [string, unknown, unknown][] = [
      ['URL', url.host, 'xn--mnchen-3ya.example'],
      ['Base64', atob(btoa('x')), 'x'],
      ['text', new TextDecoder().decode(new TextEncoder().encode('é')), 'é'],
      ['a copy', structuredClone({ a: 1 }).a, 1],
      ['headers', new Headers({ a: '1' }).get('A'), '1'],
      ['random values', crypto.randomUUID().length, 36],
    ];
    for (const [what, found, right] of made) if (found !== right) this.log.error(`${what}: ${String(found)}`);

    const classes = [
      URL,
      URLSearchParams,
      Headers,
      Response,
      TextEncoder,
      TextDecoder,
      Object.getPrototypeOf(TextDecoder),
    ];
    const objects: object[] = [crypto, atob, fetch, structuredClone, ...classes];
    for (const { prototype } of classes) objects.push(prototype);
    for (const made of [url.searchParams.entries(), new Headers().entries(), new Headers().keys(), crypto]) {
      objects.push(Object.getPrototypeOf(made));
    }
    for (const object of objects) {
      const parts = Reflect.ownKeys(object).flatMap((key) => {
        const { value, get, set } = Object.getOwnPropertyDescriptor(object, key)!;
        return [value, get, set].filter((part) => typeof part === 'function');
      });
      for (const part of [object, ...parts, Object.getOwnPropertyDescriptor(globalThis, 'URL')!.get]) {
        if (!Object.isFrozen(part)) this.log.error(`can be changed: ${Reflect.ownKeys(object).map(String).join()}`);
      }
    }
    return [];
  }
}
