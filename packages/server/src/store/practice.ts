// What holds for the whole practice, on every node: its time zone.

import type { Pool } from 'pg';
import { systemTimeZone } from '@chartwire/sdk/internal/kit/calendar';
import type { Queryable } from './transaction.ts';

/** Milliseconds until a node notices what was changed on another. */
const FRESH_MS = 2_000;

export class PracticeSettings {
  /** The zone of a practice that has not chosen one: an IANA name. */
  readonly serverTimeZone: string;
  readonly #pool: Pool;
  #read: Promise<string | null> | undefined;
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(pool: Pool, serverTimeZone = systemTimeZone()) {
    this.#pool = pool;
    this.serverTimeZone = serverTimeZone;
  }

  /** Decides which day it is: the zone that was chosen, else the server's. */
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

  /** With null, the server's holds again. The caller says when it is committed: `forget`. */
  async setTimeZone(timeZone: string | null, on: Queryable): Promise<void> {
    await on.query('UPDATE instance SET time_zone = $1', [timeZone]);
  }

  /** The next question is put to the database. */
  forget(): void {
    this.#read = undefined;
  }
}

async function readTimeZone(pool: Pool): Promise<string | null> {
  const { rows } = await pool.query<{ time_zone: string | null }>('SELECT time_zone FROM instance');
  return rows[0]?.time_zone ?? null;
}
