// What a plugin throws, as data. Its properties are the plugin's own code: reading them may throw.

export interface ThrownData {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  /** Another try is of no use; or should wait so many seconds, up to an hour. */
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

/** What a FatalError or a RetryableError of the SDK says. */
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

/** Any value as a line of text. */
export function show(value: unknown): string {
  try {
    return typeof value === 'object' && value !== null ? (JSON.stringify(value) ?? '') : String(value);
  } catch {
    return '(cannot be shown)';
  }
}
