// The browser behind a request: the cookie it keeps, and whether what it sends is the application's own doing or another
// site's. https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html

import { timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '#kit/errors.ts';
import { notesOf } from './request-access.ts';
import type { Session, Sessions } from './sessions.ts';

/** Without a lifetime of its own: the server knows when a session ends, and a browser that is closed forgets it. */
export const SESSION = { name: 'chartwire_session', path: '/' } as const;
export const CSRF_HEADER = 'x-csrf-token';

/** What a route may know of its caller's browser, and tell it. */
export interface Browser {
  readonly address: string;
  /** This server as the browser calls it: `https://chart.example.org`. */
  readonly origin: string;
  /** A cookie that it brought. */
  cookie(name: string): string | undefined;
  /** Gives it a cookie of our own making for a while; 0 seconds take it back. */
  setCookie(cookie: { name: string; value: string; path: string; seconds: number }): void;
  /** Refuses where nobody is signed in; a bearer token is nobody. */
  session(): Session;
  /** Hands it the cookie of a session that has begun; the one it had is over. */
  keep(begun: { readonly cookie: string; readonly session: Session }): Promise<void>;
  /** Ends its session and takes the cookie back. */
  forget(): Promise<void>;
}

export function browserOf(request: FastifyRequest, reply: FastifyReply, sessions: Sessions): Browser {
  const endOld = async (): Promise<void> => {
    const old = sessionCookieOf(request);
    if (old !== undefined) await sessions.end(old);
  };
  return {
    address: request.ip,
    origin: `${request.protocol}://${request.host}`,
    cookie: (name) => cookiesOf(request).get(name),
    setCookie: ({ seconds, ...cookie }) =>
      void reply.header('set-cookie', `${cookieText(request, cookie)}; Max-Age=${seconds}`),
    session() {
      const { session } = notesOf(request);
      if (!session) throw new Refusal('session.none');
      return session;
    },
    async keep({ cookie, session }) {
      await endOld();
      const notes = notesOf(request);
      notes.session = session;
      notes.access = session.access;
      reply.header('set-cookie', cookieText(request, { ...SESSION, value: cookie }));
    },
    async forget() {
      await endOld();
      reply.header('set-cookie', `${cookieText(request, { ...SESSION, value: '' })}; Max-Age=0`);
    },
  };
}

/** The session cookie that a request brought, whether it is valid or not. */
export function sessionCookieOf(request: FastifyRequest): string | undefined {
  return cookiesOf(request).get(SESSION.name);
}

/** Every cookie of a request; of two by one name the first, which is the one for the nearest path. */
function cookiesOf(request: FastifyRequest): ReadonlyMap<string, string> {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('=', 2) as [string, string?]);
  return new Map(pairs.reverse().map(([name, value = '']) => [name, value]));
}

/** Lax, not Strict: whoever follows a link into the application is signed in there. */
function cookieText(
  request: FastifyRequest,
  { name, value, path }: { name: string; value: string; path: string },
): string {
  return `${name}=${value}; Path=${path}; HttpOnly; SameSite=Lax${request.protocol === 'https' ? '; Secure' : ''}`;
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
  if (origin === undefined || (URL.canParse(origin) && new URL(origin).host === request.host)) return;
  throw new Refusal('session.foreign-request', { reason: 'its Origin is not this server' });
}

function isSafe({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}
