// The database's clock, which says when retries are due: the clocks of its nodes may differ, and may be set while they run.

import type { Pool } from 'pg';

/** Milliseconds between two looks at it. */
const LOOK_MS = 5_000;

export class DatabaseClock {
  readonly #pool: Pool;
  readonly #timer: NodeJS.Timeout;
  /** Milliseconds by which it is ahead of this process's steady clock. */
  #ahead = 0;

  private constructor(pool: Pool) {
    this.#pool = pool;
    // While the database is away, what is known still holds.
    this.#timer = setInterval(() => void this.#look().catch(() => {}), LOOK_MS).unref();
  }

  static async start(pool: Pool): Promise<DatabaseClock> {
    const clock = new DatabaseClock(pool);
    try {
      await clock.#look();
      return clock;
    } catch (error) {
      clock.stop();
      throw error;
    }
  }

  /** Milliseconds since 1970. */
  now(): number {
    return performance.now() + this.#ahead;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const { rows } = await this.#pool.query<{ ms: number }>({
      name: 'database_clock',
      text: 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms',
    });
    this.#ahead = rows[0]!.ms - performance.now();
  }
}
