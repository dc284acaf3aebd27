// Guessing is slowed down, and nobody is locked out by somebody else's guesses.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { type RunningApp, runApp } from './running-app.ts';
import { newPerson, PASSWORD, TestBrowser } from './signing-in.ts';

describe('failed sign-ins', () => {
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

  const from = (address: string) => ({ 'x-forwarded-for': address });
  const attempt = (browser: TestBrowser, login: string, password: string, address: string) =>
    browser.ask('POST', '/api/session', { login, password }, from(address));

  /** As if so many attempts had failed at a place, and their wait was over. */
  const failed = (login: string, place: string, failures: number) =>
    pool.query(
      `INSERT INTO sign_in_attempt (account, place, failures, next_at)
       VALUES (sha256(convert_to($1, 'UTF8')), $2, $3, now())
       ON CONFLICT (account, place) DO UPDATE SET failures = $3, next_at = now()`,
      [login, place, failures],
    );

  test('forty of them behind one address keep nobody else at that address out', async () => {
    const address = '10.9.0.1';
    const guesses = Array.from({ length: 40 }, (_, n) => `guess-${n % 20}@clinic.example`);
    const answers = await Promise.all(
      guesses.map((login) => attempt(new TestBrowser(app.url), login, 'wrong', address)),
    );
    assert.ok(answers.every(({ status }) => status === 401));
    const { login } = await newPerson(app, ['staff']);
    assert.equal((await attempt(new TestBrowser(app.url), login, PASSWORD, address)).status, 200);
  });

  test('an account has to wait at the address of its failures, known or not, but not elsewhere', async () => {
    const { login, id } = await newPerson(app, ['staff']);
    const answers = async (who: string, place: string) => {
      await failed(who, place, 9);
      const many = await Promise.all(
        Array.from({ length: 6 }, () => attempt(new TestBrowser(app.url), who, 'wrong', place)),
      );
      return many.map(({ status, json }) => `${status} ${json.code}`).sort();
    };
    const refused = ['401 session.refused', ...Array.from({ length: 5 }, () => '429 session.limited')];
    assert.deepEqual(await answers(login, '10.9.1.1'), refused, 'many at once count as many');
    assert.deepEqual(
      await answers('nobody@clinic.example', '10.9.1.1'),
      refused,
      'a login that nobody has looks alike',
    );

    const here = await attempt(new TestBrowser(app.url), login, PASSWORD, '10.9.1.1');
    assert.equal(here.status, 429);
    const seconds = Number(here.headers.get('retry-after'));
    assert.ok(seconds > 1 && seconds <= 32, `${seconds}`);
    assert.match(here.json.next, new RegExp(`^Wait ${seconds} seconds, use a browser`));
    assert.notEqual((await app.ask('GET', `/api/users/${id}`)).json.lockedUntil, null);
    assert.equal((await attempt(new TestBrowser(app.url), login, PASSWORD, '10.9.1.2')).status, 200);
    await app.ask('POST', `/api/users/${id}/reset`);
    assert.equal((await app.ask('GET', `/api/users/${id}`)).json.lockedUntil, null);
    assert.equal((await attempt(new TestBrowser(app.url), login, PASSWORD, '10.9.1.1')).status, 200);
  });

  test('five are free, the wait is a quarter of an hour at most, and a right password clears it', async () => {
    const { login } = await newPerson(app, ['staff']);
    const address = '10.9.2.1';
    for (let n = 0; n < 4; n++)
      assert.equal((await attempt(new TestBrowser(app.url), login, 'no', address)).status, 401);
    assert.equal((await attempt(new TestBrowser(app.url), login, PASSWORD, address)).status, 200);
    await failed(login, address, 1_000);
    assert.equal((await attempt(new TestBrowser(app.url), login, 'no', address)).status, 401);
    const waits = await attempt(new TestBrowser(app.url), login, PASSWORD, address);
    assert.ok(Number(waits.headers.get('retry-after')) > 850 && Number(waits.headers.get('retry-after')) <= 900);
  });

  test('guesses from everywhere slow down new browsers, and none that the account has been used with', async () => {
    const { login, browser } = await newPerson(app, ['staff']);
    await failed(login, 'anywhere', 70);
    assert.equal((await attempt(new TestBrowser(app.url), login, 'no', '10.9.3.1')).status, 401);
    assert.equal((await attempt(new TestBrowser(app.url), login, PASSWORD, '10.9.3.2')).status, 429);
    assert.equal((await browser.signIn(login)).status, 200, 'its own browser');
    const other = await newPerson(app, ['staff']);
    const borrowed = new TestBrowser(app.url);
    borrowed.known = other.browser.known;
    assert.equal((await borrowed.signIn(login)).status, 429, 'a browser that another account has been used with');
    borrowed.known = `chartwire_browser=${'A'.repeat(43)}`;
    assert.equal((await borrowed.signIn(login)).status, 429, 'a made-up one');
  });

  test('a shared browser is known to each of its users, until ten wrong passwords in a row', async () => {
    const [one, two] = [await newPerson(app, ['staff']), await newPerson(app, ['staff'])];
    const shared = one.browser;
    const { known } = shared;
    assert.equal((await shared.signIn(two.login)).status, 200);
    assert.equal(shared.known, known);
    for (const { login } of [one, two]) await failed(login, 'anywhere', 70);
    for (const { login } of [one, two]) await attempt(new TestBrowser(app.url), login, 'no', '10.9.4.1');
    for (let n = 0; n < 10; n++) assert.equal((await shared.signIn(one.login, 'no')).status, 401);
    assert.equal((await shared.signIn(one.login)).status, 429);
    assert.equal((await shared.signIn(two.login)).status, 200);
  });

  test('a flood from one network has to wait for the next minute; known browsers and other networks go on', async () => {
    const { login, browser } = await newPerson(app, ['staff']);
    const link = () =>
      new TestBrowser(app.url).ask(
        'POST',
        '/api/session/link',
        { token: 'a'.repeat(43), password: 'x' },
        from('2001:db8::1'),
      );
    let status = 0;
    // The count starts over with the minute, which may end meanwhile.
    for (let n = 0; n < 300 && status !== 429; n++) ({ status } = await link());
    assert.equal(status, 429);
    assert.equal((await attempt(browser, login, PASSWORD, '2001:db8::2')).status, 200);
    assert.equal((await attempt(new TestBrowser(app.url), login, PASSWORD, '2001:db8:0:1::1')).status, 200);
  });

  test('what was typed as a login is not kept: it may be a password', async () => {
    await attempt(new TestBrowser(app.url), 'a password in the wrong field', 'x', '10.9.5.1');
    const { rows } = await pool.query('SELECT row_to_json(a)::text AS row FROM sign_in_attempt a');
    assert.ok(rows.length > 0 && rows.every(({ row }) => !row.includes('wrong field')));
  });
});
