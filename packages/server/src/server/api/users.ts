// /api/users: users, and the links with which they choose passwords.

import { ROLE_NAMES, USERS } from '@chartwire/client/internal/contract/users';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { callerOf } from '../access/administration.ts';
import { requireAppointing } from '../access/granting.ts';
import { type SignInLink, welcomeLink } from '../access/links.ts';
import { ROLES, scopesOf } from '../access/roles.ts';
import { route, type RoutesOf } from '../route.ts';
import type { Services } from '../services.ts';

export const USER_ROUTES: RoutesOf<typeof USERS> = {
  roles: route(USERS.roles, async () => ({
    items: ROLE_NAMES.map((name) => ({ name, summary: ROLES[name].summary, scopes: ROLES[name].scopes })),
    next: null,
  })),
  list: route(USERS.list, ({ query }, { users }) => users.list({ ...query, limit: query.limit ?? 100 })),
  create: route(USERS.create, async ({ body, browser, access }, { users, store }) => {
    requireAppointing(access, scopesOf(body.roles));
    await requirePractitioner(store, body.practitioner);
    const { invitation, ...user } = await users.create(body, callerOf({ browser, access }));
    // Its id is known only now.
    access.audit({ action: 'users.create', type: 'User', id: user.id });
    return { ...user, ...linkView(browser.origin, invitation) };
  }),
  get: route(USERS.get, ({ params }, { users }) => users.get(params.id)),
  update: route(USERS.update, async ({ params, body, browser, access }, { users, store }) => {
    if (body.roles) {
      const had = (await users.get(params.id)).roles;
      requireAppointing(access, scopesOf(body.roles.filter((role) => !had.includes(role))));
    }
    await requirePractitioner(store, body.practitioner);
    return users.change(params.id, body, callerOf({ browser, access }));
  }),
  reset: route(USERS.reset, async ({ params, browser, access }, { users }) => {
    // Whoever has the link can act as that user.
    requireAppointing(access, scopesOf((await users.get(params.id)).roles));
    return linkView(browser.origin, await users.reset(params.id, callerOf({ browser, access })));
  }),
  unlink: route(USERS.unlink, async ({ params, browser, access }, { users, oidcUsers, oidc }) => {
    await users.get(params.id);
    await oidcUsers.unlink(params.id, callerOf({ browser, access }), oidc?.settings.issuer ?? null);
    return users.get(params.id);
  }),
};

function linkView(origin: string, { secret, expiresAt }: SignInLink): { link: string; expiresAt: string } {
  return { link: welcomeLink(origin, secret), expiresAt };
}

async function requirePractitioner(store: Services['store'], id: string | null | undefined): Promise<void> {
  if (!id || (await store.current('Practitioner', id))?.record) return;
  const fault = { path: '/practitioner', message: 'there is no such Practitioner' };
  throw new Refusal('request.invalid', { reason: fault.message }, [fault]);
}
