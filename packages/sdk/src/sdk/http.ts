// Calling other systems. The host does it, and only to the hosts that the plugin's manifest names.

import { type Secret, secretParts } from './secrets.ts';

export interface HttpRequest {
  /** GET unless given. */
  readonly method?: string;
  /** Added to the address, encoded; one that is undefined is left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | Secret | undefined>>;
  readonly headers?: Readonly<Record<string, string | Secret>>;
  /** Text, and a secret, as it is; anything else as JSON, which may hold secrets. */
  readonly body?: unknown;
  /** In place of a body: fields sent as `application/x-www-form-urlencoded`. */
  readonly form?: Readonly<Record<string, string | number | boolean | Secret | undefined>>;
}

export interface HttpResponse {
  readonly status: number;
  /** True for 200 to 299. */
  readonly ok: boolean;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  text(): string;
  /** Throws where the body is not JSON. What it holds is for the caller to check. */
  json(): unknown;
}

export class Http {
  readonly #host: Pick<Http, 'fetch'>;

  constructor(host: Pick<Http, 'fetch'>) {
    this.#host = host;
  }

  /** Answers whatever the status; throws when there is no answer or the host is not named. */
  fetch(url: string, request: HttpRequest = {}): Promise<HttpResponse> {
    return this.#host.fetch(url, request);
  }

  get(url: string, headers: Readonly<Record<string, string | Secret>> = {}): Promise<HttpResponse> {
    return this.fetch(url, { method: 'GET', headers });
  }

  /** Sends JSON, unless `body` is text. */
  post(url: string, body: unknown, headers: Readonly<Record<string, string | Secret>> = {}): Promise<HttpResponse> {
    const isText = typeof body === 'string' || secretParts(body) !== undefined;
    const type: Record<string, string> = isText ? {} : { 'content-type': 'application/json' };
    return this.fetch(url, { method: 'POST', headers: { ...type, ...headers }, body });
  }
}
