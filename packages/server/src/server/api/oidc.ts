// /api/session/oidc: signing in at an identity provider, for browsers that are sent there and back.

import { Type } from 'typebox';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { CALLBACK, type Oidc } from '../access/oidc.ts';
import { pageOf, partsOf, cookieValue } from '../access/oidc-cookie.ts';
import type { AuditEntry } from '../access/request-rows.ts';
import { type Route, route } from '../route.ts';
import { orNull } from './parameters.ts';

const START = '/api/session/oidc/start';
/** Seconds that somebody has to sign in over there. */
const PATIENCE = 600;
const COOKIE = 'chartwire_oidc';

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
    query: Type.Object({
      to: Type.Optional(
        Type.String({ description: 'The page of the application to open afterwards: `/patients/123`.' }),
      ),
    }),
    answer: { status: 303, description: 'To the provider.' },
    handle: async ({ browser, query }, { oidc }) => {
      const page = pageOf(query.to);
      try {
        const { url, secret } = await configured(oidc).start(browser.returnOrigin);
        browser.setCookie({ name: COOKIE, value: cookieValue({ secret, page }), seconds: PATIENCE });
        return seeOther(url);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return seeOther(refusedAt(page, error));
      }
    },
  }),
  route({
    method: 'GET',
    path: CALLBACK,
    operation: 'session.oidc',
    summary: 'Where the identity provider sends the browser back to; signs in',
    needs: 'open',
    ends: true,
    audited: false,
    query: Type.Record(Type.String(), Type.String({ maxLength: 4_000 })),
    answer: {
      status: 303,
      description: 'To the page that was asked for; with `?refused=` and a code when nobody is signed in.',
    },
    handle: async ({ browser, query, access }, { oidc, oidcUsers }) => {
      const note = { action: 'session.oidc', type: 'User' };
      const { secret, page } = partsOf(browser.cookie(COOKIE));
      browser.setCookie({ name: COOKIE, value: '', seconds: 0 });
      try {
        const provider = configured(oidc);
        const identity = await provider.finish(browser.returnOrigin, query, secret);
        await browser.keep(await oidcUsers.signIn(identity, provider.settings.create));
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        access.audit({ ...note, ...whyNot(error) });
        return seeOther(refusedAt(page, error));
      }
      // Neither codes nor states are kept.
      access.audit({ ...note, query: '', id: browser.session().user.id });
      return seeOther(page);
    },
  }),
];

/** What the audit trail keeps of a refusal: the code, the reason, and who would have come in if that is known. */
function whyNot({ code, status, values }: Refusal): Partial<AuditEntry> {
  const { user, reason } = values;
  const query = new URLSearchParams({ refused: code, ...(reason !== undefined && { reason: String(reason) }) });
  return { status, query: query.toString(), ...(user !== undefined && { id: String(user) }) };
}

/** The page that was asked for shows the way in, and says why there is none. */
function refusedAt(page: string, { code }: Refusal): string {
  const [path, hash] = page.split('#', 2) as [string, string?];
  return `${path}${path.includes('?') ? '&' : '?'}refused=${code}${hash === undefined ? '' : `#${hash}`}`;
}

function configured(oidc: Oidc | null): Oidc {
  if (!oidc) throw new Refusal('oidc.none');
  return oidc;
}

function seeOther(location: string): Response {
  return new Response(null, { status: 303, headers: { location } });
}
