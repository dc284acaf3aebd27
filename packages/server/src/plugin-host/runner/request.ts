// The argument of `http.fetch` as a request to the host. Each secret stays a reference of its own, so no text can imitate one.

import { fromEntriesOf, keepLiterals } from '@chartwire/sdk/internal/kit/json/literals';
import { printJson } from '@chartwire/sdk/internal/kit/json/print';
import { type SecretPart, secretParts, shownParts } from '@chartwire/sdk/internal/sdk/secrets';
import type { SecretText } from '@chartwire/sdk/internal/kit/secret-text';
import type { HttpAsk } from '../protocol.ts';

interface FetchOptions {
  readonly method?: unknown;
  readonly query?: Record<string, unknown> | null;
  readonly headers?: Record<string, unknown> | null;
  readonly body?: unknown;
  readonly form?: Record<string, unknown> | null;
}

/** The request, and the length of its texts in characters. */
export function httpAsk(url: unknown, options: FetchOptions): { request: HttpAsk; size: number } {
  const { body, form } = options;
  const given = body !== undefined && body !== null;
  if (given && form) throw new TypeError('A request has a body or a form, not both.');
  const headers = pairsOf(options.headers ?? {});
  if (form && !headers.some(([name]) => name.toLowerCase() === 'content-type')) {
    headers.push(['content-type', 'application/x-www-form-urlencoded']);
  }
  const request: HttpAsk = {
    kind: 'http',
    method: String(options.method ?? 'GET').toUpperCase(),
    url: String(url),
    query: definedPairs(options.query ?? {}),
    headers,
    body: form ? { form: definedPairs(form) } : given ? bodyOf(body) : null,
  };
  return { request, size: sizeOf(request) };
}

/** The payload of an effect. A request that is sent later keeps its secrets as references. */
export function sentPayload(type: string, payload: unknown): unknown {
  if (typeof payload !== 'object' || payload === null) return payload;
  if (type === 'HTTP_REQUEST') return laterRequest(payload as FetchOptions & { url?: unknown });
  if (type !== 'SEND_WEBHOOK') return payload;
  const { key, headers, ...webhook } = payload as { key?: unknown; headers?: Record<string, unknown> | null };
  return { ...webhook, key: keyName(key), ...(headers && { headers: Object.fromEntries(pairsOf(headers)) }) };
}

function laterRequest(payload: FetchOptions & { url?: unknown }): unknown {
  const { url, method, query, headers, body, form, ...rest } = payload;
  const { request } = httpAsk(url, { method, query, headers, body, form });
  const isJson = body !== undefined && body !== null && typeof body !== 'string' && !secretParts(body);
  const typed = request.headers.some(([name]) => name.toLowerCase() === 'content-type');
  if (isJson && !typed) request.headers.push(['content-type', 'application/json']);
  return {
    ...rest,
    url: request.url,
    method: request.method,
    ...(request.query.length > 0 && { query: Object.fromEntries(request.query) }),
    ...(request.headers.length > 0 && { headers: Object.fromEntries(request.headers) }),
    ...(request.body !== null && { body: request.body }),
  };
}

/** The name of the variable that signs. Throws a TypeError for anything but a variable. */
function keyName(key: unknown): unknown {
  if (typeof key === 'string') return key;
  const [part, ...more] = secretParts(key) ?? [];
  if (typeof part === 'object' && 'secret' in part && more.length === 0) return part.secret;
  throw new TypeError('Only a variable that is sensitive, and set, can sign');
}

function pairsOf(given: Record<string, unknown>): [string, SecretText][] {
  return Object.entries(given).map(([name, value]) => [name, textOf(value)]);
}

function definedPairs(given: Record<string, unknown>): [string, SecretText][] {
  return pairsOf(given).filter(([name]) => given[name] !== undefined);
}

function textOf(value: unknown): SecretText {
  const parts = secretParts(value);
  return parts ? [...parts] : String(value);
}

function bodyOf(body: unknown): HttpAsk['body'] {
  if (typeof body === 'string') return body;
  const parts = secretParts(body);
  return parts ? { text: [...parts] } : jsonBody(body);
}

/** JSON in pieces around references: each is first written as a mark that doesn't occur in the rest. */
function jsonBody(body: unknown): HttpAsk['body'] {
  const plain = printJson(body) as string | undefined;
  // Without a placeholder there is no reference. A walk with a function would cost more than everything else.
  if (plain === undefined || !/\[(?:secret|signature|base64) /.test(plain)) return plain ?? null;
  let mark = '#';
  while (plain.includes(mark)) mark += '#';
  const found: SecretPart[][] = [];
  const marked = printJson(withMarks(body, (parts) => `${mark}${found.push([...parts]) - 1}`));
  if (found.length === 0) return plain;
  const [first, ...rest] = marked.split(`"${mark}`);
  return {
    json: [first!, ...rest.flatMap((piece) => [found[Number.parseInt(piece, 10)]!, piece.replace(/^\d+"/, '')])],
  };
}

/** A copy with a mark in place of each reference, and its numbers as written. */
function withMarks(value: unknown, markOf: (parts: readonly SecretPart[]) => string): unknown {
  const parts = secretParts(value);
  if (parts) return markOf(parts);
  if (typeof value !== 'object' || value === null) return value;
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function') return withMarks(toJSON.call(value), markOf);
  if (Array.isArray(value)) {
    return keepLiterals(
      value.map((item: unknown) => withMarks(item, markOf)),
      value,
    );
  }
  const entries = Object.entries(value).map(([name, child]) => [name, withMarks(child, markOf)] as const);
  return fromEntriesOf(value, entries);
}

function sizeOf({ method, url, query, headers, body }: HttpAsk): number {
  const texts = [method, url, ...query.flat(), ...headers.flat()];
  if (typeof body === 'string') texts.push(body);
  else if (body !== null && 'form' in body) texts.push(...body.form.flat());
  else if (body !== null) texts.push(...('text' in body ? [body.text] : body.json));
  return texts.reduce((total, text) => total + (typeof text === 'string' ? text : shownParts(text)).length, 0);
}

/**
 * Text of a read or search, which can't contain a secret.
 *
 * @throws {TypeError} for a reference
 */
export function plainText(value: unknown): string {
  const parts = secretParts(value);
  if (parts)
    throw new TypeError(`${shownParts(parts)} can be sent by this.http only: no read or search takes a secret.`);
  return String(value);
}
