// Signing in at a provider that we didn't write: oidc-provider as it comes, which gives the address to UserInfo alone.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { Provider } from 'oidc-provider';
import { runApp } from './running-app.ts';
import { TestBrowser } from './signing-in.ts';

const CLIENT = { clientId: 'chartwire', clientSecret: 'the secret of this test' };

/** A browser's own way there: redirects are followed by hand, with the provider's cookies. */
class Traveler {
  readonly #cookies = new Map<string, string>();

  async go(url: string, body?: URLSearchParams): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const method = body ? 'POST' : 'GET';
    const response = await fetch(url, { method, redirect: 'manual', headers: { cookie }, ...(body && { body }) });
    for (const set of response.headers.getSetCookie()) {
      const [name, value = ''] = set.split(';')[0]!.split('=', 2) as [string, string?];
      this.#cookies.set(name, value);
    }
    return response;
  }
}

test('somebody signs in at oidc-provider as it comes', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const app = await runApp({ oidc: { issuer, ...CLIENT, name: 'Clinic ID', create: false } });
  try {
    const provider = new Provider(issuer, {
      clients: [
        {
          client_id: CLIENT.clientId,
          client_secret: CLIENT.clientSecret,
          redirect_uris: [`${app.url}/api/session/oidc/callback`],
        },
      ],
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
      findAccount: async (_context: unknown, id: string) => ({
        accountId: id,
        claims: async () => ({ sub: id, email: `${id}@clinic.example`, email_verified: true, name: 'Ada' }),
      }),
    });
    server.on('request', provider.callback());
    const login = 'ada@clinic.example';
    const body = { login, name: 'Ada', roles: ['clinician'] };
    const { id } = (await app.ask('POST', '/api/users', { body })).json;

    const browser = new TestBrowser(app.url);
    const start = await browser.ask('GET', '/api/session/oidc/start?to=/tasks');
    const cookie = start.headers.getSetCookie()[0]!.split(';')[0]!;
    const back = await away(new Traveler(), start.headers.get('location')!, app.url);
    const done = await browser.ask('GET', back.pathname + back.search, undefined, { cookie });
    assert.equal(done.headers.get('location'), '/tasks', done.text);
    assert.equal((await browser.ask('GET', '/api/session')).json.user.id, id);
    const { identity } = (await app.ask('GET', `/api/users/${id}`)).json;
    assert.deepEqual([identity.issuer, identity.subject, identity.address], [issuer, 'ada', login]);
  } finally {
    await app.close();
    server.closeAllConnections();
    server.close();
  }
});

/** Through the provider's own pages, which ask who one is and then for consent, until it sends the browser back. */
async function away(traveler: Traveler, from: string, home: string): Promise<URL> {
  for (let url = from, steps = 0; steps < 20; steps++) {
    const answer = await traveler.go(url);
    const location = answer.headers.get('location');
    if (location !== null) {
      const next = new URL(location, url);
      if (next.origin === home) return next;
      url = next.href;
      continue;
    }
    const page = await answer.text();
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? assert.fail(page.slice(0, 500));
    const sent = await traveler.go(url, new URLSearchParams({ prompt, login: 'ada', password: 'any' }));
    url = new URL(sent.headers.get('location')!, url).href;
  }
  return assert.fail('it went in circles');
}
