// Answers written as HTTP: status, headers, and as much of a body as Prefer asks for.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { indentJson, printJson } from '@chartwire/sdk/internal/kit/json/print';
import { locationOf } from './bundle/response.ts';
import { FHIR_CONTENT } from './error-reply.ts';
import { etag, httpDate, preferredReturn } from './headers.ts';
import type { Answer, Served } from './interaction.ts';
import { doneOutcome } from './outcome.ts';

export function sendResource(request: FastifyRequest, reply: FastifyReply, resource: Served): FastifyReply {
  const pretty = /[?&]_pretty=true(&|$)/.test(request.url);
  const json = printJson(resource);
  return reply.type(FHIR_CONTENT).send(pretty ? indentJson(json) : json);
}

export function sendAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  baseUrl: string,
  answer: Answer,
): FastifyReply {
  const { status, version, resource, located } = answer;
  reply.code(status);
  if (version) {
    reply.header('etag', etag(version.version)).header('last-modified', httpDate(version.at));
    if (status !== 204) reply.header('content-location', locationOf(baseUrl, version));
    if (located) reply.header('location', locationOf(baseUrl, version));
  }
  const written = located === true || status === 204;
  const preference = written ? preferredReturn(headerText(request.headers.prefer)) : undefined;
  if (preference === 'OperationOutcome') {
    reply.code(status === 204 ? 200 : status);
    return sendResource(request, reply, doneOutcome(answer.unchecked));
  }
  if (!resource || preference === 'minimal') return reply.send();
  return sendResource(request, reply, resource);
}

function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(',') : value;
}
