// /api/deliveries: the events that are still pending for handlers.

import { Type } from 'typebox';
import { Event } from './event.ts';
import { Failure } from './execution.ts';
import { After, FhirId, limit, orNull, pageOf, PluginName, Time, Uuid } from './parameters.ts';
import { row } from './row.ts';

/**
 * pending: not delivered yet. waiting: failed, and will be retried. behind: waits for an earlier event of the same chart. dead: a
 * dead letter, no more retries. skipped: not delivered, because someone chose so or a loop was stopped.
 */
export const DELIVERY_STATES = ['pending', 'waiting', 'behind', 'dead', 'skipped', 'done'] as const;

export const Delivery = Type.Object({
  id: Type.String(),
  event: Uuid,
  type: Type.String({ description: 'The type of the event.' }),
  target: Event.properties.target,
  patient: orNull(FhirId),
  plugin: Type.String(),
  handler: Type.String(),
  state: Type.Enum([...DELIVERY_STATES]),
  attempts: Type.Integer(),
  nextAt: orNull(Time),
  error: orNull(Failure),
  ended: Type.Optional(
    Type.Integer({ description: 'Of a loop’s dead letter: the later events of the loop that were skipped with it.' }),
  ),
  at: Type.String({ format: 'date-time', description: 'When its state was last known to change.' }),
});

export const DELIVERIES = {
  list: row({
    method: 'GET',
    path: '/api/deliveries',
    operation: 'deliveries.list',
    summary: 'Events to be delivered to handlers, newest first; without a state all that are neither done nor skipped',
    needs: 'admin',
    query: Type.Object(
      {
        state: Type.Optional(Type.Enum([...DELIVERY_STATES])),
        plugin: Type.Optional(PluginName),
        after: After,
        limit: limit(50, 500),
      },
      { additionalProperties: false },
    ),
    answer: { status: 200, description: 'A page of deliveries.', schema: pageOf(Delivery) },
  }),
  retry: row({
    method: 'POST',
    path: '/api/deliveries/:id/retry',
    operation: 'deliveries.retry',
    summary: 'Tries a dead, skipped or waiting delivery now',
    needs: 'admin',
    params: Type.Object({ id: Type.String({ pattern: '^[!-~]{1,300}$' }) }),
    answer: { status: 200, description: 'The delivery, waiting to be tried.', schema: Delivery },
  }),
  skip: row({
    method: 'POST',
    path: '/api/deliveries/:id/skip',
    operation: 'deliveries.skip',
    summary: 'Skips a dead delivery; where its chart waits for it, the later events go on',
    needs: 'admin',
    params: Type.Object({ id: Type.String({ pattern: '^[!-~]{1,300}$' }) }),
    answer: { status: 200, description: 'The delivery, skipped.', schema: Delivery },
  }),
};
