// Globals beyond the language's: each script runs on first use, so that plugins without it pay nothing. The scripts come as text
// and run inside the isolate.

import type { Given } from '../globals/given.ts';
import { LIBRARIES, LIBRARY_NAMES, type Library } from '../globals/names.ts';
import type { GuestCall } from './guest-call.ts';
import { Http } from './context.ts';
import { freezeAll } from './realm.ts';

type Exports = Record<string, unknown>;

/** Runs after `harden`, so that the intrinsics the scripts use can't have been changed. */
export function giveLazyGlobals(texts: readonly string[], current: () => GuestCall | undefined): void {
  // biome-ignore lint/security/noGlobalEval: texts of Chartwire's own
  const evaluate = globalThis.eval;
  const loaded = new Map<Library, Exports | 'loading'>();

  /** Undefined while it is loading: a script that looks for its own global finds none. */
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
      // For example out of stack; the next use tries again.
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
