// One subscription, read: its events in the order of the log, one after another in each part, parts side by side.

import type { Pool } from 'pg';
import { type Completion, FenceLost, type Position, type StoredEvent } from '#store/contract.ts';
import { isBefore, isWithin, readLog } from '#store/log.ts';
import { aheadOf } from './chart-order.ts';
import type { Leases } from './leases.ts';
import { type Stop, stopOf } from './loops.ts';
import { isFor } from './outgoing/answer.ts';
import { type NodeReadAhead, ReadAhead } from './read-ahead.ts';
import type { Retries } from './retries.ts';
import { DeliveryPaused, giveUp, type RunServices, runDelivery, type Verdict } from './run.ts';
import { dueBy, PRACTICE_ZONE } from './schedule.ts';
import { cursorOf, isOwn, moveIdleCursors, startsOf, type Subscription } from './subscriptions.ts';
import type { FairShares } from './shares.ts';

/** Milliseconds until the log is read again when an event lay at the horizon; until a paused or failed lane goes on. */
const HORIZON_MS = 2;
/** Milliseconds from one read to the next: under load a read finds several events, and the database has other work. */
const SPACING_MS = 3;
const PAUSE_MS = 1_000;
const IDLE_MS = 5_000;

type LaneCompletion = Extract<Completion, { kind: 'cursor' }>;

interface Lane {
  readonly part: number;
  readonly fence: string;
  cursor: Position;
  readonly queue: StoredEvent[];
  running: boolean;
  /** Whether its last commit came to pass is not known: the connection broke. */
  doubtful: boolean;
}

export interface LaneServices {
  readonly pool: Pool;
  readonly leases: Leases;
  readonly retries: Retries;
  readonly run: RunServices;
  /** Turns at reading the log, and at deliveries. */
  readonly reads: FairShares;
  readonly deliveries: FairShares;
  /** What all subscriptions hold in memory. */
  readonly ahead: NodeReadAhead;
  commitCompletion(completion: Completion): Promise<void>;
}

export class Lanes {
  readonly subscription: Subscription;
  readonly #services: LaneServices;
  readonly #types: ReadonlySet<string>;
  readonly #isDue: ReturnType<typeof dueBy>;
  readonly #lanes = new Map<number, Lane>();
  /** By part. */
  readonly #fences = new Map<number, string>();
  readonly #running = new Set<Promise<void>>();
  #readTo: Position | undefined;
  readonly #ahead: ReadAhead;
  #more = false;
  #reading = false;
  #dirty = false;
  #stopped = false;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(subscription: Subscription, services: LaneServices) {
    this.subscription = subscription;
    this.#services = services;
    this.#types = new Set(subscription.types);
    this.#isDue = dueBy(subscription);
    this.#ahead = new ReadAhead(services.ahead);
  }

  async start(): Promise<void> {
    const { pool, leases } = this.#services;
    for (const { part, fence, position } of await startsOf(pool, this.subscription.id, leases.fences)) {
      this.#lanes.set(part, { part, fence, cursor: position, queue: [], running: false, doubtful: false });
      this.#fences.set(part, fence);
    }
    for (const { cursor } of this.#lanes.values()) {
      if (!this.#readTo || isBefore(cursor, this.#readTo)) this.#readTo = cursor;
    }
    this.#idleTimer = setInterval(() => void this.#saveIdle().catch(() => {}), IDLE_MS);
    this.#idleTimer.unref();
    this.wake(undefined);
  }

  /** Called after commits, with the types of their events; undefined when they are not known. */
  wake(types: ReadonlySet<string> | undefined): void {
    if (types === undefined || !types.isDisjointFrom(this.#types)) void this.#read();
  }

  /** The fence under which deliveries of a part are completed here; undefined when they are not. */
  fence(part: number): string | undefined {
    return this.#services.leases.fence(part) === undefined ? undefined : this.#fences.get(part);
  }

  /** Starts nothing more, waits for what runs, and keeps how far it came. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#idleTimer);
    await Promise.allSettled(this.#running);
    for (const part of [...this.#lanes.keys()]) if (this.#lanes.get(part)!.queue.length > 0) this.#forget(part);
    await this.#saveIdle().catch(() => {});
  }

  async #read(): Promise<void> {
    if (this.#reading || this.#stopped || !this.#readTo) {
      this.#dirty = true;
      return;
    }
    if (!this.#ahead.hasRoom) {
      // It is read when what is held has been delivered.
      this.#more = true;
      return;
    }
    this.#reading = true;
    try {
      do {
        this.#dirty = false;
        const next = performance.now() + SPACING_MS;
        await this.#services.reads.do(this.subscription.plugin, '', () => this.#readPage(this.#readTo!));
        const wait = next - performance.now();
        if (!this.#more && wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      } while ((this.#dirty || this.#more) && this.#ahead.hasRoom && !this.#stopped);
      if (this.#dirty) this.#more = true;
    } catch {
      // The database is away; its return is noticed by trying.
      this.#again(PAUSE_MS);
    } finally {
      this.#reading = false;
    }
  }

  async #readPage(after: Position): Promise<void> {
    const page = await readLog(this.#services.pool, after, this.#ahead.page, { types: this.subscription.types });
    if (this.#stopped) return;
    this.#ahead.measure(page.events);
    for (const event of page.events) {
      const lane = this.#lanes.get(event.part);
      if (!lane || !isBefore(lane.cursor, event.position)) continue;
      if (!isFor(this.subscription.plugin, event)) continue;
      if (this.subscription.since && isWithin(event.position, this.subscription.since)) continue;
      if (isOwn(this.subscription, event)) continue;
      lane.queue.push(event);
      this.#ahead.add(event);
    }
    this.#readTo = page.readTo;
    this.#more = page.full;
    if (page.ahead) this.#again(HORIZON_MS);
    for (const lane of this.#lanes.values()) this.#pump(lane);
  }

  #again(ms: number): void {
    if (!this.#stopped) setTimeout(() => void this.#read(), ms).unref();
  }

  #pump(lane: Lane): void {
    const event = lane.queue[0];
    if (lane.running || this.#stopped || !event) return;
    lane.running = true;
    const { plugin } = this.subscription;
    // Parts side by side, one event of each: the part stands for its charts.
    const deliver = () => (this.#stopped ? Promise.resolve('later' as const) : this.#deliver(lane, event));
    const run = this.#services.deliveries.do(plugin, String(lane.part), deliver).then(
      (next) => this.#settled(lane, next),
      () => this.#settled(lane, 'later'),
    );
    this.#running.add(run);
    void run.finally(() => this.#running.delete(run));
  }

  #settled(lane: Lane, next: 'next' | 'later' | 'lost'): void {
    lane.running = false;
    if (next === 'lost') {
      this.#forget(lane.part);
    } else if (next === 'later') {
      setTimeout(() => this.#pump(lane), PAUSE_MS).unref();
    } else {
      const event = lane.queue.shift()!;
      lane.cursor = event.position;
      this.#ahead.remove(event);
      this.#pump(lane);
      if (this.#more && this.#ahead.isLow) void this.#read();
    }
  }

  /** A part is not served here any more. */
  #forget(part: number): void {
    for (const event of this.#lanes.get(part)?.queue.splice(0) ?? []) this.#ahead.remove(event);
    this.#lanes.delete(part);
  }

  async #deliver(lane: Lane, event: StoredEvent): Promise<'next' | 'later' | 'lost'> {
    const { retries, run } = this.#services;
    const { subscription } = this;
    if (lane.doubtful && (await this.#isPast(lane, event))) return 'next';
    lane.doubtful = false;
    // Asked for again when the transaction is: the last one is the one that was written.
    let completion: LaneCompletion | undefined;
    const complete = (verdict: Verdict | Stop | 'behind'): LaneCompletion => {
      completion = this.#completion(lane, event, verdict);
      return completion;
    };
    try {
      const practiceZone = subscription.timezone === PRACTICE_ZONE ? await run.timeZone() : undefined;
      if (!this.#isDue(event, practiceZone)) {
        await this.#services.commitCompletion(complete({ state: 'completed' }));
      } else if (retries.blocks(subscription.id, event.chart)) {
        await this.#services.commitCompletion(complete('behind'));
      } else {
        const ahead = await aheadOf(this.#services.pool, subscription, event);
        if (ahead === 'lane') return 'later';
        if (ahead === 'retry') {
          await this.#services.commitCompletion(complete('behind'));
          if (completion?.park) retries.parked(subscription, completion.park);
          return 'next';
        }
        const isLast = (verdict: Verdict): boolean => retries.isLast(subscription, 1, verdict);
        const stop = await stopOf(this.#services.pool, subscription, event);
        if (stop?.state === 'skipped') await this.#services.commitCompletion(complete(stop));
        else if (stop) await giveUp(run, { subscription, event, completion: complete }, stop);
        else await runDelivery(run, { subscription, event, attempt: 1, completion: complete, isLast });
      }
      if (completion?.park) retries.parked(subscription, completion.park);
      return 'next';
    } catch (error) {
      if (error instanceof DeliveryPaused) return 'later';
      lane.doubtful = true;
      if (!(error instanceof FenceLost)) throw error;
      return (await this.#isPast(lane, event)) ? 'next' : 'lost';
    }
  }

  /** Whether the event was completed here, and only the answer to that was lost: under this fence the cursor is past it. */
  async #isPast(lane: Lane, event: StoredEvent): Promise<boolean> {
    const { pool, retries } = this.#services;
    const stored = await cursorOf(pool, this.subscription.id, lane.part);
    if (!stored || stored.fence !== lane.fence || isBefore(stored.position, event.position)) return false;
    // It may have gone on as a retry: what is not so is found out by looking.
    retries.parked(this.subscription, { chart: event.chart, state: 'waiting' });
    return true;
  }

  /** The lane moves past the event; one that failed, or that must wait its turn, goes on as a retry. */
  #completion(lane: Lane, event: StoredEvent, verdict: Verdict | Stop | 'behind'): LaneCompletion {
    const park = this.#services.retries.park(this.subscription, event, verdict);
    return {
      kind: 'cursor',
      subscription: this.subscription.id,
      part: lane.part,
      fence: lane.fence,
      to: event.position,
      ...(park ? { park } : {}),
    };
  }

  async #saveIdle(): Promise<void> {
    if (!this.#readTo || this.#reading) return;
    const idle = [...this.#lanes.values()].filter((lane) => !lane.running && lane.queue.length === 0);
    if (idle.length > 0) await moveIdleCursors(this.#services.pool, this.subscription.id, idle, this.#readTo);
  }
}
