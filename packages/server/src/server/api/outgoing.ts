// /api/outgoing: requests of plugins to other systems, and retrying what was given up.

import { OUTGOING } from '@chartwire/client/internal/contract/outgoing';
import { callerOf } from '@chartwire/sdk/internal/kit/event';
import { route, type RoutesOf } from '../route.ts';

export const OUTGOING_ROUTES: RoutesOf<typeof OUTGOING> = {
  list: route(
    OUTGOING.list,
    ({ query, access }, { outgoing, store }) =>
      outgoing.list({ ...query, limit: query.limit ?? 50 }, store.searching(callerOf(access.actor))),
    { patients: ({ items }) => items.map(({ patient }) => patient) },
  ),
  retry: route(OUTGOING.retry, ({ params }, { outgoing }) => outgoing.retry(params.id), {
    patients: ({ patient }) => [patient],
  }),
  skip: route(OUTGOING.skip, ({ params }, { outgoing }) => outgoing.skip(params.id), {
    patients: ({ patient }) => [patient],
  }),
};
