// /api/deliveries: pending deliveries, and retries of dead letters.

import { DELIVERIES } from '@chartwire/client/internal/contract/deliveries';
import { callerOf } from '@chartwire/sdk/internal/kit/event';
import { route, type RoutesOf } from '../route.ts';

export const DELIVERY_ROUTES: RoutesOf<typeof DELIVERIES> = {
  list: route(
    DELIVERIES.list,
    ({ query, access }, { deliveries, store }) =>
      deliveries.list({ ...query, limit: query.limit ?? 50 }, store.searching(callerOf(access.actor))),
    { patients: ({ items }) => items.map(({ patient }) => patient) },
  ),
  retry: route(DELIVERIES.retry, ({ params }, { deliveries }) => deliveries.retry(params.id), {
    patients: ({ patient }) => [patient],
  }),
  skip: route(DELIVERIES.skip, ({ params }, { deliveries }) => deliveries.skip(params.id), {
    patients: ({ patient }) => [patient],
  }),
};
