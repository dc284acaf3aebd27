// /api/plugins and /api/logs: install, enable, and configure plugins; executions and logs.

import { LOGS } from '@chartwire/client/internal/contract/logs';
import { PLUGINS } from '@chartwire/client/internal/contract/plugins';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { requireAppointing } from '../access/granting.ts';
import { route, type RoutesOf } from '../route.ts';
import { originOf } from './entries.ts';
import type { Services } from '../services.ts';
import type { Source } from '../sse.ts';

const switches = {
  list: route(PLUGINS.list, async (_call, { plugins }) => ({ items: await plugins.list(), next: null })),
  get: route(PLUGINS.get, ({ params }, { plugins }) => plugins.get(params.name)),
  install: route(PLUGINS.install, ({ params, body, access }, { plugins }) =>
    plugins.install(params.name, packageIn(body), (scopes) => requireAppointing(access, scopes)),
  ),
  preview: route(PLUGINS.preview, ({ params, body }, { plugins }) => plugins.preview(params.name, packageIn(body))),
  health: route(PLUGINS.health, ({ params }, { plugins }) => plugins.health(params.name)),
  remove: route(PLUGINS.remove, ({ params }, { plugins }) => plugins.remove(params.name)),
  enable: route(PLUGINS.enable, ({ params, body }, { plugins }) => plugins.enable(params.name, body.pending)),
  run: route(PLUGINS.run, async (call, { plugins, events }) => {
    const { name, handler } = call.params;
    const { state, handlers } = await plugins.get(name);
    if (state !== 'live') throw new Refusal('plugin.not-live', { name, state });
    const isScheduled = handlers.some((one) => one.name === handler && one.schedule !== undefined);
    if (!isScheduled) throw new Refusal('plugin.not-scheduled', { name, handler });
    const context = { handlers: [`${name}/${handler}`] };
    return events.emit({ type: 'CRON', target: { type: 'Clock', id: 'now' }, context }, originOf(call));
  }),
  disable: route(PLUGINS.disable, ({ params, body }, { plugins }) => plugins.disable(params.name, body.pending)),
};

const variables = {
  list: route(PLUGINS.variables.list, async ({ params }, { plugins }) => ({
    items: await plugins.variables(params.name),
    next: null,
  })),
  set: route(PLUGINS.variables.set, ({ params, body }, { plugins }) =>
    plugins.setVariable(params.name, params.key, body),
  ),
  delete: route(PLUGINS.variables.delete, async ({ params: { name, key } }, { plugins }) => {
    const known = (await plugins.variables(name)).some((variable) => variable.key === key);
    if (!known) throw new Refusal('plugin.variable-not-found', { name, key });
    await plugins.deleteVariable(name, key);
  }),
};

const traces = {
  executions: route(
    PLUGINS.executions,
    ({ params, query }, { plugins }) => plugins.executions(params.name, { ...query, limit: query.limit ?? 50 }),
    { events: ({ items }) => items.flatMap(({ input }) => input ?? []) },
  ),
  logs: route(PLUGINS.logs, ({ params, query }, { plugins }) =>
    plugins.logs(params.name, { ...query, limit: query.limit ?? 100 }),
  ),
};

export const PLUGIN_ROUTES: RoutesOf<typeof PLUGINS> = { ...switches, ...traces, variables };

export const LOG_ROUTES: RoutesOf<typeof LOGS> = {
  list: route(LOGS.list, ({ query }, { plugins }) => plugins.logs(null, { ...query, limit: query.limit ?? 100 })),
  stream: route(LOGS.stream, async ({ query, stream }, { plugins, pluginLog }) => {
    const { plugin = null, after } = query;
    if (plugin !== null) await plugins.get(plugin);
    return stream(logSource(pluginLog, plugin), after);
  }),
};

/** Without a body the package is empty. */
function packageIn(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

function logSource(log: Services['pluginLog'], plugin: string | null): Source {
  return {
    now: () => log.now(),
    open: (after, send) => log.tail(plugin, (line) => send(line.id, line), after),
  };
}
