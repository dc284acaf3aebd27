// Deliveries that left their lane: tried again with backoff, in the order of their chart, and dead when given up.

import { randomFillSync } from 'node:crypto';
import type { Pool } from 'pg';
import { uuidv7 } from '@chartwire/sdk/internal/kit/ids';
import { FenceLost, type RetryWrite, type StoredEvent } from '#store/contract.ts';
import { eventsBy } from '#store/log.ts';
import { aheadOf } from './chart-order.ts';
import type { DatabaseClock } from './database-clock.ts';
import type { Leases } from './leases.ts';
import { release, type Stop, stopOf } from './loops.ts';
import { deliveryId } from './own-events.ts';
import { longestWait, nextTry, type RetryPolicy } from './policy.ts';
import { type Delivery, DeliveryPaused, giveUp, type RunServices, runDelivery, type Verdict } from './run.ts';
import type { Subscription } from './subscriptions.ts';

/** Milliseconds between looks at what has become due. */
const TICK_MS = 250;
/** Charts whose retries are under way at once, and of one plugin. */
const AT_ONCE = 32;
const OF_A_PLUGIN = 16;
/** Deliveries of one chart in a row, until others have their turn. */
const IN_A_ROW = 16;
/** Looks from one that is made all the same, though nothing is known to be open, to the next: another node may revive. */
const IDLE_LOOKS = 8;
/** Milliseconds for which a subscription is left alone whose plugin is not run just now: others have their turn. */
const PAUSE_MS = 1_000;

interface Due {
  id: string;
  subscription: string;
  event: string;
  part: number;
  chart: string;
  attempts: number;
  state: 'waiting' | 'behind';
}

/** Of a subscription, as far as retries are concerned. */
export interface Reader {
  readonly subscription: Subscription;
  /** Under which deliveries of a part are completed here; undefined when they are not. */
  fence(part: number): string | undefined;
}

export interface RetryServices {
  readonly pool: Pool;
  readonly leases: Leases;
  readonly run: RunServices;
  readonly policy: RetryPolicy;
  /** By which retries are due. */
  readonly clock: Pick<DatabaseClock, 'now'>;
  /** What is read here. */
  readers(): readonly Reader[];
}

export class Retries {
  readonly #services: RetryServices;
  /**
   * Charts that may have open retries, by subscription: while one has, its later events wait behind. With how often it was
   * put in, so that what is put in while the database is asked is not forgotten.
   */
  readonly #open = new Map<string, { readonly part: number; times: number }>();
  readonly #running = new Map<string, { readonly part: number; readonly run: Promise<void> }>();
  /** Of those, in which something was delivered. */
  readonly #ranOf = new Set<string>();
  /** How many run, by plugin. */
  readonly #runningOf = new Map<string, number>();
  /** Until when subscriptions are left alone. */
  readonly #paused = new Map<string, number>();
  #idleLooks = 0;
  #timer: NodeJS.Timeout | undefined;
  #looking = false;
  /** Something changed while it looked. */
  #lookAgain = false;
  #stopped = false;

  constructor(services: RetryServices) {
    this.#services = services;
  }

  /** Loads what is open; call it before these subscriptions are read, and whenever this node's leases changed. */
  async start(subscriptions: readonly Subscription[]): Promise<void> {
    const { pool, leases } = this.#services;
    const { rows } = await pool.query<{ subscription: string; chart: string; part: number }>(
      `SELECT DISTINCT subscription, chart, part FROM retry
        WHERE (state IN ('waiting', 'behind') OR state = 'dead' AND subscription = ANY ($2)) AND part = ANY ($1)`,
      [leases.parts, blocking(subscriptions)],
    );
    for (const { subscription, chart, part } of rows) this.#add(key(subscription, chart), part);
    for (const [chart, { part }] of this.#open) if (leases.fence(part) === undefined) this.#open.delete(chart);
    clearInterval(this.#timer);
    if (this.#stopped) return;
    this.#timer = setInterval(() => void this.#look(), TICK_MS);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await Promise.allSettled(Array.from(this.#running.values(), ({ run }) => run));
  }

  /** Resolves when nothing of the part runs that ran when it was called. */
  async whenIdle(part: number): Promise<void> {
    await Promise.allSettled([...this.#running.values()].flatMap((one) => (one.part === part ? [one.run] : [])));
  }

  /** Whether an event of the chart must wait behind an earlier one. */
  blocks(subscription: string, chart: string): boolean {
    return this.#open.has(key(subscription, chart));
  }

  /** Whether a delivery that fails so, at its `attempt`-th run, is given up. */
  isLast({ retries }: Subscription, attempt: number, verdict: Verdict): boolean {
    if (verdict.state === 'completed') return false;
    const { policy, clock } = this.#services;
    return !verdict.retryable || nextTry(policy, attempt, clock.now(), { retries, afterMs: verdict.afterMs }) === null;
  }

  /** The retry row that a lane's delivery leaves behind, if any. */
  park({ id, retries }: Subscription, event: StoredEvent, verdict: Verdict | Stop | 'behind'): RetryWrite | undefined {
    if (verdict !== 'behind' && verdict.state === 'completed') return undefined;
    const { policy, run, clock } = this.#services;
    const failed = verdict !== 'behind' && verdict.state === 'failed' ? verdict : undefined;
    const nextAt = failed?.retryable ? nextTry(policy, 1, clock.now(), { retries, afterMs: failed.afterMs }) : null;
    const state = failed ? (nextAt ? 'waiting' : 'dead') : verdict === 'behind' ? 'behind' : 'skipped';
    return {
      id: uuidv7(run.now(), randomFillSync),
      subscription: id,
      event: event.id,
      eventAt: event.at,
      part: event.part,
      chart: event.chart,
      position: event.position,
      attempts: failed && !('loop' in failed) ? 1 : 0,
      state,
      nextAt,
      error: verdict === 'behind' ? null : verdict.error,
    };
  }

  /** Told once a row is written: from now on the chart's later events wait behind it. */
  parked({ id, blocks }: Subscription, { part, chart, state }: Pick<RetryWrite, 'part' | 'chart' | 'state'>): void {
    if (state === 'skipped') return;
    if (state !== 'dead' || blocks) this.#add(key(id, chart), part);
  }

  /** A dead letter is left as it is, and holds up nothing any more; false when there is none. */
  async skip(subscription: string, event: string): Promise<boolean> {
    const { rowCount } = await this.#services.pool.query(
      `UPDATE retry SET state = 'skipped', updated_at = now() WHERE subscription = $1 AND event = $2 AND state = 'dead'`,
      [subscription, event],
    );
    void this.#look();
    return (rowCount ?? 0) > 0;
  }

  /** What was given up or skipped is to be tried again now; false when there is none. */
  async revive(subscription: string, event: string): Promise<boolean> {
    const { rows } = await this.#services.pool.query<{ chart: string; part: number }>(
      `UPDATE retry SET state = 'waiting', next_at = now(), attempts = 0, updated_at = now()
        WHERE subscription = $1 AND event = $2 AND state IN ('dead', 'skipped') RETURNING chart, part`,
      [subscription, event],
    );
    if (rows[0]) {
      await release(this.#services.pool, deliveryId(event, subscription));
      this.#add(key(subscription, rows[0].chart), rows[0].part);
      void this.#look();
      return true;
    }
    const waiting = await this.#services.pool.query(
      `UPDATE retry SET next_at = now() WHERE subscription = $1 AND event = $2 AND state = 'waiting'`,
      [subscription, event],
    );
    void this.#look();
    return (waiting.rowCount ?? 0) > 0;
  }

  async #look(): Promise<void> {
    this.#lookAgain = this.#looking;
    if (this.#looking || this.#stopped) return;
    if (this.#open.size === 0 && ++this.#idleLooks % IDLE_LOOKS !== 0) return;
    this.#looking = true;
    try {
      for (const due of await this.#due()) {
        const chart = key(due.subscription, due.chart);
        const plugin = pluginOf(due.subscription);
        const ofPlugin = this.#runningOf.get(plugin) ?? 0;
        if (this.#running.has(chart) || this.#running.size >= AT_ONCE || ofPlugin >= OF_A_PLUGIN) continue;
        this.#runningOf.set(plugin, ofPlugin + 1);
        // Owed still when it fails: it is tried again when the database is back, or by the node that holds the lease now.
        const run = this.#line(due, chart)
          .catch(() => {})
          .finally(() => {
            this.#running.delete(chart);
            this.#runningOf.set(plugin, this.#runningOf.get(plugin)! - 1);
            // Its place is free, and its chart may have more: whoever waits longest has it now.
            if (this.#ranOf.delete(chart)) void this.#look();
          });
        this.#running.set(chart, { part: due.part, run });
      }
    } catch {
      // The database is away; the next look finds it back.
    } finally {
      this.#looking = false;
    }
    if (this.#lookAgain) void this.#look();
  }

  /** The oldest open delivery of each chart, where its time has come: by turns of the plugins, who waits longest first. */
  async #due(): Promise<Due[]> {
    const now = performance.now();
    const read = this.#services.readers().map(({ subscription }) => subscription);
    const active = read.filter(({ id }) => (this.#paused.get(id) ?? 0) <= now).map(({ id }) => id);
    const { rows } = await this.#services.pool.query<Due>({
      name: 'due_retries',
      text: `${dueOf(`SELECT DISTINCT ON (subscription, chart) * FROM retry
          WHERE state IN ('waiting', 'behind') AND part = ANY ($1) AND subscription = ANY ($2)
          ORDER BY subscription, chart, epoch, xid, seq`)}
        ORDER BY row_number() OVER (PARTITION BY split_part(subscription, '/', 1) ORDER BY coalesce(next_at, updated_at)),
          coalesce(next_at, updated_at) LIMIT 64`,
      values: [this.#services.leases.parts, active, blocking(read), longestWait(this.#services.policy)],
    });
    return rows;
  }

  /** The chart's line from its oldest on, for a turn: one that was held up catches up as fast as others are delivered. */
  async #line(first: Due, chart: string): Promise<void> {
    let due: Due | undefined = first;
    for (let count = 0; due && count < IN_A_ROW && !this.#stopped; count++) {
      if (!(await this.#run(due, chart))) return;
      this.#ranOf.add(chart);
      due = await this.#nextOf(due);
    }
    await this.#settle(first, chart);
  }

  /** The oldest of the same chart, if its time has come. */
  async #nextOf({ subscription, part, chart }: Due): Promise<Due | undefined> {
    const read = this.#services.readers().map((reader) => reader.subscription);
    const { rows } = await this.#services.pool.query<Due>({
      name: 'next_retry',
      text: dueOf(`SELECT * FROM retry WHERE state IN ('waiting', 'behind') AND part = $1 AND subscription = $2 AND chart = $5
        ORDER BY epoch, xid, seq LIMIT 1`),
      values: [part, subscription, blocking(read), longestWait(this.#services.policy), chart],
    });
    return rows[0];
  }

  /** Whether it was delivered, or given up: what comes after it may be. */
  async #run(due: Due, chart: string): Promise<boolean> {
    const { pool, policy, run, clock } = this.#services;
    const reader = this.#services.readers().find(({ subscription }) => subscription.id === due.subscription);
    const fence = reader?.fence(due.part);
    const [event] = await eventsBy(pool, 'id', [due.event]);
    if (!reader || fence === undefined || !event) return false;
    const { subscription } = reader;
    // What it waits for in another chart it is asked about again at the next look.
    if (await aheadOf(pool, subscription, event)) return false;
    this.#add(chart, due.part);
    const attempt = due.attempts + 1;
    const delivery: Delivery = {
      subscription,
      event,
      attempt,
      isLast: (verdict) => this.isLast(subscription, attempt, verdict),
      completion: (verdict) => {
        const base = { kind: 'retry' as const, id: due.id, fence };
        if (verdict.state === 'completed') return { ...base, state: 'done', nextAt: null, error: null };
        const nextAt = verdict.retryable
          ? nextTry(policy, attempt, clock.now(), { retries: subscription.retries, afterMs: verdict.afterMs })
          : null;
        return { ...base, state: nextAt ? 'again' : 'dead', nextAt, error: verdict.error };
      },
    };
    try {
      // What somebody wants tried again is.
      const stop = due.state === 'behind' ? await stopOf(pool, subscription, event) : undefined;
      if (stop?.state === 'skipped') await this.#skipOf(due, fence, stop.error);
      else if (stop) await giveUp(run, delivery, stop);
      else await runDelivery(run, delivery);
    } catch (error) {
      if (error instanceof DeliveryPaused) this.#paused.set(subscription.id, performance.now() + PAUSE_MS);
      // Finished already, when only the answer to that was lost; otherwise by whoever holds the lease now.
      else if (!(error instanceof FenceLost)) throw error;
      await this.#settle(due, chart);
      return false;
    }
    return true;
  }

  /** One that waited behind another is skipped with the loop that it is part of. */
  async #skipOf({ id }: Due, fence: string, error: RetryWrite['error']): Promise<void> {
    const { rowCount } = await this.#services.pool.query(
      `UPDATE retry r SET state = 'skipped', next_at = NULL, error = $3, updated_at = now() FROM cursor c
        WHERE r.id = $1 AND c.subscription = r.subscription AND c.part = r.part AND c.fence = $2`,
      [id, fence, JSON.stringify(error)],
    );
    if (rowCount === 0) throw new FenceLost();
  }

  /** Forgets a chart that has no open retries any more. */
  async #settle({ subscription, chart }: Due, name: string): Promise<void> {
    const blocks = this.#services.readers().some(({ subscription: { id, blocks } }) => id === subscription && blocks);
    const before = this.#open.get(name)?.times;
    const { rowCount } = await this.#services.pool.query({
      name: 'open_retries',
      text: `SELECT FROM retry WHERE subscription = $1 AND chart = $2
          AND (state IN ('waiting', 'behind') OR state = 'dead' AND $3) LIMIT 1`,
      values: [subscription, chart, blocks],
    });
    if (rowCount === 0 && this.#open.get(name)?.times === before) this.#open.delete(name);
  }

  #add(chart: string, part: number): void {
    const open = this.#open.get(chart) ?? { part, times: 0 };
    open.times += 1;
    // In a part of another node, that one knows of it.
    if (this.#services.leases.fence(part) !== undefined) this.#open.set(chart, open);
  }
}

/**
 * Of rows that are each the oldest of its chart, those whose time has come and that no dead letter holds up: $3 says where.
 * $4: milliseconds; a try that lies further ahead was planned by a clock that has been set back since, and is due.
 */
function dueOf(oldest: string): string {
  return `SELECT id, subscription, event, part, chart, attempts, state FROM (${oldest}) AS oldest
    WHERE (next_at IS NULL OR next_at <= now() OR next_at > now() + $4 * interval '1 millisecond') AND NOT (subscription = ANY ($3) AND EXISTS (
      SELECT FROM retry d WHERE d.subscription = oldest.subscription AND d.chart = oldest.chart AND d.state = 'dead'
        AND (d.epoch, d.xid, d.seq) < (oldest.epoch, oldest.xid, oldest.seq)))`;
}

/** Those in which a dead letter holds up its chart. */
function blocking(subscriptions: readonly Subscription[]): string[] {
  return subscriptions.flatMap(({ id, blocks }) => (blocks ? [id] : []));
}

function pluginOf(subscription: string): string {
  return subscription.slice(0, subscription.indexOf('/'));
}

function key(subscription: string, chart: string): string {
  return `${subscription} ${chart}`;
}
