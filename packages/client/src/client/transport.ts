// One HTTP request: its address, authorization, and body, and how its answer is read.

import { parseJson } from '@chartwire/sdk/internal/kit/json/parse';
import { printJson } from '@chartwire/sdk/internal/kit/json/print';
import { Problem, problemIn } from './problem.ts';

/** How the client reaches the server. */
export interface ClientOptions {
  /** The server's origin, `https://chart.example.org`. Defaults to the server of the current page. */
  readonly url?: string;
  /** For programs: sent as `Authorization: Bearer`. A browser sends its session cookie instead. */
  readonly token?: string;
  /** For browsers: returns the session's `csrf` value. Called before each request other than GET. */
  readonly csrf?: () => string;
  /** Replaces the global `fetch`, to observe or abort requests. */
  readonly fetch?: (address: string, init: RequestInit & { readonly method: string }) => Promise<Response>;
  /** The advice to show when no answer comes. Defaults to `Try again in a moment.` */
  readonly unreachable?: string;
}

/** Options for any request. */
export interface Sending {
  /** Aborts the request, which then rejects with the AbortError of `fetch`. */
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Query parameters. Values that are undefined, null, or empty are left out; a list repeats its name for each value. */
export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | null | undefined>>;

/** A file to send: its bytes and its content type. */
export interface Upload<Type extends string = string> {
  readonly bytes: Blob | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
  readonly type: Type;
}

export interface Sent extends Sending {
  readonly method: string;
  /** Includes the query. */
  readonly path: string;
  readonly accept?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly upload?: Upload | undefined;
}

export class Transport {
  readonly #options: ClientOptions;
  readonly #url: string;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#url = (options.url ?? '').replace(/\/+$/, '');
  }

  /** The full address of a path on the server. */
  address(path: string): string {
    return this.#url + path;
  }

  /**
   * Sends a request and returns its JSON.
   *
   * @throws {Problem} when the server refuses it, or no complete answer comes
   */
  async json(sent: Sent): Promise<unknown> {
    const response = await this.#fetch(sent);
    const text = await this.#reached(sent, () => response.text());
    const json = text === '' ? undefined : parsed(text);
    if (response.ok) return json;
    throw problemIn(response.status, json);
  }

  /**
   * Sends a request and returns the response, for files and streams.
   *
   * @throws {Problem} when the server refuses it
   */
  async response(sent: Sent): Promise<Response> {
    const response = await this.#fetch(sent);
    if (response.ok) return response;
    throw problemIn(response.status, parsed(await this.#reached(sent, () => response.text())));
  }

  async #fetch(sent: Sent): Promise<Response> {
    if (leadsElsewhere(sent.path)) throw nothingAt(sent);
    const { token, csrf, fetch: send = fetch } = this.#options;
    const { method, path, accept = 'application/json', body, upload, signal } = sent;
    const proof = method === 'GET' ? '' : (csrf?.() ?? '');
    const type = upload?.type ?? (body === undefined ? undefined : 'application/json');
    const headers = {
      accept,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(proof && { 'x-csrf-token': proof }),
      ...(type !== undefined && { 'content-type': type }),
      ...sent.headers,
    };
    const bytes = upload ? upload.bytes : body === undefined ? null : printJson(body);
    // `fetch` requires this for a stream.
    const streamed = bytes instanceof ReadableStream && { duplex: 'half' as const };
    return this.#reached(sent, () =>
      send(this.address(path), {
        method,
        headers,
        body: bytes,
        credentials: 'same-origin',
        ...(signal && { signal }),
        ...streamed,
      }),
    );
  }

  /** The connection may also break in the middle of an answer. */
  async #reached<T>({ signal }: Sent, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (signal?.aborted && error instanceof DOMException && error.name === 'AbortError') throw error;
      // An invalid request, or an error of the caller's own `fetch`, says nothing about the server.
      if (!isFailedFetch(error)) throw error;
      const { unreachable: next = 'Try again in a moment.' } = this.#options;
      throw new Problem({ status: 0, detail: 'The server cannot be reached.', next }, { cause: error });
    }
  }
}

/** The messages with which `fetch` reports that no answer came, or only part of one: Chromium, Firefox, Safari, Node.js, Deno. */
const FAILED_FETCH =
  /^(?:failed to fetch|network ?error|error in body stream|load failed|the (?:internet|network) connection|fetch failed|terminated|error sending request)/i;

/**
 * `fetch` throws a TypeError for network failures and for a wrong address, header, or body alike. Only the message tells them
 * apart.
 */
function isFailedFetch(error: unknown): boolean {
  return error instanceof DOMException || (error instanceof TypeError && FAILED_FETCH.test(error.message));
}

/** Whether a URL parser would change the path: it resolves `..`, escaped or not. An empty id also leads elsewhere. */
function leadsElsewhere(path: string): boolean {
  const [route] = path.split('?', 1) as [string];
  return route
    .split('/')
    .slice(1)
    .some((part) => /^(?:\.|%2e){0,2}$/i.test(part));
}

function nothingAt({ method, path }: Sent): Problem {
  return new Problem({
    status: 404,
    code: 'route.unknown',
    detail: `There is nothing at ${method} ${path}.`,
    next: 'Check the ids and names in the request: none may be empty, `.` or `..`.',
  });
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** The query as text: `?limit=5`, or an empty string. */
export function queryText(query: Query = {}): string {
  const pairs = Object.entries(query).flatMap(([name, value]) => {
    if (value === undefined || value === null || value === '') return [];
    return (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, String(one)]);
  });
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
}
