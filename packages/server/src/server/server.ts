// The HTTP server: the FHIR API, /api, access control before each request, and the audit trail after it.

import { randomFillSync } from 'node:crypto';
import type { Readable } from 'node:stream';
import Fastify, { type FastifyInstance, type FastifyPluginAsync, type FastifyRequest, LogController } from 'fastify';
import type { Row } from '@chartwire/client/internal/contract/row';
import { bodyText, parseJson } from '#fhir/body.ts';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { uuidv7 } from '@chartwire/sdk/internal/kit/ids';
import { printJson } from '@chartwire/sdk/internal/kit/json/print';
import { hiddenFor, oldestTransaction } from '#store/watermark.ts';
import { unfitAnswer, unfitMessage } from './answer-check.ts';
import { admitRequests } from './access/admission.ts';
import { browserOf } from './access/browser.ts';
import { accessOf, notesOf } from './access/request-access.ts';
import { disclosedBy, type Operation, streamRecording } from './access/request-rows.ts';
import { checkParts } from './checks.ts';
import { watchConnections } from './connections.ts';
import { CLIENT_LEFT, type Ending, onEnding } from './endings.ts';
import { failureOf } from './failure.ts';
import { guardAnswer, guardAnswers } from './headers.ts';
import { serverMetrics } from './metrics.ts';
import { answerNoRequest } from './no-request.ts';
import { operations } from './operations.ts';
import { Pages } from './pages.ts';
import { measureLag } from './plugin-lag.ts';
import { PROBLEM_TYPE, problemOf, refusalOf, sendRefusal } from './problem.ts';
import { refuseUnreadable } from './readable-query.ts';
import { recorded } from './recorded-stream.ts';
import { type Call, type Route, requireNeed } from './route.ts';
import { routesFor } from './routes.ts';
import type { Services } from './services.ts';
import type { Source } from './sse.ts';
import { bytesOf, drained } from './streamed-body.ts';
import { Streams } from './streams.ts';
import { watchWatermark } from './watermark.ts';

/** Body limits in bytes: for bundles of the FHIR API, and for /api (uploads have their own). */
const FHIR_BODY = 20 * 1024 * 1024;
const API_BODY = 1024 * 1024;

/** Timeouts in milliseconds: for a request's headers, for all of it, and for running requests when the server closes. */
const HEADERS_TIMEOUT = 20_000;
const REQUEST_TIMEOUT = 120_000;
const CLOSE_TIMEOUT = 10_000;

export function createServer(services: Services): FastifyInstance {
  const server = Fastify({
    loggerInstance: services.log,
    // Fastify's own request lines contain URLs, and URLs contain search values.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request' }),
    genReqId: () => uuidv7(Date.now(), randomFillSync),
    bodyLimit: FHIR_BODY,
    trustProxy: services.trustProxy ?? false,
    requestTimeout: REQUEST_TIMEOUT,
    // While it closes, connected clients still get their answers; then their connections end (connections.ts).
    return503OnClosing: false,
    routerOptions: { maxParamLength: 300 },
    clientErrorHandler: answerNoRequest,
    frameworkErrors: (error, request, reply) => {
      guardAnswer(request, reply);
      sendRefusal(
        request,
        reply,
        refusalOf(error, request) ?? new Refusal('request.malformed', { reason: error.code }),
      );
    },
  });
  server.server.headersTimeout = HEADERS_TIMEOUT;
  // Answers of /api contain records, whose numbers must be sent as written.
  server.setReplySerializer(printJson);
  const streams = new Streams(services);
  const closeIdle = watchConnections(server.server);

  guardAnswers(server);
  const pages = new Pages(services);
  admitRequests(server, { ...services, pages });
  const { registry: metrics, count } = serverMetrics(() => streams.size);
  const { pool, log } = services;
  const watermark = { hiddenFor: () => hiddenFor(pool), oldestTransaction: () => oldestTransaction(pool) };
  watchWatermark(server, { watermark, registry: metrics, log });
  measureLag(services.plugins, metrics);
  answerErrors(server, pages);
  onEnding(server, [logEnding, count]);
  pages.serve(server);
  server.register(operations(services, metrics));
  server.register(api(services, streams));
  server.register(services.fhir, { prefix: '/fhir/R4' });

  server.addHook('preClose', async () => {
    streams.endAll();
    closeIdle();
    setTimeout(() => server.server.closeAllConnections(), CLOSE_TIMEOUT).unref();
  });
  return server;
}

function answerErrors(server: FastifyInstance, pages: Pages): void {
  // Before the body is read, since an unknown route has no content type to reject.
  server.addHook('onRequest', async (request) => {
    if (request.is404 && !pages.answers(request)) throw unknownRoute(request);
  });
  server.setNotFoundHandler((request, reply) => {
    if (pages.answers(request)) return pages.send(reply);
    throw unknownRoute(request);
  });
  server.setErrorHandler((error, request, reply) => {
    const refusal = refusalOf(error, request);
    return sendRefusal(request, reply, refusal ?? failureOf(error, request));
  });
}

function unknownRoute(request: FastifyRequest): Refusal {
  return new Refusal('route.unknown', { method: request.method, path: request.url.split('?')[0]! });
}

function logEnding(request: FastifyRequest, { status, ms }: Ending): void {
  request.log.info(
    {
      method: request.method,
      route: request.routeOptions.url ?? null,
      status,
      ms: Math.round(ms * 10) / 10,
      actor: notesOf(request).access?.actor.id ?? null,
    },
    status === CLIENT_LEFT ? 'the client closed the connection' : 'request',
  );
}

/** The routes of the table. JSON and uploads are separate, since content types are accepted per scope of routes. */
function api(services: Services, streams: Streams): FastifyPluginAsync {
  const routes = routesFor(services);
  return async (server) => {
    server.setValidatorCompiler(checkParts);
    server.removeAllContentTypeParsers();
    await server.register(async (json) => {
      json.addContentTypeParser(
        'application/json',
        { parseAs: 'buffer' },
        async (request: FastifyRequest, body: Buffer) =>
          body.length === 0 ? undefined : parseJson(bodyText(request, body)),
      );
      for (const row of routes) if (!row.upload) addRoute(json, row, services, streams);
    });
    for (const row of routes) {
      if (!row.upload) continue;
      const { types, limit, stream } = row.upload;
      await server.register(async (upload) => {
        if (stream) {
          upload.addContentTypeParser([...types], async (request: FastifyRequest, body: Readable) =>
            bytesOf(body, request.headers['content-length'], limit),
          );
        } else {
          upload.addContentTypeParser(
            [...types],
            { parseAs: 'buffer' },
            async (_request: unknown, file: Buffer) => file,
          );
        }
        addRoute(upload, row, services, streams);
      });
    }
  };
}

function addRoute(server: FastifyInstance, row: Route, services: Services, streams: Streams): void {
  const { params, query, body } = row;
  server.route({
    method: row.method,
    url: row.path,
    bodyLimit: row.upload?.limit ?? API_BODY,
    exposeHeadRoute: false,
    config: { row },
    schema: { ...(params && { params }), ...(query && { querystring: query }), ...(body && { body }) },
    onRequest: async (request) => {
      requireNeed(row, accessOf(request));
      refuseUnreadable(request.url);
    },
    handler: async (request, reply) => {
      const concerned = new Set<string>();
      notesOf(request).operation = operationOf(row, request.params);
      const key = request.headers['idempotency-key'];
      const access = accessOf(request);
      const call: Call = {
        params: request.params,
        query: request.query,
        body: request.body,
        access,
        browser: browserOf(request, reply, services),
        idempotencyKey: Array.isArray(key) ? key.join() : key,
        // With a token of one patient, a request about another is refused and touches no chart.
        concerns: (patient) => void ([null, patient].includes(access.patient) && concerned.add(patient)),
        stream: (source, after) =>
          streams.start(
            request,
            reply,
            recorded(checked(source, row, services), streamRecording(request, access, row.operation, services.audit)),
            after,
          ),
      };
      let answer: unknown;
      try {
        answer = await row.handle(call, services);
        streams.followRenewal(request);
        // If it can't be determined now, the next check does it.
        if (row.ends) await streams.look().catch(() => {});
      } finally {
        if (row.upload?.stream) await drained(request.raw);
        if (row.audited !== false) note(row, call, answer, concerned);
      }
      const unfit = services.onUnfitAnswer && unfitAnswer(row, answer);
      if (unfit !== undefined) {
        services.onUnfitAnswer?.(unfit);
        const problem = problemOf(new Refusal('server.failed', { reference: request.id }));
        return reply
          .code(problem.status)
          .type(PROBLEM_TYPE)
          .send({ ...problem, detail: unfit });
      }
      reply.code(row.answer.status);
      return row.answer.status === 204 ? reply.send() : answer;
    },
  });
}

/** The source, with its messages checked if answers are. */
function checked(source: Source, row: Row, { onUnfitAnswer }: Pick<Services, 'onUnfitAnswer'>): Source {
  if (!onUnfitAnswer) return source;
  return {
    now: () => source.now(),
    open: (after, send) =>
      source.open(after, (id, data) => {
        const unfit = unfitMessage(row, data);
        if (unfit !== undefined) onUnfitAnswer(unfit);
        send(id, data);
      }),
  };
}

/** The operation of a route, and its record. */
function operationOf(row: Route, params: unknown): Operation {
  const { id, name } = (params ?? {}) as { id?: string; name?: string };
  const record = id ?? name;
  const { about, operation: action, answer } = row;
  return { action, status: answer.status, ...(about && { type: about }), ...(record && { id: record }) };
}

/** The audit entry of a call: the patients it concerned, returned, or asked for. */
function note(row: Route, { params, query, access }: Call, answer: unknown, concerned: Iterable<string>): void {
  const { patient } = (query ?? {}) as { patient?: string };
  const shown = answer === undefined ? [] : [...(row.patients?.(answer) ?? [])].filter((one) => one !== null);
  const told = [...new Set([...concerned, ...shown])];
  const { action, type, id } = operationOf(row, params);
  for (const event of answer === undefined ? [] : (row.events?.(answer) ?? [])) {
    for (const record of disclosedBy(event)) access.disclose({ how: 'event', ...record });
  }
  access.audit({
    action,
    ...(type && { type }),
    ...(id && { id }),
    patients: told.length > 0 || patient === undefined ? told : [patient],
  });
}
