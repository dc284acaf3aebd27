// One subscription: its events in the order of the log, one after another in each part, parts side by side. The node's reader
// gives them; what lies further back is read here.

import type { Pool } from 'pg';
import { type Completion, FenceLost, type Position, type StoredEvent } from '#store/contract.ts';
import { FEW_TYPES, isBefore, isWithin, readLog } from '#store/log.ts';
import { aheadOf } from './chart-order.ts';
import type { Leases } from './leases.ts';
import { type Follower, type LogReader, SPACING_MS } from './log-reader.ts';
import { type Stop, stopOf } from './loops.ts';
import { isFor } from './outgoing/answer.ts';
import { isPartFull, isPartLow, type NodeReadAhead, ReadAhead } from './read-ahead.ts';
import type { Retries } from './retries.ts';
import { DeliveryPaused, giveUp, type RunServices, runDelivery, type Verdict } from './run.ts';
import { dueBy, PRACTICE_ZONE } from './schedule.ts';
import { cursorOf, type IdleCursor, isOwn, moveIdleCursors, startsOf, type Subscription } from './subscriptions.ts';
import type { FairShares } from './shares.ts';

/** Milliseconds until a paused or failed lane goes on. */
const PAUSE_MS = 1_000;

type LaneCompletion = Extract<Completion, { kind: 'cursor' }>;

interface Lane {
  readonly part: number;
  readonly fence: string;
  cursor: Position;
  readonly queue: StoredEvent[];
  /** With a full queue, events are left in the log: those after this place are read once the queue is low. */
  rest: Position | undefined;
  readingRest: boolean;
  running: boolean;
  /** Whether its last commit came to pass is not known: the connection broke. */
  doubtful: boolean;
}

export interface LaneServices {
  readonly pool: Pool;
  readonly leases: Leases;
  readonly retries: Retries;
  readonly run: RunServices;
  readonly reader: LogReader;
  /** Turns at reading the log, and at deliveries. */
  readonly reads: FairShares;
  readonly deliveries: FairShares;
  /** What all subscriptions hold in memory. */
  readonly ahead: NodeReadAhead;
  commitCompletion(completion: Completion): Promise<void>;
}

export class Lanes implements Follower {
  readonly subscription: Subscription;
  readonly types: ReadonlySet<string>;
  readonly #services: LaneServices;
  readonly #isDue: ReturnType<typeof dueBy>;
  readonly #lanes = new Map<number, Lane>();
  /** By part: of the lease, and of the cursor. */
  readonly #leased = new Map<number, string>();
  readonly #fences = new Map<number, string>();
  /** With its part. */
  readonly #running = new Map<Promise<void>, number>();
  /** All up to here was taken in, at least. */
  #readTo: Position | undefined;
  /** Raised when what is read now begins too late. */
  #beginnings = 0;
  readonly #ahead: ReadAhead;
  /** The node's reader gives it what comes. */
  #live = false;
  #reading = false;
  /** It was given something since its idle cursors were kept. */
  #moved = false;
  #stopped = false;

  constructor(subscription: Subscription, services: LaneServices) {
    this.subscription = subscription;
    this.#services = services;
    this.types = new Set(subscription.types);
    this.#isDue = dueBy(subscription);
    this.#ahead = new ReadAhead(services.ahead);
  }

  /** Makes its lanes those of the parts that this node serves now: at the beginning, and whenever those changed. */
  async sync(): Promise<void> {
    const { pool, leases } = this.#services;
    for (const [part, fence] of this.#leased) {
      if (leases.fence(part) === fence) continue;
      this.#forget(part);
      this.#leased.delete(part);
      this.#fences.delete(part);
    }
    const added = leases.parts.filter((part) => !this.#leased.has(part));
    const fences = new Map(added.map((part) => [part, leases.fence(part)!]));
    await Promise.all(added.map((part) => this.whenIdle(part)));
    const starts = added.length > 0 ? await startsOf(pool, this.subscription.id, [...fences.values()]) : [];
    if (this.#stopped || starts.length === 0) return void this.#read();
    let from = this.#takenIn();
    for (const { part, fence, position } of starts) {
      if (leases.fence(part) !== fences.get(part)) continue;
      const idle = { queue: [], rest: undefined, readingRest: false, running: false, doubtful: false };
      this.#lanes.set(part, { part, fence, cursor: position, ...idle });
      this.#fences.set(part, fence);
      this.#leased.set(part, fences.get(part)!);
      if (!from || isBefore(position, from)) from = position;
    }
    this.#leave();
    this.#readTo = from;
    this.#beginnings++;
    void this.#read();
  }

  /** The fence under which deliveries of a part are completed here; undefined when they are not. */
  fence(part: number): string | undefined {
    return this.#services.leases.fence(part) === undefined ? undefined : this.#fences.get(part);
  }

  /** Resolves when nothing of the part runs that ran when it was called. */
  async whenIdle(part: number): Promise<void> {
    await Promise.allSettled([...this.#running].flatMap(([run, of]) => (of === part ? [run] : [])));
  }

  /** Starts nothing more, waits for what runs, and keeps how far it came. */
  async stop(): Promise<void> {
    this.#leave();
    this.#stopped = true;
    await Promise.allSettled(this.#running.keys());
    // Many types are looked for in all of the log: the next reader begins where this one was.
    if (this.types.size > FEW_TYPES) this.#moved = true;
    for (const lane of [...this.#lanes.values()]) if (!isIdle(lane)) this.#forget(lane.part);
    await moveIdleCursors(this.#services.pool, this.idleCursors()).catch(() => {});
  }

  /** Where its lanes are in which nothing is left to do; none when nothing has moved since it was asked. */
  idleCursors(): IdleCursor[] {
    const to = this.#takenIn();
    if (!to || !this.#moved) return [];
    this.#moved = false;
    const idle = [...this.#lanes.values()].filter(isIdle);
    return idle.map(({ part, fence }) => ({ subscription: this.subscription.id, part, fence, to }));
  }

  give(event: StoredEvent): void {
    if (!this.#ahead.hasRoom) this.#leave();
    if (!this.#live) return;
    this.#take(event);
    this.#readTo = event.position;
  }

  deliver(): void {
    for (const lane of this.#lanes.values()) this.#pump(lane);
  }

  #takenIn(): Position | undefined {
    const { readTo } = this.#services.reader;
    if (!this.#live || !this.#readTo || !readTo) return this.#readTo;
    return isBefore(this.#readTo, readTo) ? readTo : this.#readTo;
  }

  /** From here on it reads by itself, when it has room. */
  #leave(): void {
    if (!this.#live) return;
    this.#readTo = this.#takenIn();
    this.#live = false;
    this.#services.reader.leave(this);
  }

  /** Until it is where the node's reader is, or has no room; then it goes on when what is held has been delivered. */
  async #read(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (!this.#live && !this.#stopped && this.#readTo && this.#ahead.hasRoom) {
        const next = performance.now() + SPACING_MS;
        const full = await this.#services.reads.do(this.subscription.plugin, '', () => this.#readPage());
        const wait = next - performance.now();
        if (!full && !this.#live && wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      }
    } catch {
      // The database is away; its return is noticed by trying.
      setTimeout(() => void this.#read(), PAUSE_MS).unref();
    } finally {
      this.#reading = false;
    }
  }

  /** Says whether there is more to read at once. */
  async #readPage(): Promise<boolean> {
    const beginning = this.#beginnings;
    const full = [...this.#lanes.values()].filter(({ rest }) => rest);
    const page = await readLog(
      this.#services.pool,
      this.#readTo!,
      this.#ahead.page,
      { types: this.subscription.types },
      full.length > 0 ? { notParts: full.map(({ part }) => part) } : undefined,
    );
    if (this.#stopped) return false;
    if (this.#beginnings !== beginning) return true;
    this.#ahead.measure(page.events);
    for (const event of page.events) this.#take(event);
    this.#readTo = page.readTo;
    for (const lane of full) this.#passOver(lane);
    if (!page.full) this.#live = this.#services.reader.join(this, page.readTo);
    this.deliver();
    return page.full;
  }

  #take(event: StoredEvent): void {
    this.#moved = true;
    const lane = this.#lanes.get(event.part);
    if (!lane || !this.#isWanted(lane, event)) return;
    if (lane.rest || isPartFull(lane.queue)) this.#passOver(lane);
    else this.#add(lane, event);
  }

  #isWanted(lane: Lane, event: StoredEvent): boolean {
    if (!isBefore(endOf(lane), event.position)) return false;
    if (this.subscription.since && isWithin(event.position, this.subscription.since)) return false;
    return isFor(this.subscription.plugin, event) && !isOwn(this.subscription, event);
  }

  #add(lane: Lane, event: StoredEvent): void {
    lane.queue.push(event);
    this.#ahead.add(event);
  }

  /** What comes in a part is left in the log for now: a chart with many events holds up no others. */
  #passOver(lane: Lane): void {
    lane.rest ??= endOf(lane);
    void this.#readRest(lane);
  }

  /** What was passed over in a part, while there is room, until it is where all parts are. */
  async #readRest(lane: Lane): Promise<void> {
    if (lane.readingRest) return;
    lane.readingRest = true;
    try {
      while (lane.rest && this.#serves(lane) && isPartLow(lane.queue)) {
        if (lane.queue.length > 0 && !this.#ahead.hasRoom) return;
        const next = performance.now() + SPACING_MS;
        const { rest } = lane;
        const page = await this.#services.reads.do(this.subscription.plugin, '', () =>
          readLog(
            this.#services.pool,
            rest,
            this.#ahead.pageOfPart,
            { types: this.subscription.types },
            { part: lane.part },
          ),
        );
        if (!this.#serves(lane)) return;
        for (const event of page.events) if (this.#isWanted(lane, event)) this.#add(lane, event);
        const takenIn = this.#takenIn();
        const isDone = !page.full && takenIn && !isBefore(page.readTo, takenIn);
        lane.rest = isDone ? undefined : page.readTo;
        this.#pump(lane);
        const wait = next - performance.now();
        if (!page.full && !isDone && wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      }
    } catch {
      // The database is away; its return is noticed by trying.
      setTimeout(() => void this.#readRest(lane), PAUSE_MS).unref();
    } finally {
      lane.readingRest = false;
    }
  }

  #pump(lane: Lane): void {
    const event = lane.queue[0];
    if (lane.running || !this.#serves(lane) || !event) return;
    lane.running = true;
    const { plugin } = this.subscription;
    // Parts side by side, one event of each: the part stands for its charts.
    const deliver = () => (this.#serves(lane) ? this.#deliver(lane, event) : Promise.resolve('later' as const));
    const run = this.#services.deliveries.do(plugin, String(lane.part), deliver).then(
      (next) => this.#settled(lane, next),
      () => this.#settled(lane, 'later'),
    );
    this.#running.set(run, lane.part);
    void run.finally(() => this.#running.delete(run));
  }

  #settled(lane: Lane, next: 'next' | 'later' | 'lost'): void {
    lane.running = false;
    if (this.#lanes.get(lane.part) !== lane) return;
    if (next === 'lost') {
      this.#forget(lane.part);
    } else if (next === 'later') {
      setTimeout(() => this.#pump(lane), PAUSE_MS).unref();
    } else {
      const event = lane.queue.shift()!;
      lane.cursor = event.position;
      this.#ahead.remove(event);
      this.#pump(lane);
      if (lane.rest) void this.#readRest(lane);
    }
    if (!this.#live && this.#ahead.isLow) void this.#read();
  }

  #serves(lane: Lane): boolean {
    return !this.#stopped && this.#lanes.get(lane.part) === lane;
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
    retries.parked(this.subscription, { part: lane.part, chart: event.chart, state: 'waiting' });
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
}

/** Whether nothing is left to do in a lane of what was taken in. */
function isIdle({ running, queue, rest }: Lane): boolean {
  return !running && queue.length === 0 && !rest;
}

/** All events of a lane up to here are done, or in its queue. */
function endOf({ queue, cursor }: Lane): Position {
  return queue.at(-1)?.position ?? cursor;
}
