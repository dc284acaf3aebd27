// /api/session/oidc: signing in at an identity provider, for browsers that are sent there and back.

import { Type } from 'typebox';
import { Refusal } from '#kit/errors.ts';
import { CALLBACK, type Oidc } from '../access/oidc.ts';
import { userOfIdentity } from '../access/oidc-users.ts';
import { type Route, route } from '../route.ts';
import { orNull } from './parameters.ts';

const START = '/api/session/oidc/start';
/** Seconds that somebody has to sign in over there. */
const PATIENCE = 600;
const COOKIE = { name: 'chartwire_oidc', path: '/api/session/oidc' } as const;

export const OIDC_ROUTES: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/session/methods',
    operation: 'session.methods',
    summary: 'How one may sign in here',
    needs: 'open',
    audited: false,
    answer: {
      status: 200,
      description: 'The ways.',
      schema: Type.Object({
        password: Type.Boolean(),
        oidc: orNull(
          Type.Object({ name: Type.String(), start: Type.String({ description: 'Where to send the browser.' }) }),
        ),
      }),
    },
    handle: async (_call, { oidc }) => ({ password: true, oidc: oidc && { name: oidc.settings.name, start: START } }),
  }),
  route({
    method: 'GET',
    path: START,
    operation: 'session.oidc.start',
    summary: 'Sends the browser to the identity provider',
    needs: 'open',
    audited: false,
    answer: { status: 303, description: 'To the provider.' },
    handle: async ({ browser }, { oidc }) => {
      const { url, secret } = await configured(oidc).start(browser.origin);
      browser.setCookie({ ...COOKIE, value: secret, seconds: PATIENCE });
      return seeOther(url);
    },
  }),
  route({
    method: 'GET',
    path: CALLBACK,
    operation: 'session.oidc',
    summary: 'Where the identity provider sends the browser back to; signs in',
    needs: 'open',
    audited: false,
    query: Type.Record(Type.String(), Type.String({ maxLength: 4_000 })),
    answer: { status: 303, description: 'To the application; with `?refused=` and a code when nobody is signed in.' },
    handle: async ({ browser, query, access }, { oidc, pool, sessions }) => {
      const note = { action: 'session.oidc', type: 'User', query: '' };
      try {
        const provider = configured(oidc);
        const identity = await provider.finish(browser.origin, query, browser.cookie(COOKIE.name));
        await browser.keep(await sessions.begin(await userOfIdentity(pool, identity, provider.settings.create)));
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        access.audit({ ...note, status: error.status });
        return seeOther(`/?refused=${error.code}`);
      } finally {
        browser.setCookie({ ...COOKIE, value: '', seconds: 0 });
      }
      access.audit({ ...note, id: browser.session().user.id });
      return seeOther('/');
    },
  }),
];

function configured(oidc: Oidc | null): Oidc {
  if (!oidc) throw new Refusal('oidc.none');
  return oidc;
}

function seeOther(location: string): Response {
  return new Response(null, { status: 303, headers: { location } });
}
