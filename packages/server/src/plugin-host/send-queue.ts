// Entries waiting to be sent to a runner. Isolates take turns, measured in the runner's time, so that one with long steps gets as
// much of it as one with short steps (deficit round robin). A batch has entries of one isolate, so it is known whose step a
// runner is at.

import type { ToRunner } from './protocol.ts';

/** Milliseconds of the runner's time per turn. */
const TURN_MS = 10;
/** Assumed cost of an entry in ms, before any has run. */
const UNKNOWN_MS = TURN_MS / 4;
/** Number of idle isolates to remember. */
const MOST_REMEMBERED = 1_000;

interface Item<Tag> {
  readonly entry: ToRunner;
  readonly tag: Tag;
}

interface Lane<Tag> {
  readonly items: Item<Tag>[];
  /** Milliseconds it may still use; negative if its last turn took too long. */
  credit: number;
  /** Recent cost of one of its entries, in milliseconds. */
  cost: number;
}

export class SendQueue<Tag> {
  size = 0;
  /** In order of their turns. */
  readonly #lanes = new Map<number, Lane<Tag>>();

  add(entry: ToRunner, tag: Tag): void {
    this.#lane(entry.isolate).items.push({ entry, tag });
    this.size += 1;
  }

  /** The next entries, all of one isolate and in order: as many as its turn allows, `most` at most. */
  take(most: number): Item<Tag>[] {
    if (this.size === 0) return [];
    for (;;) {
      for (const [isolate, lane] of this.#lanes) {
        if (lane.items.length === 0) continue;
        this.#lanes.delete(isolate);
        this.#lanes.set(isolate, lane);
        lane.credit = Math.min(lane.credit + TURN_MS, TURN_MS);
        if (lane.credit <= 0) continue;
        const taken = lane.items.splice(0, Math.min(most, Math.max(1, Math.floor(lane.credit / lane.cost))));
        this.size -= taken.length;
        return taken;
      }
    }
  }

  /** Reports the runner's time for entries of an isolate. */
  charge(isolate: number, entries: number, ms: number): void {
    const lane = this.#lanes.get(isolate);
    if (!lane) return;
    lane.credit -= ms;
    lane.cost = Math.max((lane.cost + ms / entries) / 2, TURN_MS / 1_000);
  }

  /** Removes the waiting entries of an isolate. */
  remove(isolate: number): void {
    this.size -= this.#lanes.get(isolate)?.items.length ?? 0;
    this.#lanes.delete(isolate);
  }

  #lane(isolate: number): Lane<Tag> {
    let lane = this.#lanes.get(isolate);
    if (!lane) {
      if (this.#lanes.size >= MOST_REMEMBERED) this.#forgetIdle();
      lane = { items: [], credit: 0, cost: UNKNOWN_MS };
      this.#lanes.set(isolate, lane);
    }
    return lane;
  }

  #forgetIdle(): void {
    for (const [isolate, { items }] of this.#lanes) if (items.length === 0) this.#lanes.delete(isolate);
  }
}
