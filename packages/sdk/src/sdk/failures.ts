// What a handler throws to say whether another try would help. Anything else that it throws is tried again as well.

/** How long a handler may have a retry wait, in seconds. */
const LONGEST_AFTER = 3_600;

/**
 * Another try may succeed, such as when another system is away. `after` is how many seconds to wait at least, up to an hour:
 * what its Retry-After says, for example. The number of tries stays that of the manifest.
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

/** No other try would succeed: the event becomes a dead letter at once, with this message. Keep PHI out of it. */
export class FatalError extends Error {
  override readonly name: string = 'FatalError';
  /** Read by Chartwire. */
  readonly retry = false as const;
}
