// When a failed delivery is tried again, and when it is given up.

export interface RetryPolicy {
  /**
   * Milliseconds to wait after the first, second ... failure. There are as many retries as waits, unless the plugin's manifest
   * says how many; the last wait stands for those that follow. Then the event is a dead letter.
   */
  readonly waits: readonly number[];
}

/** What a plugin asks for. */
export interface RetryWish {
  /** How often a failed event is tried again. */
  readonly retries?: number;
  /** Milliseconds to wait at least. */
  readonly afterMs: number;
}

export const DEFAULT_POLICY: RetryPolicy = { waits: [1_000, 5_000, 30_000, 120_000, 600_000] };

/** The longest that a plugin can ask to wait: `after` of a RetryableError is at most an hour. */
const LONGEST_AFTER_MS = 3_600_000;

/** Milliseconds from a failure to its next try, at most. One that lies further ahead was set before the clock was set back. */
export function longestWait({ waits }: RetryPolicy): number {
  return Math.max(LONGEST_AFTER_MS, ...waits.map((wait) => wait * (1 + SPREAD)));
}

/** Waits are this much shorter or longer, at most, so that what failed together does not return together. */
const SPREAD = 0.05;

/** What follows from the `attempts`-th failure (from 1): the time of the next try in ISO 8601, or null for a dead letter. */
export function nextTry({ waits }: RetryPolicy, attempts: number, now: number, wish: RetryWish): string | null {
  if (attempts > (wish.retries ?? waits.length)) return null;
  const wait = waits[attempts - 1] ?? waits.at(-1) ?? 0;
  return new Date(now + Math.max(wait * (1 - SPREAD + 2 * SPREAD * Math.random()), wish.afterMs)).toISOString();
}
