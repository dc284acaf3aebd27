// An event as the API shows it.

import { Type } from 'typebox';
import { Actor } from './actor.ts';
import { FhirId, orNull, patientName, Time, Uuid } from './parameters.ts';

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
      root: Type.Optional(Uuid),
      path: Type.Optional(
        Type.Array(Type.Object({ type: Type.String(), plugin: Type.String(), handler: Type.String() }), {
          description: 'The handlers since the root event, with the type of the event that each responded to.',
        }),
      ),
      turn: Type.Optional(
        Type.Integer({ description: 'How often the handler had already run since the root event, if it had.' }),
      ),
    }),
  ),
  depth: Type.Integer(),
  context: Type.Record(Type.String(), Type.Unknown(), { description: 'Per event type: /docs/catalogue/events.html.' }),
});

/** An event as an item of a list that people read. */
export const ListedEvent = Type.Object({ ...Event.properties, patientName });

const { context: _, ...brief } = Event.properties;

export const BriefEvent = Type.Object(brief);
