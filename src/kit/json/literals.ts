// Numbers that JSON writes in another way than JavaScript prints them (`1.00`, `1.2E+2`, `0.00000001`, `-0`) are plain
// numbers here, so that all code can compute with them. How they were written is beside them, in a table on the object or
// array that holds them, under a symbol: a spread keeps it, and `Object.keys`, validation and indexes don't see it.
//
// A table is never changed, for copies share it. A literal in it that is no longer that of its number counts for nothing.

/** By key, or by index in a list: the number as it was written. */
export type Literals = Readonly<Record<string, string>>;

export const LITERALS: unique symbol = Symbol.for('chartwire.literals') as never;

type Holder = Record<string, unknown> & { [LITERALS]?: Literals };

/** The table of an object or list; undefined when all its numbers are written as JavaScript prints them. */
export function literalsOf(holder: object): Literals | undefined {
  return (holder as Holder)[LITERALS];
}

/** How a number was written, where JavaScript would print it in another way. */
export function literalOf(holder: object, key: string | number): string | undefined {
  const literal: unknown = (holder as Holder)[LITERALS]?.[key];
  if (typeof literal !== 'string') return undefined;
  return Object.is(Number(literal), (holder as Holder)[key]) ? literal : undefined;
}

/** Says how the number at a key is written; undefined for as JavaScript prints it. */
export function setLiteral(holder: object, key: string | number, literal: string | undefined): void {
  const before = literalsOf(holder);
  if (before?.[key] === literal) return;
  const { [key]: _, ...others } = before ?? {};
  setLiterals(holder, literal === undefined ? others : { ...others, [key]: literal });
}

export function setLiterals(holder: object, literals: Literals): void {
  if (Object.keys(literals).length > 0) (holder as Holder)[LITERALS] = literals;
  else if (literalsOf(holder)) delete (holder as Holder)[LITERALS];
}

/** `copy`, with the literals of what it was made from: for copies that are made key by key. */
export function keepLiterals<T extends object>(copy: T, from: object): T {
  const literals = literalsOf(from);
  if (literals) (copy as Holder)[LITERALS] = literals;
  return copy;
}

/** `made`, whose number at a key was taken from that of another object: written as it is there. */
export function copyLiteral<T extends object>(made: T, key: string, from: object, fromKey: string): T {
  const literal = literalOf(from, fromKey);
  if (literal !== undefined) setLiteral(made, key, literal);
  return made;
}

/** `copy`, which has the members of `before` and, over them, those of `after`: with the literals of both. */
export function mergeLiterals<T extends object>(copy: T, before: object, after: object): T {
  const literals = { ...literalsOf(before), ...literalsOf(after) };
  // A literal of what was replaced would speak for a number that is written without one.
  for (const key of Object.keys(literals)) {
    if (Object.hasOwn(after, key) && literalOf(after, key) === undefined) delete literals[key];
  }
  setLiterals(copy, literals);
  return copy;
}

/** `Object.fromEntries` of the entries of an object, or of some of them: with its literals. */
export function fromEntriesOf(from: object, entries: Iterable<readonly [string, unknown]>): Record<string, unknown> {
  return keepLiterals(Object.fromEntries(entries), from);
}

/** A deep copy of a JSON value. */
export function copyJson<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    return keepLiterals(
      value.map((item: unknown) => copyJson(item)),
      value,
    ) as T;
  }
  const copy = { ...value } as Record<string, unknown>;
  for (const key of Object.keys(copy)) {
    const child = copy[key];
    if (typeof child === 'object' && child !== null) copy[key] = copyJson(child);
  }
  return copy as T;
}

/** Whether two JSON values are equal as RFC 6902 and FHIRPath say it: numbers by what they are worth. */
export function equalJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b)) return false;
    return a.length === b.length && a.every((item, index) => equalJson(item, b[index]));
  }
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  const [one, other] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return keys.every((key) => Object.hasOwn(other, key) && equalJson(one[key], other[key]));
}

/** Whether the numbers at a key of two holders are written differently, though they are worth the same. */
export function isRewritten(before: object, after: object, key: string | number): boolean {
  if (!literalsOf(before) && !literalsOf(after)) return false;
  return literalOf(before, key) !== literalOf(after, key);
}

/**
 * Gives the numbers of `value` the literals that the same numbers have in `known` at the same place: of a copy that went
 * through `JSON.stringify`, which knows none. Changes `value`, which must be the caller's own.
 */
export function adoptLiterals(value: unknown, known: unknown): void {
  if (typeof value !== 'object' || value === null || typeof known !== 'object' || known === null) return;
  const literals = literalsOf(known);
  if (literals) {
    const adopted: Record<string, string> = { ...literalsOf(value) };
    for (const key of Object.keys(literals)) {
      if (literalOf(value, key) !== undefined || !Object.hasOwn(value, key)) continue;
      const literal = literalOf(known, key);
      if (literal === undefined || Number(literal) !== (value as Holder)[key]) continue;
      // JSON.stringify makes 0 of -0.
      (value as Holder)[key] = Number(literal);
      adopted[key] = literal;
    }
    setLiterals(value, adopted);
  }
  for (const key of Object.keys(value)) {
    const child = (value as Holder)[key];
    if (typeof child === 'object') adoptLiterals(child, Object.hasOwn(known, key) ? (known as Holder)[key] : undefined);
  }
}
