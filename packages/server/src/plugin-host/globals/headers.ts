// Headers of the Fetch Standard: case-insensitive names; values of the same name joined by a comma.

import { secretParts } from '@chartwire/sdk/internal/sdk/secrets';

type HeadersInit = Headers | Iterable<readonly [string, string]> | Readonly<Record<string, string>>;

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const NOT_IN_VALUES = /[\0\n\r]|[^\0-\xff]/;
const SECRET =
  'holds a secret: give it in a plain object, as in fetch(url, { headers: { authorization: bearer(TOKEN) } })';

export class Headers {
  readonly #values = new Map<string, string>();

  constructor(init?: HeadersInit | null) {
    if (init === undefined || init === null) return;
    for (const [name, value] of pairsOf(init)) this.append(name, value as string);
  }

  append(name: string, value: string): void {
    const key = keyOf(name);
    const text = textOf(key, value);
    const before = this.#values.get(key);
    this.#values.set(key, before === undefined ? text : `${before}, ${text}`);
  }

  delete(name: string): void {
    this.#values.delete(keyOf(name));
  }

  get(name: string): string | null {
    return this.#values.get(keyOf(name)) ?? null;
  }

  has(name: string): boolean {
    return this.#values.has(keyOf(name));
  }

  set(name: string, value: string): void {
    const key = keyOf(name);
    this.#values.set(key, textOf(key, value));
  }

  forEach(callback: (value: string, name: string, headers: Headers) => void, thisArg?: unknown): void {
    for (const [name, value] of this.entries()) callback.call(thisArg, value, name, this);
  }

  /** Sorted by name. */
  entries(): IterableIterator<[string, string]> {
    return [...this.#values].sort(([a], [b]) => (a < b ? -1 : 1)).values();
  }

  *keys(): IterableIterator<string> {
    for (const [name] of this.entries()) yield name;
  }

  *values(): IterableIterator<string> {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries();
  }

  get [Symbol.toStringTag](): string {
    return 'Headers';
  }
}

/** Names and values of any headers argument. The values aren't checked. */
export function pairsOf(init: unknown): [string, unknown][] {
  if (typeof init !== 'object' || init === null) throw new TypeError('Headers are given as an object, or as pairs');
  if (!(Symbol.iterator in init)) return Object.entries(init);
  return Array.from(init as Iterable<unknown>, (pair) => {
    const [name, value, ...more] = Array.from(pair as Iterable<unknown>);
    if (value === undefined || more.length > 0) throw new TypeError('Each header is a pair of a name and a value');
    return [String(name), value];
  });
}

export function isHeader(name: string, value: string): boolean {
  return NAME.test(name) && !NOT_IN_VALUES.test(value);
}

/**
 * Normalizes a header name.
 *
 * @throws {TypeError} for an invalid name
 */
export function keyOf(name: unknown): string {
  const text = String(name);
  if (!NAME.test(text)) throw new TypeError(`${text.slice(0, 100)} cannot be the name of a header`);
  return text.toLowerCase();
}

function textOf(name: string, value: unknown): string {
  if (secretParts(value)) throw new TypeError(`The header ${name} ${SECRET}`);
  const text = String(value).replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');
  if (NOT_IN_VALUES.test(text)) throw new TypeError(`The value of the header ${name} has characters it cannot hold`);
  return text;
}
