// The end of a log that grows: read once by this process, for all who follow it. Who begins further back reads the log
// by themselves until they have caught up, and joins without a gap or a repeat.

/** A log: what is in it, in which order, and how to know that there is more. */
export interface Feed<Place, Item, Filter> {
  /** Where it ends now. */
  now(): Promise<Place>;
  /** What comes after a place, in order; `full` when there is more to read at once. All before `readTo` was read. */
  read(after: Place, filter?: Filter): Promise<{ items: readonly Item[]; readTo: Place; full: boolean }>;
  placeOf(item: Item): Place;
  isBefore(a: Place, b: Place): boolean;
  /** Whether an item is among what `read` answers under the filter. */
  matches(item: Item, filter: Filter): boolean;
  /** Calls back when there may be more. Returns how to stop. */
  onWake?(wake: () => void): () => void;
  /** Milliseconds between looks that nothing woke: for what other nodes write, and after a failure. */
  readonly pollMs: number;
}

/** Items kept for a follower while it reads what came before them; with more it reads those from the log as well. */
const MOST_WAITING = 500;

interface Follower<Place, Item, Filter> {
  readonly filter: Filter;
  readonly onItem: (item: Item) => void;
  /** All up to here was given. */
  position: Place;
  /** What the tail came to while the follower read what was before it; undefined where that is not kept. */
  waiting: Item[] | undefined;
  /** It is given what the tail comes to. */
  live: boolean;
}

export class Tail<Place, Item, Filter> {
  readonly #feed: Feed<Place, Item, Filter>;
  /** There is one while anybody follows. */
  #reader: Reader<Place, Item, Filter> | undefined;

  constructor(feed: Feed<Place, Item, Filter>) {
    this.#feed = feed;
  }

  /** Calls `onItem`, which must not throw, with each item after a place, in order. Returns how to stop. */
  follow(after: Place, filter: Filter, onItem: (item: Item) => void): () => void {
    this.#reader ??= new Reader(this.#feed);
    const reader = this.#reader;
    const follower = { filter, onItem, position: after, waiting: undefined, live: false };
    reader.add(follower);
    return () => {
      reader.remove(follower);
      if (reader.isIdle && this.#reader === reader) this.#reader = undefined;
    };
  }
}

class Reader<Place, Item, Filter> {
  readonly #feed: Feed<Place, Item, Filter>;
  readonly #followers = new Set<Follower<Place, Item, Filter>>();
  readonly #begun: Promise<void>;
  /** All up to here was given to those who are live. Known once it has begun. */
  #position!: Place;
  #reading = false;
  #dirty = false;
  #timer: NodeJS.Timeout | undefined;
  #stopWakes: (() => void) | undefined;

  constructor(feed: Feed<Place, Item, Filter>) {
    this.#feed = feed;
    this.#begun = this.#begin();
  }

  get isIdle(): boolean {
    return this.#followers.size === 0;
  }

  add(follower: Follower<Place, Item, Filter>): void {
    this.#followers.add(follower);
    void this.#begun.then(() => this.#catchUp(follower));
  }

  remove(follower: Follower<Place, Item, Filter>): void {
    this.#followers.delete(follower);
    if (!this.isIdle) return;
    clearInterval(this.#timer);
    this.#stopWakes?.();
  }

  async #begin(): Promise<void> {
    for (;;) {
      try {
        this.#position = await this.#feed.now();
        break;
      } catch {
        await pause(this.#feed.pollMs);
      }
      if (this.isIdle) return;
    }
    if (this.isIdle) return;
    this.#stopWakes = this.#feed.onWake?.(() => void this.#read());
    this.#timer = setInterval(() => void this.#read(), this.#feed.pollMs);
    this.#timer.unref();
    void this.#read();
  }

  /** Gives what comes to all who are live, at their own places: none is given twice what it read by itself. */
  async #read(): Promise<void> {
    this.#dirty = true;
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (this.#dirty && !this.isIdle) {
        this.#dirty = false;
        const page = await this.#feed.read(this.#position);
        for (const item of page.items) for (const follower of this.#followers) this.#take(follower, item);
        this.#position = page.readTo;
        this.#dirty ||= page.full;
      }
    } catch {
      // The database is away; the timer tries again.
    } finally {
      this.#reading = false;
    }
  }

  #take(follower: Follower<Place, Item, Filter>, item: Item): void {
    if (!this.#feed.matches(item, follower.filter)) return;
    if (follower.live) this.#give(follower, [item]);
    else if (follower.waiting && follower.waiting.push(item) > MOST_WAITING) follower.waiting = undefined;
  }

  #give(follower: Follower<Place, Item, Filter>, items: readonly Item[]): void {
    for (const item of items) {
      const place = this.#feed.placeOf(item);
      if (!this.#followers.has(follower)) return;
      if (!this.#feed.isBefore(follower.position, place)) continue;
      follower.position = place;
      follower.onItem(item);
    }
  }

  /** Reads the log for one follower until nothing lies between it and the tail. */
  async #catchUp(follower: Follower<Place, Item, Filter>): Promise<void> {
    while (this.#followers.has(follower)) {
      // What the tail has come to by now is read below; what it comes to from now on is kept.
      const joint = this.#position;
      follower.waiting = [];
      follower.live = !this.#feed.isBefore(follower.position, joint);
      if (follower.live) return;
      try {
        const { items, readTo, full } = await this.#feed.read(follower.position, follower.filter);
        this.#give(follower, items);
        follower.position = full || this.#feed.isBefore(joint, readTo) ? readTo : joint;
        if (full || !follower.waiting) continue;
        follower.live = true;
        this.#give(follower, follower.waiting);
        follower.waiting = undefined;
        return;
      } catch {
        await pause(this.#feed.pollMs);
      }
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
