// What a handler is given: data, http and log, each an object of its own a call. Their methods are shared and frozen.

import type { LogLevel } from '../protocol.ts';
import { show } from './errors.ts';
import type { GuestCall } from './guest-call.ts';

class Data {
  readonly #call: GuestCall;

  constructor(call: GuestCall) {
    this.#call = call;
  }

  read(type: unknown, id: unknown): Promise<unknown> {
    const request = { kind: 'read', type: String(type), id: String(id) };
    return this.#call.ask(request, request.type.length + request.id.length);
  }

  search(type: unknown, query: unknown): Promise<unknown> {
    const request = { kind: 'search', type: String(type), query: queryText(query) };
    return this.#call.ask(request, request.type.length + request.query.length);
  }
}

interface HttpOptions {
  method?: unknown;
  headers?: Record<string, unknown>;
  body?: unknown;
}

interface HttpAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

class Http {
  readonly #call: GuestCall;

  constructor(call: GuestCall) {
    this.#call = call;
  }

  async fetch(url: unknown, options: HttpOptions = {}): Promise<Response> {
    const { body } = options;
    const request = {
      kind: 'http',
      method: String(options.method ?? 'GET').toUpperCase(),
      url: String(url),
      headers: Object.entries(options.headers ?? {}).map(([name, value]) => [name, String(value)] as const),
      body: body === undefined || body === null ? null : typeof body === 'string' ? body : JSON.stringify(body),
    };
    const texts = [request.method, request.url, request.body ?? '', ...request.headers.flat()];
    const size = texts.reduce((total, text) => total + text.length, 0);
    return new Response((await this.#call.ask(request, size)) as HttpAnswer);
  }
}

class Response {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: Record<string, string>;
  readonly #body: string;

  constructor({ status, headers, body }: HttpAnswer) {
    this.status = status;
    this.ok = status >= 200 && status < 300;
    this.headers = headers;
    this.#body = body;
  }

  text(): string {
    return this.#body;
  }

  json(): unknown {
    return JSON.parse(this.#body);
  }
}

class Log {
  readonly #call: GuestCall;

  constructor(call: GuestCall) {
    this.#call = call;
  }

  debug(message: unknown): void {
    this.#call.log('debug', message);
  }

  info(message: unknown): void {
    this.#call.log('info', message);
  }

  warn(message: unknown): void {
    this.#call.log('warn', message);
  }

  error(message: unknown): void {
    this.#call.log('error', message);
  }
}

for (const shared of [Data, Http, Response, Log]) {
  Object.freeze(shared);
  Object.freeze(shared.prototype);
}

export function contextOf(call: GuestCall, event: unknown, variables: Readonly<Record<string, string>>): object {
  return { event, variables, data: new Data(call), http: new Http(call), log: new Log(call) };
}

/** `console`, for those who are used to it, writes to the log of the call whose step runs. */
export function giveConsole(current: () => GuestCall | undefined): void {
  const at =
    (level: LogLevel) =>
    (...parts: unknown[]) => {
      const texts = parts.map((part) => (typeof part === 'string' ? part : show(part)));
      current()?.log(level, texts.join(' '));
    };
  const console = { debug: at('debug'), log: at('info'), info: at('info'), warn: at('warn'), error: at('error') };
  Object.defineProperty(globalThis, 'console', { value: Object.freeze(console) });
}

/** FHIR search parameters as a query string; of an object, each value of a list is a parameter of its own. */
function queryText(query: unknown): string {
  if (query === undefined || query === null) return '';
  if (typeof query !== 'object') return String(query);
  const parts: string[] = [];
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined) parts.push(`${encodeURIComponent(name)}=${encodeURIComponent(String(one))}`);
    }
  }
  return parts.join('&');
}
