// /api/session/oidc: sign-in with an identity provider, for browsers that are redirected there and back.

import { OIDC, OIDC_START } from '@chartwire/client/internal/contract/oidc';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { cookieValue, pageOf, partsOf } from '../access/oidc-cookie.ts';
import type { Oidc } from '../access/oidc.ts';
import type { AuditEntry } from '../access/request-rows.ts';
import { route, type RoutesOf } from '../route.ts';

/** Seconds for the user to sign in at the provider. */
const PATIENCE = 600;
const COOKIE = 'chartwire_oidc';

export const OIDC_ROUTES: RoutesOf<typeof OIDC> = {
  methods: route(OIDC.methods, async (_call, { oidc }) => ({
    password: true,
    oidc: oidc && { name: oidc.settings.name, start: OIDC_START },
  })),
  start: route(OIDC.start, async ({ browser, query }, { oidc }) => {
    const page = pageOf(query.to);
    try {
      const { url, secret } = await configured(oidc).start(browser.returnOrigin);
      browser.setCookie({ name: COOKIE, value: cookieValue({ secret, page }), seconds: PATIENCE });
      return seeOther(url);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return seeOther(refusedAt(page, error));
    }
  }),
  callback: route(OIDC.callback, async ({ browser, query, access }, { oidc, oidcUsers }) => {
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
    // Codes and states aren't kept.
    access.audit({ ...note, query: '', id: browser.session().user.id });
    return seeOther(page);
  }),
};

/** What the audit trail keeps of a refusal: the code, the reason, and the user if known. */
function whyNot({ code, status, values }: Refusal): Partial<AuditEntry> {
  const { user, reason } = values;
  const query = new URLSearchParams({ refused: code, ...(reason !== undefined && { reason: String(reason) }) });
  return { status, query: query.toString(), ...(user !== undefined && { id: String(user) }) };
}

/** The requested page shows the sign-in form and the reason. */
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
