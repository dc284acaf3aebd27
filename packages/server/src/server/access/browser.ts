// The browser behind a request: the cookie it keeps, and whether what it sends is the application's own doing or another
// site's. https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html

import { timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { KNOWN_DAYS, type KnownBrowsers } from './known-browsers.ts';
import { notesOf } from './request-access.ts';
import { hashOf } from './secrets.ts';
import type { Begun, Session, Sessions } from './sessions.ts';

/** Without a lifetime of its own: the server knows when a session ends, and a browser that is closed forgets it. */
export const SESSION_COOKIE = 'chartwire_session';
/** By it a browser is known to the accounts that have signed in with it; never enough to get in. */
const KNOWN = 'chartwire_browser';
export const CSRF_HEADER = 'x-csrf-token';
/** Over TLS a name starts with this: then nothing but this host, over TLS, can have set the cookie. */
const HOST = '__Host-';
const DAY = 86_400;

/** What a route may know of its caller's browser, and tell it. */
export interface Browser {
  readonly address: string;
  /** The secret by which the accounts that signed in with it know this browser, if it has one. */
  readonly known: string | undefined;
  /** Where links lead: the server's own address, whatever the request says it was sent to. */
  readonly origin: string;
  /** Where an identity provider sends this browser back to: the same, or the loopback name that it uses. */
  readonly returnOrigin: string;
  /** A cookie that it brought. */
  cookie(name: string): string | undefined;
  /** Gives it a cookie of our own making for a while; 0 seconds take it back. */
  setCookie(cookie: { name: string; value: string; seconds: number }): void;
  /** Refuses where nobody is signed in; a bearer token is nobody. */
  session(): Session;
  /** Hash of the session's cookie, if a session let the request in. */
  readonly sessionHash: Buffer | null;
  /** Hands it the cookie of a session that has begun; the one it had is over. */
  keep(begun: Begun): Promise<void>;
  /** Hands it another cookie for the session that it has. */
  renew(cookie: string): Promise<void>;
  /** Ends its session and takes the cookie back. */
  forget(): Promise<void>;
}

/** Where this server is reached. */
export interface Address {
  /** `https://chart.example.org`, or where it listens; without a slash at the end. */
  readonly origin: string;
  /** Whether an operator said so. */
  readonly given: boolean;
}

export interface BrowserServices {
  readonly sessions: Sessions;
  readonly browsers: KnownBrowsers;
  readonly address: Address;
}

export function browserOf(request: FastifyRequest, reply: FastifyReply, services: BrowserServices): Browser {
  const { sessions, browsers, address } = services;
  const cookie = (name: string): string | undefined => cookiesOf(request).get(nameFor(request, name));
  const set = (name: string, value: string, seconds?: number): void =>
    void reply.header('set-cookie', cookieText(request, name, value, seconds));
  const endOld = async (): Promise<void> => {
    const old = sessionCookieOf(request);
    if (old !== undefined) await sessions.end(old);
  };
  const know = async (user: string): Promise<void> =>
    set(KNOWN, await browsers.remember(cookie(KNOWN), user), KNOWN_DAYS * DAY);
  return {
    address: request.ip,
    known: cookie(KNOWN),
    origin: address.origin,
    returnOrigin: returnOriginOf(request, address),
    cookie,
    setCookie: ({ name, value, seconds }) => set(name, value, seconds),
    session() {
      const { session } = notesOf(request);
      if (!session) throw new Refusal('session.none');
      return session;
    },
    sessionHash: notesOf(request).session?.hash ?? null,
    async keep({ cookie: value, session }) {
      await endOld();
      const notes = notesOf(request);
      notes.session = session;
      notes.access = session.access;
      set(SESSION_COOKIE, value);
      await know(session.user.id);
    },
    async renew(value) {
      const session = this.session();
      const notes = notesOf(request);
      notes.renewedFrom = session.hash;
      notes.session = { ...session, hash: hashOf(value) };
      set(SESSION_COOKIE, value);
      await know(session.user.id);
    },
    async forget() {
      await endOld();
      set(SESSION_COOKIE, '', 0);
    },
  };
}

/** The session cookie that a request brought, whether it is valid or not. */
export function sessionCookieOf(request: FastifyRequest): string | undefined {
  return cookiesOf(request).get(nameFor(request, SESSION_COOKIE));
}

/** Whether a request came over TLS: to a proxy that is trusted, or to the address that an operator gave as https. */
export function isSecure(request: FastifyRequest, { origin, given }: Address): boolean {
  if (request.protocol === 'https') return true;
  return given && origin.startsWith('https:') && request.host === new URL(origin).host;
}

const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/;

function returnOriginOf(request: FastifyRequest, { origin, given }: Address): string {
  return !given && LOOPBACK.test(request.host) ? `http://${request.host}` : origin;
}

/** A prefixed name is only accepted over TLS, and a plain one only without: neither stands in for the other. */
function nameFor(request: FastifyRequest, name: string): string {
  return notesOf(request).secure ? HOST + name : name;
}

/** Every cookie of a request; of two by one name the first, which is the one for the nearest path. */
function cookiesOf(request: FastifyRequest): ReadonlyMap<string, string> {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('=', 2) as [string, string?]);
  return new Map(pairs.reverse().map(([name, value = '']) => [name, value]));
}

/** Lax, not Strict: whoever follows a link into the application is signed in there. */
function cookieText(request: FastifyRequest, name: string, value: string, seconds?: number): string {
  const secure = notesOf(request).secure ? '; Secure' : '';
  const age = seconds === undefined ? '' : `; Max-Age=${seconds}`;
  return `${nameFor(request, name)}=${value}; Path=/; HttpOnly; SameSite=Lax${secure}${age}`;
}

/** Refuses an unsafe request that a cookie alone would let in. */
export function requireOwnRequest(request: FastifyRequest, { csrf }: Session): void {
  if (isSafe(request)) return;
  requireOwnOrigin(request);
  const given = Buffer.from(String(request.headers[CSRF_HEADER] ?? ''));
  const wanted = Buffer.from(csrf);
  if (given.length === wanted.length && timingSafeEqual(given, wanted)) return;
  const reason =
    given.length === 0 ? `it has no ${CSRF_HEADER} header` : `its ${CSRF_HEADER} header is of another session`;
  throw new Refusal('session.foreign-request', { reason });
}

/** Refuses what the page of another site sends; who names no origin is no browser. */
export function requireOwnOrigin(request: FastifyRequest): void {
  if (isSafe(request)) return;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    throw new Refusal('session.foreign-request', { reason: 'it comes from the page of another site' });
  }
  const { origin } = request.headers;
  if (origin === undefined || isOwn(origin, request)) return;
  throw new Refusal('session.foreign-request', { reason: 'its Origin is not this server' });
}

/** Over TLS the page must have come over TLS as well: another one is whoever's sits on the wire. */
function isOwn(origin: string, request: FastifyRequest): boolean {
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  return url?.host === request.host && (url.protocol === 'https:' || !notesOf(request).secure);
}

function isSafe({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}
