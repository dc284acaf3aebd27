// The API's description, derived from its route table: OpenAPI 3.1, whose schemas are JSON Schema as TypeBox writes it.

import type { TSchema } from 'typebox';
import { Problem } from '@chartwire/client/internal/contract/problem';
import { CSRF_HEADER, SESSION_COOKIE } from './access/browser.ts';
import { needOf, type Route } from './route.ts';

type Json = Record<string, unknown>;

export function openApi(routes: readonly Route[]): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Chartwire',
      version: '1',
      summary: 'What happens in the charts, and the plugins that answer it. Records themselves are served at /fhir/R4.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{ bearer: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'Made by `chartwire token create`.' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: SESSION_COOKIE,
          description: `Set by POST /api/session. Requests other than GET also need the header \`${CSRF_HEADER}\`, with the value from GET /api/session.`,
        },
      },
      schemas: { Problem },
      responses: {
        Problem: {
          description: 'Refused: `code` says why, `next` what to do.',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    },
  };
}

function operationOf(route: Route): Json {
  const { status, description, schema, type } = route.answer;
  const { scope } = needOf(route.needs);
  const content = contentOf(schema, type);
  return {
    operationId: route.operation,
    tags: [route.operation.split('.')[0]],
    summary: route.summary,
    description:
      route.needs === 'open' ? 'Open.' : scope ? `Needs the scope \`${scope}\`.` : 'Any valid token will do.',
    ...(route.needs === 'open' && { security: [] }),
    parameters: [
      ...parametersOf(route.params, 'path'),
      ...parametersOf(route.query, 'query'),
      ...(route.idempotent ? [IDEMPOTENCY_KEY] : []),
    ],
    ...(requestOf(route) && { requestBody: requestOf(route) }),
    responses: {
      [status]: { description, ...(content && { content }) },
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

/** Headers that no schema of a route declares. */
const IDEMPOTENCY_KEY: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'Of your choosing. The same request under the same key gives the first answer again, for 24 hours.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

function contentOf(schema: TSchema | undefined, type: string | undefined): Json | undefined {
  if (type) return { [type]: { schema: { type: 'string' } } };
  return schema && { 'application/json': { schema } };
}

function requestOf({ body, upload }: Route): Json | undefined {
  if (upload) return { required: true, content: Object.fromEntries(upload.types.map((type) => [type, {}])) };
  return body && { required: true, content: { 'application/json': { schema: body } } };
}

function parametersOf(schema: TSchema | undefined, where: 'path' | 'query'): Json[] {
  const { properties = {}, required = [] } = (schema ?? {}) as {
    properties?: Record<string, { description?: string }>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    name,
    in: where,
    required: required.includes(name),
    ...(description && { description }),
    schema: property,
  }));
}
