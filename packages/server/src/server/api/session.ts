// /api/session: who is signed in at this browser; sign in and out.

import type { Static } from 'typebox';
import { SESSION, type SessionShape } from '@chartwire/client/internal/contract/session';
import type { Browser } from '../access/browser.ts';
import type { RequestAccess } from '../access/request-access.ts';
import { route, type RoutesOf } from '../route.ts';
import type { Services } from '../services.ts';

export const SESSION_ROUTES: RoutesOf<typeof SESSION> = {
  get: route(SESSION.get, ({ browser }, services) => sessionView(browser, services)),
  create: route(SESSION.create, async ({ body, browser, access }, services) => {
    await noted(access, 'session.create', browser, async () =>
      browser.keep(await services.signIn.withPassword(body, browser)),
    );
    return sessionView(browser, services);
  }),
  delete: route(SESSION.delete, async ({ browser }) => {
    browser.session();
    await browser.forget();
  }),
  password: route(SESSION.password, async ({ body, browser }, { signIn }) =>
    browser.renew(await signIn.changePassword(browser.session(), body)),
  ),
  link: route(SESSION.link, async ({ body, browser, access }, services) => {
    await noted(access, 'session.link', browser, async () =>
      browser.keep(await services.signIn.withLink(body, browser)),
    );
    return sessionView(browser, services);
  }),
  ways: route(SESSION.ways, async ({ browser }, { users }) => {
    const { hasPassword, identity } = await users.get(browser.session().user.id);
    return { password: hasPassword, identity };
  }),
  unlink: route(SESSION.unlink, ({ browser }, { oidcUsers }) => oidcUsers.unlinkOwn(browser.session())),
};

async function sessionView(
  browser: Browser,
  { events, users, practice }: Pick<Services, 'events' | 'users' | 'practice'>,
): Promise<Static<typeof SessionShape>> {
  const { user, access, csrf, expiresAt } = browser.session();
  const [cursor, draftKey, timeZone] = await Promise.all([events.now(), users.draftKey(user.id), practice.timeZone()]);
  return {
    user: { ...user, roles: [...user.roles] },
    scopes: [...access.scopes.texts],
    csrf,
    expiresAt,
    draftKey,
    timeZone,
    cursor,
  };
}

/** Signs a user in. The audit trail records it under their name, or as an unidentified attempt if refused. */
async function noted(
  access: RequestAccess,
  action: string,
  browser: Browser,
  signIn: () => Promise<void>,
): Promise<void> {
  try {
    await signIn();
  } catch (error) {
    access.audit({ action, type: 'User' });
    throw error;
  }
  access.audit({ action, type: 'User', id: browser.session().user.id });
}
