// When a failed delivery is tried again, and when it is given up.

export interface RetryPolicy {
  /** Milliseconds to wait after the first, second ... failure; as many retries as there are waits, then a dead letter. */
  readonly waits: readonly number[];
}

export const DEFAULT_POLICY: RetryPolicy = { waits: [1_000, 5_000, 30_000, 120_000, 600_000] };

/**
 * What follows from the `attempts`-th failure (from 1): the time of the next try in ISO 8601, or null for a dead letter.
 * Waits are spread by a tenth, so that what failed together does not return together.
 */
export function nextTry(policy: RetryPolicy, attempts: number, now: number): string | null {
  const wait = policy.waits[attempts - 1];
  if (wait === undefined) return null;
  return new Date(now + wait * (0.95 + Math.random() / 10)).toISOString();
}
