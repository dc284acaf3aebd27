// /api/plugins and /api/logs: installing, switching, variables, executions and what plugins write to their logs.

import { Type } from 'typebox';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { requireAppointing } from '../access/granting.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import type { Source } from '../sse.ts';
import { Decimal, limit, PluginName, pageOf, Uuid } from './parameters.ts';
import { Execution, LogLine as LogLineShape, Plugin, PluginHealth, PluginPreview, Variable } from './shapes.ts';

const Named = Type.Object({ name: PluginName });
const Keyed = Type.Object({ name: PluginName, key: Type.String({ pattern: '^[A-Z][A-Z0-9_]{0,63}$' }) });

/** Largest package, in bytes. */
const PACKAGE_LIMIT = 20 * 1024 * 1024;
const PACKAGE_TYPES = ['application/gzip', 'application/x-gzip', 'application/octet-stream'] as const;

const switches: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/plugins',
    operation: 'plugins.list',
    summary: 'The installed plugins',
    needs: 'admin',
    audited: false,
    answer: { status: 200, description: 'All of them, by name.', schema: pageOf(Plugin) },
    handle: async (_call, { plugins }) => ({ items: await plugins.list(), next: null }),
  }),
  route({
    method: 'GET',
    path: '/api/plugins/:name',
    operation: 'plugins.get',
    summary: 'One plugin',
    needs: 'admin',
    audited: false,
    params: Named,
    answer: { status: 200, description: 'The plugin.', schema: Plugin },
    handle: ({ params }, { plugins }) => plugins.get(params.name),
  }),
  route({
    method: 'PUT',
    path: '/api/plugins/:name',
    operation: 'plugins.install',
    summary: 'Installs or updates a plugin; answers when it is live, or with the reason why not',
    needs: 'admin',
    params: Named,
    upload: { types: PACKAGE_TYPES, limit: PACKAGE_LIMIT },
    answer: { status: 200, description: 'The plugin, loaded and live.', schema: Plugin },
    handle: ({ params, body, access }, { plugins }) =>
      plugins.install(params.name, packageIn(body), (scopes) => requireAppointing(access, scopes)),
  }),
  route({
    method: 'POST',
    path: '/api/plugins/:name/preview',
    operation: 'plugins.preview',
    summary: 'What installing a package would bring and change; nothing is installed',
    needs: 'admin',
    params: Named,
    upload: { types: PACKAGE_TYPES, limit: PACKAGE_LIMIT },
    answer: { status: 200, description: 'The package beside what is installed.', schema: PluginPreview },
    handle: ({ params, body }, { plugins }) => plugins.preview(params.name, packageIn(body)),
  }),
  route({
    method: 'GET',
    path: '/api/plugins/:name/health',
    operation: 'plugins.health',
    summary: 'How a plugin fares: what its runs came to and how long they took, and what is owed to it',
    needs: 'admin',
    audited: false,
    params: Named,
    answer: { status: 200, description: 'Of the last hour and of the last day.', schema: PluginHealth },
    handle: ({ params }, { plugins }) => plugins.health(params.name),
  }),
  route({
    method: 'DELETE',
    path: '/api/plugins/:name',
    operation: 'plugins.remove',
    summary: 'Uninstalls a plugin; its executions are kept',
    needs: 'admin',
    params: Named,
    answer: { status: 204, description: 'It is gone.' },
    handle: ({ params }, { plugins }) => plugins.remove(params.name),
  }),
  route({
    method: 'POST',
    path: '/api/plugins/:name/enable',
    operation: 'plugins.enable',
    summary: 'Gives a plugin events again; also ends its quarantine',
    needs: 'admin',
    params: Named,
    answer: { status: 200, description: 'The plugin.', schema: Plugin },
    handle: ({ params }, { plugins }) => plugins.enable(params.name),
  }),
  route({
    method: 'POST',
    path: '/api/plugins/:name/disable',
    operation: 'plugins.disable',
    summary: 'Gives a plugin no more events',
    needs: 'admin',
    params: Named,
    answer: { status: 200, description: 'The plugin.', schema: Plugin },
    handle: ({ params }, { plugins }) => plugins.disable(params.name),
  }),
];

const variables: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/plugins/:name/variables',
    operation: 'plugins.variables.list',
    summary: 'The variables of a plugin, without the values of sensitive ones',
    needs: 'admin',
    params: Named,
    answer: { status: 200, description: 'All of them, by key.', schema: pageOf(Variable) },
    handle: async ({ params }, { plugins }) => ({ items: await plugins.variables(params.name), next: null }),
  }),
  route({
    method: 'PUT',
    path: '/api/plugins/:name/variables/:key',
    operation: 'plugins.variables.set',
    summary: 'Sets a variable that the manifest names',
    needs: 'admin',
    params: Keyed,
    body: Type.Object({ value: Type.String({ maxLength: 65_536 }) }, { additionalProperties: false }),
    answer: { status: 200, description: 'The variable, as it is shown.', schema: Variable },
    handle: ({ params, body }, { plugins }) => plugins.setVariable(params.name, params.key, body),
  }),
  route({
    method: 'DELETE',
    path: '/api/plugins/:name/variables/:key',
    operation: 'plugins.variables.delete',
    summary: 'Forgets a variable',
    needs: 'admin',
    params: Keyed,
    answer: { status: 204, description: 'It is not set any more.' },
    handle: async ({ params: { name, key } }, { plugins }) => {
      const known = (await plugins.variables(name)).some((variable) => variable.key === key);
      if (!known) throw new Refusal('plugin.variable-not-found', { name, key });
      await plugins.deleteVariable(name, key);
    },
  }),
];

const LogQuery = Type.Object(
  { after: Type.Optional(Decimal), limit: limit(100, 1_000) },
  { additionalProperties: false },
);

const traces: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/plugins/:name/executions',
    operation: 'plugins.executions.list',
    summary: 'What a plugin’s handlers did, newest first',
    needs: 'admin',
    params: Named,
    query: Type.Object(
      {
        state: Type.Optional(Type.Enum(['completed', 'failed'])),
        handler: Type.Optional(Type.String({ minLength: 1, maxLength: 255, description: 'The name of its class.' })),
        after: Type.Optional(Uuid),
        limit: limit(50, 500),
      },
      { additionalProperties: false },
    ),
    answer: { status: 200, description: 'A page of executions.', schema: pageOf(Execution) },
    handle: ({ params, query }, { plugins }) => plugins.executions(params.name, { ...query, limit: query.limit ?? 50 }),
    events: ({ items }) => items.flatMap(({ input }) => input ?? []),
  }),
  route({
    method: 'GET',
    path: '/api/plugins/:name/logs',
    operation: 'plugins.logs.list',
    summary: 'What one plugin wrote to its log, newest first',
    needs: 'admin',
    params: Named,
    query: LogQuery,
    answer: { status: 200, description: 'A page of lines.', schema: pageOf(LogLineShape) },
    handle: ({ params, query }, { plugins }) => plugins.logs(params.name, { ...query, limit: query.limit ?? 100 }),
  }),
  route({
    method: 'GET',
    path: '/api/logs',
    operation: 'logs.list',
    summary: 'What all plugins wrote to their logs, newest first',
    needs: 'admin',
    query: LogQuery,
    answer: { status: 200, description: 'A page of lines.', schema: pageOf(LogLineShape) },
    handle: ({ query }, { plugins }) => plugins.logs(null, { ...query, limit: query.limit ?? 100 }),
  }),
  route({
    method: 'GET',
    path: '/api/logs/stream',
    operation: 'logs.stream',
    summary: 'Log lines as they are written, as Server-Sent Events; resumes after Last-Event-ID (or `after`)',
    needs: 'admin',
    query: Type.Object(
      { plugin: Type.Optional(PluginName), after: Type.Optional(Decimal) },
      { additionalProperties: false },
    ),
    answer: { status: 200, description: 'One message a line; its id is the line’s.', type: 'text/event-stream' },
    handle: async ({ query, stream }, { plugins, pluginLog }) => {
      const { plugin = null, after } = query;
      if (plugin !== null) await plugins.get(plugin);
      return stream(logSource(pluginLog, plugin), after);
    },
  }),
];

export const PLUGIN_ROUTES: readonly Route[] = [...switches, ...variables, ...traces];

/** A request without a body has an empty package. */
function packageIn(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

function logSource(log: Services['pluginLog'], plugin: string | null): Source {
  return {
    now: () => log.now(),
    open: (after, send) => log.tail(plugin, (line) => send(line.id, line), after),
  };
}
