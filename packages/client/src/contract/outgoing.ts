// /api/outgoing: requests to other systems that plugins queued.

import { Type } from 'typebox';
import { Failure } from './execution.ts';
import { After, FhirId, limit, orNull, pageOf, PluginName, Time, Uuid } from './parameters.ts';
import { row } from './row.ts';

/**
 * pending: to be sent, or to be retried. sending: under way. done: answered. dead: given up. skipped: not sent, since somebody
 * chose so or removed the plugin.
 */
export const OUTGOING_STATES = ['pending', 'sending', 'done', 'dead', 'skipped'] as const;

export const OutgoingRequest = Type.Object({
  id: Type.String({ format: 'uuid', description: 'Also its Idempotency-Key.' }),
  plugin: Type.String(),
  handler: Type.String(),
  event: Type.String({ format: 'uuid', description: 'What the handler was given when it asked.' }),
  patient: orNull(FhirId),
  method: Type.String(),
  url: Type.String({ description: 'Without its query.' }),
  tag: orNull(Type.String()),
  state: Type.Enum([...OUTGOING_STATES]),
  attempts: Type.Array(
    Type.Object({
      at: Time,
      ms: Type.Integer(),
      status: orNull(Type.Integer({ description: 'Null when there was no answer.' })),
      code: orNull(Type.String({ description: 'Of the error; null for a success.' })),
    }),
    { description: 'Oldest first.' },
  ),
  nextAt: orNull(Time),
  error: orNull(Failure),
  queuedAt: Time,
  at: Type.String({ format: 'date-time', description: 'When its state last changed.' }),
});

export const OUTGOING = {
  list: row({
    method: 'GET',
    path: '/api/outgoing',
    operation: 'outgoing.list',
    summary: 'Requests of plugins to other systems, newest first; without a state all that aren’t done',
    needs: 'admin',
    query: Type.Object(
      {
        state: Type.Optional(Type.Enum([...OUTGOING_STATES])),
        plugin: Type.Optional(PluginName),
        after: After,
        limit: limit(50, 500),
      },
      { additionalProperties: false },
    ),
    answer: { status: 200, description: 'A page of requests.', schema: pageOf(OutgoingRequest) },
  }),
  retry: row({
    method: 'POST',
    path: '/api/outgoing/:id/retry',
    operation: 'outgoing.retry',
    summary: 'Sends a dead, skipped or pending request now, with its Idempotency-Key',
    needs: 'admin',
    params: Type.Object({ id: Uuid }),
    answer: { status: 200, description: 'The request, to be sent.', schema: OutgoingRequest },
  }),
  skip: row({
    method: 'POST',
    path: '/api/outgoing/:id/skip',
    operation: 'outgoing.skip',
    summary: 'Skips a dead request',
    needs: 'admin',
    params: Type.Object({ id: Uuid }),
    answer: { status: 200, description: 'The request, skipped.', schema: OutgoingRequest },
  }),
};
