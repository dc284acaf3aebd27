// /api/tokens: access tokens for programs.

import { TOKENS } from '@chartwire/client/internal/contract/tokens';
import { route, type RoutesOf } from '../route.ts';

export const TOKEN_ROUTES: RoutesOf<typeof TOKENS> = {
  list: route(TOKENS.list, ({ query }, { tokens }) => tokens.list({ ...query, limit: query.limit ?? 100 })),
  create: route(TOKENS.create, ({ body, access, browser }, { tokens }) =>
    tokens.create(body, { actor: access.actor, session: browser.sessionHash }, access),
  ),
  revoke: route(TOKENS.revoke, ({ params }, { tokens }) => tokens.revoke(params.id)),
};
