// Long work in short slices: this process has one event loop, and everybody waits for it.

/** Milliseconds of one slice, and of the first one, which nobody waits for. */
const SLICE_MS = 8;
const FIRST_MS = 2;

/** Those whose next slice is due, oldest first: one of them in each round of the event loop, however many there are. */
const waiting: (() => void)[] = [];

function next(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(next);
}

export class Slices {
  #end = performance.now() + FIRST_MS;

  /** Call it between two pieces of work. Resolves at once within a slice, else when others have had their turn. */
  async pause(): Promise<void> {
    if (performance.now() < this.#end) return;
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 1) setImmediate(next);
    });
    this.#end = performance.now() + SLICE_MS;
  }
}
