// What an event changed, as rows of before and after: by the paths that it names, looked up in both versions.

import { literalOf } from '@chartwire/sdk/internal/kit/json/literals';

export interface ChangeRow {
  readonly path: string;
  /** Undefined where there was, or is, nothing. */
  readonly before: unknown;
  readonly after: unknown;
}

type Context = Readonly<Record<string, unknown>>;

/** Null when the context has no two sides: something was created, or the event changes nothing. */
export function changesOf(context: Context): readonly ChangeRow[] | null {
  const { previous, changed } = context;
  // The note of a command is an id.
  const now = [context.record, context.fields, context.note].find(isObject);
  if (!isObject(previous) || !now || !Array.isArray(changed)) return null;
  return changed
    .map(String)
    .map((path) => ({ path: elementOf(path), before: at(previous, path), after: at(now, path) }));
}

/** `Task.note[1].text` to `note[1].text`; the name of a command's field is one already. */
function elementOf(path: string): string {
  return path.replace(/^[A-Z][A-Za-z]*\./, '');
}

function at(from: Context, path: string): unknown {
  let value: unknown = from;
  let literal: string | undefined;
  for (const step of elementOf(path).split(/[.[\]]+/)) {
    if (step === '') continue;
    if (typeof value !== 'object' || value === null) return undefined;
    literal = literalOf(value, step);
    value = (value as Context)[step];
  }
  // As it was written: that may be all that changed.
  return literal ?? value;
}

function isObject(value: unknown): value is Context {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
