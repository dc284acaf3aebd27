// Every request carries a bearer token, but for the few routes that show nothing; every access leaves its audit rows.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '#kit/errors.ts';
import type { Actor } from '#kit/event.ts';
import type { AuditRow, AuditTrail } from './audit.ts';
import { type AuditEntry, notesOf } from './request-access.ts';
import type { Tokens } from './tokens.ts';

/** Routes that need no token: they hold nothing of any patient. Patterns as registered. */
export const OPEN_ROUTES: ReadonlySet<string> = new Set([
  '/',
  '/healthz',
  '/readyz',
  '/fhir/R4/metadata',
  '/fhir/R4/.well-known/smart-configuration',
]);

const NOBODY: Actor = { type: 'client', id: 'unauthenticated' };
const BEARER = /^Bearer +(\S+) *$/i;

/** Adds the hooks to `server`: verify before anything of the body is read, audit before anything of the reply is sent. */
export function requireBearer(server: FastifyInstance, access: { tokens: Tokens; audit: AuditTrail }): void {
  const refusals = new RefusalLimit();

  server.addHook('onRequest', async (request) => {
    if (isOpen(request)) return;
    const token = bearerOf(request);
    const found = token === undefined ? undefined : await access.tokens.verify(token);
    if (!found) throw new Refusal('access.unauthenticated');
    notesOf(request).access = found;
  });

  server.addHook('onSend', async (request, reply, payload) => {
    challenge(request, reply);
    await access.audit.write(rowsOf(request, reply, refusals));
    return payload;
  });
}

/** The token that a request brought, whether it is valid or not. */
export function bearerOf(request: FastifyRequest): string | undefined {
  return BEARER.exec(request.headers.authorization ?? '')?.[1];
}

function isOpen(request: FastifyRequest): boolean {
  const { url } = request.routeOptions;
  return url !== undefined && OPEN_ROUTES.has(url) && (request.method === 'GET' || request.method === 'HEAD');
}

/** RFC 6750 section 3: a refusal says how to come back. */
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

function rowsOf(request: FastifyRequest, reply: FastifyReply, refusals: RefusalLimit): AuditRow[] {
  const { access, entries } = notesOf(request);
  const refused = reply.statusCode === 401 || reply.statusCode === 403;
  if (refused && !access && !refusals.admits(request.ip)) return [];
  const noted = refused && entries.length === 0 ? [refusalOf(request)] : entries;
  if (noted.length === 0) return [];
  const at = new Date().toISOString();
  const question = request.url.indexOf('?');
  const query = question < 0 ? null : request.url.slice(question + 1);
  const rows = noted.map((entry) => ({
    at,
    actor: access?.actor ?? NOBODY,
    action: entry.action,
    type: entry.type ?? null,
    record: entry.id ?? null,
    patient: entry.patient ?? null,
    query: entry.query ?? query,
    status: entry.status ?? reply.statusCode,
    address: request.ip,
    request: request.id,
  }));
  // When these cannot be written, the reply becomes an error, which comes through here again: not with the same rows.
  entries.length = 0;
  return rows;
}

/** What was wanted by somebody who was turned away: the route, and what its path names. */
function refusalOf(request: FastifyRequest): AuditEntry {
  const { type, id } = request.params as Record<string, string | undefined>;
  return {
    action: `${request.method} ${request.routeOptions.url ?? 'unknown route'}`,
    ...(type !== undefined && { type }),
    ...(id !== undefined && { id }),
  };
}

/** Rows a minute and address for those who have no token: more would let anybody fill the disk. */
const REFUSALS_A_MINUTE = 60;

class RefusalLimit {
  #minute = 0;
  readonly #counts = new Map<string, number>();

  admits(address: string): boolean {
    const minute = Math.floor(Date.now() / 60_000);
    if (minute !== this.#minute) this.#counts.clear();
    this.#minute = minute;
    const count = (this.#counts.get(address) ?? 0) + 1;
    this.#counts.set(address, count);
    return count <= REFUSALS_A_MINUTE;
  }
}
