// How much an evaluation may visit: a path and a record that a client sent could otherwise keep the server busy for minutes.

export class TooMuchWork extends Error {}

/** Values, and pieces of text of `TEXT` characters, that are left to visit. */
export class Work {
  #left: number;

  constructor(most: number) {
    this.#left = most;
  }

  /** Throws `TooMuchWork`. */
  spend(visits: number): void {
    this.#left -= visits;
    if (this.#left < 0) throw new TooMuchWork();
  }

  /** What it takes to compare or to search a value as a whole. */
  spendOn(value: unknown): void {
    this.spend(typeof value === 'string' ? 1 + value.length / TEXT : 1);
    if (typeof value !== 'object' || value === null) return;
    for (const one of Object.values(value)) this.spendOn(one);
  }
}

/** Characters that are compared in the time of one visit. */
const TEXT = 64;
