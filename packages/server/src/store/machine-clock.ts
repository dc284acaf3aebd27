// Watches this machine's clock, which may jump when set by hand or by a time server. A jump isn't elapsed time.

/** Milliseconds of correction that aren't reported. */
const TOLERANCE = 5_000;

export interface Clocks {
  /** Milliseconds since 1970. */
  readonly wall: () => number;
  /** Monotonic milliseconds, never adjusted. */
  readonly steady: () => number;
}

const MACHINE: Clocks = { wall: Date.now, steady: () => performance.now() };

/** Compares the clock with elapsed time on each check. */
export class MachineClock {
  readonly #clocks: Clocks;
  #wall: number;
  #steady: number;

  constructor(clocks: Clocks = MACHINE) {
    this.#clocks = clocks;
    this.#wall = clocks.wall();
    this.#steady = clocks.steady();
  }

  /** Milliseconds by which the clock has jumped since the last check: negative if set back, zero if it ran normally. */
  jump(): number {
    const [wall, steady] = [this.#clocks.wall(), this.#clocks.steady()];
    const jump = wall - this.#wall - (steady - this.#steady);
    this.#wall = wall;
    this.#steady = steady;
    return Math.abs(jump) > TOLERANCE ? jump : 0;
  }
}

/** `3 hours forward`, `100 days back`: in the largest unit of at least one. */
export function jumpInWords(ms: number): string {
  const seconds = Math.max(1, Math.round(Math.abs(ms) / 1000));
  const [unit, size] = UNITS.find(([, size]) => seconds >= size)!;
  const count = Math.round(seconds / size);
  return `${count} ${unit}${count === 1 ? '' : 's'} ${ms > 0 ? 'forward' : 'back'}`;
}

/** In seconds, largest first. */
const UNITS: readonly (readonly [unit: string, size: number])[] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];
