// /api/deliveries: what is owed to whom, and trying again what was given up.

import { Type } from 'typebox';
import { callerOf } from '@chartwire/sdk/internal/kit/event';
import { DELIVERY_STATES } from '#delivery/deliveries.ts';
import { type Route, route } from '../route.ts';
import { After, limit, PluginName, pageOf } from './parameters.ts';
import { Delivery } from './shapes.ts';

export const DELIVERY_ROUTES: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/deliveries',
    operation: 'deliveries.list',
    summary: 'Events owed to handlers, newest first; without a state all that are not over',
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
    handle: ({ query, access }, { deliveries, store }) =>
      deliveries.list({ ...query, limit: query.limit ?? 50 }, store.searching(callerOf(access.actor))),
    patients: ({ items }) => items.map(({ patient }) => patient),
  }),
  route({
    method: 'POST',
    path: '/api/deliveries/:id/retry',
    operation: 'deliveries.retry',
    summary: 'Tries a dead or waiting delivery now',
    needs: 'admin',
    params: Type.Object({ id: Type.String({ pattern: '^[!-~]{1,300}$' }) }),
    answer: { status: 200, description: 'The delivery, waiting to be tried.', schema: Delivery },
    handle: ({ params }, { deliveries }) => deliveries.retry(params.id),
    patients: ({ patient }) => [patient],
  }),
];
