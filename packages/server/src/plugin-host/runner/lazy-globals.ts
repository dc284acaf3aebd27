// Globals beside the language's own: each is made of a script that runs when it is first used, so that a plugin which
// doesn't use it pays nothing. The scripts come as text and are run inside the isolate.

import type { Given } from '../globals/given.ts';
import { LIBRARIES, LIBRARY_NAMES, type Library } from '../globals/names.ts';
import type { GuestCall } from './guest-call.ts';
import { Http } from './context.ts';
import { freezeAll } from './realm.ts';

type Exports = Record<string, unknown>;

/** Comes after `harden`: no intrinsic that the scripts use can have been changed, now or later. */
export function giveLazyGlobals(texts: readonly string[], current: () => GuestCall | undefined): void {
  // biome-ignore lint/security/noGlobalEval: texts of Chartwire's own
  const evaluate = globalThis.eval;
  const loaded = new Map<Library, Exports | 'loading'>();

  /** Undefined while it is being loaded: a script that looks for a global of its own finds none. */
  const load = (library: Library): Exports | undefined => {
    const before = loaded.get(library);
    if (before) return before === 'loading' ? undefined : before;
    loaded.set(library, 'loading');
    try {
      const exports = (evaluate(texts[LIBRARY_NAMES.indexOf(library)]!) as (given: Given) => Exports)(given);
      freezeAll([exports, ...Object.values(exports), ...hiddenIn(exports)]);
      loaded.set(library, exports);
      return exports;
    } catch (error) {
      // Out of its stack, for example: the next use tries again.
      loaded.delete(library);
      throw error;
    }
  };

  const running = (what: string): GuestCall => {
    const call = current();
    if (!call) throw new TypeError(`${what} works while a handler runs, and not while the plugin is loaded`);
    return call;
  };
  const given: Given = Object.freeze({
    request: (url: string, options: object) => new Http(running('fetch')).fetch(url, options),
    randomness: () => running('crypto').randomness,
    library: (name: 'url' | 'idna') => load(name)!,
  });

  for (const library of LIBRARY_NAMES) {
    for (const name of LIBRARIES[library]) {
      const get = (): unknown => load(library)?.[name];
      Object.defineProperty(globalThis, name, { get: Object.freeze(get), enumerable: false, configurable: false });
    }
  }
}

/** Prototypes that no export names. */
function hiddenIn(exports: Exports): object[] {
  const { URLSearchParams: Params } = exports as { URLSearchParams?: new () => Iterable<unknown> };
  return Params ? [Object.getPrototypeOf(new Params()[Symbol.iterator]())] : [];
}
