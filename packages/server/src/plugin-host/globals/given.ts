// What the loader in the isolate provides to these files. They are bundled to scripts and run on first use of their globals.

export interface Given {
  /** Makes a request in the running call, like `this.http.fetch`. Throws if no call is running. */
  request(url: string, options: object): Promise<HostAnswer>;
  /** The 32 hex digits that seed the running call's random bytes, and a place for their state. */
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

/** The name under which the loader runs each script; see runner/lazy-globals.ts. */
declare global {
  const given: Given;
}
