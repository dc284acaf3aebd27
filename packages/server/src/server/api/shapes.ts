// What /api shows, as JSON Schema: the description of the API is made of these, and a test holds the answers to them.

import { Type } from 'typebox';
import { DELIVERY_STATES } from '#delivery/deliveries.ts';
import { FhirId, orNull, Time, Uuid } from './parameters.ts';

export const Actor = Type.Object({
  type: Type.Enum(['user', 'client', 'plugin', 'system']),
  id: Type.String(),
  display: Type.Optional(Type.String()),
  practitioner: Type.Optional(FhirId),
});

export const Event = Type.Object({
  id: Uuid,
  cursor: Type.String({ description: 'Its place in the log, for `after` and Last-Event-ID.' }),
  type: Type.String(),
  target: Type.Object({ type: Type.String(), id: Type.String(), version: Type.Optional(Type.Integer()) }),
  patient: orNull(FhirId),
  note: orNull(Type.String()),
  actor: Actor,
  source: Type.Enum(['fhir', 'api', 'web', 'hl7', 'effect', 'clock', 'cli', 'system']),
  at: Time,
  chartVersion: orNull(Type.Integer()),
  cause: orNull(
    Type.Object({
      event: Uuid,
      execution: Uuid,
      plugin: Type.String(),
      handler: Type.String(),
      effect: Type.Integer(),
    }),
  ),
  depth: Type.Integer(),
  context: Type.Record(Type.String(), Type.Unknown(), { description: 'Per event type: docs/catalogue/events.md.' }),
});

const patientName = orNull(
  Type.String({ description: 'What the patient is called by now; null for a caller who may not read patients.' }),
);

/** An event of a list, where people read it. */
export const ListedEvent = Type.Object({ ...Event.properties, patientName });

const { context: _, ...brief } = Event.properties;
export const BriefEvent = Type.Object(brief);

const Failure = Type.Object({ code: Type.String(), message: Type.String(), stack: Type.Optional(Type.String()) });

export const Effect = Type.Object({
  type: Type.String(),
  payload: Type.Unknown(),
  outcome: Type.Enum(['applied', 'refused', 'not-applied']),
  references: Type.Array(Type.String(), { description: 'What it changed: `Task/123`.' }),
  error: Type.Optional(Failure),
});

export const Execution = Type.Object({
  id: Uuid,
  event: Uuid,
  plugin: Type.String(),
  pluginVersion: Type.String(),
  handler: Type.String(),
  attempt: Type.Integer(),
  state: Type.Enum(['completed', 'failed']),
  startedAt: Time,
  ms: Type.Number({ description: 'Wall time of compute() in milliseconds.' }),
  error: orNull(Failure),
  calls: Type.Array(Type.Unknown(), { description: 'Reads, searches and HTTP calls it made, in order.' }),
  effects: Type.Array(Effect),
  logs: Type.Array(Type.Object({ level: Type.String(), message: Type.String(), at: Time })),
  input: orNull(
    Type.Object(
      {
        type: Event.properties.type,
        target: Event.properties.target,
        patient: Event.properties.patient,
        note: Event.properties.note,
        actor: Actor,
        at: Time,
        logged: Type.Boolean({ description: 'False for a question: a gate or a search, which is in no log.' }),
        context: Type.Optional(Event.properties.context),
      },
      { description: 'What it answered. The context is that of the event, and here for a question alone.' },
    ),
  ),
});

export const Check = Type.Object({
  check: Type.String({ description: '`plugin/Handler`.' }),
  event: Type.String(),
  outcome: Type.Enum(['passed', 'overridden', 'amended', 'did-not-run']),
  message: Type.Optional(Type.String()),
  field: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String({ description: 'Of one that was overridden: why.' })),
  ms: Type.Number(),
  execution: Type.Optional(Type.String({ description: 'The run of the handler, of the plugin’s executions.' })),
});

export const Delivery = Type.Object({
  id: Type.String(),
  event: Uuid,
  type: Type.String({ description: 'The type of the event.' }),
  patient: orNull(FhirId),
  plugin: Type.String(),
  handler: Type.String(),
  state: Type.Enum([...DELIVERY_STATES]),
  attempts: Type.Integer(),
  nextAt: orNull(Time),
  error: orNull(Failure),
  at: Type.String({ format: 'date-time', description: 'When its state was last known to change.' }),
});

export const EventStory = Type.Object({
  ...ListedEvent.properties,
  gates: Type.Array(Type.Object({ ...Check.properties, run: orNull(Execution) }), {
    description: 'What plugins said before it, as they were asked about the operation that led to it.',
  }),
  together: Type.Array(BriefEvent, { description: 'Committed with it, in one unit of work.' }),
  ancestors: Type.Array(BriefEvent, { description: 'What led to it, from the first event to its cause.' }),
  deliveries: Type.Array(Delivery),
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

export const Variable = Type.Object({
  key: Type.String(),
  value: orNull(Type.String({ description: 'Null for a sensitive one, and for one that is not set.' })),
  sensitive: Type.Boolean(),
  set: Type.Boolean(),
  description: Type.String(),
});

const Handler = Type.Object({
  name: Type.String(),
  respondsTo: Type.Array(Type.String()),
  schedule: Type.Optional(Type.String()),
  timezone: Type.Optional(Type.String()),
});

export const Plugin = Type.Object({
  name: Type.String(),
  version: Type.String(),
  description: Type.String(),
  enabled: Type.Boolean(),
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
  }),
  runs: Type.Object({ hour: Runs, day: Runs }),
});

export const LogLine = Type.Object({
  id: Type.String(),
  at: Time,
  plugin: Type.String(),
  handler: orNull(Type.String()),
  execution: orNull(Uuid),
  level: Type.String(),
  message: Type.String(),
});

export const Token = Type.Object({
  id: Uuid,
  name: Type.String(),
  scopes: Type.Array(Type.String()),
  patient: orNull(FhirId),
  createdAt: Time,
  expiresAt: orNull(Time),
  lastUsedAt: orNull(Time),
  revokedAt: orNull(Time),
});

export const AuditRow = Type.Object({
  id: Type.String(),
  at: Time,
  actor: Actor,
  action: Type.String(),
  type: orNull(Type.String()),
  record: orNull(Type.String({ description: 'The one record it was about.' })),
  version: orNull(Type.Integer({ description: 'The version of it that was given or written.' })),
  patient: orNull(Type.String()),
  patientName,
  records: orNull(
    Type.Record(Type.String(), Type.Array(Type.String()), {
      description: 'Where there were several, by type: each an id, with `@` and the version where that is known.',
    }),
  ),
  query: orNull(Type.String()),
  status: Type.Integer(),
  address: orNull(Type.String()),
  request: orNull(Type.String()),
  why: orNull(
    Type.Record(Type.String(), Type.Unknown(), {
      description:
        'What it was for: the `purpose` that the caller named, or the `event`, `execution` and `handler` of a plugin.',
    }),
  ),
  chain: Type.Integer({ description: 'Which chain of hashes the row is in.' }),
  seq: Type.Integer({ description: 'Its number there, from 1.' }),
  hash: Type.String({ description: 'SHA-256 of the row and of the hash before it, hex.' }),
});
