// What waits to be sent to a runner. Isolates take turns, measured in the runner's time: one whose steps take long gets as
// much of it as one whose steps are short (deficit round robin). A batch holds entries of one isolate, so it is known
// whose step a runner is at.

import type { ToRunner } from './protocol.ts';

/** Milliseconds of the runner's time in one turn. */
const TURN_MS = 10;
/** What an entry is taken to cost, in ms, before any has run. */
const UNKNOWN_MS = TURN_MS / 4;
/** Isolates that are remembered though nothing of theirs waits. */
const MOST_REMEMBERED = 1_000;

interface Item<Tag> {
  readonly entry: ToRunner;
  readonly tag: Tag;
}

interface Lane<Tag> {
  readonly items: Item<Tag>[];
  /** Milliseconds that it may still use; below zero when its last turn took longer than it should have. */
  credit: number;
  /** Milliseconds that one of its entries takes, of late. */
  cost: number;
}

export class SendQueue<Tag> {
  size = 0;
  /** In the order of their turns. */
  readonly #lanes = new Map<number, Lane<Tag>>();

  add(entry: ToRunner, tag: Tag): void {
    this.#lane(entry.isolate).items.push({ entry, tag });
    this.size += 1;
  }

  /** The next entries, all of one isolate and in their order: as many as its turn allows, `most` at most. */
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

  /** Tells how long the runner took over entries of an isolate. */
  charge(isolate: number, entries: number, ms: number): void {
    const lane = this.#lanes.get(isolate);
    if (!lane) return;
    lane.credit -= ms;
    lane.cost = Math.max((lane.cost + ms / entries) / 2, TURN_MS / 1_000);
  }

  /** Takes back what waits for an isolate. */
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
