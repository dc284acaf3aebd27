// Errors with which a handler says whether a retry would help. Other errors are retried.

/** Longest delay that a handler can request, in seconds. */
const LONGEST_AFTER = 3_600;

/**
 * Throw it when a retry may succeed, such as when another system is unavailable. `after` is the minimum delay in seconds, up to
 * 3,600, for example from a Retry-After header. The manifest still limits the number of retries.
 */
export class RetryableError extends Error {
  override readonly name: string = 'RetryableError';
  /** Read by Chartwire. */
  readonly retry: { readonly afterSeconds: number };

  constructor(message: string, { after = 0, cause }: { readonly after?: number; readonly cause?: unknown } = {}) {
    super(message, { cause });
    this.retry = { afterSeconds: Math.min(Math.max(after, 0), LONGEST_AFTER) || 0 };
  }
}

/** Throw it when no retry would succeed: the event becomes a dead letter at once, with this message. Keep PHI out of it. */
export class FatalError extends Error {
  override readonly name: string = 'FatalError';
  /** Read by Chartwire. */
  readonly retry = false as const;
}
