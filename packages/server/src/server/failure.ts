// Handling of exceptions: logged under the request's id without personal data; the caller learns what to do.

import type { FastifyError, FastifyRequest } from 'fastify';
import { hasLeft } from '#fhir/client-left.ts';
import { UNAVAILABLE_SECONDS } from '#fhir/error-reply.ts';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { AuditUnavailable } from '#store/audit/trail.ts';
import { isUnavailable, isUnstorable } from '#store/unavailable.ts';

/** The refusal for an internal error, which is also logged. */
export function failureOf(error: unknown, request: FastifyRequest): Refusal {
  if (hasLeft(request)) return new Refusal('request.aborted');
  const reason = error instanceof AuditUnavailable && error.cause !== undefined ? error.cause : error;
  const told = { reference: request.id, route: request.routeOptions.url, error: withoutValues(reason) };
  if (isUnstorable(reason)) {
    request.log.warn(told, 'a value that the database can’t store reached the database');
    return new Refusal('request.unstorable');
  }
  request.log.error(told, 'failed');
  if (isUnavailable(reason)) return new Refusal('server.unavailable', { seconds: UNAVAILABLE_SECONDS });
  if (error instanceof AuditUnavailable) return new Refusal('audit.unavailable', { seconds: UNAVAILABLE_SECONDS });
  return new Refusal('server.failed', { reference: request.id });
}

/** An exception for the log. Messages of the database and the JSON parser quote their input, so only their code is kept. */
function withoutValues(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error };
  const { code } = error as FastifyError;
  const quotes = error instanceof SyntaxError || 'severity' in error;
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return { name: error.name, ...(code && { code }), ...(!quotes && { message: error.message }), frames };
}
