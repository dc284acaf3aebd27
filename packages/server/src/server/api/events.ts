// /api/events: the log, one event's story, the live stream, and emitting by hand.

import { Type } from 'typebox';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { callerOf } from '@chartwire/sdk/internal/kit/event';
import { parseReference } from '@chartwire/sdk/internal/kit/ids';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import type { Source } from '../sse.ts';
import { originOf } from './entries.ts';
import { withPatientNames } from './names.ts';
import {
  After,
  EventType,
  EventTypes,
  FhirId,
  limit,
  Order,
  pageOf,
  Target,
  TargetReference,
  Uuid,
} from './parameters.ts';
import { Event, EventStory, EventTree, ListedEvent } from './shapes.ts';

const Filter = {
  type: Type.Optional(EventTypes),
  patient: Type.Optional(FhirId),
  target: Type.Optional(Target),
  source: Type.Optional(Event.properties.source),
};

export const EVENT_ROUTES: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/events',
    operation: 'events.list',
    summary: 'The log',
    needs: 'read',
    query: Type.Object(
      { ...Filter, order: Type.Optional(Order), after: After, limit: limit(50, 500) },
      { additionalProperties: false },
    ),
    answer: { status: 200, description: 'A page of events.', schema: pageOf(ListedEvent) },
    handle: async (call, { events, chart }) => {
      const { query } = call;
      const { items, next } = await events.list({
        ...query,
        limit: query.limit ?? 50,
        caller: callerOf(call.access.actor),
      });
      return { items: await withPatientNames(chart.reader(originOf(call)), items), next };
    },
    events: ({ items }) => items,
  }),
  route({
    method: 'GET',
    path: '/api/events/stream',
    operation: 'events.stream',
    summary: 'Events as they happen, as Server-Sent Events; resumes after Last-Event-ID (or `after`)',
    needs: 'read',
    query: Type.Object({ ...Filter, after: After }, { additionalProperties: false }),
    answer: { status: 200, description: 'One message an event; its id is the cursor.', type: 'text/event-stream' },
    handle: async ({ query, stream }, { events }) => stream(eventSource(events, query), query.after),
  }),
  route({
    method: 'GET',
    path: '/api/events/:id',
    operation: 'events.get',
    summary:
      'An event’s story: the gates before it, what led to it, its deliveries, executions, effects and the events these caused',
    needs: 'read',
    params: Type.Object({ id: Uuid }),
    answer: { status: 200, description: 'The event and what came of it.', schema: EventStory },
    handle: async (call, { events, chart }) => {
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
    events: ({ together, ancestors, caused, ...event }) => [event, ...together, ...ancestors, ...caused],
  }),
  route({
    method: 'GET',
    path: '/api/events/:id/tree',
    operation: 'events.tree',
    summary: 'All that the event which began it led to, this event among it',
    needs: 'read',
    params: Type.Object({ id: Uuid }),
    answer: { status: 200, description: 'The tree, as it was at one moment.', schema: EventTree },
    handle: async ({ params }, { events }) => {
      const tree = await events.tree(params.id);
      if (!tree) throw new Refusal('event.not-found', { id: params.id });
      return tree;
    },
    events: ({ nodes }) => nodes.map(({ event }) => event),
  }),
  route({
    method: 'POST',
    path: '/api/events',
    operation: 'events.emit',
    summary: 'Emits an event by hand',
    needs: 'admin',
    body: Type.Object(
      {
        type: EventType,
        target: Type.Optional(TargetReference),
        patient: Type.Optional(FhirId),
        context: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
      },
      { additionalProperties: false },
    ),
    answer: { status: 201, description: 'The event as it was logged.', schema: Event },
    handle: (call, { events }) => {
      const { body } = call;
      const { type, patient = null, context = {} } = body;
      const target = parseReference(body.target) ?? (patient === null ? SERVER : { type: 'Patient', id: patient });
      return events.emit({ type, target, patient, context }, originOf(call));
    },
    events: (event) => [event],
  }),
];

/** What an event is about that names neither a record nor a patient. */
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
