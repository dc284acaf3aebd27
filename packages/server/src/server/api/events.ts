// /api/events: the log, one event's story, the live stream, and emitting by hand.

import { EVENTS } from '@chartwire/client/internal/contract/events';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { callerOf } from '@chartwire/sdk/internal/kit/event';
import { parseReference } from '@chartwire/sdk/internal/kit/ids';
import { route, type RoutesOf } from '../route.ts';
import type { Services } from '../services.ts';
import type { Source } from '../sse.ts';
import { originOf } from './entries.ts';
import { withPatientNames } from './names.ts';

export const EVENT_ROUTES: RoutesOf<typeof EVENTS> = {
  list: route(
    EVENTS.list,
    async (call, { events, chart }) => {
      const { query } = call;
      const { items, next } = await events.list({
        ...query,
        limit: query.limit ?? 50,
        caller: callerOf(call.access.actor),
      });
      return { items: await withPatientNames(chart.reader(originOf(call)), items), next };
    },
    { events: ({ items }) => items },
  ),
  stream: route(EVENTS.stream, async ({ query, stream }, { events }) =>
    stream(eventSource(events, query), query.after),
  ),
  get: route(
    EVENTS.get,
    async (call, { events, chart }) => {
      const { params } = call;
      const story = await events.get(params.id);
      if (!story) throw new Refusal('event.not-found', { id: params.id });
      const { event, executions, ...around } = story;
      const effects = executions.flatMap((execution) =>
        execution.effects.map((effect, index) => ({ execution: execution.id, index, ...effect })),
      );
      const [named] = await withPatientNames(chart.reader(originOf(call)), [event]);
      return { ...named!, ...around, executions, effects };
    },
    {
      events: ({ together, ancestors, caused, gates, ...event }) => [
        ...[event, ...together, ...ancestors, ...caused],
        ...gates.flatMap(({ run }) => run?.input ?? []),
      ],
    },
  ),
  tree: route(
    EVENTS.tree,
    async ({ params }, { events }) => {
      const tree = await events.tree(params.id);
      if (!tree) throw new Refusal('event.not-found', { id: params.id });
      return tree;
    },
    { events: ({ nodes }) => nodes.map(({ event }) => event) },
  ),
  emit: route(
    EVENTS.emit,
    (call, { events }) => {
      const { body } = call;
      const { type, patient = null, context = {} } = body;
      const target = parseReference(body.target) ?? (patient === null ? SERVER : { type: 'Patient', id: patient });
      return events.emit({ type, target, patient, context }, originOf(call));
    },
    { events: (event) => [event] },
  ),
};

/** The target of an event that names neither a record nor a patient. */
const SERVER = { type: 'Chartwire', id: 'chartwire' } as const;

function eventSource(
  log: Services['events'],
  filter: { type?: string; patient?: string; target?: string; source?: string },
): Source {
  return {
    now: () => log.now(),
    open: (after, send) => log.subscribe(after, (event) => send(event.cursor, event), filter),
  };
}
