// docs/catalogue/api/: a page for each area of /api, from the OpenAPI document that the server makes.

import type { TSchema } from 'typebox';
import { openApi } from '#server/openapi.ts';
import { routesFor } from '#server/routes.ts';
import { code, GENERATED, shapeOf, table } from './markdown.ts';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly description?: string;
  readonly schema: TSchema;
}

type Content = Readonly<Record<string, { readonly schema?: TSchema }>>;

interface Operation {
  readonly operationId: string;
  readonly tags: readonly [string];
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description?: string; readonly content?: Content }>>;
}

interface Described extends Operation {
  readonly method: string;
  readonly path: string;
}

/** File names in docs/catalogue/api/, without `.md`, to their pages. */
export function apiPages(): ReadonlyMap<string, string> {
  const areas = Map.groupBy(operations(), ({ tags }) => tags[0]);
  return new Map([...areas].map(([area, operations]) => [area, page(area, operations)]));
}

function operations(): Described[] {
  const { paths } = openApi(routesFor({ commands: [] })) as { paths: Record<string, Record<string, Operation>> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  );
}

function page(area: string, operations: readonly Described[]): string {
  const words = area.replaceAll('-', ' ');
  return [
    GENERATED,
    `# API: ${words}`,
    `Operations of ${code('/api')} for ${words}. [The HTTP API](../../api.md) explains access, lists, refusals and streams; ` +
      `every error code is in [Errors](../errors.md). The same description is at ${code('GET /api/openapi.json')}.`,
    table(
      ['operation', 'request', 'purpose'],
      operations.map(({ operationId, method, path, summary }) => [
        `[${code(operationId)}](#${operationId.toLowerCase().replaceAll('.', '')})`,
        code(`${method} ${path}`),
        summary,
      ]),
    ),
    ...operations.map(section),
  ].join('\n\n');
}

function section({
  operationId,
  method,
  path,
  summary,
  description,
  parameters,
  requestBody,
  responses,
}: Described): string {
  const [status, answer] = Object.entries(responses).find(([status]) => status !== 'default')!;
  return [
    `## ${operationId}`,
    `\`\`\`http\n${method} ${path}\n\`\`\``,
    `${summary.replace(/\.?$/, '.')} ${description}`,
    ...(parameters.length > 0 ? ['**Parameters**', parameterTable(parameters)] : []),
    ...contentOf('Body', requestBody?.content),
    `**Answer** ${code(status)}: ${(answer.description ?? '').replace(/\.?$/, '.')}`,
    ...contentOf(undefined, answer.content),
  ].join('\n\n');
}

function parameterTable(parameters: readonly Parameter[]): string {
  const rows = parameters.map(({ name, in: where, required, description = '', schema }) => [
    code(name),
    where,
    shapeOf(schema),
    required ? 'required' : '',
    description,
  ]);
  return table(['parameter', 'in', 'type', '', ''], rows);
}

/** The properties of JSON; the type of anything else. */
function contentOf(title: string | undefined, content: Content | undefined): string[] {
  if (content === undefined) return [];
  const head = title === undefined ? [] : [`**${title}**`];
  const json = content['application/json']?.schema as
    | (TSchema & { properties?: object; required?: string[] })
    | undefined;
  if (!json) return [...head, `Content type: ${Object.keys(content).map(code).join(', ')}.`];
  if (!json.properties) return [...head, `JSON: ${shapeOf(json)}.`];
  const rows = Object.entries(json.properties).map(([name, schema]) => {
    const { description = '' } = schema as { description?: string };
    return [
      code(name),
      shapeOf({ ...(schema as TSchema), description: undefined }),
      isRequired(json, name),
      description,
    ];
  });
  return [...head, ...(rows.length > 0 ? [table(['property', 'type', '', ''], rows)] : ['An empty object.'])];
}

function isRequired({ required = [] }: { required?: readonly string[] }, name: string): string {
  return required.includes(name) ? 'required' : '';
}
