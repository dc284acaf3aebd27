// This machine's clock, watched: set by hand or by a time server it may jump, and what it says then is not a time that passed.

/** Milliseconds by which a clock may be corrected without a word. */
const TOLERANCE = 5_000;

export interface Clocks {
  /** Milliseconds since 1970. */
  readonly wall: () => number;
  /** Milliseconds that have passed since some moment; never set. */
  readonly steady: () => number;
}

const MACHINE: Clocks = { wall: Date.now, steady: () => performance.now() };

/** Compares the clock, each time it is looked at, with the time that has passed. */
export class MachineClock {
  readonly #clocks: Clocks;
  #wall: number;
  #steady: number;

  constructor(clocks: Clocks = MACHINE) {
    this.#clocks = clocks;
    this.#wall = clocks.wall();
    this.#steady = clocks.steady();
  }

  /** Milliseconds by which the clock has jumped since the last look: below zero where it was set back, zero where it ran. */
  jump(): number {
    const [wall, steady] = [this.#clocks.wall(), this.#clocks.steady()];
    const jump = wall - this.#wall - (steady - this.#steady);
    this.#wall = wall;
    this.#steady = steady;
    return Math.abs(jump) > TOLERANCE ? jump : 0;
  }
}

/** `3 hours forward`, `100 days back`: in the largest unit of which there is a whole one. */
export function jumpInWords(ms: number): string {
  const seconds = Math.max(1, Math.round(Math.abs(ms) / 1000));
  const [unit, size] = UNITS.find(([, size]) => seconds >= size)!;
  const count = Math.round(seconds / size);
  return `${count} ${unit}${count === 1 ? '' : 's'} ${ms > 0 ? 'forward' : 'back'}`;
}

/** In seconds, the largest first. */
const UNITS: readonly (readonly [unit: string, size: number])[] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];
