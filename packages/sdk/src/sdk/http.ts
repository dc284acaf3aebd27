// HTTP requests to other systems. The host sends them, and only to the hosts that the manifest names.

import { type Secret, secretParts } from './secrets.ts';

/** A request to another system: method, headers, query, and a body or a form. */
export interface HttpRequest {
  /** Defaults to GET. */
  readonly method?: string;
  /** Query parameters, which are encoded. Undefined values are left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | Secret | undefined>>;
  readonly headers?: Readonly<Record<string, string | Secret>>;
  /** Text and secrets are sent unchanged; anything else as JSON, which may contain secrets. */
  readonly body?: unknown;
  /** Instead of a body: fields to send as `application/x-www-form-urlencoded`. */
  readonly form?: Readonly<Record<string, string | number | boolean | Secret | undefined>>;
}

/** The response of another system: status, headers, and the whole body as text. */
export interface HttpResponse {
  readonly status: number;
  /** True for status 200 to 299. */
  readonly ok: boolean;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  text(): string;
  /**
   * Parses the body. Check its shape before you use it.
   *
   * @throws {SyntaxError} when the body isn't JSON
   */
  json(): unknown;
}

/** Sends requests, with the plugin's limits, and records them with the execution. */
export class Http {
  readonly #host: Pick<Http, 'fetch'>;

  constructor(host: Pick<Http, 'fetch'>) {
    this.#host = host;
  }

  /**
   * Sends a request and returns the response, whatever its status.
   *
   * @throws {Error} when there is no response, or the manifest doesn't name the host
   */
  fetch(url: string, request: HttpRequest = {}): Promise<HttpResponse> {
    return this.#host.fetch(url, request);
  }

  /**
   * Sends a GET request.
   *
   * @throws {Error} when there is no response, or the manifest doesn't name the host
   */
  get(url: string, headers: Readonly<Record<string, string | Secret>> = {}): Promise<HttpResponse> {
    return this.fetch(url, { method: 'GET', headers });
  }

  /**
   * Sends JSON, or text as it is.
   *
   * @throws {Error} when there is no response, or the manifest doesn't name the host
   */
  post(url: string, body: unknown, headers: Readonly<Record<string, string | Secret>> = {}): Promise<HttpResponse> {
    const isText = typeof body === 'string' || secretParts(body) !== undefined;
    const type: Record<string, string> = isText ? {} : { 'content-type': 'application/json' };
    return this.fetch(url, { method: 'POST', headers: { ...type, ...headers }, body });
  }
}
