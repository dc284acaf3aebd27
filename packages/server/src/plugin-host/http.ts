// HTTP on behalf of plugins: only to hosts that the manifest names, never to a private address unless the operator allows it, and
// within limits. Inserts sensitive variables into requests and redacts them from responses.

import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { Agent, buildConnector, type Dispatcher, request } from 'undici';
import { HTTP_METHODS } from '@chartwire/sdk/internal/effects/http-request';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { isPublicAddress } from './addresses.ts';
import type { BriefAnswer, HttpAnswer, PluginHttp } from './call.ts';
import { matches, portOf } from './hosts.ts';
import type { Manifest } from './manifest.ts';
import type { HttpAsk } from './protocol.ts';
import type { Redactor } from './redaction.ts';
import { type Resolved, Secrets } from './secrets.ts';

export interface HttpOptions {
  /** `host:port` values (`127.0.0.1:9000`) allowed at a private address, and without TLS. */
  readonly allowPrivate?: readonly string[];
  /** Resolves a name to addresses. Defaults to the machine's DNS. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
  /** Replaces the network after all checks, for tests of plugins. */
  readonly send?: Send;
}

/** A request as the other system receives it, with sensitive variables inserted. Header names are in lower case. */
export interface OutgoingRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

type Send = (request: OutgoingRequest, signal: AbortSignal) => Promise<HttpAnswer>;
/** With `most`, an answer that is larger or not text has no body. Without it, such an answer is refused. */
type Reach = (request: OutgoingRequest, signal: AbortSignal, most?: number) => Promise<BriefAnswer>;

/** Thrown when the other system was not reached, or did not answer: another try may be. */
export class NoAnswer extends Refusal {
  constructor(reason: string) {
    super('host.http', { reason });
  }
}

const TIME_MS = 10_000;
const REQUEST_BYTES = 1_000_000;
const ANSWER_BYTES = 2_000_000;
const REDIRECTS = 3;
const METHODS: ReadonlySet<string> = new Set(HTTP_METHODS);
/** RFC 9110 section 5.6.2, and what section 5.5 leaves out. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;
const NO_HEADER_VALUE = /[^\t\x20-\x7e\x80-\xff]/;
/** Headers that the host sets, or that apply only between two machines. */
const OWN_HEADERS =
  /^(host|content-length|connection|keep-alive|transfer-encoding|te|trailer|upgrade|expect|accept-encoding|proxy-.*)$/;

export function createPluginHttp(options: HttpOptions = {}): PluginHttp {
  const allowed = new Set(options.allowPrivate ?? []);
  const send: Reach = options.send ?? network(allowed, options.resolve ?? resolveByDns);
  type Asked = Parameters<PluginHttp['check']>;
  const reach = async ([ask, manifest, values]: Asked, idempotencyKey?: string, most?: number) => {
    const secrets = new Secrets(values, manifest);
    const check = (url: URL): void => checkTarget(url, manifest, allowed);
    try {
      const first = prepare(ask, secrets, idempotencyKey, check);
      return await follow(first, secrets.redactor(), check, (request, signal) => send(request, signal, most));
    } catch (error) {
      // In words of ours, that hold nothing of the answer that wasn't looked at.
      throw asRefusal(error);
    }
  };
  return {
    async request(ask, manifest, values, idempotencyKey) {
      const { body, ...answer } = await reach([ask, manifest, values], idempotencyKey);
      return { ...answer, body: body ?? '' };
    },
    brief: (ask, manifest, values, { idempotencyKey, most }) => reach([ask, manifest, values], idempotencyKey, most),
    check(ask, manifest, values) {
      prepare(ask, new Secrets(values, manifest), undefined, (url) => checkTarget(url, manifest, allowed));
    },
  };
}

async function follow(
  first: Sending,
  redactor: Redactor,
  check: (url: URL) => void,
  send: Reach,
): Promise<BriefAnswer> {
  const signal = AbortSignal.timeout(TIME_MS);
  let sending = first;
  for (let hops = 0; ; hops++) {
    const { url, method, headers, body } = sending;
    const answer = await send({ method, url: url.href, headers, body }, signal);
    const { location } = answer.headers;
    if (answer.status < 300 || answer.status > 399 || location === undefined) return redacted(answer, redactor);
    if (hops >= REDIRECTS) throw failed(`it was redirected more than ${REDIRECTS} times`);
    sending = redirected(sending, answer.status, location);
    // The other system chose the address. The error names its host, which must not contain a secret.
    if (sending.url.origin !== url.origin && (await redactor.redact(location)) !== location) {
      throw failed('it was redirected to another host, by an address that holds a secret');
    }
    check(sending.url);
  }
}

interface Sending {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly secret: Resolved['secret'];
}

function prepare(
  ask: HttpAsk,
  secrets: Secrets,
  idempotencyKey: string | undefined,
  check: (url: URL) => void,
): Sending {
  if (ask.url.length > 8_000 || ask.headers.length > 100) throw failed('the address or the headers are too long');
  if (!METHODS.has(ask.method)) throw failed(`${ask.method} is not a method it can use`);
  secrets.refuseAsText(ask.url, 'the address');
  if (!URL.canParse(ask.url)) throw failed('the address is not a whole URL');
  const target = new URL(ask.url);
  check(target);
  const { url, headers: given, body, secret } = secrets.resolve(ask, target);
  if (body !== null && Buffer.byteLength(body) > REQUEST_BYTES)
    throw failed(`the body is larger than ${REQUEST_BYTES} bytes`);
  // Unless the plugin sets its own.
  const headers: Record<string, string> = {
    'user-agent': 'chartwire',
    'accept-encoding': 'identity',
    ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
  };
  for (const [name, value] of given) {
    if (!HEADER_NAME.test(name)) throw failed('the name of a header holds characters that HTTP does not allow');
    if (NO_HEADER_VALUE.test(value)) {
      throw failed(`the header ${name} has a line break, or a character beyond Latin-1, which HTTP does not allow`);
    }
    if (!OWN_HEADERS.test(name)) headers[name] = value;
  }
  return { url, method: ask.method, headers, body, secret };
}

/** Follows a redirect as a browser does (RFC 9110 section 15.4), but sends no secrets to another host. */
function redirected(sent: Sending, status: number, location: string): Sending {
  if (!URL.canParse(location, sent.url.href)) throw failed('it was redirected to something that is no address');
  const url = new URL(location, sent.url);
  const asGet = status === 303 || (status < 303 && sent.method === 'POST');
  const drop = new Set<string>(asGet ? ['content-type'] : []);
  if (url.origin !== sent.url.origin) {
    if (sent.secret.body && !asGet) throw failed('it was redirected to another host, which would be sent a secret');
    for (const name of ['authorization', 'cookie', ...sent.secret.headers]) drop.add(name);
  }
  const headers = Object.fromEntries(Object.entries(sent.headers).filter(([name]) => !drop.has(name)));
  return asGet ? { ...sent, url, headers, method: 'GET', body: null } : { ...sent, url, headers };
}

/** Checks host and port: `api.example.org` is its default port, `*.example.org` any subdomain. */
function checkTarget(url: URL, manifest: Manifest, allowed: ReadonlySet<string>): void {
  const named = manifest.network.some((pattern) => matches(pattern, url));
  if (!named)
    throw new Refusal('host.forbidden', { action: `reach ${url.host}`, scope: `"${url.host}" under network` });
  if (url.username !== '' || url.password !== '')
    throw failed('the address holds a user name; send an Authorization header');
  const place = `${url.hostname}:${portOf(url)}`;
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && allowed.has(place))) {
    throw failed('only https is used, except for hosts that the operator allows');
  }
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) && !isPublicAddress(literal) && !allowed.has(place)) throw failed('its address is private');
}

async function resolveByDns(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true });
  return found.map(({ address }) => address);
}

/**
 * Connects to a checked address rather than a name, which might resolve to another address a moment later. Refuses a name with
 * any private address.
 */
function pinned(
  allowed: ReadonlySet<string>,
  resolve: (host: string) => Promise<readonly string[]>,
): buildConnector.connector {
  const connect = buildConnector({ timeout: TIME_MS });
  return (options, callback) => {
    const literal = options.hostname.replace(/^\[|\]$/g, '');
    const port = Number(options.port || (options.protocol === 'http:' ? 80 : 443));
    const pick = async (): Promise<string> => {
      const addresses = isIP(literal) ? [literal] : await resolve(options.hostname);
      const open = allowed.has(`${options.hostname}:${port}`) || addresses.every(isPublicAddress);
      if (addresses.length === 0 || !open) throw failed(open ? 'the host has no address' : 'its address is private');
      return addresses[0]!;
    };
    const servername = options.servername || (isIP(literal) ? undefined : options.hostname);
    pick().then(
      (address) => connect({ ...options, hostname: address, servername }, callback),
      (error: Error) => callback(error, null),
    );
  };
}

/** Sends over the network, to a checked address. */
function network(allowed: ReadonlySet<string>, resolve: (host: string) => Promise<readonly string[]>): Reach {
  const dispatcher = new Agent({ connect: pinned(allowed, resolve) });
  return async ({ url, method, headers, body }, signal, most) => {
    const answer = await request(url, { dispatcher, signal, method: method as Dispatcher.HttpMethod, headers, body });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      size += chunk.length;
      // Leaving the loop closes the connection.
      if (size > (most ?? ANSWER_BYTES)) break;
      chunks.push(chunk);
    }
    if (most === undefined && size > ANSWER_BYTES) throw failed(`the answer is larger than ${ANSWER_BYTES} bytes`);
    const given: Record<string, string> = {};
    for (const [name, value] of Object.entries(answer.headers)) {
      if (value !== undefined && name !== 'set-cookie') given[name] = Array.isArray(value) ? value.join(', ') : value;
    }
    const read = (): string => bodyText(Buffer.concat(chunks), given['content-type']);
    const kept = most === undefined ? read() : size > most ? null : orNull(read);
    return { status: answer.statusCode, headers: given, body: kept };
  };
}

const OF_TEXT =
  /^(?:text\/|application\/(?:[a-z0-9.+-]*\+)?(?:json|xml|x-ndjson|javascript|x-www-form-urlencoded)\b|$)/i;

/**
 * Decodes by the response's charset, or UTF-8, without a byte order mark. Throws if text is in neither, which would lose letters.
 */
function bodyText(bytes: Buffer, type = ''): string {
  // Content that isn't text is decoded leniently, since the plugin requested it.
  if (!OF_TEXT.test(type)) return bytes.toString('utf8');
  const charset = /;\s*charset="?([^\s";]+)/i.exec(type)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    throw failed(`the answer is not in ${charset.slice(0, 40)}`);
  }
}

/** What it was answered stands, though its letters would be lost. */
function orNull(read: () => string): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}

async function redacted(answer: BriefAnswer, redactor: Redactor): Promise<BriefAnswer> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer.headers)) {
    headers[await redactor.redact(name)] = await redactor.redact(value);
  }
  return { ...answer, headers, body: answer.body === null ? null : await redactor.redact(answer.body) };
}

function failed(reason: string): Refusal {
  return new Refusal('host.http', { reason });
}

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the host has no address',
  EAI_AGAIN: 'the host’s address could not be looked up just now',
  ECONNREFUSED: 'the host does not listen at that port',
  ECONNRESET: 'the host closed the connection',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the host cannot be reached',
  UND_ERR_CONNECT_TIMEOUT: 'the host did not accept a connection in time',
  UND_ERR_SOCKET: 'the host closed the connection',
  UND_ERR_INVALID_ARG: 'a header or the address is not valid',
};

function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const { cause } = error as { cause?: unknown };
  return cause instanceof Refusal ? failed(String(cause.values.reason)) : new NoAnswer(reasonOf(error));
}

/** Uses our own words, since a network error may quote the request. */
function reasonOf(error: unknown): string {
  const { name, code } = error as { name?: string; code?: string };
  if (name === 'TimeoutError' || name === 'AbortError') return `there was no answer within ${TIME_MS / 1_000} s`;
  if (code !== undefined && code in REASONS) return REASONS[code]!;
  if (/CERT|SELF_SIGNED|SSL|TLS/.test(code ?? '')) return 'the host’s certificate is not trusted';
  return 'the connection failed';
}
