// Admission: each request needs a bearer token or a session cookie, except on the few routes that show nothing. Each access
// leaves audit rows.

import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { ScopeSet } from '@chartwire/sdk/internal/kit/scopes';
import { type About, rowsOf } from '#store/audit/disclosed.ts';
import type { AuditRow } from '#store/audit/row.ts';
import type { AuditTrail } from '#store/audit/trail.ts';
import { failureOf } from '../failure.ts';
import { type Pages, PUBLIC_FILES } from '../pages.ts';
import { asRefusal } from '../problem.ts';
import { MinuteLimit } from './attempts.ts';
import { type Address, isSecure, requireOwnOrigin, requireOwnRequest, sessionCookieOf } from './browser.ts';
import { notesOf } from './request-access.ts';
import { accessRow, rowsOfEntry } from './request-rows.ts';
import type { Sessions } from './sessions.ts';
import type { Access, Tokens } from './tokens.ts';

/** Open routes outside the route table. They contain no patient data. Patterns as registered. */
const OPEN_ROUTES: ReadonlySet<string> = new Set([
  '/',
  ...PUBLIC_FILES,
  '/healthz',
  '/readyz',
  '/fhir/R4/metadata',
  '/fhir/R4/.well-known/smart-configuration',
]);

/** An unidentified caller, who may call only open routes. */
const NOBODY: Access = {
  actor: { type: 'client', id: 'unauthenticated' },
  scopes: new ScopeSet([]),
  patient: null,
};
const STREAM_ROUTE = '/api/events/stream';
/** Sent with background reads, while nobody uses the page. */
const BACKGROUND_HEADER = 'x-background';
/** Seconds until the session ends unless it is used. */
const LEFT_HEADER = 'x-session-seconds';
const BEARER = /^Bearer +(\S+) *$/i;
/** Audit rows per minute and address for unidentified callers, so that they can't fill the disk. */
const REFUSALS_A_MINUTE = 60;
/** The same for live streams: a page left open reconnects by itself, and each attempt isn't worth a row. */
const REFUSED_STREAMS_A_MINUTE = 1;

/** Adds the hooks to `server`: authentication before the body is read, and audit rows before the reply is sent. */
export function admitRequests(
  server: FastifyInstance,
  access: { tokens: Tokens; sessions: Sessions; audit: AuditTrail; pages: Pages; address: Address },
): void {
  const refusals = { all: new MinuteLimit(REFUSALS_A_MINUTE), streams: new MinuteLimit(REFUSED_STREAMS_A_MINUTE) };

  server.addHook('onRequest', async (request) => {
    const notes = notesOf(request);
    notes.secure = isSecure(request, access.address);
    if (isOpenRow(request)) {
      // A sign-in from another site's page would make the user work under a name that isn't theirs.
      requireOwnOrigin(request);
      notes.access = NOBODY;
    } else if (!isOpen(request, access.pages)) {
      notes.access = await admitted(request, access);
    }
  });

  server.addHook('onSend', async (request, reply, payload) => {
    challenge(request, reply);
    tellEnd(request, reply);
    try {
      await access.audit.write(trailOf(request, reply, refusals));
    } catch (error) {
      // Without its audit row nothing may be disclosed. The failure itself is reported, or nobody would notice.
      if (reply.statusCode < 500) return instead(payload, request, reply, error);
    }
    return payload;
  });
}

interface Refusals {
  readonly all: MinuteLimit;
  readonly streams: MinuteLimit;
}

/** Headers that describe the payload. */
const OF_PAYLOAD = [
  ...['content-length', 'content-disposition', 'content-encoding', 'content-range', 'etag', 'last-modified'],
  ...['location', 'set-cookie'],
];

/**
 * The reply to send instead of one that couldn't be recorded. Not thrown: if that one was already an error, the framework would
 * use its own words.
 */
function instead(payload: unknown, request: FastifyRequest, reply: FastifyReply, error: unknown): string {
  if (payload instanceof Readable) payload.destroy();
  for (const name of OF_PAYLOAD) reply.removeHeader(name);
  return asRefusal(request, reply, failureOf(error, request));
}

/** A token takes precedence. The cookie, which browsers send by themselves, counts only without one. */
async function admitted(request: FastifyRequest, { tokens, sessions }: Doors): Promise<Access> {
  const cookie = sessionCookieOf(request);
  if (request.headers.authorization !== undefined || cookie === undefined) {
    const token = bearerOf(request);
    const found = token === undefined ? undefined : await tokens.verify(token);
    if (!found) throw new Refusal('access.unauthenticated');
    return found;
  }
  // Background reads don't keep a session alive.
  const looking = request.headers[BACKGROUND_HEADER] !== undefined;
  const session = await sessions.verify(cookie, { looking });
  if (!session) throw new Refusal('access.unauthenticated');
  // Identified before it is refused, so that the audit trail names the user for whom it was forged.
  const notes = notesOf(request);
  notes.session = session;
  notes.access = session.access;
  requireOwnRequest(request, session);
  return session.access;
}

interface Doors {
  readonly tokens: Tokens;
  readonly sessions: Sessions;
}

function bearerOf(request: FastifyRequest): string | undefined {
  return BEARER.exec(request.headers.authorization ?? '')?.[1];
}

function isOpenRow(request: FastifyRequest): boolean {
  return request.routeOptions.config.row?.needs === 'open';
}

function isOpen(request: FastifyRequest, pages: Pages): boolean {
  const { url } = request.routeOptions;
  if (pages.answers(request)) return true;
  return url !== undefined && OPEN_ROUTES.has(url) && (request.method === 'GET' || request.method === 'HEAD');
}

/** RFC 6750 section 3: a refusal says how to authenticate. */
function challenge(request: FastifyRequest, reply: FastifyReply): void {
  if (reply.statusCode !== 401 && reply.statusCode !== 403) return;
  if (reply.hasHeader('www-authenticate')) return;
  const error =
    reply.statusCode === 403
      ? ', error="insufficient_scope"'
      : request.headers.authorization === undefined
        ? ''
        : ', error="invalid_token"';
  reply.header('www-authenticate', `Bearer realm="chartwire"${error}`);
}

/** A page must show nothing beyond the end of its session. */
function tellEnd(request: FastifyRequest, reply: FastifyReply): void {
  const { session } = notesOf(request);
  if (!session) return;
  const left = Math.max(0, Math.ceil((Date.parse(session.expiresAt) - Date.now()) / 1_000));
  reply.header(LEFT_HEADER, left);
}

/** The audit rows of a request: one set for each noted access, or one for the refusal. */
function trailOf(request: FastifyRequest, reply: FastifyReply, refusals: Refusals): AuditRow[] {
  const { access = NOBODY, entries } = notesOf(request);
  const refused = reply.statusCode === 401 || reply.statusCode === 403;
  if (refused && access === NOBODY) {
    const limit = request.routeOptions.url === STREAM_ROUTE ? refusals.streams : refusals.all;
    if (!limit.admits(request.ip)) return [];
  }
  if (refused && entries.length === 0) return refusalRows(request, access, reply.statusCode);
  return entries.flatMap((entry) => rowsOfEntry(request, access, reply.statusCode, entry));
}

function refusalRows(request: FastifyRequest, access: Access, status: number): AuditRow[] {
  const { action, ...about } = refusalOf(request);
  return rowsOf({ ...accessRow(request, access, status), action }, about, []);
}

/** What a refused caller wanted: the route, and what its path names. */
function refusalOf(request: FastifyRequest): About & { readonly action: string } {
  const { type, id } = request.params as Record<string, string | undefined>;
  return {
    action: `${request.method} ${request.routeOptions.url ?? 'unknown route'}`,
    ...(type !== undefined && { type }),
    ...(id !== undefined && { id }),
  };
}
