// /api/events: the log, the story of one event, the live stream, and emitting an event by hand.

import { Type } from 'typebox';
import { Delivery } from './deliveries.ts';
import { BriefEvent, Event, ListedEvent } from './event.ts';
import { Check, Effect, Execution } from './execution.ts';
import {
  After,
  EventType,
  EventTypes,
  FhirId,
  limit,
  Order,
  orNull,
  pageOf,
  Target,
  TargetReference,
  Uuid,
} from './parameters.ts';
import { row } from './row.ts';

const Filter = {
  type: Type.Optional(EventTypes),
  patient: Type.Optional(FhirId),
  target: Type.Optional(Target),
  source: Type.Optional(Event.properties.source),
};

export const EventStory = Type.Object({
  ...ListedEvent.properties,
  gates: Type.Array(Type.Object({ ...Check.properties, run: orNull(Execution) }), {
    description: 'What plugins said before it, as they were asked about the operation that led to it.',
  }),
  together: Type.Array(BriefEvent, { description: 'Committed with it, in one unit of work.' }),
  ancestors: Type.Array(BriefEvent, { description: 'What led to it, from the first event to its cause.' }),
  deliveries: Type.Array(Delivery),
  passedOver: Type.Array(Type.Object({ plugin: Type.String(), handler: Type.String() }), {
    description: 'Handlers that aren’t given it, since it’s their own effect and they don’t set HEARS_OWN.',
  }),
  executions: Type.Array(Execution),
  effects: Type.Array(
    Type.Object({ execution: Uuid, index: Type.Integer({ description: 'From 0.' }), ...Effect.properties }),
  ),
  caused: Type.Array(Event, { description: 'Events whose cause is this one.' }),
});

const { calls, logs, input, event: answered, pluginVersion, effects, ...run } = Execution.properties;

const { payload, ...outcome } = Effect.properties;

export const EventTree = Type.Object({
  root: Uuid,
  nodes: Type.Array(
    Type.Object({
      event: BriefEvent,
      checks: Type.Array(Check),
      executions: Type.Array(Type.Object({ ...run, effects: Type.Array(Type.Object(outcome)) })),
      deliveries: Type.Array(Delivery),
    }),
    { description: 'In the order of the log. A node’s parent is the event of its `event.cause`.' },
  ),
  truncated: Type.Boolean({ description: 'There is more than is shown.' }),
});

export const EVENTS = {
  list: row({
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
  }),
  stream: row({
    method: 'GET',
    path: '/api/events/stream',
    operation: 'events.stream',
    summary: 'Events as they happen, as Server-Sent Events; resumes after Last-Event-ID (or `after`)',
    needs: 'read',
    query: Type.Object({ ...Filter, after: After }, { additionalProperties: false }),
    answer: {
      status: 200,
      description: 'One message an event; its id is the cursor.',
      type: 'text/event-stream',
      messages: Event,
    },
  }),
  get: row({
    method: 'GET',
    path: '/api/events/:id',
    operation: 'events.get',
    summary:
      'An event’s story: the gates before it, what led to it, its deliveries, executions, effects and the events these caused',
    needs: 'read',
    params: Type.Object({ id: Uuid }),
    answer: { status: 200, description: 'The event and what came of it.', schema: EventStory },
  }),
  tree: row({
    method: 'GET',
    path: '/api/events/:id/tree',
    operation: 'events.tree',
    summary: 'All that the event which began it led to, this event among it',
    needs: 'read',
    params: Type.Object({ id: Uuid }),
    answer: { status: 200, description: 'The tree, as it was at one moment.', schema: EventTree },
  }),
  emit: row({
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
  }),
};
