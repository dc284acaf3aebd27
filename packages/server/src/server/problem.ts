// Turns a refusal into an answer: RFC 9457 problems for /api, an OperationOutcome under /fhir.

import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from '@chartwire/client/internal/contract/problem';
import { refusalFor } from '#chart/authority.ts';
import { asOutcome } from '#fhir/error-reply.ts';
import { type Fault, Refusal } from '@chartwire/sdk/internal/kit/errors';
import { printJson } from '@chartwire/sdk/internal/kit/json/print';
import { notesOf } from './access/request-access.ts';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

export function problemOf(refusal: Refusal): Problem {
  return {
    type: `urn:chartwire:error:${refusal.code}`,
    title: STATUS_CODES[refusal.status] ?? 'Error',
    status: refusal.status,
    detail: refusal.message,
    code: refusal.code,
    next: refusal.next,
    ...(refusal.faults.length > 0 && { faults: refusal.faults.map(({ path, message }) => ({ path, message })) }),
    ...refusal.extensions,
  };
}

/** Sends a refusal in the format of the requested API. */
export function sendRefusal(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply {
  return reply.send(asRefusal(request, reply, refusal));
}

/** Makes the reply a refusal, and returns its body. */
export function asRefusal(request: FastifyRequest, reply: FastifyReply, given: Refusal): string {
  const { access } = notesOf(request);
  const refusal = access ? refusalFor(access, given) : given;
  if (isFhir(request.url)) return asOutcome(refusal, reply);
  if (typeof refusal.values.seconds === 'number') reply.header('retry-after', refusal.values.seconds);
  reply.code(refusal.status).type(PROBLEM_TYPE);
  return printJson(problemOf(refusal));
}

function isFhir(url: string): boolean {
  return /^\/fhir(\/|\?|$)/.test(url);
}

/** Fastify's own refusals in our words; undefined for anything that isn't the sender's fault. */
export function refusalOf(error: unknown, request: FastifyRequest): Refusal | undefined {
  if (error instanceof Refusal) return error;
  const { code, statusCode } = error as Partial<FastifyError>;
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new Refusal('request.too-large', { limit: request.routeOptions.bodyLimit ?? 0 });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new Refusal('request.media-type', {
        type: request.headers['content-type'] ?? 'none',
        accepted: request.routeOptions.config.row?.upload?.types.join(', ') ?? 'application/json',
      });
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return malformed('it is empty, but the content type says JSON');
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return malformed(whereInJson(error as Error));
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return malformed('its length is not the one announced');
    case 'FST_ERR_BAD_URL':
      return malformed('the URL is not well-formed');
    default:
      if (statusCode === 400 && error instanceof SyntaxError) return malformed(whereInJson(error));
      return isFramework(error) && statusCode! >= 400 && statusCode! < 500 ? byStatus(statusCode!, request) : undefined;
  }
}

/** Fastify's errors have a code; those of its plugins (http-errors) say whether they may be shown. */
function isFramework(error: unknown): boolean {
  const { code, expose, statusCode } = error as { code?: unknown; expose?: unknown; statusCode?: unknown };
  return typeof statusCode === 'number' && (expose === true || (typeof code === 'string' && code.startsWith('FST_')));
}

/** Other refusals of the framework and its plugins (such as static files) are also the sender's fault. */
function byStatus(status: number, request: FastifyRequest): Refusal {
  switch (status) {
    case 403:
    case 404:
      return new Refusal('route.unknown', { method: request.method, path: request.url.split('?')[0]!.slice(0, 200) });
    case 416:
      return new Refusal('request.header', { header: 'Range', reason: 'the file has no such bytes' });
    default:
      return malformed('the server has no use for it');
  }
}

function malformed(reason: string): Refusal {
  return new Refusal('request.malformed', { reason });
}

/** JSON.parse quotes the text around an error, which may be a patient's, so only the position is used. */
function whereInJson(error: Error): string {
  const place = /line \d+ column \d+/.exec(error.message)?.[0] ?? /position \d+/.exec(error.message)?.[0];
  return `it is not JSON${place ? ` (${place})` : ''}`;
}

/** Refuses a request whose parts don't match their schemas. `faults` have places, never values. */
export function invalid(faults: readonly Fault[]): Refusal {
  const first = faults[0];
  return new Refusal(
    'request.invalid',
    { reason: first ? `${first.path} ${first.message}` : 'see its schema' },
    faults,
  );
}
