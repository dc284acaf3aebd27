// Long work in short slices, since everyone waits for this process's event loop.

/** Milliseconds per slice, and for the first one, when nobody waits. */
const SLICE_MS = 8;
const FIRST_MS = 2;

/** Work whose next slice is due, oldest first: one per round of the event loop. */
const waiting: (() => void)[] = [];

function next(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(next);
}

export class Slices {
  #end = performance.now() + FIRST_MS;

  /** Call it between pieces of work. Resolves at once within a slice, otherwise after others have had their turn. */
  async pause(): Promise<void> {
    if (performance.now() < this.#end) return;
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 1) setImmediate(next);
    });
    this.#end = performance.now() + SLICE_MS;
  }
}
