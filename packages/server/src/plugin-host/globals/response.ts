// Response of the Fetch Standard. The host returns text at once, so there are no streams.

import { printJson } from '@chartwire/sdk/internal/kit/json/print';
import { bodyText } from './body.ts';
import type { HostAnswer } from './given.ts';
import { Headers, isHeader } from './headers.ts';
import { TextEncoder } from './text-encoding.ts';

interface ResponseInit {
  readonly status?: number;
  readonly statusText?: string;
  readonly headers?: ConstructorParameters<typeof Headers>[0];
}

const WITHOUT_BODY = new Set([101, 204, 205, 304]);

export class Response {
  readonly status: number;
  readonly ok: boolean;
  readonly statusText: string;
  readonly headers: Headers;
  readonly #body: string | null;
  /** Set by the host, which knows how numbers were written. */
  readonly #parsed: (() => unknown) | undefined;
  #used = false;

  constructor(body?: unknown, init: ResponseInit = {}, parsed?: () => unknown) {
    const { status = 200, statusText = '', headers } = init;
    if (!parsed && !(Number.isInteger(status) && status >= 200 && status <= 599)) {
      throw new RangeError(`A response’s status is from 200 to 599, not ${String(status)}`);
    }
    const { text, type } = bodyText(body);
    if (text !== null && !parsed && WITHOUT_BODY.has(status))
      throw new TypeError(`A response of status ${status} has no body`);
    this.status = status;
    this.ok = status >= 200 && status < 300;
    this.statusText = String(statusText);
    this.headers = new Headers(headers);
    if (type && !parsed && !this.headers.has('content-type')) this.headers.set('content-type', type);
    this.#body = text as string | null;
    this.#parsed = parsed;
  }

  static json(data: unknown, init: ResponseInit = {}): Response {
    const text = printJson(data) as string | undefined;
    if (text === undefined) throw new TypeError('That cannot be written as JSON');
    const headers = new Headers(init.headers);
    if (!headers.has('content-type')) headers.set('content-type', 'application/json');
    return new Response(text, { ...init, headers });
  }

  get bodyUsed(): boolean {
    return this.#used;
  }

  get body(): never {
    throw new TypeError('A plugin has no streams: read the answer with text(), json() or arrayBuffer()');
  }

  async text(): Promise<string> {
    return this.#use().replace(/^\uFEFF/, '');
  }

  async json(): Promise<unknown> {
    const text = this.#use().replace(/^\uFEFF/, '');
    return this.#parsed ? this.#parsed() : JSON.parse(text);
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    const text = this.#use();
    if (this.#parsed && text.includes('\uFFFD')) {
      throw new TypeError(
        'The answer is not UTF-8 text, and the host hands on text only: ask the other system for text, such as Base64',
      );
    }
    return new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    const { buffer, byteLength, byteOffset } = await this.bytes();
    return buffer.slice(byteOffset, byteOffset + byteLength);
  }

  async blob(): Promise<never> {
    throw new TypeError('A plugin has no Blob: read the answer with arrayBuffer()');
  }

  async formData(): Promise<never> {
    throw new TypeError('A plugin has no FormData: read the answer with text(), and parse it with URLSearchParams');
  }

  clone(): Response {
    if (this.#used) throw new TypeError('The body has been read: clone a response before');
    const { status, statusText, headers } = this;
    return new Response(this.#body, { status, statusText, headers }, this.#parsed);
  }

  get [Symbol.toStringTag](): string {
    return 'Response';
  }

  #use(): string {
    if (this.#used) throw new TypeError('The body has been read: keep what was read, or clone the response before');
    this.#used = this.#body !== null;
    return this.#body ?? '';
  }
}

/** The host's response. */
export function responseOf(answer: HostAnswer): Response {
  const { status } = answer;
  // A redacted name is no longer a valid name.
  const headers = Object.entries(answer.headers).filter(([name, value]) => isHeader(name, value));
  return new Response(answer.text(), { status, headers }, () => answer.json());
}
