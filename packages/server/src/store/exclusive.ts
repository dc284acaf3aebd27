// Keys that one piece of work holds at a time, over all nodes: for a search and a write that must not be parted.

import type { Pool } from 'pg';
import { lockOf } from './work.ts';

/**
 * Runs work while it holds advisory locks. Waiters of one process queue in memory, so that many of them hold one
 * connection between them, not one each.
 */
export class Exclusive {
  readonly #pool: Pool;
  /** Holders take a connection each while their work takes others: at most half of the pool is theirs. */
  #free: number;
  readonly #waiting: (() => void)[] = [];
  readonly #tails = new Map<string, Promise<void>>();

  constructor(pool: Pool) {
    this.#pool = pool;
    this.#free = Math.max(1, Math.floor(pool.options.max / 2));
  }

  async run<T>(keys: readonly string[], work: () => Promise<T>): Promise<T> {
    const sorted = [...new Set(keys)].sort();
    const release = await this.#queueHere(sorted);
    await this.#takeSlot();
    try {
      return await this.#lock(sorted, work);
    } finally {
      this.#giveSlot();
      release();
    }
  }

  async #takeSlot(): Promise<void> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #giveSlot(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free++;
  }

  async #queueHere(keys: readonly string[]): Promise<() => void> {
    const { promise: mine, resolve: release } = Promise.withResolvers<void>();
    const before = keys.map((key) => this.#tails.get(key));
    for (const key of keys) this.#tails.set(key, mine);
    await Promise.all(before);
    return () => {
      for (const key of keys) if (this.#tails.get(key) === mine) this.#tails.delete(key);
      release();
    };
  }

  async #lock<T>(keys: readonly string[], work: () => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    const locks = keys.map((key) => lockOf(`exclusive ${key}`)).sort();
    let broken: Error | undefined;
    try {
      await client.query(
        'SELECT pg_advisory_lock(k) FROM (SELECT DISTINCT k FROM unnest($1::int8[]) AS k ORDER BY k) AS keys',
        [locks],
      );
      try {
        return await work();
      } finally {
        await client.query('SELECT pg_advisory_unlock_all()').catch((error: Error) => {
          broken = error;
        });
      }
    } finally {
      // A connection that may still hold a lock must not go back to the pool.
      client.release(broken);
    }
  }
}
