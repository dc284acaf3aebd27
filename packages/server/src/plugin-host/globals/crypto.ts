// Random values, derived from the execution's id like `Math.random`, so a replay gives the same ones. Uses ChaCha20 (RFC 8439),
// so that published values reveal nothing about later ones.

import { namedError } from './named-error.ts';

/** Bytes per call, as in the Web Cryptography API. */
const MOST_BYTES = 65_536;
const INTEGERS = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
];

interface Stream {
  readonly key: Uint32Array;
  block: number;
  bytes: Uint8Array;
  at: number;
}

class Crypto {
  getRandomValues<T extends ArrayBufferView>(array: T): T {
    if (!INTEGERS.some((type) => array instanceof type)) {
      throw new TypeError('getRandomValues fills a typed array of integers');
    }
    if (array.byteLength > MOST_BYTES) {
      throw namedError('QuotaExceededError', `getRandomValues fills ${MOST_BYTES} bytes at a time`);
    }
    fill(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    return array;
  }

  randomUUID(): string {
    const bytes = new Uint8Array(16);
    fill(bytes);
    bytes[6] = (bytes[6]! & 0x0f) | 0x40;
    bytes[8] = (bytes[8]! & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }

  get [Symbol.toStringTag](): string {
    return 'Crypto';
  }
}

export const crypto = new Crypto();

function fill(into: Uint8Array): void {
  const stream = streamOfCall();
  for (let at = 0; at < into.length; at++) {
    if (stream.at === stream.bytes.length) {
      stream.bytes = blockOf(stream.key, stream.block++);
      stream.at = 0;
    }
    into[at] = stream.bytes[stream.at++]!;
  }
}

function streamOfCall(): Stream {
  const randomness = given.randomness();
  randomness.state ??= { key: wordsOf(randomness.key), block: 0, bytes: new Uint8Array(0), at: 0 } satisfies Stream;
  return randomness.state as Stream;
}

/** 32 characters as the 8 words of a key. */
function wordsOf(key: string): Uint32Array {
  const bytes = Uint8Array.from({ length: 32 }, (_, at) => key.charCodeAt(at) || 0);
  return Uint32Array.from({ length: 8 }, (_, at) => wordAt(bytes, 4 * at));
}

function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/** RFC 8439 section 2.3, with a zero nonce: no two calls have the same key. */
function blockOf(key: Uint32Array, counter: number): Uint8Array {
  const start = Uint32Array.of(0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, ...key, counter, 0, 0, 0);
  const words = start.slice();
  for (let round = 0; round < 10; round++) {
    for (let column = 0; column < 4; column++) quarter(words, column, 4 + column, 8 + column, 12 + column);
    for (let column = 0; column < 4; column++) {
      quarter(words, column, 4 + ((column + 1) % 4), 8 + ((column + 2) % 4), 12 + ((column + 3) % 4));
    }
  }
  const bytes = new Uint8Array(64);
  for (let at = 0; at < 64; at++) bytes[at] = (words[at >> 2]! + start[at >> 2]!) >>> (8 * (at & 3));
  return bytes;
}

/** Section 2.1. */
function quarter(words: Uint32Array, a: number, b: number, c: number, d: number): void {
  const step = (sum: number, other: number, rotated: number, bits: number): void => {
    words[sum]! += words[other]!;
    const mixed = words[rotated]! ^ words[sum]!;
    words[rotated] = (mixed << bits) | (mixed >>> (32 - bits));
  };
  step(a, b, d, 16);
  step(c, d, b, 12);
  step(a, b, d, 8);
  step(c, d, b, 7);
}
