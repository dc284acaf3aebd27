// Sensitive variables in outgoing requests: a plugin's request has references, and each is replaced by its value only where the
// manifest allows it: in this header, query value, or body, to this host.

import { createHmac } from 'node:crypto';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { SecretParts, SecretText } from '@chartwire/sdk/internal/kit/secret-text';
import { shownParts } from '@chartwire/sdk/internal/sdk/secrets';
import { matches } from './hosts.ts';
import type { Manifest } from './manifest.ts';
import type { HttpAsk } from './protocol.ts';
import { Redactor, type Value } from './redaction.ts';

/** A placeholder, plain or percent-encoded: what a reference leaves in text that it was joined to. */
const PLACEHOLDER = /(?:\[|%5B)(?:secret|signature)(?: |\+|%20)([A-Z][A-Z0-9_]{0,63})(?:\]|%5D)/gi;

type SecretPart = SecretParts[number];
type ValuePart = Exclude<SecretPart, string | { base64: unknown }>;

/** A request with its secrets inserted. */
export interface Resolved {
  readonly url: URL;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | null;
  /** Lower-case names of headers with a secret or signature; whether the body has one. */
  readonly secret: { readonly headers: readonly string[]; readonly body: boolean };
}

export class Secrets {
  readonly #values: Readonly<Record<string, string>>;
  readonly #manifest: Manifest;
  /** Derived values in this request: signatures and Base64. */
  readonly #made: Value[] = [];

  constructor(values: Readonly<Record<string, string>>, manifest: Manifest) {
    this.#values = values;
    this.#manifest = manifest;
  }

  /**
   * Inserts the secrets.
   *
   * @throws {Refusal} `host.secret` or `host.secret-text` for a secret where it isn't allowed
   */
  resolve(ask: HttpAsk, url: URL): Resolved {
    const body = this.#body(ask.body, url);
    const query = this.#pairs(ask.query, 'query', url);
    const whole = new URL(url);
    if (query !== '') whole.search = url.search === '' ? query : `${url.search}&${query}`;
    const headers = ask.headers.map(([name, text]) =>
      this.#header(name.toLowerCase(), text, { url, body: body ?? '' }),
    );
    const secretHeaders = ask.headers.flatMap(([name, text]) => (holdsSecret(text) ? [name.toLowerCase()] : []));
    return {
      url: whole,
      headers,
      body,
      secret: { headers: secretHeaders, body: bodyTexts(ask.body).some(holdsSecret) },
    };
  }

  /** Redacts values, and signatures made with them, from responses. */
  redactor(): Redactor {
    const values = Object.entries(this.#values).map(([name, value]) => ({ name, bytes: Buffer.from(value) }));
    return new Redactor([...values, ...this.#made]);
  }

  /** Refuses text that a reference was joined to, which would send a useless placeholder. */
  refuseAsText(text: string, where: string): void {
    for (const [, name] of text.matchAll(PLACEHOLDER)) {
      if (this.#declared(name!)) throw new Refusal('host.secret-text', { where, name: name! });
    }
  }

  #header(name: string, text: SecretText, { url, body }: { url: URL; body: string }): [string, string] {
    const value = this.#text(text, `the header ${name}`, (part) => {
      if (!('hmac' in part)) return this.#value(part.secret, `header:${name}`, url);
      const key = this.#value(part.hmac, `signature:${name}`, url);
      const digest = createHmac('sha256', keyBytes(key, part)).update(part.before).update(body).digest();
      const signature = digest.toString(part.encoding);
      this.#made.push({ name: part.hmac, bytes: digest }, { name: part.hmac, bytes: Buffer.from(signature) });
      return signature;
    });
    if (holdsSecret(text) && /[^\t\x20-\x7e\x80-\xff]/.test(value)) {
      const reason = `the header ${name} takes no line breaks and nothing beyond Latin-1, and a secret in it has some`;
      throw new Refusal('host.http', { reason });
    }
    return [name, value];
  }

  #body(body: HttpAsk['body'], url: URL): string | null {
    if (body === null) return null;
    if (typeof body === 'string') return this.#text(body, 'the body', this.#valueIn('body', url));
    if ('form' in body) return this.#pairs(body.form, 'body', url);
    if ('text' in body) return this.#text(body.text, 'the body', this.#valueIn('body', url));
    const pieces = body.json.map((piece) => {
      const text = this.#text(piece, 'the body', this.#valueIn('body', url));
      return typeof piece === 'string' ? text : JSON.stringify(text);
    });
    return pieces.join('');
  }

  /** `application/x-www-form-urlencoded`, for a query or a body. */
  #pairs(pairs: HttpAsk['query'], place: 'query' | 'body', url: URL): string {
    const encoded = pairs.map(([name, text]) => {
      this.refuseAsText(name, `a name in the ${place}`);
      const where = place === 'body' ? 'the body' : `the query value ${name}`;
      const value = this.#text(text, where, this.#valueIn(place === 'body' ? place : `query:${name}`, url));
      return `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
    });
    return encoded.join('&');
  }

  #text(text: SecretText, where: string, value: (part: ValuePart) => string): string {
    const resolve = (part: SecretPart): string => {
      if (typeof part !== 'string') return 'base64' in part ? this.#base64(part.base64, resolve) : value(part);
      this.refuseAsText(part, where);
      return part;
    };
    return typeof text === 'string' ? resolve(text) : text.map(resolve).join('');
  }

  #base64(parts: readonly SecretPart[], resolve: (part: SecretPart) => string): string {
    const text = Buffer.from(parts.map(resolve).join('')).toString('base64');
    for (const part of parts) {
      if (typeof part !== 'string' && 'secret' in part)
        this.#made.push({ name: part.secret, bytes: Buffer.from(text) });
    }
    return text;
  }

  /** The value of a reference in this place. Signatures are allowed in headers only. */
  #valueIn(place: string, url: URL): (part: ValuePart) => string {
    return (part) => {
      if ('hmac' in part) throw new Refusal('host.http', { reason: 'a signature can be in a header only' });
      return this.#value(part.secret, place, url);
    };
  }

  #value(name: string, place: string, url: URL): string {
    const sendTo = this.#declared(name)?.sendTo ?? [];
    if (!sendTo.some((to) => matches(to.host, url) && to.in.some((one) => samePlace(one, place)))) {
      throw this.#refusal(name, place, url);
    }
    if (Object.hasOwn(this.#values, name)) return this.#values[name]!;
    throw new Refusal('host.http', { reason: `the variable ${name} is not set` });
  }

  #refusal(name: string, place: string, url: URL): Refusal {
    return new Refusal('host.secret', { name, place, host: url.host });
  }

  #declared(name: string): Manifest['variables'][number] | undefined {
    return this.#manifest.variables.find((variable) => variable.sensitive && variable.name === name);
  }
}

/** As the receiver has it; of Standard Webhooks, what stands in Base64 after `whsec_`. */
function keyBytes(value: string, { hmac: name, webhook }: { hmac: string; webhook?: true }): Buffer {
  if (!webhook || !value.startsWith('whsec_')) return Buffer.from(value);
  const base64 = value.slice('whsec_'.length).trim();
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) {
    throw new Refusal('host.http', {
      reason: `the variable ${name} begins with whsec_, and what follows is not Base64`,
    });
  }
  return Buffer.from(base64, 'base64');
}

/** A variable and where its value may be sent. */
export function variableText({ name, sensitive = false, sendTo = [] }: Manifest['variables'][number]): string {
  const places = sendTo.map((to) => `${to.host} (${to.in.join(', ')})`);
  if (!sensitive) return name;
  return places.length === 0 ? `${name}, sent nowhere` : `${name}, sent to ${places.join(' and ')}`;
}

/** A request's URL for display, with secrets by name. */
export function shownUrl({ url, query }: HttpAsk): string {
  if (query.length === 0) return url;
  const pairs = query.map(([name, text]) => `${encodeURIComponent(name)}=${shownText(text)}`);
  return `${url}${url.includes('?') ? '&' : '?'}${pairs.join('&')}`;
}

function shownText(text: SecretText): string {
  return typeof text === 'string' ? encodeURIComponent(text) : shownParts(text);
}

function holdsSecret(text: SecretText): boolean {
  return typeof text !== 'string' && text.some((part) => typeof part !== 'string');
}

function bodyTexts(body: HttpAsk['body']): readonly SecretText[] {
  if (body === null || typeof body === 'string') return [];
  if ('form' in body) return body.form.map(([, text]) => text);
  return 'text' in body ? [body.text] : body.json;
}

/** Header names are case-insensitive, names of query values aren't. */
function samePlace(declared: string, place: string): boolean {
  return declared === place || (!place.startsWith('query:') && declared.toLowerCase() === place);
}
