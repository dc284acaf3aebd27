// structuredClone of the HTML Standard, for the language's types. Keeps how records' numbers were written.

import { keepLiterals } from '@chartwire/sdk/internal/kit/json/literals';
import { secretParts } from '@chartwire/sdk/internal/sdk/secrets';
import { namedError } from './named-error.ts';

const ERRORS = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
/** Built-in types that can't be copied. */
const UNIQUE = [Promise, WeakMap, WeakSet];
const UNIQUE_TAGS =
  /^\[object (?:URL|URLSearchParams|URLSearchParams Iterator|Headers|Response|Generator|AsyncGenerator|Crypto)\]$/;

/**
 * Copies a value.
 *
 * @throws DataCloneError for functions, symbols, secrets, and objects that aren't data, such as a URL
 */
export function structuredClone<T>(value: T, options?: { readonly transfer?: readonly unknown[] }): T {
  if (options?.transfer !== undefined && options.transfer.length > 0) {
    throw new TypeError('A plugin’s structuredClone transfers nothing: leave `transfer` out, and the value is copied');
  }
  return copyOf(value, new Map()) as T;
}

function copyOf(value: unknown, copies: Map<object, object>): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') throw refused(`a ${typeof value}`);
  if (typeof value !== 'object' || value === null) return value;
  const known = copies.get(value);
  if (known) return known;
  const leaf = leafOf(value, copies);
  if (leaf) {
    copies.set(value, leaf);
    return leaf;
  }
  if (value instanceof Map) return mapOf(value, copies);
  if (value instanceof Set) return setOf(value, copies);
  if (value instanceof Error) return errorOf(value, copies);
  refuseUnique(value);
  const copy: object = Array.isArray(value) ? new Array(value.length) : {};
  copies.set(value, copy);
  for (const key of Object.keys(value)) define(copy, key, copyOf((value as Record<string, unknown>)[key], copies));
  return keepLiterals(copy, value);
}

/** A copy of a value without nested values; undefined if it may have some. */
function leafOf(value: object, copies: Map<object, object>): object | undefined {
  if (value instanceof Date) return new Date(Date.prototype.getTime.call(value));
  if (value instanceof RegExp) return new RegExp(value.source, value.flags);
  if (value instanceof ArrayBuffer) return value.slice(0);
  if (ArrayBuffer.isView(value)) return viewOf(value, copies);
  if (value instanceof Number) return Object(Number.prototype.valueOf.call(value));
  if (value instanceof String) return Object(String.prototype.valueOf.call(value));
  if (value instanceof Boolean) return Object(Boolean.prototype.valueOf.call(value));
  if (value instanceof BigInt) return Object(BigInt.prototype.valueOf.call(value));
  return undefined;
}

/** Keeps views of one buffer on one buffer. */
function viewOf(view: ArrayBufferView, copies: Map<object, object>): object {
  const buffer = copyOf(view.buffer, copies) as ArrayBuffer;
  if (view instanceof DataView) return new DataView(buffer, view.byteOffset, view.byteLength);
  const tag = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)!;
  const Type = TYPED[tag.get!.call(view) as keyof typeof TYPED];
  return new Type(buffer, view.byteOffset, (view as Uint8Array).length);
}

const TYPED = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float16Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
};

function mapOf(map: Map<unknown, unknown>, copies: Map<object, object>): Map<unknown, unknown> {
  const copy = new Map<unknown, unknown>();
  copies.set(map, copy);
  const entries: [unknown, unknown][] = [];
  Map.prototype.forEach.call(map, (value, key) => entries.push([key, value]));
  for (const [key, value] of entries) copy.set(copyOf(key, copies), copyOf(value, copies));
  return copy;
}

function setOf(set: Set<unknown>, copies: Map<object, object>): Set<unknown> {
  const copy = new Set<unknown>();
  copies.set(set, copy);
  const values: unknown[] = [];
  Set.prototype.forEach.call(set, (value) => values.push(value));
  for (const value of values) copy.add(copyOf(value, copies));
  return copy;
}

function errorOf(error: Error, copies: Map<object, object>): Error {
  const { name, message, stack, cause } = error;
  const Type = Object.hasOwn(ERRORS, name) ? ERRORS[name as keyof typeof ERRORS] : Error;
  const copy = new Type(String(message));
  copies.set(error, copy);
  if (typeof stack === 'string')
    Object.defineProperty(copy, 'stack', { value: stack, writable: true, configurable: true });
  if (Object.hasOwn(error, 'cause')) {
    const value = copyOf(cause, copies);
    Object.defineProperty(copy, 'cause', { value, writable: true, configurable: true });
  }
  return copy;
}

function refuseUnique(value: object): void {
  if (secretParts(value)) throw refused('a secret');
  const tag = Object.prototype.toString.call(value);
  if (UNIQUE.some((type) => value instanceof type) || UNIQUE_TAGS.test(tag)) throw refused(`a ${tag.slice(8, -1)}`);
}

function refused(what: string): Error {
  return namedError('DataCloneError', `structuredClone cannot copy ${what}`);
}

/** Defines any name as a plain property, including `__proto__`. */
function define(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}
