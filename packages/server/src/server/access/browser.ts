// The browser behind a request: its cookies, and whether the request comes from the application or from another site.
// https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html

import { timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { KNOWN_DAYS, type KnownBrowsers } from './known-browsers.ts';
import { notesOf } from './request-access.ts';
import { hashOf } from './secrets.ts';
import type { Begun, Session, Sessions } from './sessions.ts';

/** No lifetime of its own: the server knows when a session ends, and the browser forgets it when closed. */
export const SESSION_COOKIE = 'chartwire_session';
/** Identifies the browser to accounts that have signed in with it. Never enough to sign in. */
const KNOWN = 'chartwire_browser';
export const CSRF_HEADER = 'x-csrf-token';
/** Prefix for names over TLS: only this host can have set such a cookie, over TLS. */
const HOST = '__Host-';
const DAY = 86_400;

/** What a route can read and set in the caller's browser. */
export interface Browser {
  readonly address: string;
  /** The secret that identifies this browser to accounts that signed in with it, if any. */
  readonly known: string | undefined;
  /** Base of links: the server's own address, whatever the request's Host header says. */
  readonly origin: string;
  /** Where an identity provider redirects this browser: the same, or the loopback name that it uses. */
  readonly returnOrigin: string;
  /** The value of a cookie in the request. */
  cookie(name: string): string | undefined;
  /** Sets one of our cookies; 0 seconds delete it. */
  setCookie(cookie: { name: string; value: string; seconds: number }): void;
  /** The session. Refuses if nobody is signed in; a bearer token isn't a session. */
  session(): Session;
  /** Hash of the session cookie, if the request came with one. */
  readonly sessionHash: Buffer | null;
  /** Sets the cookie of a new session and ends the previous one. */
  keep(begun: Begun): Promise<void>;
  /** Sets a new cookie for the current session. */
  renew(cookie: string): Promise<void>;
  /** Ends the session and deletes its cookie. */
  forget(): Promise<void>;
}

/** The address of this server. */
export interface Address {
  /** `https://chart.example.org`, or the address it listens on. No trailing slash. */
  readonly origin: string;
  /** Whether the operator set it. */
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

/** The session cookie of a request, valid or not. */
export function sessionCookieOf(request: FastifyRequest): string | undefined {
  return cookiesOf(request).get(nameFor(request, SESSION_COOKIE));
}

/** Whether a request came over TLS: to a trusted proxy, or to an https address that the operator set. */
export function isSecure(request: FastifyRequest, { origin, given }: Address): boolean {
  if (request.protocol === 'https') return true;
  return given && origin.startsWith('https:') && request.host === new URL(origin).host;
}

const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/;

function returnOriginOf(request: FastifyRequest, { origin, given }: Address): string {
  return !given && LOOPBACK.test(request.host) ? `http://${request.host}` : origin;
}

/** A prefixed name is accepted only over TLS, and a plain one only without, so that neither can replace the other. */
function nameFor(request: FastifyRequest, name: string): string {
  return notesOf(request).secure ? HOST + name : name;
}

/** All cookies of a request. If a name occurs twice, the first counts, which has the nearest path. */
function cookiesOf(request: FastifyRequest): ReadonlyMap<string, string> {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('=', 2) as [string, string?]);
  return new Map(pairs.reverse().map(([name, value = '']) => [name, value]));
}

/** Lax, not Strict, so that a user who follows a link into the application is signed in. */
function cookieText(request: FastifyRequest, name: string, value: string, seconds?: number): string {
  const secure = notesOf(request).secure ? '; Secure' : '';
  const age = seconds === undefined ? '' : `; Max-Age=${seconds}`;
  return `${nameFor(request, name)}=${value}; Path=/; HttpOnly; SameSite=Lax${secure}${age}`;
}

/** Refuses an unsafe request that is authenticated only by a cookie and comes from elsewhere. */
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

/** Refuses requests from other sites' pages. A request without an origin doesn't come from a browser. */
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

/** Over TLS the page must also have come over TLS; otherwise anyone on the network could have changed it. */
function isOwn(origin: string, request: FastifyRequest): boolean {
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  return url?.host === request.host && (url.protocol === 'https:' || !notesOf(request).secure);
}

function isSafe({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}
