// The one reader of the log's end at a node: it reads each event once, and gives it to the subscriptions of its type. One that is
// further behind reads the log by itself until it gets here, and joins without a gap.

import type { Pool } from 'pg';
import type { Position, StoredEvent } from '#store/contract.ts';
import { isBefore, readLog } from '#store/log.ts';
import { ReadAhead } from './read-ahead.ts';

/** Milliseconds until the log is read again when an event lay at the horizon, and when the database is away. */
const HORIZON_MS = 2;
const PAUSE_MS = 1_000;
/** Milliseconds from one read to the next: under load a read finds several events, and the database has other work. */
export const SPACING_MS = 3;

export interface Follower {
  readonly types: ReadonlySet<string>;
  /** Takes in an event of its types; it may leave instead. Events come in the order of the log, some a second time. */
  give(event: StoredEvent): void;
  /** Called when it was given all that a read found. */
  deliver(): void;
}

export class LogReader {
  readonly #pool: Pool;
  readonly #byType = new Map<string, Set<Follower>>();
  /** Only to measure how many events make a page. */
  readonly #size = new ReadAhead({ bytes: 0 });
  #readTo: Position | undefined;
  /** The types that a read under way asks for. */
  #asking: ReadonlySet<string> | undefined;
  #reading = false;
  #dirty = false;
  #stopped = false;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** All followers have been given all of their types up to here; undefined before the first has joined. */
  get readTo(): Position | undefined {
    return this.#readTo;
  }

  /**
   * Lets a follower in that has read up to a place, so that it is given what comes after. False when it is not far enough, or
   * when a read under way would pass over its types: it reads on by itself and tries again.
   */
  join(follower: Follower, readTo: Position): boolean {
    const isAlone = this.#byType.size === 0 && !this.#asking;
    if (!isAlone && this.#readTo && isBefore(readTo, this.#readTo)) return false;
    if (this.#asking && !follower.types.isSubsetOf(this.#asking)) return false;
    if (isAlone) this.#readTo = readTo;
    for (const type of follower.types) {
      const ofType = this.#byType.get(type) ?? new Set();
      this.#byType.set(type, ofType.add(follower));
    }
    // What was committed since it read may have woken nobody.
    void this.#read();
    return true;
  }

  leave(follower: Follower): void {
    for (const type of follower.types) {
      const ofType = this.#byType.get(type);
      if (ofType?.delete(follower) && ofType.size === 0) this.#byType.delete(type);
    }
  }

  /** Called after commits, with the types of their events; undefined when they are not known. */
  wake(types: ReadonlySet<string> | undefined): void {
    if (types === undefined || !types.isDisjointFrom(this.#byType)) void this.#read();
  }

  stop(): void {
    this.#stopped = true;
  }

  async #read(): Promise<void> {
    this.#dirty = true;
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (this.#dirty && !this.#stopped && this.#byType.size > 0) {
        this.#dirty = false;
        const next = performance.now() + SPACING_MS;
        if (await this.#readPage()) this.#dirty = true;
        else await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - performance.now())));
      }
    } catch {
      // The database is away; its return is noticed by trying.
      this.#again(PAUSE_MS);
    } finally {
      this.#asking = undefined;
      this.#reading = false;
    }
  }

  /** Says whether there is more to read at once. */
  async #readPage(): Promise<boolean> {
    const types = [...this.#byType.keys()];
    this.#asking = new Set(types);
    const page = await readLog(this.#pool, this.#readTo!, this.#size.page, { types });
    this.#size.measure(page.events);
    const given = new Set<Follower>();
    for (const event of page.events) {
      for (const follower of this.#byType.get(event.type) ?? []) {
        given.add(follower);
        follower.give(event);
      }
    }
    this.#readTo = page.readTo;
    // Not before: who joins must not be taken to a place to which its types were not read.
    this.#asking = undefined;
    if (page.ahead) this.#again(HORIZON_MS);
    for (const follower of given) follower.deliver();
    return page.full;
  }

  #again(ms: number): void {
    if (!this.#stopped) setTimeout(() => void this.#read(), ms).unref();
  }
}
