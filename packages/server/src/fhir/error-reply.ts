// The API's edge: every error becomes an OperationOutcome. Anything but a refusal is a bug, logged without PHI.

import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { AuditUnavailable } from '#store/audit/trail.ts';
import { isUnavailable, isUnstorable } from '#store/unavailable.ts';
import { hasLeft } from './client-left.ts';
import { FHIR_JSON } from './headers.ts';
import { outcomeOf } from './outcome.ts';

/** Seconds after which a client may try again when the database is away. */
export const UNAVAILABLE_SECONDS = 5;

export const FHIR_CONTENT = `${FHIR_JSON}; charset=utf-8`;

/** Answers with the OperationOutcome of an error; for setErrorHandler of a scope in which FHIR is spoken. */
export function fhirErrorReply(error: unknown, reply: FastifyReply): FastifyReply {
  return reply.send(asOutcome(refusalFor(error, reply.request), reply));
}

/** Makes the reply that of a refusal, and gives its body. */
export function asOutcome(refusal: Refusal, reply: FastifyReply): string {
  if (typeof refusal.values.seconds === 'number') reply.header('retry-after', refusal.values.seconds);
  reply.code(refusal.status).type(FHIR_CONTENT);
  return JSON.stringify(outcomeOf(refusal));
}

/** The refusal that an error is or becomes. What becomes `server.failed` is logged under the request's id. */
export function refusalFor(error: unknown, request: FastifyRequest): Refusal {
  return error instanceof Refusal ? error : (fastifyRefusal(error, request) ?? failure(error, request));
}

/** What Fastify refuses before a handler runs. */
function fastifyRefusal(error: unknown, request: FastifyRequest): Refusal | undefined {
  const { code, statusCode } = error as Partial<FastifyError>;
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new Refusal('request.too-large', { limit: request.routeOptions.bodyLimit ?? 0 });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return unaccepted(request, FHIR_JSON);
    case 'FST_ERR_BAD_URL':
      return new Refusal('request.malformed', { reason: 'its URL is not well-formed' });
    default:
      if (code?.startsWith('FST_') && statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
        return new Refusal('request.malformed', { reason: `the server refused it as ${code}` });
      }
      return undefined;
  }
}

export function unaccepted(request: FastifyRequest, accepted: string): Refusal {
  return new Refusal('request.media-type', {
    type: (request.headers['content-type'] ?? 'none').slice(0, 200),
    accepted,
  });
}

function failure(error: unknown, request: FastifyRequest): Refusal {
  if (hasLeft(request)) return new Refusal('request.aborted');
  const reason = error instanceof AuditUnavailable && error.cause !== undefined ? error.cause : error;
  const { name, code, stack } = reason as { name?: string; code?: string; stack?: string };
  // Neither the message nor the detail of a database error: both can quote what a patient's record says.
  const frames = stack?.split('\n').filter((line) => /^\s+at /.test(line));
  const told = { reference: request.id, error: { name, code, frames } };
  if (isUnstorable(reason)) {
    request.log.warn(told, 'a value that the database can’t store reached the database');
    return new Refusal('request.unstorable');
  }
  request.log.error(told, 'a FHIR request failed');
  if (isUnavailable(reason)) return new Refusal('server.unavailable', { seconds: UNAVAILABLE_SECONDS });
  if (error instanceof AuditUnavailable) return new Refusal('audit.unavailable', { seconds: UNAVAILABLE_SECONDS });
  return new Refusal('server.failed', { reference: request.id });
}
