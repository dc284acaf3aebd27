// /api/plugins: install, enable, configure, and watch plugins.

import { Type } from 'typebox';
import { Event } from './event.ts';
import { Execution } from './execution.ts';
import { LogLine, LogQuery } from './logs.ts';
import { limit, orNull, pageOf, PluginName, Time, Uuid } from './parameters.ts';
import { row } from './row.ts';

const Named = Type.Object({ name: PluginName });

const Keyed = Type.Object({ name: PluginName, key: Type.String({ pattern: '^[A-Z][A-Z0-9_]{0,63}$' }) });

/** Largest package, in bytes. */
const PACKAGE_LIMIT = 20 * 1024 * 1024;

const PACKAGE_TYPES = ['application/gzip', 'application/x-gzip', 'application/octet-stream'] as const;

export const Variable = Type.Object({
  key: Type.String(),
  value: orNull(Type.String({ description: 'Null if it’s sensitive or not set.' })),
  sensitive: Type.Boolean(),
  set: Type.Boolean(),
  description: Type.String(),
});

const Handler = Type.Object({
  name: Type.String(),
  respondsTo: Type.Array(Type.String()),
  schedule: Type.Optional(Type.String()),
  timezone: Type.Optional(Type.String()),
  catchUp: Type.Optional(
    Type.Enum(['skip', 'latest', 'all'], {
      description: 'What happens to missed runs of its schedule; `skip` where it is missing.',
    }),
  ),
  nextRuns: Type.Optional(
    Type.Array(Time, { description: 'When it runs next, while the plugin is live; missing without a schedule.' }),
  ),
  hearsOwn: Type.Optional(Type.Boolean({ description: 'It’s also given the events of its own effects.' })),
});

/** What happens to undelivered events when a plugin is disabled, and to those that arrive before it is enabled again. */
export const BACKLOG = ['keep', 'skip'] as const;

const Pending = Type.Optional(
  Type.Enum([...BACKLOG], {
    description: '`keep`: they wait for the plugin. `skip`: they are not delivered, and are listed as skipped.',
  }),
);

export const Plugin = Type.Object({
  name: Type.String(),
  version: Type.String(),
  description: Type.String(),
  enabled: Type.Boolean(),
  backlog: orNull(Type.Enum([...BACKLOG]), { description: 'Of a disabled one: what becomes of its events.' }),
  state: Type.Enum(['live', 'disabled', 'quarantined', 'failed']),
  reason: orNull(Type.String({ description: 'Why it is not live.' })),
  handlers: Type.Array(Handler),
  scopes: Type.Array(Type.String()),
  receives: Type.Array(Type.String(), {
    description: 'Types of the records that come with its events, whatever its scopes.',
  }),
  network: Type.Array(Type.String()),
  variables: Type.Array(Variable),
  health: orNull(
    Type.Object({ where: Type.String({ description: 'probation, main or quarantined' }), strikes: Type.Integer() }),
  ),
  installedAt: Time,
  updatedAt: Time,
});

const Texts = Type.Array(Type.String());

const Difference = Type.Object({ added: Texts, removed: Texts, kept: Texts });

export const PluginPreview = Type.Object({
  name: Type.String(),
  version: Type.String(),
  description: Type.String(),
  installed: orNull(Type.String({ description: 'The version that it would take the place of.' })),
  scopes: Difference,
  receives: Difference,
  network: Difference,
  variables: Difference,
  handlers: Type.Array(Handler),
});

const Milliseconds = orNull(Type.Number({ description: 'Milliseconds; null when nothing ran.' }));

const Runs = Type.Object({
  completed: Type.Integer(),
  failed: Type.Integer(),
  errors: Type.Record(Type.String(), Type.Integer(), { description: 'Of the failed ones, by code.' }),
  latency: Type.Array(Type.Object({ upTo: orNull(Type.Integer()), count: Type.Integer() }), {
    description: 'A histogram: runs of at most `upTo` milliseconds and more than the class before.',
  }),
  p50: Milliseconds,
  p95: Milliseconds,
  longest: Milliseconds,
});

export const PluginHealth = Type.Object({
  where: orNull(Type.String({ description: 'probation, main or quarantined; null when it is not loaded.' })),
  strikes: Type.Integer(),
  leftOut: Type.Array(Type.Object({ name: Type.String(), until: Time }), {
    description: 'Handlers that are not asked anything for a while, since they failed repeatedly.',
  }),
  queue: Type.Object({
    pending: Type.Integer(),
    waiting: Type.Integer(),
    behind: Type.Integer(),
    dead: Type.Integer(),
    skipped: Type.Integer(),
  }),
  requests: Type.Object(
    { pending: Type.Integer(), dead: Type.Integer() },
    { description: 'To other systems: to be sent, and given up.' },
  ),
  lag: Type.Object(
    {
      events: Type.Integer({ description: 'Still to be delivered: pending, waiting or behind.' }),
      seconds: Type.Number({ description: 'Since the oldest of them; 0 when there is none.' }),
    },
    { description: 'How far it is behind the log. Also a metric, `chartwire_plugin_lag_events` and `_seconds`.' },
  ),
  runs: Type.Object({ hour: Runs, day: Runs }),
});

const VARIABLES = {
  list: row({
    method: 'GET',
    path: '/api/plugins/:name/variables',
    operation: 'plugins.variables.list',
    summary: 'The variables of a plugin, without the values of sensitive ones',
    needs: 'admin',
    params: Named,
    answer: { status: 200, description: 'All of them, by key.', schema: pageOf(Variable) },
  }),
  set: row({
    method: 'PUT',
    path: '/api/plugins/:name/variables/:key',
    operation: 'plugins.variables.set',
    summary: 'Sets a variable that the manifest names',
    needs: 'admin',
    params: Keyed,
    body: Type.Object({ value: Type.String({ maxLength: 65_536 }) }, { additionalProperties: false }),
    answer: { status: 200, description: 'The variable, as it is shown.', schema: Variable },
  }),
  delete: row({
    method: 'DELETE',
    path: '/api/plugins/:name/variables/:key',
    operation: 'plugins.variables.delete',
    summary: 'Forgets a variable',
    needs: 'admin',
    params: Keyed,
    answer: { status: 204, description: 'It is not set any more.' },
  }),
};

export const PLUGINS = {
  list: row({
    method: 'GET',
    path: '/api/plugins',
    operation: 'plugins.list',
    summary: 'The installed plugins',
    needs: 'admin',
    audited: false,
    answer: { status: 200, description: 'All of them, by name.', schema: pageOf(Plugin) },
  }),
  get: row({
    method: 'GET',
    path: '/api/plugins/:name',
    operation: 'plugins.get',
    summary: 'One plugin',
    needs: 'admin',
    audited: false,
    params: Named,
    answer: { status: 200, description: 'The plugin.', schema: Plugin },
  }),
  install: row({
    method: 'PUT',
    path: '/api/plugins/:name',
    operation: 'plugins.install',
    summary: 'Installs or updates a plugin; answers when it is live, or with the reason why not',
    needs: 'admin',
    params: Named,
    upload: { types: PACKAGE_TYPES, limit: PACKAGE_LIMIT },
    answer: { status: 200, description: 'The plugin, loaded and live.', schema: Plugin },
  }),
  preview: row({
    method: 'POST',
    path: '/api/plugins/:name/preview',
    operation: 'plugins.preview',
    summary: 'What installing a package would bring and change; nothing is installed',
    needs: 'admin',
    params: Named,
    upload: { types: PACKAGE_TYPES, limit: PACKAGE_LIMIT },
    answer: { status: 200, description: 'The package beside what is installed.', schema: PluginPreview },
  }),
  health: row({
    method: 'GET',
    path: '/api/plugins/:name/health',
    operation: 'plugins.health',
    summary: 'How a plugin fares: what its runs came to and how long they took, and its pending deliveries',
    needs: 'admin',
    audited: false,
    params: Named,
    answer: { status: 200, description: 'Of the last hour and of the last day.', schema: PluginHealth },
  }),
  remove: row({
    method: 'DELETE',
    path: '/api/plugins/:name',
    operation: 'plugins.remove',
    summary: 'Uninstalls a plugin; its executions are kept',
    needs: 'admin',
    params: Named,
    answer: { status: 204, description: 'It is gone.' },
  }),
  enable: row({
    method: 'POST',
    path: '/api/plugins/:name/enable',
    operation: 'plugins.enable',
    summary: 'Gives a plugin events again; also ends its quarantine',
    needs: 'admin',
    params: Named,
    body: Type.Object({ pending: Pending }, { additionalProperties: false }),
    answer: { status: 200, description: 'The plugin.', schema: Plugin },
  }),
  disable: row({
    method: 'POST',
    path: '/api/plugins/:name/disable',
    operation: 'plugins.disable',
    summary: 'Gives a plugin no more events; its pending ones are kept, unless you choose to skip them',
    needs: 'admin',
    params: Named,
    body: Type.Object({ pending: Pending }, { additionalProperties: false }),
    answer: { status: 200, description: 'The plugin.', schema: Plugin },
  }),
  run: row({
    method: 'POST',
    path: '/api/plugins/:name/handlers/:handler/run',
    operation: 'plugins.run',
    summary: 'Runs a handler with a schedule now, and no other',
    needs: 'admin',
    params: Type.Object({ name: PluginName, handler: Type.String({ minLength: 1, maxLength: 255 }) }),
    answer: { status: 201, description: 'The CRON event that it responds to.', schema: Event },
  }),
  executions: row({
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
  }),
  logs: row({
    method: 'GET',
    path: '/api/plugins/:name/logs',
    operation: 'plugins.logs.list',
    summary: 'What one plugin wrote to its log, newest first',
    needs: 'admin',
    params: Named,
    query: LogQuery,
    answer: { status: 200, description: 'A page of lines.', schema: pageOf(LogLine) },
  }),
  variables: VARIABLES,
};
