import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { startApp } from '#app.ts';
import { ADMIN, type RunningApp, runApp } from './running-app.ts';
import { newPerson, PASSWORD, TestBrowser, tokenOf } from './signing-in.ts';

describe('signing in', () => {
  let app: RunningApp;
  let pool: pg.Pool;
  before(async () => {
    app = await runApp({ trustProxy: 'loopback' });
    pool = new pg.Pool(app.database.connection);
  });
  after(async () => {
    await pool.end();
    await app.close();
  });

  test('a password opens a session, which opens both doors', async () => {
    const { login, id } = await newPerson(app, ['clinician']);
    const browser = new TestBrowser(app.url);
    const signedIn = await browser.signIn(login.toUpperCase());
    assert.equal(signedIn.status, 200, signedIn.text);
    assert.deepEqual(signedIn.json.user, {
      id,
      login,
      name: signedIn.json.user.name,
      roles: ['clinician'],
      practitioner: null,
    });
    assert.deepEqual(signedIn.json.scopes, ['user/*.cruds']);
    assert.deepEqual((await browser.ask('GET', '/api/session')).json.user, signedIn.json.user);

    const patient = { resourceType: 'Patient', name: [{ family: 'Hypatia' }] };
    const made = await browser.ask('POST', '/fhir/R4/Patient', patient);
    assert.equal(made.status, 201, made.text);
    const note = await browser.ask('POST', '/api/notes', { patient: made.json.id });
    assert.equal(note.status, 201, note.text);
    const { items } = (await browser.ask('GET', `/api/events?patient=${made.json.id}`)).json;
    assert.deepEqual(items[0].actor, { type: 'user', id, display: signedIn.json.user.name });
  });

  test('the cookie is for this server alone, out of reach of scripts, and its secret is not stored', async () => {
    const { login } = await newPerson(app, ['clinician']);
    const browser = new TestBrowser(app.url);
    const [session, known] = (await browser.signIn(login)).headers.getSetCookie();
    assert.match(session!, /^chartwire_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
    assert.match(known!, /^chartwire_browser=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=15552000$/);
    const secret = browser.cookie!.split('=')[1]!;
    const { rows } = await pool.query('SELECT row_to_json(s)::text AS row FROM session s');
    assert.ok(rows.length > 0 && rows.every(({ row }) => !row.includes(secret)));
    const stored = await pool.query('SELECT password FROM user_account WHERE login = $1', [login]);
    assert.match(stored.rows[0].password, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  test('over TLS cookies are bound to the host, and plain ones open nothing', async () => {
    const { login } = await newPerson(app, ['clinician']);
    const tls = { 'x-forwarded-proto': 'https' };
    const browser = new TestBrowser(app.url);
    const begun = await browser.ask('POST', '/api/session', { login, password: PASSWORD }, tls);
    for (const set of begun.headers.getSetCookie()) {
      assert.match(set, /^__Host-chartwire_(?:session|browser)=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure/);
      assert.ok(!/domain/i.test(set));
    }
    const get = (cookie: string, headers: Record<string, string>) => {
      const other = new TestBrowser(app.url);
      other.cookie = cookie;
      return other.ask('GET', '/api/session', undefined, headers);
    };
    assert.equal((await get(browser.cookie!, tls)).status, 200);
    const plain = browser.cookie!.replace('__Host-', '');
    assert.equal((await get(plain, tls)).status, 401, 'a plain cookie may be planted by a neighbor of the host');
    assert.equal((await get(browser.cookie!, {})).status, 401);
    assert.equal((await get(`${plain}; ${browser.cookie}`, tls)).status, 200);
    const foreign = { ...tls, origin: app.url, 'x-csrf-token': browser.csrf! };
    assert.equal((await browser.ask('DELETE', '/api/session', undefined, foreign)).status, 403, 'a page without TLS');
    const out = await browser.ask('DELETE', '/api/session', undefined, tls);
    assert.match(out.headers.getSetCookie()[0]!, /^__Host-chartwire_session=; .*Secure; Max-Age=0$/);
  });

  test('a refusal says nothing about which users there are', async () => {
    const { login } = await newPerson(app, ['clinician']);
    const browser = new TestBrowser(app.url);
    const wrong = await browser.signIn(login, 'not the password at all');
    const unknown = await browser.signIn('nobody@clinic.example', 'not the password at all');
    const { id } = (await app.ask('GET', '/api/users')).json.items.find(
      (one: { login: string }) => one.login === login,
    );
    await app.ask('PATCH', `/api/users/${id}`, { body: { active: false } });
    const inactive = await browser.signIn(login);
    for (const refused of [wrong, unknown, inactive]) {
      assert.equal(refused.status, 401);
      assert.equal(refused.json.code, 'session.refused');
      assert.deepEqual(refused.json, wrong.json);
      assert.deepEqual(refused.headers.getSetCookie(), []);
    }
  });

  test('a cookie alone changes nothing: not without the token of its session, nor from the page of another site', async () => {
    const { browser, id } = await newPerson(app, ['clinician']);
    const other = await newPerson(app, ['clinician']);
    const patient = { resourceType: 'Patient', name: [{ family: 'Forged' }] };
    const post = (path: string, body: object, headers: Record<string, string>) => {
      const forged = browser.stolen();
      forged.csrf = undefined;
      return forged.ask('POST', path, body, headers);
    };
    const csrf = browser.csrf!;
    const foreign: Record<string, string>[] = [
      {},
      { 'x-csrf-token': '' },
      { 'x-csrf-token': 'guess' },
      { 'x-csrf-token': other.browser.csrf! },
      { 'x-csrf-token': csrf, origin: 'https://elsewhere.example' },
      { 'x-csrf-token': csrf, origin: 'null' },
      { 'x-csrf-token': csrf, 'sec-fetch-site': 'cross-site' },
      { 'x-csrf-token': csrf, 'sec-fetch-site': 'same-site' },
    ];
    for (const headers of foreign) {
      const api = await post('/api/notes', { patient: 'x' }, headers);
      assert.equal(api.status, 403, JSON.stringify(headers));
      assert.equal(api.json.code, 'session.foreign-request');
      const fhir = await post('/fhir/R4/Patient', patient, headers);
      assert.equal(fhir.status, 403, JSON.stringify(headers));
      assert.equal(fhir.json.resourceType, 'OperationOutcome');
    }
    const { items } = (await app.ask('GET', `/api/audit?actor=${id}&limit=1`)).json;
    assert.deepEqual([items[0].status, items[0].action], [403, 'POST /fhir/R4/:type'], 'in whose name is on record');
    const own = { 'x-csrf-token': csrf, origin: app.url, 'sec-fetch-site': 'same-origin' };
    assert.equal((await post('/fhir/R4/Patient', patient, own)).status, 201);
    assert.equal(
      (await post('/api/session', { login: other.login, password: PASSWORD }, { origin: 'https://elsewhere.example' }))
        .status,
      403,
    );
  });

  test('a bearer token needs no token besides, and is not helped by a cookie', async () => {
    const { browser } = await newPerson(app, ['clinician']);
    const patient = { resourceType: 'Patient', name: [{ family: 'Bearer' }] };
    const made = await app.ask('POST', '/fhir/R4/Patient', { body: patient });
    assert.equal(made.status, 201);
    const both = await browser.ask('GET', '/fhir/R4/Patient', undefined, { authorization: 'Bearer nonsense' });
    assert.equal(both.status, 401);
    const session = await app.ask('GET', '/api/session');
    assert.equal(session.status, 401);
    assert.equal(session.json.code, 'session.none');
  });

  test('a cookie that was stolen is worth nothing once its owner has signed out', async () => {
    const { browser } = await newPerson(app, ['clinician']);
    const thief = browser.stolen();
    assert.equal((await thief.ask('GET', '/fhir/R4/Patient')).status, 200);
    const out = await browser.ask('DELETE', '/api/session');
    assert.equal(out.status, 204);
    assert.match(out.headers.getSetCookie()[0]!, /^chartwire_session=; .*Max-Age=0/);
    assert.equal((await thief.ask('GET', '/fhir/R4/Patient')).status, 401);
    assert.equal((await thief.ask('GET', '/api/session')).status, 401);
  });

  test('a cookie that was planted before is not the one after signing in', async () => {
    const { login } = await newPerson(app, ['clinician']);
    const attacker = await newPerson(app, ['clinician']);
    const victim = attacker.browser.stolen();
    const planted = victim.cookie;
    assert.equal((await victim.signIn(login)).status, 200);
    assert.notEqual(victim.cookie, planted);
    assert.equal((await attacker.browser.ask('GET', '/api/session')).status, 401, 'what was planted is over');
    for (const cookie of ['chartwire_session=', 'chartwire_session=%00', `chartwire_session=${'A'.repeat(43)}`]) {
      victim.cookie = cookie;
      assert.equal((await victim.ask('GET', '/api/session')).status, 401, cookie);
    }
  });

  test('a session ends when it was not used for an hour, and after twelve in any case', async () => {
    const { browser, id } = await newPerson(app, ['clinician']);
    const status = async () => (await browser.ask('GET', '/api/session')).status;
    const { expiresAt } = (await browser.ask('GET', '/api/session')).json;
    assert.ok(Math.abs(Date.parse(expiresAt) - Date.now() - 3_600_000) < 120_000, expiresAt);
    await pool.query("UPDATE session SET seen_at = now() - interval '59 minutes' WHERE user_account = $1", [id]);
    assert.equal(await status(), 200);
    const { rows } = await pool.query(
      "SELECT seen_at > now() - interval '5 minutes' AS used FROM session WHERE user_account = $1",
      [id],
    );
    assert.equal(rows[0].used, true, 'being used makes it last');
    await pool.query("UPDATE session SET seen_at = now() - interval '61 minutes' WHERE user_account = $1", [id]);
    assert.equal(await status(), 401);
    await pool.query('UPDATE session SET seen_at = now(), expires_at = now() WHERE user_account = $1', [id]);
    assert.equal(await status(), 401);
  });

  test('a password is judged by what it takes to guess it, by somebody who knows its owner and the practice', async () => {
    await app.ask('POST', '/fhir/R4/Organization', {
      body: { resourceType: 'Organization', name: 'Larkspur Family Medicine' },
    });
    const name = 'Theodora Quillfeather';
    const login = 'tq@larkspur-meadow.example';
    const made = await app.ask('POST', '/api/users', { body: { login, name, roles: ['staff'] } });
    const token = tokenOf(made.json.link);
    const choose = (password: string) => new TestBrowser(app.url).ask('POST', '/api/session/link', { token, password });
    for (const [weak, why] of [
      ['short', /fewer than 12 characters/],
      ['password1234', /like a password that many people use/],
      ['qwertyuiop12', /like a password that many people use/],
      ['ＰＡＳＳＷＯＲＤ１２３４', /like a password that many people use/],
      ['P@ssw0rd2026!', /easy to guess|many people use/],
      ['Summer2026!!!', /./],
      ['aaaaaaaaaaaaaaaa', /[Rr]epeated/],
      ['PasswordPassword', /[Rr]epeated/],
      ['abcdefghijklmnop', /[Ss]equences/],
      ['20240229 20240229', /./],
      ['theodora1984!', /Names and addresses|names and addresses/],
      ['Quillfeather!2', /names and addresses/],
      ['theodoraquillfeather', /names and addresses/],
      [`${login}1`, /names and addresses/],
      ['Larkspur2026!', /names and addresses/],
      ['chartwire2026', /names and addresses/],
      ['a'.repeat(1_000), /[Rr]epeated/],
      ['aZ3'.repeat(333), /[Rr]epeated/],
    ] as const) {
      const refused = await choose(weak);
      assert.equal(refused.json.code, 'password.weak', weak);
      assert.match(refused.json.detail, why);
      assert.match(refused.json.next, /four unrelated words/);
      assert.ok(!refused.text.includes(weak));
    }
    assert.equal((await choose('x'.repeat(1_001))).status, 422);
    assert.equal((await choose('kelp under nine quiet bridges')).status, 200);
  });

  test('a changed password ends the other sessions and keeps this one', async () => {
    const { browser, login } = await newPerson(app, ['clinician']);
    const elsewhere = new TestBrowser(app.url);
    await elsewhere.signIn(login);
    const change = (current: string, next: string) => browser.ask('PUT', '/api/session/password', { current, next });
    assert.equal((await change('not it', 'another long password')).json.code, 'password.wrong');
    assert.equal((await elsewhere.ask('GET', '/api/session')).status, 200);
    const thief = browser.stolen();
    const { csrf } = browser;
    assert.equal((await change(PASSWORD, 'another long password')).status, 204);
    assert.equal((await browser.ask('GET', '/api/session')).status, 200);
    assert.equal(browser.csrf, csrf, 'what other tabs hold stays good');
    assert.equal((await thief.ask('GET', '/api/session')).status, 401, 'a copy of the cookie is worth nothing');
    assert.equal((await change(PASSWORD, 'yet another long password')).json.code, 'password.wrong');
    assert.equal((await elsewhere.ask('GET', '/api/session')).status, 401);
    assert.equal((await elsewhere.signIn(login)).status, 401);
    assert.equal((await elsewhere.signIn(login, 'another long password')).status, 200);
  });

  test('a password hashed with other parameters is good, and hashed anew', async () => {
    const { login, browser } = await newPerson(app, ['clinician']);
    // `an old password` with m=8, t=1, p=1, as argon2id makes it of this salt.
    const { argon2Sync } = await import('node:crypto');
    const nonce = Buffer.from('sixteen bytes ok');
    const key = argon2Sync('argon2id', {
      message: 'an old password',
      nonce,
      memory: 8,
      passes: 1,
      parallelism: 1,
      tagLength: 32,
    });
    const text = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');
    const phc = `$argon2id$v=19$m=8,t=1,p=1$${text(nonce)}$${text(key)}`;
    await pool.query('UPDATE user_account SET password = $2 WHERE login = $1', [login, phc]);
    assert.equal((await browser.signIn(login, 'an old password')).status, 200);
    const { rows } = await pool.query('SELECT password FROM user_account WHERE login = $1', [login]);
    assert.match(rows[0].password, /m=19456,t=2,p=1/);
    assert.equal((await browser.signIn(login, 'an old password')).status, 200);
  });

  test('a session holds on every node of one database, and ends on all of them', async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'chartwire-node-'));
    const second = await startApp({
      port: 0,
      host: '127.0.0.1',
      dataFolder,
      databaseUrl: app.database.url,
      adminToken: ADMIN,
      demo: false,
    });
    try {
      const { browser, id } = await newPerson(app, ['clinician']);
      const there = new TestBrowser(second.url);
      there.cookie = browser.cookie;
      const seen = await there.ask('GET', '/api/session');
      assert.equal(seen.status, 200);
      assert.equal(seen.json.csrf, browser.csrf);
      const patient = { resourceType: 'Patient', name: [{ family: 'Nodes' }] };
      assert.equal((await there.ask('POST', '/fhir/R4/Patient', patient)).status, 201);
      await app.ask('PATCH', `/api/users/${id}`, { body: { roles: ['biller'] } });
      assert.equal((await there.ask('POST', '/fhir/R4/Patient', patient)).status, 403, 'at once');
      await browser.ask('DELETE', '/api/session');
      assert.equal((await there.ask('GET', '/api/session')).status, 401);
    } finally {
      await second.close();
      await rm(dataFolder, { recursive: true, force: true });
    }
  });

  test('who signed in, out or not, and who changed what about it, is on record', async () => {
    const { browser, id, login } = await newPerson(app, ['clinician']);
    await browser.signIn(login, 'not the password');
    await browser.signIn(login);
    await browser.ask('PUT', '/api/session/password', { current: PASSWORD, next: 'another long password' });
    await app.ask('PATCH', `/api/users/${id}`, { body: { roles: ['biller'] } });
    await browser.ask('DELETE', '/api/session');
    const rowsBy = async (query: string) =>
      (await app.ask('GET', `/api/audit?order=asc&${query}`)).json.items.map(
        ({ action, status }: { action: string; status: number }) => `${action} ${status}`,
      );
    assert.deepEqual(await rowsBy(`actor=${id}`), [
      'session.link 200',
      'session.create 200',
      'session.password 204',
      'session.delete 204',
    ]);
    assert.deepEqual(await rowsBy(`type=User&record=${id}&actor=admin`), ['users.create 201', 'users.update 200']);
    const refused = (await app.ask('GET', '/api/audit?actor=unauthenticated&action=session.create&limit=1')).json
      .items[0];
    assert.equal(refused.status, 401);
    assert.ok(!JSON.stringify(refused).includes(login), 'what was typed may be a password in the wrong field');
  });

  test('neither the log nor the audit trail holds passwords, cookies or links', async () => {
    const { browser, login } = await newPerson(app, ['clinician']);
    await browser.signIn(login, 'a wrong password to look for');
    const { rows } = await pool.query('SELECT row_to_json(a)::text AS row FROM audit.entry a');
    const kept = app.logged() + rows.map(({ row }) => row).join('');
    for (const secret of [PASSWORD, 'a wrong password to look for', browser.cookie!.split('=')[1]!, browser.csrf!]) {
      assert.ok(!kept.includes(secret));
    }
    assert.ok(rows.some(({ row }) => row.includes('session.create') && row.includes('401')));
  });
});
