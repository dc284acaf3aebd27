// Keeps how JSON wrote its numbers. Numbers that JavaScript would print differently (`1.00`, `1.2E+2`, `0.00000001`, `-0`) are
// plain numbers, so that all code can compute with them. Their literals are in a table on the object or array that holds them,
// under a symbol: a spread copies it, and `Object.keys`, validation, and indexes don't see it.
//
// Tables are shared by copies and never changed. A literal that no longer matches its number is ignored.

/** The literal of each number, by key or list index. */
export type Literals = Readonly<Record<string, string>>;

export const LITERALS: unique symbol = Symbol.for('chartwire.literals') as never;

type Holder = Record<string, unknown> & { [LITERALS]?: Literals };

/** The table of an object or list; undefined if JavaScript prints all its numbers as written. */
export function literalsOf(holder: object): Literals | undefined {
  return (holder as Holder)[LITERALS];
}

/** A number's literal; undefined if JavaScript prints it as written. */
export function literalOf(holder: object, key: string | number): string | undefined {
  const literal: unknown = (holder as Holder)[LITERALS]?.[key];
  if (typeof literal !== 'string') return undefined;
  return Object.is(Number(literal), (holder as Holder)[key]) ? literal : undefined;
}

/** Sets the literal of the number at a key; undefined removes it. */
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

/** Copies the literals of the original to `copy`, for copies made key by key. */
export function keepLiterals<T extends object>(copy: T, from: object): T {
  const literals = literalsOf(from);
  if (literals) (copy as Holder)[LITERALS] = literals;
  return copy;
}

/** Copies the literal at a key of another object to `made`. */
export function copyLiteral<T extends object>(made: T, key: string, from: object, fromKey: string): T {
  const literal = literalOf(from, fromKey);
  if (literal !== undefined) setLiteral(made, key, literal);
  return made;
}

/** Gives `copy`, a merge of `before` and `after`, the literals of both. */
export function mergeLiterals<T extends object>(copy: T, before: object, after: object): T {
  const literals = { ...literalsOf(before), ...literalsOf(after) };
  // A stale literal would change how the new number is written.
  for (const key of Object.keys(literals)) {
    if (Object.hasOwn(after, key) && literalOf(after, key) === undefined) delete literals[key];
  }
  setLiterals(copy, literals);
  return copy;
}

/** `Object.fromEntries` of all or some of an object's entries, with its literals. */
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

/** Equality of two JSON values as in RFC 6902 and FHIRPath: numbers compare by value. */
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

/** Whether two holders have the same number at a key, written differently. */
export function isRewritten(before: object, after: object, key: string | number): boolean {
  if (!literalsOf(before) && !literalsOf(after)) return false;
  return literalOf(before, key) !== literalOf(after, key);
}

/**
 * Restores literals lost in a copy that went through `JSON.stringify`: numbers of `value` get the literals of equal numbers at
 * the same place in `known`. Changes `value`, which must be the caller's own. A list item is matched to an equal item, or else by
 * position if that isn't taken.
 */
export function adoptLiterals(value: unknown, known: unknown): void {
  if (typeof value !== 'object' || value === null || typeof known !== 'object' || known === null) return;
  if (Array.isArray(value) !== Array.isArray(known)) return;
  const places =
    Array.isArray(value) && Array.isArray(known)
      ? placesIn(value, known)
      : Object.keys(value).map((key) => [key, key] as const);
  const literals = literalsOf(known);
  const adopted: Record<string, string> = { ...literalsOf(value) };
  for (const [key, from] of places) {
    if (!Object.hasOwn(known, from)) continue;
    const child = (value as Holder)[key];
    if (typeof child === 'object') adoptLiterals(child, (known as Holder)[from]);
    if (!literals || typeof child !== 'number' || literalOf(value, key) !== undefined) continue;
    const literal = literalOf(known, from);
    if (literal === undefined || Number(literal) !== child) continue;
    // JSON.stringify writes -0 as 0.
    (value as Holder)[key] = Number(literal);
    adopted[key] = literal;
  }
  setLiterals(value, adopted);
}

/** Maps list indexes to the matching indexes of another list, except for items written in several ways there. */
function placesIn(list: readonly unknown[], known: readonly unknown[]): [key: string, from: string][] {
  const written = known.map((item) => JSON.stringify(item));
  const texts = list.map((item) => JSON.stringify(item));
  const places = new Map<string, number | undefined>();
  for (const [index, text] of written.entries()) {
    const other = places.get(text);
    if (!places.has(text)) places.set(text, index);
    else if (other !== undefined && isOtherwiseWritten(known, index, other)) places.set(text, undefined);
  }
  const sameLength = list.length === known.length;
  const inPlace = (index: number): boolean => sameLength && texts[index] === written[index];
  const moved = new Set(texts.filter((_, index) => !inPlace(index)));
  return texts.flatMap((text, index): [string, string][] => {
    if (inPlace(index)) return [[`${index}`, `${index}`]];
    if (!places.has(text)) return sameLength && !moved.has(written[index]!) ? [[`${index}`, `${index}`]] : [];
    const from = places.get(text);
    return from === undefined ? [] : [[`${index}`, `${from}`]];
  });
}

/** Whether two equal items of a list are written differently. */
function isOtherwiseWritten(list: readonly unknown[], one: number, other: number): boolean {
  return literalOf(list, one) !== literalOf(list, other) || hasOtherLiterals(list[one], list[other]);
}

/** Whether two equal values are written differently. */
function hasOtherLiterals(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null) return false;
  return Object.keys(one).some(
    (key) => isRewritten(one, other, key) || hasOtherLiterals((one as Holder)[key], (other as Holder)[key]),
  );
}
