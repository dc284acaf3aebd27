// What a plugin's code finds beside the language's own globals, and nothing else. tsconfig.plugin.json takes it in, in the
// place of the types of browsers and of Node. Where it differs from the standards: docs/catalogue/globals.md.

/** Writes to the plugin's log, as `this.log` does. */
declare const console: {
  debug(...parts: readonly unknown[]): void;
  log(...parts: readonly unknown[]): void;
  info(...parts: readonly unknown[]): void;
  warn(...parts: readonly unknown[]): void;
  error(...parts: readonly unknown[]): void;
};

declare class URL {
  constructor(url: string | URL, base?: string | URL);
  static canParse(url: string | URL, base?: string | URL): boolean;
  static parse(url: string | URL, base?: string | URL): URL | null;
  hash: string;
  host: string;
  hostname: string;
  href: string;
  readonly origin: string;
  password: string;
  pathname: string;
  port: string;
  protocol: string;
  search: string;
  readonly searchParams: URLSearchParams;
  username: string;
  toJSON(): string;
  toString(): string;
}

declare class URLSearchParams {
  constructor(init?: string | URLSearchParams | Readonly<Record<string, string>> | Iterable<readonly [string, string]>);
  readonly size: number;
  append(name: string, value: string): void;
  delete(name: string, value?: string): void;
  get(name: string): string | null;
  getAll(name: string): string[];
  has(name: string, value?: string): boolean;
  set(name: string, value: string): void;
  sort(): void;
  forEach(callback: (value: string, name: string, params: URLSearchParams) => void, thisArg?: unknown): void;
  entries(): IterableIterator<[string, string]>;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string>;
  [Symbol.iterator](): IterableIterator<[string, string]>;
  toString(): string;
}

declare class TextEncoder {
  readonly encoding: 'utf-8';
  encode(text?: string): Uint8Array<ArrayBuffer>;
  encodeInto(text: string, target: Uint8Array): { read: number; written: number };
}

/** Reads UTF-8. With `fatal` it throws a TypeError for bytes that are not. */
declare class TextDecoder {
  constructor(label?: 'utf-8' | 'utf8' | 'UTF-8', options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean });
  readonly encoding: 'utf-8';
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;
  decode(bytes?: ArrayBuffer | ArrayBufferView, options?: { readonly stream?: boolean }): string;
}

/** Base64 to characters that stand for bytes. Throws an InvalidCharacterError for what is not Base64. */
declare function atob(data: string): string;
/** Characters up to U+00FF to Base64. Throws an InvalidCharacterError for others. */
declare function btoa(data: string): string;

/** Throws a DataCloneError for functions, symbols, secrets, and objects that are not data. */
declare function structuredClone<T>(value: T): T;

declare function queueMicrotask(callback: () => void): void;

/** Random values of the running execution: running it again gives the same. For identifiers, not for keys or passwords. */
declare const crypto: {
  /** Fills at most 65,536 bytes. */
  getRandomValues<
    T extends
      | Int8Array
      | Uint8Array
      | Uint8ClampedArray
      | Int16Array
      | Uint16Array
      | Int32Array
      | Uint32Array
      | BigInt64Array
      | BigUint64Array,
  >(array: T): T;
  randomUUID(): `${string}-${string}-${string}-${string}-${string}`;
};

declare class Headers {
  constructor(init?: Headers | Readonly<Record<string, string>> | Iterable<readonly [string, string]>);
  append(name: string, value: string): void;
  delete(name: string): void;
  get(name: string): string | null;
  has(name: string): boolean;
  set(name: string, value: string): void;
  forEach(callback: (value: string, name: string, headers: Headers) => void, thisArg?: unknown): void;
  entries(): IterableIterator<[string, string]>;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string>;
  [Symbol.iterator](): IterableIterator<[string, string]>;
}

declare class Response {
  constructor(
    body?: string | ArrayBuffer | ArrayBufferView | URLSearchParams | null,
    init?: {
      readonly status?: number;
      readonly statusText?: string;
      readonly headers?: ConstructorParameters<typeof Headers>[0];
    },
  );
  static json(data: unknown, init?: ConstructorParameters<typeof Response>[1]): Response;
  readonly status: number;
  /** True for 200 to 299. */
  readonly ok: boolean;
  readonly statusText: string;
  readonly headers: Headers;
  readonly bodyUsed: boolean;
  text(): Promise<string>;
  /** What it holds is for the caller to check. */
  json(): Promise<unknown>;
  arrayBuffer(): Promise<ArrayBuffer>;
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
  clone(): Response;
}

/** `this.http.fetch` with a standard face. Rejects with a TypeError when there is no answer or the host is not named. */
declare function fetch(
  url: string | URL,
  options?: {
    readonly method?: string;
    /** In a plain object a value may be a secret. */
    readonly headers?:
      | Headers
      | Iterable<readonly [string, string]>
      | Readonly<Record<string, string | import('@chartwire/sdk').Secret>>;
    readonly body?: string | ArrayBuffer | ArrayBufferView | URLSearchParams | import('@chartwire/sdk').Secret | null;
    readonly redirect?: 'follow';
  },
): Promise<Response>;
