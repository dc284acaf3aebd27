// What is read again keeps the objects of what was read before wherever the two are equal, so that only what changed is
// drawn again. Unlike the library's own way, the copy keeps how numbers are written.

import { isRewritten, keepLiterals } from '@chartwire/sdk/internal/kit/json/literals';

type Held = Record<string, unknown>;

/** `after`, with the parts of `before` that it is equal to in their places. Both are JSON. */
export function shared(before: unknown, after: unknown): unknown {
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null) return after;
  if (Array.isArray(before) !== Array.isArray(after)) return after;
  const keys = Object.keys(after);
  let equal = keys.length === Object.keys(before).length;
  const copy = (Array.isArray(after) ? [] : {}) as Held;
  for (const key of keys) {
    const was = Object.hasOwn(before, key) ? (before as Held)[key] : undefined;
    const is = shared(was, (after as Held)[key]);
    copy[key] = is;
    if (is !== was || isRewritten(before, after, key)) equal = false;
  }
  return equal ? before : keepLiterals(copy, after);
}
