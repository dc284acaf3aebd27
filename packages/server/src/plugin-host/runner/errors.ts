// A plugin's error as data. Its properties are the plugin's code, so reading them may throw.

export interface ThrownData {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  /** A retry is useless, or should wait this many seconds, up to an hour. */
  readonly retry?: false | { readonly afterSeconds: number };
}

export function describe(thrown: unknown): ThrownData {
  if (typeof thrown !== 'object' || thrown === null) {
    return { name: 'Error', message: show(thrown).slice(0, 2_000), stack: '' };
  }
  return {
    name: read(thrown, 'name', 100) || 'Error',
    message: read(thrown, 'message', 2_000),
    stack: read(thrown, 'stack', 8_000),
    ...retryOf(thrown),
  };
}

/** Retry information of the SDK's FatalError and RetryableError. */
function retryOf(thrown: object): Pick<ThrownData, 'retry'> {
  try {
    const { retry } = thrown as { retry?: unknown };
    if (retry === false) return { retry };
    const { afterSeconds } = retry as { afterSeconds?: unknown };
    const isKnown = typeof afterSeconds === 'number' && afterSeconds >= 0 && afterSeconds <= 3_600;
    return isKnown ? { retry: { afterSeconds } } : {};
  } catch {
    return {};
  }
}

function read(thrown: object, key: string, most: number): string {
  try {
    const value = (thrown as Record<string, unknown>)[key];
    return typeof value === 'string' ? value.slice(0, most) : '';
  } catch {
    return '';
  }
}

/** Any value as one line of text. */
export function show(value: unknown): string {
  try {
    return typeof value === 'object' && value !== null ? (JSON.stringify(value) ?? '') : String(value);
  } catch {
    return '(cannot be shown)';
  }
}
