// What the loader in the isolate gives these files, which are bundled to scripts of their own and run there when a plugin
// first uses one of their globals.

export interface Given {
  /** Makes a request of the call that is running, as `this.http.fetch` does. Throws where no call is. */
  request(url: string, options: object): Promise<HostAnswer>;
  /** The 32 hex digits that the random bytes of the running call follow from, and a place to keep their state. */
  randomness(): { readonly key: string; state?: unknown };
  /** Another of these scripts. */
  library(name: 'url' | 'idna'): Record<string, unknown>;
}

/** What `this.http.fetch` resolves to. */
export interface HostAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  text(): string;
  json(): unknown;
}

/** The name that the loader runs each script under; see runner/lazy-globals.ts. */
declare global {
  const given: Given;
}
