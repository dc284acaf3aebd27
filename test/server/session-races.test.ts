// What happens at the same time: no session, link or token outlives what it was begun with. Two nodes on one database.

import assert from 'node:assert/strict';
import { argon2Sync, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { type App, startApp } from '#app.ts';
import { type IdentityProvider, startIdentityProvider } from './identity-provider.ts';
import { ADMIN, type RunningApp, runApp } from './running-app.ts';
import { newPerson, PASSWORD, TestBrowser, tokenOf } from './signing-in.ts';

describe('at the same time', () => {
  let app: RunningApp;
  let second: App;
  let pool: pg.Pool;
  let dataFolder: string;
  let provider: IdentityProvider;
  before(async () => {
    provider = await startIdentityProvider();
    const oidc = { ...provider, name: 'Clinic ID', create: false };
    app = await runApp({ trustProxy: 'loopback', oidc });
    pool = new pg.Pool(app.database.connection);
    dataFolder = await mkdtemp(join(tmpdir(), 'chartwire-node-'));
    const databaseUrl = app.database.url;
    second = await startApp({ port: 0, host: '127.0.0.1', dataFolder, databaseUrl, adminToken: ADMIN, demo: false });
  });
  after(async () => {
    await pool.end();
    await second.close();
    await rm(dataFolder, { recursive: true, force: true });
    await app.close();
    await provider.close();
  });

  const change = (id: string, body: object) => app.ask('PATCH', `/api/users/${id}`, { body });
  const alive = async (browser: TestBrowser) => (await browser.ask('GET', '/api/session')).status === 200;

  /** Has the password of these tests hashed so that comparing it takes a while. */
  async function slow(login: string): Promise<void> {
    const nonce = randomBytes(16);
    const [memory, passes, parallelism] = [19_456, 6, 1];
    const key = argon2Sync('argon2id', { message: PASSWORD, nonce, memory, passes, parallelism, tagLength: 32 });
    const text = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');
    const phc = `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${text(nonce)}$${text(key)}`;
    await pool.query('UPDATE user_account SET password = $2 WHERE login = $1', [login, phc]);
  }

  /** Sign-ins with the old password that begin before, while and after `work` is done. */
  async function oldPasswordDuring(login: string, work: () => Promise<unknown>): Promise<TestBrowser[]> {
    const browsers = Array.from({ length: 3 }, () => new TestBrowser(app.url));
    const signingIn = browsers.map(async (browser, n) => {
      await wait(n * 8);
      await browser.signIn(login);
    });
    await wait(20);
    await work();
    await Promise.all(signingIn);
    return browsers;
  }

  test('no sign-in with the old password survives a reset', async () => {
    for (let round = 0; round < 5; round++) {
      const { id, login } = await newPerson(app, ['staff']);
      if (round % 2 === 0) await slow(login);
      const token = tokenOf((await app.ask('POST', `/api/users/${id}/reset`)).json.link);
      const password = `after the reset, ${round} lanterns`;
      const owner = new TestBrowser(app.url);
      const browsers = await oldPasswordDuring(login, async () => {
        const used = await owner.ask('POST', '/api/session/link', { token, password });
        assert.equal(used.status, 200, used.text);
      });
      for (const browser of browsers) assert.equal(await alive(browser), false, `round ${round}`);
      assert.equal(await alive(owner), true);
      assert.equal((await new TestBrowser(app.url).signIn(login, password)).status, 200);
    }
  });

  test('no sign-in with the old password survives a change, and of two changes at once one is made', async () => {
    for (let round = 0; round < 5; round++) {
      const { login, browser: owner } = await newPerson(app, ['staff']);
      if (round % 2 === 0) await slow(login);
      const put = (next: string) => owner.ask('PUT', '/api/session/password', { current: PASSWORD, next });
      let made: number[] = [];
      const browsers = await oldPasswordDuring(login, async () => {
        const both = await Promise.all([put('the first of two lanterns'), put('the second of two lanterns')]);
        made = both.map(({ status }) => status).sort();
      });
      assert.equal(made[0], 204, made.join());
      assert.notEqual(made[1], 204, made.join());
      for (const browser of browsers) assert.equal(await alive(browser), false, `round ${round}`);
      assert.equal(await alive(owner), true);
    }
  });

  test('no sign-in survives that its user is disabled, also when they are enabled again', async () => {
    for (let round = 0; round < 4; round++) {
      const { id, login } = await newPerson(app, ['staff']);
      if (round % 2 === 0) await slow(login);
      const browsers = await oldPasswordDuring(login, () => change(id, { active: false }));
      await change(id, { active: true });
      for (const browser of browsers) assert.equal(await alive(browser), false, `round ${round}`);
    }
  });

  test('no sign-in at the identity provider survives that its link is removed', async () => {
    for (let round = 0; round < 6; round++) {
      const { id, login } = await newPerson(app, ['staff']);
      provider.claims = { sub: login, email: login, email_verified: true };
      const arrive = async () => {
        const browser = new TestBrowser(app.url);
        const start = await browser.ask('GET', '/api/session/oidc/start');
        const away = await fetch(start.headers.get('location')!, { redirect: 'manual' });
        const back = new URL(away.headers.get('location')!);
        const cookie = start.headers.getSetCookie()[0]!.split(';')[0]!;
        await browser.ask('GET', back.pathname + back.search, undefined, { cookie });
        return browser;
      };
      await arrive();
      const arriving = Array.from({ length: 4 }, arrive);
      await wait(round * 3);
      assert.equal((await app.ask('DELETE', `/api/users/${id}/identity`)).status, 200);
      for (const browser of await Promise.all(arriving)) assert.equal(await alive(browser), false, `round ${round}`);
    }
  });

  test('a new link for a user who is being disabled opens nothing when they are enabled again', async () => {
    for (let round = 0; round < 4; round++) {
      const { id } = await newPerson(app, ['staff']);
      const [reset] = await Promise.all([app.ask('POST', `/api/users/${id}/reset`), change(id, { active: false })]);
      await change(id, { active: true });
      if (reset.status !== 200) continue;
      const body = { token: tokenOf(reset.json.link), password: PASSWORD };
      assert.equal((await new TestBrowser(app.url).ask('POST', '/api/session/link', body)).status, 410);
    }
  });

  test('a revoked token makes neither tokens nor users, also at a node that has not heard of it', async () => {
    const scopes = ['system/chartwire.admin', 'system/*.cruds'];
    const made = await app.ask('POST', '/api/tokens', { body: { name: 'x', scopes } });
    const there = (method: string, path: string, body?: object) =>
      fetch(second.url + path, {
        method,
        headers: { authorization: `Bearer ${made.json.token}`, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      });
    assert.equal((await there('GET', '/api/tokens')).status, 200);
    await app.ask('DELETE', `/api/tokens/${made.json.id}`);
    const wish = { name: 'left behind', scopes: ['system/*.cruds'] };
    assert.equal((await there('POST', '/api/tokens', wish)).status, 401);
    const user = { login: 'behind@clinic.example', name: 'Left behind', roles: ['admin'] };
    assert.equal((await there('POST', '/api/users', user)).status, 401);
    const { id } = await newPerson(app, ['staff']);
    assert.equal((await there('PATCH', `/api/users/${id}`, { roles: ['admin'] })).status, 401);
    assert.equal((await there('POST', `/api/users/${id}/reset`)).status, 401);
  });

  test('two administrators who demote, disable or unlink each other: one who can sign in is left', async () => {
    const { items } = (await app.ask('GET', '/api/users')).json;
    const first = items.find(({ login }: { login: string }) => login === 'admin@localhost');
    const losses = [{ roles: ['staff'] }, { active: false }];
    for (let round = 0; round < 4; round++) {
      const pair = [await newPerson(app, ['admin']), await newPerson(app, ['admin'])] as const;
      const less = losses[round % 2]!;
      const path = (n: 0 | 1) => `/api/users/${pair[n].id}`;
      const both = await Promise.all([
        pair[0].browser.ask('PATCH', path(1), less),
        pair[1].browser.ask('PATCH', path(0), less),
      ]);
      const statuses = both.map(({ status }) => status).sort();
      assert.equal(statuses[0], 200, statuses.join());
      assert.ok([401, 403, 409].includes(statuses[1]!), statuses.join());
      const [left] = pair.filter((_, n) => both[n]!.status === 200);
      // The first administrator has never signed in: with them alone nobody could.
      for (const last of [...losses, { active: false, roles: [] }]) {
        assert.equal((await change(left!.id, last)).json.code, 'user.last-admin');
      }
      const next = await newPerson(app, ['admin']);
      assert.equal((await change(left!.id, { roles: ['staff'] })).status, 200);
      assert.equal((await change(next.id, { active: false })).json.code, 'user.last-admin');
      // The next pair is alone again.
      await pool.query("UPDATE user_account SET roles = '{}' WHERE id <> $1", [first.id]);
    }
  });

  test('the last administrator, who comes in by the identity provider alone, keeps that link', async () => {
    await pool.query("UPDATE user_account SET roles = '{}' WHERE login <> 'admin@localhost'");
    const login = 'linked-admin@clinic.example';
    const { id } = (await app.ask('POST', '/api/users', { body: { login, name: 'Linked', roles: ['admin'] } })).json;
    provider.claims = { sub: 'linked-admin', email: login, email_verified: true };
    const browser = new TestBrowser(app.url);
    const start = await browser.ask('GET', '/api/session/oidc/start');
    const away = await fetch(start.headers.get('location')!, { redirect: 'manual' });
    const back = new URL(away.headers.get('location')!);
    const cookie = start.headers.getSetCookie()[0]!.split(';')[0]!;
    await browser.ask('GET', back.pathname + back.search, undefined, { cookie });
    assert.equal(await alive(browser), true);
    assert.equal((await app.ask('DELETE', `/api/users/${id}/identity`)).json.code, 'user.last-admin');
    assert.equal((await change(id, { roles: [] })).json.code, 'user.last-admin');
    await newPerson(app, ['admin']);
    assert.equal((await app.ask('DELETE', `/api/users/${id}/identity`)).status, 200);
  });

  test('every stream of a session or token ends with it, on each node', { timeout: 300_000 }, async () => {
    const open = async (url: string, headers: Record<string, string>) => {
      const stream = await fetch(`${url}/api/events/stream?type=PATIENT_CREATED`, { headers });
      assert.equal(stream.status, 200);
      const reader = stream.body!.getReader();
      const read = async (): Promise<string> => {
        let text = '';
        for (let part = await reader.read(); !part.done; part = await reader.read()) text += Buffer.from(part.value);
        return text;
      };
      // Not the promise itself, which would be waited for.
      return { end: read() };
    };
    const token = (await app.ask('POST', '/api/tokens', { body: { name: 's', scopes: ['system/*.rs'] } })).json;
    const bearer = { authorization: `Bearer ${token.token}` };
    const ends: Record<string, (who: Awaited<ReturnType<typeof newPerson>>) => Promise<unknown>> = {
      'signing out': ({ browser }) => browser.ask('DELETE', '/api/session'),
      'signing in again': ({ browser, login }) => browser.signIn(login),
      disabled: ({ id }) => change(id, { active: false }),
      'another role': ({ id }) => change(id, { roles: ['biller'] }),
      'a reset that is used': async ({ id }) => {
        const link = tokenOf((await app.ask('POST', `/api/users/${id}/reset`)).json.link);
        await new TestBrowser(app.url).ask('POST', '/api/session/link', { token: link, password: PASSWORD });
      },
      'a changed password': async ({ login }) => {
        const other = new TestBrowser(app.url);
        await other.signIn(login);
        await other.ask('PUT', '/api/session/password', { current: PASSWORD, next: 'many lanterns on the quay' });
      },
      'a revoked token': () => app.ask('DELETE', `/api/tokens/${token.id}`),
    };
    await Promise.all(
      Object.entries(ends).map(async ([name, end]) => {
        const who = await newPerson(app, ['clinician']);
        const headers: Record<string, string> = name === 'a revoked token' ? bearer : { cookie: who.browser.cookie! };
        const ended = [await open(app.url, headers), await open(app.url, headers), await open(second.url, headers)];
        await end(who);
        for (const one of ended) assert.match(await one.end, /event: ended\ndata: {}\n\n$/, name);
      }),
    );
  });
});
