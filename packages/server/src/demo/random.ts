// Chance that repeats: the same seed gives the same demo patients on every machine.

import { createHash } from 'node:crypto';

/** Numbers from a seed (mulberry32 by Tommy Ettinger, public domain: 32 bits of state, far better than a demo needs). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, never including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** Near `middle`, nearer more often, and never further from it than `spread`. */
  around(middle: number, spread: number): number {
    return middle + (this.next() + this.next() - 1) * spread;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.int(0, choices.length - 1)]!;
  }
}

/** A seed of its own for each thing that needs chance, so that a line added to one story changes no other. */
export function seedFrom(...parts: readonly (string | number)[]): number {
  return digest(parts).readUInt32BE(0);
}

/** A UUID that is always the same for the same parts (RFC 9562 section 5.8, version 8). */
export function uuidFrom(...parts: readonly (string | number)[]): string {
  const bytes = digest(parts).subarray(0, 16);
  bytes[6] = 0x80 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function digest(parts: readonly (string | number)[]): Buffer {
  return createHash('sha256').update(parts.join('\u0000')).digest();
}
