// What a handler receives: data, http, and log, one object of each per call, with shared, frozen methods.

import { type LiteralTree, plantLiterals } from '@chartwire/sdk/internal/kit/json/literal-tree';
import { Secret } from '@chartwire/sdk/internal/sdk/secrets';
import type { LogLevel, ToGuest } from '../protocol.ts';
import { show } from './errors.ts';
import type { GuestCall } from './guest-call.ts';
import { httpAsk, plainText } from './request.ts';

class Data {
  readonly #call: GuestCall;

  constructor(call: GuestCall) {
    this.#call = call;
  }

  read(type: unknown, id: unknown): Promise<unknown> {
    const request = { kind: 'read', type: plainText(type), id: plainText(id) };
    return this.#call.ask(request, request.type.length + request.id.length);
  }

  search(type: unknown, query: unknown): Promise<unknown> {
    const request = { kind: 'search', type: plainText(type), query: queryText(query) };
    return this.#call.ask(request, request.type.length + request.query.length);
  }
}

interface HttpAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
  /** How the numbers of a JSON body are written. */
  readonly literals?: LiteralTree;
}

export class Http {
  readonly #call: GuestCall;

  constructor(call: GuestCall) {
    this.#call = call;
  }

  async fetch(url: unknown, options: Parameters<typeof httpAsk>[1] = {}): Promise<HttpResponse> {
    const { request, size } = httpAsk(url, options);
    return new HttpResponse((await this.#call.ask(request, size)) as HttpAnswer);
  }
}

class HttpResponse {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: Record<string, string>;
  readonly #body: string;
  readonly #literals: LiteralTree | undefined;

  constructor({ status, headers, body, literals }: HttpAnswer) {
    this.status = status;
    this.ok = status >= 200 && status < 300;
    this.headers = headers;
    this.#body = body;
    this.#literals = literals;
  }

  text(): string {
    return this.#body;
  }

  json(): unknown {
    const json: unknown = JSON.parse(this.#body);
    if (this.#literals) plantLiterals(json, this.#literals);
    return json;
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

for (const shared of [Data, Http, HttpResponse, Log, Secret]) {
  Object.freeze(shared);
  Object.freeze(shared.prototype);
}

export function contextOf(
  call: GuestCall,
  { event, practice, variables, secrets }: ToGuest & { type: 'call' },
): object {
  const given: Record<string, string | Secret> = { ...variables };
  for (const name of secrets) given[name] = new Secret([{ secret: name }]);
  return { event, practice, variables: given, data: new Data(call), http: new Http(call), log: new Log(call) };
}

/** `console` writes to the log of the call whose step is running. */
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

/** FHIR search parameters as a query string. For an object, each item of a list is a separate parameter. */
function queryText(query: unknown): string {
  if (query === undefined || query === null) return '';
  if (typeof query !== 'object') return plainText(query);
  const parts: string[] = [];
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined) parts.push(`${encodeURIComponent(name)}=${encodeURIComponent(plainText(one))}`);
    }
  }
  return parts.join('&');
}
