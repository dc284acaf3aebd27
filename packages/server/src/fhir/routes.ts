// The FHIR R4 REST API as a Fastify plugin: the table of interactions, bundles, and metadata, with one error handler.

import type { Bundle } from '@medplum/fhirtypes';
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { Chart } from '#chart/contract.ts';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { AccessPort } from './access-port.ts';
import { addBodyParsers, headText } from './body.ts';
import { batch } from './bundle/batch.ts';
import { readId, readType } from './bundle/entries.ts';
import { transaction } from './bundle/transaction.ts';
import { capabilityStatement } from './capability.ts';
import { openDoor } from './door.ts';
import { fhirErrorReply, refusalFor, unaccepted } from './error-reply.ts';
import {
  FHIR_JSON,
  FORM,
  JSON_PATCH,
  mediaType,
  preferredHandling,
  preferredReturn,
  requireJsonAnswer,
} from './headers.ts';
import { isFhirPathPatch } from './fhirpath-patch.ts';
import type { Door, FhirRequest, Interaction } from './interaction.ts';
import { isObject } from './json-object.ts';
import { perform } from './perform.ts';
import { readQuery } from './query.ts';
import { sendAnswer, sendResource } from './reply.ts';
import { INTERACTIONS } from './table.ts';

export interface FhirDoorOptions {
  readonly chart: Chart;
  /** Absolute URL under which clients know the FHIR base, such as `http://127.0.0.1:8080/fhir/R4`. Read at each request. */
  readonly baseUrl: string;
  readonly access: AccessPort;
  /** Version of Chartwire, for the CapabilityStatement. */
  readonly version?: string;
}

/** Mounted at the prefix `/fhir/R4`. `GET metadata` is open; a hook of the server guards the rest. */
export function fhirRoutes(options: FhirDoorOptions): FastifyPluginAsync {
  const since = new Date().toISOString();
  const doorFor = (request: FastifyRequest): Door =>
    openDoor(options.chart, options.access.of(request), options.baseUrl);

  return async (fastify) => {
    addBodyParsers(fastify);
    fastify.setErrorHandler((error, _request, reply) => fhirErrorReply(error, reply));
    fastify.setNotFoundHandler((request) => {
      throw new Refusal('route.unknown', { method: request.method, path: request.url.split('?')[0]!.slice(0, 200) });
    });
    // Some clients name a type for the body that they do not send.
    fastify.addHook('onRequest', async ({ method, headers }) => {
      const isEmpty = (headers['content-length'] ?? '0') === '0' && headers['transfer-encoding'] === undefined;
      if (method === 'DELETE' && isEmpty) delete headers['content-type'];
    });
    fastify.addHook('preHandler', async (request) => {
      const form = request.body instanceof URLSearchParams ? request.body : undefined;
      requireJsonAnswer(request.headers.accept, queryOf(request).get('_format') ?? form?.get('_format') ?? null);
    });

    fastify.get('/metadata', async (request, reply) =>
      sendResource(request, reply, capabilityStatement({ baseUrl: options.baseUrl, since, version: options.version })),
    );
    fastify.post('/', async (request, reply) =>
      sendResource(request, reply, await answerBundle(request, doorFor(request))),
    );
    for (const interaction of INTERACTIONS) mount(fastify, interaction, doorFor);
  };
}

function mount(fastify: FastifyInstance, interaction: Interaction, doorFor: (request: FastifyRequest) => Door): void {
  fastify.route({
    method: interaction.method,
    url: `/${interaction.path}`,
    handler: async (request, reply) => {
      requireMedia(request, interaction);
      const door = doorFor(request);
      return sendAnswer(request, reply, door.baseUrl, await perform(door, interaction, readRequest(request)));
    },
  });
}

function readRequest(request: FastifyRequest): FhirRequest {
  const { type = '', id = '', version = '' } = request.params as Record<string, string | undefined>;
  const query = queryOf(request);
  for (const name of ['_format', '_pretty']) query.delete(name);
  return {
    type: readType(type),
    id: readId(type, id, request.method),
    version,
    query,
    conditions: {
      ifMatch: request.headers['if-match'],
      ifNoneMatch: request.headers['if-none-match'],
      ifModifiedSince: request.headers['if-modified-since'],
      ifNoneExist: criteriaIn(request),
    },
    handling: preferredHandling(headerOf(request, 'prefer')),
    body: request.body,
  };
}

function queryOf(request: FastifyRequest): URLSearchParams {
  const mark = request.url.indexOf('?');
  return readQuery(mark < 0 ? '' : headText(request.url.slice(mark + 1)));
}

function criteriaIn(request: FastifyRequest): string | undefined {
  const criteria = headerOf(request, 'if-none-exist');
  return criteria === undefined ? undefined : headText(criteria);
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

const ACCEPTED = { resource: FHIR_JSON, patch: JSON_PATCH, form: FORM } as const;

/** The parsers take what any interaction takes; this one may take less. */
function requireMedia(request: FastifyRequest, { body }: Pick<Interaction, 'body'>): void {
  if (body === undefined || request.body === undefined || request.body === null) return;
  const given = mediaType(request.headers['content-type'] ?? '');
  const isResource = given !== JSON_PATCH && given !== FORM;
  if (body === 'patch' && isResource && isFhirPathPatch(request.body)) return;
  if (body === 'resource' ? !isResource : given !== ACCEPTED[body]) throw unaccepted(request, ACCEPTED[body]);
}

async function answerBundle(request: FastifyRequest, door: Door): Promise<Bundle> {
  requireMedia(request, { body: 'resource' });
  const { body } = request;
  if (!isObject(body) || body.resourceType !== 'Bundle') {
    throw new Refusal('bundle.invalid', { reason: 'the body must be a Bundle of type batch or transaction' });
  }
  const { type } = body;
  if (type !== 'batch' && type !== 'transaction') {
    throw new Refusal('bundle.invalid', { reason: 'its type must be batch or transaction' });
  }
  const entries = body.entry ?? [];
  if (!Array.isArray(entries)) throw new Refusal('bundle.invalid', { reason: 'its entry must be a list' });
  const preference = preferredReturn(headerOf(request, 'prefer'));
  let status = 200;
  try {
    const entry =
      type === 'transaction'
        ? await transaction(door, entries, preference)
        : await batch(door, entries, preference, (error) => refusalFor(error, request));
    return { resourceType: 'Bundle', type: `${type}-response`, ...(entry.length > 0 ? { entry } : {}) };
  } catch (error) {
    status = error instanceof Refusal ? error.status : 500;
    throw error;
  } finally {
    door.access.audit({ action: type, type: 'Bundle', status });
  }
}
