// Calling other systems. The host does it, and only to the hosts that the plugin's manifest names.

export interface HttpRequest {
  /** GET unless given. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it is; anything else as JSON. */
  readonly body?: unknown;
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

  get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<HttpResponse> {
    return this.fetch(url, { method: 'GET', headers });
  }

  /** Sends JSON, unless `body` is text. */
  post(url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<HttpResponse> {
    const type: Record<string, string> = typeof body === 'string' ? {} : { 'content-type': 'application/json' };
    return this.fetch(url, { method: 'POST', headers: { ...type, ...headers }, body });
  }
}

/**
 * A header's value that becomes the HMAC-SHA256 of the request's body, in hexadecimal, keyed with a sensitive variable, as
 * `sha256=${signedWith(this.variables.SECRET)}`. The host signs: the plugin never holds the key.
 */
export function signedWith(secret: string | undefined): string {
  const name = /^\{\{secret:([A-Z][A-Z0-9_]*)\}\}$/.exec(secret ?? '')?.[1];
  if (!name) throw new Error('Only a variable that is sensitive, and set, can sign.');
  return `{{hmac-sha256:${name}}}`;
}
