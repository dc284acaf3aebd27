// One request over HTTP: how it is addressed, signed and sent, and what becomes of its answer.

import { parseJson } from '@chartwire/sdk/internal/kit/json/parse';
import { printJson } from '@chartwire/sdk/internal/kit/json/print';
import { Problem, problemIn } from './problem.ts';

/** How the client reaches its server. */
export interface ClientOptions {
  /** `https://chart.example.org`; the server of this page unless given. */
  readonly url?: string;
  /** For a program: sent as `Authorization: Bearer`. A browser has the cookie of its session instead. */
  readonly token?: string;
  /** For a browser: the session's `csrf`, asked for before each request that is not a GET. */
  readonly csrf?: () => string;
  /** Instead of the global `fetch`: to watch what is sent and answered, or to end it. */
  readonly fetch?: (address: string, init: RequestInit & { readonly method: string }) => Promise<Response>;
  /** What somebody should do where no answer comes; `Try again in a moment.` unless given. */
  readonly unreachable?: string;
}

/** What any request may have besides its parts. */
export interface Sending {
  /** Ends the request. It then rejects with the AbortError of `fetch`. */
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Names and values after the `?`. What is undefined, null or empty is left out; a list is its values one by one. */
export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | null | undefined>>;

/** A file to send: its bytes, and what they are. */
export interface Upload<Type extends string = string> {
  readonly bytes: Blob | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
  readonly type: Type;
}

export interface Sent extends Sending {
  readonly method: string;
  /** With its query. */
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

  /** Where a path of the server is. */
  address(path: string): string {
    return this.#url + path;
  }

  /** The JSON of the answer. Rejects with a Problem where the request is refused, or no whole answer comes. */
  async json(sent: Sent): Promise<unknown> {
    const response = await this.#fetch(sent);
    const text = await this.#reached(sent, () => response.text());
    const json = text === '' ? undefined : parsed(text);
    if (response.ok) return json;
    throw problemIn(response.status, json);
  }

  /** The answer itself, for a file or a stream. Rejects with a Problem where the request is refused. */
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
    // A stream is sent while it is read.
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

  /** The line may be cut in the middle of an answer as well. */
  async #reached<T>({ signal }: Sent, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (signal?.aborted && error instanceof DOMException && error.name === 'AbortError') throw error;
      // A mistake in the request, or what the `fetch` of the options gives up with, says nothing about the server.
      if (!isFailedFetch(error)) throw error;
      const { unreachable: next = 'Try again in a moment.' } = this.#options;
      throw new Problem({ status: 0, detail: 'The server cannot be reached.', next }, { cause: error });
    }
  }
}

/** How `fetch` says that no answer came, or only a part of one: Chromium, Firefox, Safari, Node.js, Deno. */
const FAILED_FETCH =
  /^(?:failed to fetch|network ?error|error in body stream|load failed|the (?:internet|network) connection|fetch failed|terminated|error sending request)/i;

/** `fetch` throws a TypeError for the network and for a wrong address, header or body alike: only its words tell which. */
function isFailedFetch(error: unknown): boolean {
  return error instanceof DOMException || (error instanceof TypeError && FAILED_FETCH.test(error.message));
}

/**
 * Whether a URL parser would make another path of it: it takes `..` and the part before it out, escaped or not. An id that
 * is empty leads elsewhere as well.
 */
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

/** `?limit=5`; empty where nothing is asked for. */
export function queryText(query: Query = {}): string {
  const pairs = Object.entries(query).flatMap(([name, value]) => {
    if (value === undefined || value === null || value === '') return [];
    return (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, String(one)]);
  });
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
}
