// A handler that keeps failing while somebody waits for it is left out for a while.

/** So many failures in a row, and a handler is not asked for so many milliseconds. */
const FAILURES = 5;
const REST_MS = 30_000;

interface State {
  failures: number;
  /** Milliseconds since 1970. */
  restsUntil: number;
}

/** What it knows of a handler that is left out. */
export interface Resting {
  /** `plugin/Handler`. */
  readonly name: string;
  /** ISO 8601. */
  readonly until: string;
}

/** By `plugin/Handler`. Times are milliseconds since 1970. */
export class Breaker {
  readonly #states = new Map<string, State>();

  isOpen(name: string, now: number): boolean {
    return (this.#states.get(name)?.restsUntil ?? 0) > now;
  }

  succeeded(name: string): void {
    this.#states.delete(name);
  }

  failed(name: string, now: number): void {
    const state = this.#states.get(name) ?? { failures: 0, restsUntil: 0 };
    this.#states.set(name, state);
    if (++state.failures < FAILURES) return;
    state.failures = 0;
    state.restsUntil = now + REST_MS;
  }

  /** The handlers of a plugin that are left out just now. */
  resting(plugin: string, now: number): Resting[] {
    return [...this.#states].flatMap(([name, { restsUntil }]) =>
      name.startsWith(`${plugin}/`) && restsUntil > now ? [{ name, until: new Date(restsUntil).toISOString() }] : [],
    );
  }
}
