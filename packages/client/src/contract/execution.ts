// One run of a plugin's handler: its effects, its checks, and its error.

import { type Static, Type } from 'typebox';
import { Actor } from './actor.ts';
import { Event } from './event.ts';
import { orNull, Time, Uuid } from './parameters.ts';

export const Failure = Type.Object({
  code: Type.String(),
  message: Type.String(),
  stack: Type.Optional(Type.String()),
});

export const Effect = Type.Object({
  type: Type.String(),
  payload: Type.Unknown(),
  outcome: Type.Enum(['applied', 'refused', 'not-applied']),
  references: Type.Array(Type.String(), { description: 'What it changed: `Task/123`.' }),
  error: Type.Optional(Failure),
});

/** One call from a handler to Chartwire. */
export const HostCall = Type.Object({
  kind: Type.Enum(['read', 'search', 'http']),
  request: Type.String({ description: '`Patient/1`, `Observation?code=...`, `POST https://host/path`.' }),
  outcome: Type.String({ description: '`ok`, an HTTP status, or an error code.' }),
  ms: Type.Number(),
  given: Type.Array(Type.String(), {
    description: 'References with versions that were given: `Patient/1/_history/3`.',
  }),
});
export type HostCall = Static<typeof HostCall>;

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
  calls: Type.Array(HostCall, { description: 'Reads, searches and HTTP calls it made, in order.' }),
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
  reason: Type.Optional(Type.String({ description: 'If it was overridden: why.' })),
  ms: Type.Number(),
  execution: Type.Optional(Type.String({ description: 'The run of the handler, of the plugin’s executions.' })),
});
