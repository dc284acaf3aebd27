import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { type IdentityProvider, startIdentityProvider } from './identity-provider.ts';
import { type RunningApp, runApp } from './running-app.ts';
import { TestBrowser } from './signing-in.ts';

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
  async function there(browser: TestBrowser): Promise<{ back: string; cookie: string }> {
    const start = await browser.ask('GET', '/api/session/oidc/start');
    assert.equal(start.status, 303, start.text);
    const [set] = start.headers.getSetCookie();
    assert.match(set!, /^chartwire_oidc=[\w-]{43}; Path=\/api\/session\/oidc; HttpOnly; SameSite=Lax; Max-Age=600$/);
    const away = await fetch(start.headers.get('location')!, { redirect: 'manual' });
    const back = new URL(away.headers.get('location')!);
    return { back: back.pathname + back.search, cookie: set!.split(';')[0]! };
  }

  async function signIn(claims: Record<string, unknown>, browser = new TestBrowser(app.url)): Promise<string> {
    provider.claims = claims;
    const { back, cookie } = await there(browser);
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
      '/?refused=oidc.unknown',
      'an address that passed to somebody else opens nothing',
    );
    const { rows } = await pool.query(
      "SELECT actor, status, query FROM audit WHERE action = 'session.oidc' ORDER BY id",
    );
    assert.deepEqual(
      rows.map(({ status }) => status),
      [303, 303, 403],
    );
    assert.equal(rows[0].actor.id, id);
    assert.ok(
      rows.every(({ query }) => !query),
      'neither codes nor states are kept',
    );
  });

  test('an address that is not verified, is nobody’s or is of somebody inactive opens nothing', async () => {
    const { id } = await invite('bob@clinic.example');
    assert.equal(await signIn({ sub: 'b', email: 'bob@clinic.example' }), '/?refused=oidc.unknown');
    assert.equal(await signIn({ sub: 'n', email: 'nobody@x.example', email_verified: true }), '/?refused=oidc.unknown');
    await app.ask('PATCH', `/api/users/${id}`, { body: { active: false } });
    const bob = { sub: 'b', email: 'bob@clinic.example', email_verified: true };
    assert.equal(await signIn(bob), '/?refused=oidc.unknown');
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
    assert.equal(await use(mine.back, ''), '/?refused=oidc.refused', 'no cookie');
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
    assert.equal(await use('/api/session/oidc/callback?error=access_denied', again.cookie), '/?refused=oidc.refused');
  });

  test('a token for another nonce, client or issuer signs nobody in', async () => {
    await invite('mallory@clinic.example');
    const mallory = { sub: 'm', email: 'mallory@clinic.example', email_verified: true };
    for (const claim of [{ nonce: 'another' }, { aud: 'another' }, { iss: 'https://another.example' }]) {
      assert.equal(await signIn({ ...mallory, ...claim }), '/?refused=oidc.refused', JSON.stringify(claim));
    }
    assert.equal(await signIn(mallory), '/');
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
        '/?refused=oidc.unknown',
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
      assert.equal((await ask(away, 'oidc/start')).json.code, 'oidc.unreachable');
      assert.equal((await ask(none, 'oidc/start')).json.code, 'oidc.none');
      assert.deepEqual((await ask(none, 'methods')).json, { password: true, oidc: null });
    } finally {
      await away.close();
      await none.close();
    }
  });
});
