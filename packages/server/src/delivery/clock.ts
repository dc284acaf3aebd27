// The clock of a node: a CRON event at the beginning of each minute, by whichever node comes first.

import type { Pool } from 'pg';
import type { Chart } from '#chart/contract.ts';
import type { Origin } from '#chart/origin.ts';
import { SYSTEM } from '@chartwire/sdk/internal/kit/authority';

const MINUTE_MS = 60_000;
/** Milliseconds until a minute that could not be told is tried again, while it lasts. */
const AGAIN_MS = 1_000;

const CLOCK: Origin = { actor: { type: 'system', id: 'clock' }, source: 'clock', authority: SYSTEM };

export interface ClockServices {
  readonly pool: Pool;
  readonly chart: Chart;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Calls back after so many milliseconds, unless what it returns is called before. */
  readonly wait?: (ms: number, then: () => void) => () => void;
}

export class Clock {
  readonly #pool: Pool;
  readonly #chart: Chart;
  readonly #now: () => number;
  readonly #wait: (ms: number, then: () => void) => () => void;
  /** The minute that this node has dealt with last. */
  #told: number | undefined;
  #cancel: () => void = () => {};
  #beating: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor({ pool, chart, now = Date.now, wait = waitFor }: ClockServices) {
    this.#pool = pool;
    this.#chart = chart;
    this.#now = now;
    this.#wait = wait;
  }

  /** From now on, the minute under way included: a short restart at three leaves no task of three undone. */
  start(): void {
    this.#beating = this.#beat();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#beating;
  }

  /** Tells of the minute under way, unless it was told, here or elsewhere, or nobody listens. Says whether it did. */
  async tick(): Promise<boolean> {
    const minute = Math.floor(this.#now() / MINUTE_MS) * MINUTE_MS;
    if (this.#told === minute) return false;
    const emitted = (await this.#isHeard()) && (await this.#tell(new Date(minute).toISOString()));
    this.#told = minute;
    return emitted;
  }

  async #beat(): Promise<void> {
    let wait = AGAIN_MS;
    try {
      await this.tick();
      wait = MINUTE_MS;
    } catch {
      // The database is away. The minute is told late, or, when it is away for longer, not at all.
    }
    if (this.#stopped) return;
    const next = Math.min(wait, MINUTE_MS - (this.#now() % MINUTE_MS));
    this.#cancel = this.#wait(next, () => {
      this.#beating = this.#beat();
    });
  }

  /** Among all nodes one at a time; the log itself says whether the minute was told. */
  async #tell(minute: string): Promise<boolean> {
    const { written } = await this.#chart.withChart(
      CLOCK,
      async (draft) => {
        if (await this.#isTold(minute)) return;
        draft.emit({ type: 'CRON', target: { type: 'Clock', id: minute }, context: { minute } });
      },
      { exclusive: ['clock'] },
    );
    return written.events.length > 0;
  }

  async #isHeard(): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      `SELECT FROM subscription s JOIN plugin p ON p.name = s.plugin
        WHERE s.active AND p.enabled AND 'CRON' = ANY (s.types) LIMIT 1`,
    );
    return rowCount === 1;
  }

  async #isTold(minute: string): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      `SELECT FROM event WHERE target_type = 'Clock' AND target_id = $1 AND type = 'CRON' AND source = 'clock' LIMIT 1`,
      [minute],
    );
    return rowCount === 1;
  }
}

function waitFor(ms: number, then: () => void): () => void {
  const timer = setTimeout(then, ms).unref();
  return () => clearTimeout(timer);
}
