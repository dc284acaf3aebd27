// What waits to be sent to a runner, by isolate: a batch that stays with few isolates finds their memory in the processor's
// caches.

import type { ToRunner } from './protocol.ts';

export class SendQueue<Tag> {
  size = 0;
  readonly #lanes = new Map<number, { entry: ToRunner; tag: Tag }[]>();

  add(entry: ToRunner, tag: Tag): void {
    const lane = this.#lanes.get(entry.isolate);
    if (lane) lane.push({ entry, tag });
    else this.#lanes.set(entry.isolate, [{ entry, tag }]);
    this.size += 1;
  }

  /** Entries of one isolate in their order, then of the next; an isolate that has more comes last the next time. */
  take(most: number): { entry: ToRunner; tag: Tag }[] {
    const taken: { entry: ToRunner; tag: Tag }[] = [];
    for (const [isolate, lane] of this.#lanes) {
      this.#lanes.delete(isolate);
      const part = lane.splice(0, most - taken.length);
      taken.push(...part);
      if (lane.length > 0) this.#lanes.set(isolate, lane);
      if (taken.length >= most) break;
    }
    this.size -= taken.length;
    return taken;
  }
}
