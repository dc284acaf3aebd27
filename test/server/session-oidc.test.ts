import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { type IdentityProvider, startIdentityProvider } from './identity-provider.ts';
import { type RunningApp, runApp } from './running-app.ts';
import { PASSWORD, TestBrowser, tokenOf } from './signing-in.ts';

describe('signing in at an identity provider', () => {
  let provider: IdentityProvider;
  let app: RunningApp;
  let pool: pg.Pool;
  before(async () => {
    provider = await startIdentityProvider();
    app = await runApp({ trustProxy: 'loopback', oidc: { ...provider, name: 'Clinic ID', create: false } });
    pool = new pg.Pool(app.database.connection);
  });
  after(async () => {
    await pool.end();
    await app.close();
    await provider.close();
  });

  const invite = async (login: string, roles = ['clinician']) =>
    (await app.ask('POST', '/api/users', { body: { login, name: login, roles } })).json;

  /** To the provider and back: the path that the browser is sent back with, and its cookie for the way. */
  async function there(browser: TestBrowser, to?: string): Promise<{ back: string; cookie: string }> {
    const query = to === undefined ? '' : `?${new URLSearchParams({ to })}`;
    const start = await browser.ask('GET', `/api/session/oidc/start${query}`);
    assert.equal(start.status, 303, start.text);
    const [set] = start.headers.getSetCookie();
    assert.match(set!, /^chartwire_oidc=[\w-]{43}\.[\w-]*; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/);
    const away = await fetch(start.headers.get('location')!, { redirect: 'manual' });
    const back = new URL(away.headers.get('location')!);
    return { back: back.pathname + back.search, cookie: set!.split(';')[0]! };
  }

  async function signIn(
    claims: Record<string, unknown>,
    browser = new TestBrowser(app.url),
    to?: string,
  ): Promise<string> {
    provider.claims = claims;
    const { back, cookie } = await there(browser, to);
    const done = await browser.ask('GET', back, undefined, { cookie });
    assert.equal(done.status, 303, done.text);
    return done.headers.get('location')!;
  }

  test('it is one of the ways', async () => {
    const { json } = await app.ask('GET', '/api/session/methods', { token: null });
    assert.deepEqual(json, { password: true, oidc: { name: 'Clinic ID', start: '/api/session/oidc/start' } });
  });

  test('who is a user by a verified address comes in, and stays who they are', async () => {
    const { id } = await invite('ada@clinic.example');
    const browser = new TestBrowser(app.url);
    const ada = { sub: 'ada', email: 'Ada@Clinic.example', email_verified: true };
    assert.equal(await signIn(ada, browser), '/');
    assert.equal((await browser.ask('GET', '/api/session')).json.user.id, id);
    assert.equal((await browser.ask('GET', '/fhir/R4/Patient')).status, 200);

    const later = new TestBrowser(app.url);
    assert.equal(await signIn({ sub: 'ada', email: 'married@clinic.example', email_verified: true }, later), '/');
    assert.equal((await later.ask('GET', '/api/session')).json.user.id, id, 'by subject, whatever the address');
    const other = { ...ada, sub: 'another' };
    assert.equal(
      await signIn(other),
      '/?refused=oidc.not-linked',
      'an address that passed to somebody else opens nothing',
    );
    const { rows } = await pool.query(
      "SELECT actor, status, record, query FROM audit.entry WHERE action = 'session.oidc' ORDER BY id",
    );
    assert.deepEqual(
      rows.map(({ status, record, query }) => [status, record, query]),
      [
        // Neither codes nor states are kept.
        [303, id, ''],
        [303, id, ''],
        [403, id, 'refused=oidc.not-linked'],
      ],
    );
    assert.equal(rows[0].actor.id, id);
  });

  test('an address that is not verified, is nobody’s or is of somebody inactive opens nothing', async () => {
    const { id } = await invite('bob@clinic.example');
    assert.equal(await signIn({ sub: 'b', email: 'bob@clinic.example' }), '/?refused=oidc.unverified');
    assert.equal(await signIn({ sub: 'n', email: 'nobody@x.example', email_verified: true }), '/?refused=oidc.unknown');
    await app.ask('PATCH', `/api/users/${id}`, { body: { active: false } });
    const bob = { sub: 'b', email: 'bob@clinic.example', email_verified: true };
    assert.equal(await signIn(bob), '/?refused=oidc.inactive');
    const user = (await app.ask('PATCH', `/api/users/${id}`, { body: { active: true } })).json;
    assert.equal(user.identity, null, 'a refused sign-in links nothing');
    assert.equal(await signIn({ ...bob, sub: 'b2' }), '/');
  });

  test('an answer that was not begun in this browser, is another’s, or comes twice signs nobody in', async () => {
    await invite('eve@clinic.example');
    const eve = { sub: 'eve', email: 'eve@clinic.example', email_verified: true };
    provider.claims = eve;
    const attacker = new TestBrowser(app.url);
    const victim = new TestBrowser(app.url);
    const [mine, theirs] = [await there(attacker), await there(victim)];
    const use = async (back: string, cookie: string) =>
      (await victim.ask('GET', back, undefined, { cookie })).headers.get('location');
    assert.equal(await use(mine.back, ''), '/?refused=oidc.expired', 'no cookie');
    assert.equal(
      await use(mine.back, theirs.cookie),
      '/?refused=oidc.refused',
      'the attacker’s code in the victim’s browser',
    );
    assert.equal(victim.cookie, undefined);
    const state = new URL(theirs.back, app.url).searchParams.get('state')!;
    const code = new URL(mine.back, app.url).searchParams.get('code')!;
    const mixed = `/api/session/oidc/callback?${new URLSearchParams({ code, state })}`;
    assert.equal(await use(mixed, theirs.cookie), '/?refused=oidc.refused', 'with the right state: PKCE');
    const again = await there(victim);
    assert.equal(await use(again.back, again.cookie), '/');
    assert.equal(await use(again.back, again.cookie), '/?refused=oidc.refused', 'a code is good once');
    assert.equal(await use('/api/session/oidc/callback?error=access_denied', again.cookie), '/?refused=oidc.canceled');
  });

  test('a token for another nonce, client, issuer or time signs nobody in', async () => {
    await invite('mallory@clinic.example');
    const mallory = { sub: 'm', email: 'mallory@clinic.example', email_verified: true };
    const now = Math.floor(Date.now() / 1_000);
    for (const claim of [
      { nonce: 'another' },
      { aud: 'another' },
      { iss: 'https://another.example' },
      { azp: 'another' },
      { aud: [provider.clientId, 'another'], azp: 'another' },
      { aud: [provider.clientId, 'another'] },
      { iat: now + 600 },
      { iat: now - 3_600 },
      { iat: undefined },
    ]) {
      assert.equal(await signIn({ ...mallory, ...claim }), '/?refused=oidc.refused', JSON.stringify(claim));
    }
    assert.equal(await signIn({ ...mallory, aud: [provider.clientId, 'another'], azp: provider.clientId }), '/');
    const { items } = (await app.ask('GET', '/api/audit?action=session.oidc&order=asc')).json;
    const reasons = items.map(({ query }: { query: string }) => new URLSearchParams(query).get('reason'));
    assert.ok(reasons.includes('AZP_OF_ANOTHER_CLIENT') && reasons.includes('IAT_TOO_OLD'), reasons.join());
  });

  test('an address that looks like somebody else’s is another address', async () => {
    const { id } = await invite('kim@clinic.example');
    await invite('\u00e5sa@clinic.example');
    for (const email of [
      '\u212aim@clinic.example',
      'kim@clinic.example\u00a0',
      '\ufeffkim@clinic.example',
      'kim@clinic.example\n',
      ' kim@clinic.example',
      '\u212bsa@clinic.example',
      '\u00c5sa@clinic.example',
      'a\u030asa@clinic.example',
      '\uff4bim@clinic.example',
    ]) {
      const refused = await signIn({ sub: email, email, email_verified: true });
      assert.equal(refused, '/?refused=oidc.unknown', JSON.stringify(email));
    }
    assert.equal((await app.ask('GET', `/api/users/${id}`)).json.identity, null);
    assert.equal(await signIn({ sub: 'kim', email: 'KIM@Clinic.Example', email_verified: true }), '/');
    const { identity } = (await app.ask('GET', `/api/users/${id}`)).json;
    assert.deepEqual([identity.issuer, identity.subject], [provider.issuer, 'kim']);
    assert.equal(identity.address, 'KIM@Clinic.Example');
    assert.ok(Date.parse(identity.linkedAt) > Date.now() - 60_000);
  });

  test('a link that is removed signs its user out, and comes back only when an administrator allows it', async () => {
    const { id, link } = await invite('lin@clinic.example');
    const lin = { sub: 'lin', email: 'lin@clinic.example', email_verified: true };
    const browser = new TestBrowser(app.url);
    assert.equal(await signIn(lin, browser), '/');
    assert.equal((await browser.ask('GET', '/api/session/ways')).json.identity.subject, 'lin');
    assert.equal((await browser.ask('GET', '/api/session')).status, 200);
    assert.equal((await browser.ask('DELETE', '/api/session/identity')).json.code, 'identity.only-way');

    const removed = await app.ask('DELETE', `/api/users/${id}/identity`);
    assert.deepEqual([removed.json.identity, removed.json.linkByAddress], [null, false]);
    assert.equal((await browser.ask('GET', '/api/session')).status, 401);
    assert.equal(await signIn(lin), '/?refused=oidc.not-linked');
    assert.equal((await app.ask('DELETE', `/api/users/${id}/identity`)).json.code, 'identity.none');
    await app.ask('PATCH', `/api/users/${id}`, { body: { linkByAddress: true } });
    assert.equal(await signIn(lin), '/');

    const own = new TestBrowser(app.url);
    const other = new TestBrowser(app.url);
    await own.ask('POST', '/api/session/link', { token: tokenOf(link), password: PASSWORD });
    assert.equal(await signIn(lin, other), '/');
    assert.equal((await own.ask('DELETE', '/api/session/identity')).status, 204);
    assert.deepEqual((await own.ask('GET', '/api/session/ways')).json, { password: true, identity: null });
    assert.equal((await other.ask('GET', '/api/session')).status, 401, 'the other sessions end');
    assert.equal(await signIn(lin), '/?refused=oidc.not-linked');
  });

  test('the page that was asked for is opened, if it is one of ours', async () => {
    await invite('page@clinic.example');
    const page = { sub: 'page', email: 'page@clinic.example', email_verified: true };
    for (const to of ['/patients/12?tab=labs', '/tasks#mine']) {
      assert.equal(await signIn(page, undefined, to), to);
    }
    for (const to of [
      '//evil.example/a',
      '/\\evil.example',
      '/\t/evil.example',
      'https://evil.example/',
      '/.//evil.example',
      'javascript:alert(1)',
      '/api/session',
      '/fhir/R4/Patient',
      `/${'a'.repeat(2_000)}`,
    ]) {
      assert.equal(await signIn(page, undefined, to), '/', to);
    }
    assert.equal(await signIn({ sub: 'q' }, undefined, '/tasks?due=1#x'), '/tasks?due=1&refused=oidc.unverified#x');
    const { cookie, back } = await there(new TestBrowser(app.url), '/tasks');
    const forged = `${cookie.split('.')[0]}.${Buffer.from('//evil.example').toString('base64url')}`;
    provider.claims = page;
    const done = await new TestBrowser(app.url).ask('GET', back, undefined, { cookie: forged });
    assert.equal(done.headers.get('location'), '/');
  });

  test('an address that only UserInfo has is used, with its own verification and for the same subject', async () => {
    await invite('info@clinic.example');
    try {
      provider.userInfo = { sub: 'info', email: 'info@clinic.example', email_verified: false };
      assert.equal(await signIn({ sub: 'info' }), '/?refused=oidc.unverified');
      // The verification of one address says nothing about another.
      assert.equal(await signIn({ sub: 'info', email_verified: true }), '/?refused=oidc.unverified');
      provider.userInfo = { sub: 'another', email: 'info@clinic.example', email_verified: true };
      assert.equal(await signIn({ sub: 'info' }), '/?refused=oidc.refused');
      provider.userInfo = { sub: 'info', email: 'info@clinic.example', email_verified: true };
      assert.equal(await signIn({ sub: 'info' }), '/');
    } finally {
      provider.userInfo = undefined;
    }
  });

  test('where it is allowed, whoever the provider knows becomes one of the staff', async () => {
    const second = await runApp({ oidc: { ...provider, name: 'Clinic ID', create: true } });
    const first = app;
    app = second;
    try {
      const browser = new TestBrowser(second.url);
      assert.equal(
        await signIn({ sub: 'new', email: 'new@clinic.example', email_verified: true, name: 'New' }, browser),
        '/',
      );
      const { user } = (await browser.ask('GET', '/api/session')).json;
      assert.deepEqual([user.login, user.name, user.roles], ['new@clinic.example', 'New', ['staff']]);
      assert.equal(
        await signIn({ sub: 'x', email: 'x@clinic.example' }),
        '/?refused=oidc.unverified',
        'not without an address',
      );
    } finally {
      app = first;
      await second.close();
    }
  });

  test('without a provider, or while it is away, one is told so', async () => {
    const gone = 'http://127.0.0.1:9';
    const away = await runApp({ oidc: { ...provider, issuer: gone, name: 'Gone', create: false } });
    const none = await runApp();
    try {
      const ask = (server: RunningApp, path: string) => server.ask('GET', `/api/session/${path}`, { token: null });
      const start = async (server: RunningApp) =>
        (await new TestBrowser(server.url).ask('GET', '/api/session/oidc/start?to=/tasks')).headers.get('location');
      assert.equal(await start(away), '/tasks?refused=oidc.unreachable');
      assert.equal(await start(none), '/tasks?refused=oidc.none');
      assert.deepEqual((await ask(none, 'methods')).json, { password: true, oidc: null });
    } finally {
      await away.close();
      await none.close();
    }
  });
});
