// /api/session: who is signed in at this browser, and how they come to be.

import { type Static, Type } from 'typebox';
import type { Browser } from '../access/browser.ts';
import type { RequestAccess } from '../access/request-access.ts';
import { ROLE_NAMES } from '../access/roles.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { only } from './entries.ts';
import { Identity } from './identity.ts';
import { FhirId, orNull, Uuid } from './parameters.ts';

export const Roles = Type.Array(Type.Enum([...ROLE_NAMES]), { maxItems: ROLE_NAMES.length });
const Password = Type.String({ minLength: 1, maxLength: 1_000 });

const SessionShape = Type.Object({
  user: Type.Object({
    id: Uuid,
    login: Type.String(),
    name: Type.String(),
    roles: Roles,
    practitioner: orNull(FhirId),
  }),
  scopes: Type.Array(Type.String(), { description: 'What the roles allow, as SMART v2 scopes.' }),
  csrf: Type.String({
    description: 'For the header `x-csrf-token` of every POST, PUT, PATCH and DELETE with the cookie.',
  }),
  expiresAt: Type.String({ format: 'date-time', description: 'When the session ends unless it is used before.' }),
  draftKey: Type.String({
    description:
      'Encrypts what the browser keeps of unsent work, so that nobody else there can read it: 32 bytes in base64.',
  }),
  timeZone: Type.String({ description: 'Of the practice: decides which day it is.' }),
  cursor: Type.String({
    description: 'Of the log as it is now: a stream after it tells all that changes in what is read from here on.',
  }),
});

const Ways = Type.Object({
  password: Type.Boolean({ description: 'Whether there is a password to sign in with.' }),
  identity: orNull(Identity, { description: 'Who you are at the identity provider.' }),
});
export type Ways = Static<typeof Ways>;

const answer = { status: 200, description: 'Who is signed in.', schema: SessionShape } as const;

export const SESSION_ROUTES: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/session',
    operation: 'session.get',
    summary: 'Who is signed in, by the cookie',
    needs: 'token',
    audited: false,
    answer,
    handle: ({ browser }, services) => sessionView(browser, services),
  }),
  route({
    method: 'POST',
    path: '/api/session',
    operation: 'session.create',
    summary: 'Signs in with a password; the answer sets the cookie',
    needs: 'open',
    ends: true,
    audited: false,
    body: only({ login: Type.String({ minLength: 1, maxLength: 254 }), password: Password }),
    answer,
    handle: async ({ body, browser, access }, services) => {
      await noted(access, 'session.create', browser, async () =>
        browser.keep(await services.signIn.withPassword(body, browser)),
      );
      return sessionView(browser, services);
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/session',
    operation: 'session.delete',
    summary: 'Signs out: the cookie is worth nothing from now on, wherever it is',
    needs: 'token',
    ends: true,
    answer: { status: 204, description: 'Signed out.' },
    handle: async ({ browser }) => {
      browser.session();
      await browser.forget();
    },
  }),
  route({
    method: 'PUT',
    path: '/api/session/password',
    operation: 'session.password',
    summary: 'Changes your own password; your other sessions end, and this one gets another cookie',
    needs: 'token',
    ends: true,
    body: only({ current: Password, next: Password }),
    answer: { status: 204, description: 'Changed.' },
    handle: async ({ body, browser }, { signIn }) =>
      browser.renew(await signIn.changePassword(browser.session(), body)),
  }),
  route({
    method: 'POST',
    path: '/api/session/link',
    operation: 'session.link',
    summary: 'Chooses a password with an invitation or a reset, and signs in; the link is used up',
    needs: 'open',
    ends: true,
    audited: false,
    body: only({
      token: Type.String({ pattern: '^[\\w-]{43}$', description: 'What follows # in the link.' }),
      password: Password,
    }),
    answer,
    handle: async ({ body, browser, access }, services) => {
      await noted(access, 'session.link', browser, async () =>
        browser.keep(await services.signIn.withLink(body, browser)),
      );
      return sessionView(browser, services);
    },
  }),
  route({
    method: 'GET',
    path: '/api/session/ways',
    operation: 'session.ways',
    summary: 'How you may sign in: with a password, by the link to an identity provider',
    needs: 'token',
    audited: false,
    answer: { status: 200, description: 'The ways that are open to you.', schema: Ways },
    handle: async ({ browser }, { users }) => {
      const { hasPassword, identity } = await users.get(browser.session().user.id);
      return { password: hasPassword, identity };
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/session/identity',
    operation: 'session.unlink',
    summary: 'Removes your link to the identity provider; your other sessions end',
    needs: 'token',
    ends: true,
    answer: { status: 204, description: 'Removed.' },
    handle: ({ browser }, { oidcUsers }) => oidcUsers.unlinkOwn(browser.session()),
  }),
];

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

/** Signs somebody in. The audit trail has it under their name, or as an attempt of nobody's when it is refused. */
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
