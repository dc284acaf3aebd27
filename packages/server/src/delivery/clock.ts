// The clock of a node: a CRON event at the beginning of each minute, by whichever node comes first.

import type { Pool } from 'pg';
import type { Chart } from '#chart/contract.ts';
import type { Origin } from '#chart/origin.ts';
import { SYSTEM } from '@chartwire/sdk/internal/kit/authority';
import type { DraftEvent } from '@chartwire/sdk/internal/kit/event';
import type { PlatformContexts } from '@chartwire/sdk/internal/events/platform';
import type { HandlerInfo } from '#plugin-host/contract.ts';
import { missedRuns } from './schedule.ts';

const MINUTE_MS = 60_000;
/** Milliseconds until a minute that could not be told is tried again, while it lasts. */
const AGAIN_MS = 1_000;

const CLOCK: Origin = { actor: { type: 'system', id: 'clock' }, source: 'clock', authority: SYSTEM };

export interface ClockServices {
  readonly pool: Pool;
  readonly chart: Chart;
  /** The practice's time zone. */
  readonly timeZone: () => Promise<string>;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Calls back after so many milliseconds, unless what it returns is called before. */
  readonly wait?: (ms: number, then: () => void) => () => void;
}

export class Clock {
  readonly #pool: Pool;
  readonly #chart: Chart;
  readonly #timeZone: () => Promise<string>;
  readonly #now: () => number;
  readonly #wait: (ms: number, then: () => void) => () => void;
  /** The minute that this node has dealt with last. */
  #told: number | undefined;
  #cancel: () => void = () => {};
  #beating: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor({ pool, chart, timeZone, now = Date.now, wait = waitFor }: ClockServices) {
    this.#pool = pool;
    this.#chart = chart;
    this.#timeZone = timeZone;
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

  /**
   * Emits the current minute, unless some node already did or no handler responds to the clock. First it emits the minutes
   * missed since the last one, for handlers that catch up. Returns whether it emitted the current minute.
   */
  async tick(): Promise<boolean> {
    const minute = Math.floor(this.#now() / MINUTE_MS) * MINUTE_MS;
    if (this.#told === minute) return false;
    const { last, handlers } = await this.#look();
    const told = handlers.length > 0 && (await this.#tell(minute, await this.#missed(last, minute, handlers)));
    await this.#keep(minute);
    this.#told = minute;
    return told;
  }

  async #beat(): Promise<void> {
    let wait = AGAIN_MS;
    try {
      await this.tick();
      wait = MINUTE_MS;
    } catch {
      // The database is away. The minute comes late, or, when it is away for longer, as one that was missed.
    }
    if (this.#stopped) return;
    const next = Math.min(wait, MINUTE_MS - (this.#now() % MINUTE_MS));
    this.#cancel = this.#wait(next, () => {
      this.#beating = this.#beat();
    });
  }

  /** The last minute that any node handled, and the handlers of active plugins that respond to the clock. */
  async #look(): Promise<{ last: number | null; handlers: Listener[] }> {
    const { rows } = await this.#pool.query<{ last: Date | null; handlers: Listener[] }>(LOOK);
    const { last, handlers } = rows[0]!;
    return { last: last?.getTime() ?? null, handlers };
  }

  /** Missed minutes since `last` with the handlers that catch up on them, oldest first. */
  async #missed(last: number | null, minute: number, handlers: readonly Listener[]): Promise<Map<number, string[]>> {
    const missed = new Map<number, string[]>();
    if (last === null || last >= minute - MINUTE_MS) return missed;
    const zone = await this.#timeZone();
    for (const { id, since, info } of handlers) {
      for (const at of missedRuns(info, zone, { from: Math.max(last, Date.parse(since)), to: minute })) {
        missed.set(at, [...(missed.get(at) ?? []), id]);
      }
    }
    return new Map([...missed].sort(([a], [b]) => a - b));
  }

  /** Among all nodes one at a time; the log itself says whether a minute was told. */
  async #tell(minute: number, missed: ReadonlyMap<number, readonly string[]>): Promise<boolean> {
    let told = false;
    await this.#chart.withChart(
      CLOCK,
      async (draft) => {
        for (const [at, handlers] of missed) {
          if (!(await this.#isTold(at))) draft.emit(ofMinute(at, { handlers }));
        }
        told = !(await this.#isTold(minute));
        if (told) draft.emit(ofMinute(minute));
      },
      { exclusive: ['clock'] },
    );
    return told;
  }

  /** Also after the clock was set back, so that the time it was ahead doesn't count as handled. */
  async #keep(minute: number): Promise<void> {
    await this.#pool.query('UPDATE clock SET minute = $1', [new Date(minute)]);
  }

  async #isTold(minute: number): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      `SELECT FROM event WHERE target_type = 'Clock' AND target_id = $1 AND type = 'CRON' AND source = 'clock' LIMIT 1`,
      [new Date(minute).toISOString()],
    );
    return rowCount === 1;
  }
}

/** A handler that responds to the clock. */
interface Listener {
  /** `plugin/Handler`. */
  readonly id: string;
  /** Since when its plugin is enabled: it missed nothing before. */
  readonly since: string;
  readonly info: HandlerInfo;
}

const LOOK = `SELECT (SELECT minute FROM clock) AS last, coalesce(json_agg(json_build_object(
    'id', s.id, 'since', p.enabled_at, 'info', info
  )), '[]') AS handlers
  FROM subscription s JOIN plugin p ON p.name = s.plugin, json_array_elements(p.handlers) info
  WHERE s.active AND p.enabled AND 'CRON' = ANY (s.types) AND info->>'name' = s.handler`;

function ofMinute(at: number, context: Pick<PlatformContexts['CRON'], 'handlers'> = {}): DraftEvent {
  const minute = new Date(at).toISOString();
  return { type: 'CRON', target: { type: 'Clock', id: minute }, context: { minute, ...context } };
}

function waitFor(ms: number, then: () => void): () => void {
  const timer = setTimeout(then, ms).unref();
  return () => clearTimeout(timer);
}
