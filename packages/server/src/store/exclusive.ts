// Locks on keys across all nodes, for a search and a write that must not be separated.

import type { Pool, PoolClient } from 'pg';
import { lockOf } from './work.ts';

/** Runs work under advisory locks. Waiters of one process queue in memory, so that they share one connection. */
export class Exclusive {
  readonly #pool: Pool;
  /** Holders take a connection each while their work takes more, so they get at most half of the pool. */
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
      const locks = sorted.map((key) => lockOf(`exclusive ${key}`));
      return await underLocks(this.#pool, locks, work);
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
}

/** Runs work while a connection holds advisory locks: 64-bit integers in decimal. */
export async function underLocks<T>(
  pool: Pool,
  locks: readonly string[],
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(
      'SELECT pg_advisory_lock(k) FROM (SELECT DISTINCT k FROM unnest($1::int8[]) AS k ORDER BY k) AS keys',
      [locks],
    );
    return await work(client);
  } finally {
    await client.query('SELECT pg_advisory_unlock_all()').catch((error: Error) => {
      broken = error;
    });
    // A connection that may still hold a lock must not return to the pool.
    client.release(broken);
  }
}
