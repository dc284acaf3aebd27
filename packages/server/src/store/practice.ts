// Settings of the whole practice, on all nodes: its time zone.

import type { Pool } from 'pg';
import { systemTimeZone } from '@chartwire/sdk/internal/kit/calendar';
import type { Queryable } from './transaction.ts';

/** Milliseconds until a node notices a change on another. */
const FRESH_MS = 2_000;

export class PracticeSettings {
  /** IANA time zone for a practice that hasn't chosen one. */
  readonly serverTimeZone: string;
  readonly #pool: Pool;
  #read: Promise<string | null> | undefined;
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(pool: Pool, serverTimeZone = systemTimeZone()) {
    this.#pool = pool;
    this.serverTimeZone = serverTimeZone;
  }

  /** The zone that decides the current day: the chosen one, or the server's. */
  async timeZone(): Promise<string> {
    return (await this.chosenTimeZone()) ?? this.serverTimeZone;
  }

  /** Null until one is chosen. */
  async chosenTimeZone(): Promise<string | null> {
    const now = performance.now();
    if (!this.#read || now - this.#readAt > FRESH_MS) {
      this.#readAt = now;
      this.#read = readTimeZone(this.#pool);
      this.#read.catch(() => this.forget());
    }
    return this.#read;
  }

  /** Null restores the server's. The caller must call `forget` after the commit. */
  async setTimeZone(timeZone: string | null, on: Queryable): Promise<void> {
    await on.query('UPDATE instance SET time_zone = $1', [timeZone]);
  }

  /** The next read goes to the database. */
  forget(): void {
    this.#read = undefined;
  }
}

async function readTimeZone(pool: Pool): Promise<string | null> {
  const { rows } = await pool.query<{ time_zone: string | null }>('SELECT time_zone FROM instance');
  return rows[0]?.time_zone ?? null;
}
