// /api/deliveries: pending deliveries, and retries of dead letters.

import { DELIVERIES } from '@chartwire/client/internal/contract/deliveries';
import { callerOf } from '@chartwire/sdk/internal/kit/event';
import { route, type RoutesOf } from '../route.ts';

export const DELIVERY_ROUTES: RoutesOf<typeof DELIVERIES> = {
  list: route(
    DELIVERIES.list,
    ({ query, access }, { deliveries, store }) =>
      deliveries.list({ ...query, limit: query.limit ?? 50 }, store.searching(callerOf(access.actor))),
    { events: ({ items }) => items },
  ),
  retry: route(DELIVERIES.retry, ({ params }, { deliveries }) => deliveries.retry(params.id), {
    events: (delivery) => [delivery],
  }),
  skip: route(DELIVERIES.skip, ({ params }, { deliveries }) => deliveries.skip(params.id), {
    events: (delivery) => [delivery],
  }),
};
