import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ADMIN, type RunningApp, runApp } from '../server/running-app.ts';
import { PASSWORD, TestBrowser, tokenOf } from '../server/signing-in.ts';
import type { Ran } from './chartwire.ts';
import { keptChartwire } from './kept-chartwire.ts';

describe('chartwire user', () => {
  let app: RunningApp;
  before(async () => {
    app = await runApp();
  });
  after(() => app.close());

  const user = (...args: string[]): Promise<Ran> =>
    keptChartwire(['user', ...args], { env: { CHARTWIRE_URL: app.url, CHARTWIRE_TOKEN: ADMIN } });

  async function done(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await user(...args);
    assert.equal(code, 0, stderr);
    return stdout.trim();
  }

  test('a user is made, comes in, is given a new link, and is shut out', async () => {
    const link = await done('add', 'Park@clinic.example', '--name', 'Helen Park', '--role', 'clinician', 'biller');
    assert.match(link, /\/welcome#[\w-]{43}$/, 'the link alone, for a pipe');
    const browser = new TestBrowser(app.url);
    const choose = (from: string) =>
      browser.ask('POST', '/api/session/link', { token: tokenOf(from), password: PASSWORD });
    assert.equal((await choose(link)).status, 200);

    const listed = JSON.parse(await done('list', '--json'));
    const park = listed.find(({ login }: { login: string }) => login === 'park@clinic.example');
    assert.deepEqual(park.roles, ['clinician', 'biller']);
    assert.match(await done('list'), /park@clinic\.example +Helen Park +clinician biller +\S+ +active/);

    assert.equal((await choose(await done('reset', 'PARK@clinic.example'))).status, 200);
    assert.match(await done('disable', park.id), /signed out/);
    assert.equal((await browser.ask('GET', '/api/session')).status, 401);
    assert.match(await done('list'), /Helen Park .* disabled/);
    await done('enable', 'park@clinic.example');
    assert.equal((await browser.signIn('park@clinic.example')).status, 200);
  });

  test('what cannot be done is told in sentences', async () => {
    for (const [args, code, said] of [
      [['reset', 'nobody@clinic.example'], 1, /There is no user nobody@clinic\.example/],
      [['disable', 'admin@localhost'], 1, /last administrator who can sign in/],
      [['add', 'no address', '--name', 'X', '--role', 'staff'], 1, /login/],
      [
        ['add', 'x@clinic.example', '--name', 'X', '--role', 'surgeon'],
        2,
        /clinician, supervisor, staff, biller, admin/,
      ],
      [['add', 'x@clinic.example', '--name', 'X'], 2, /--role/],
    ] as const) {
      const ran = await user(...args);
      assert.equal(ran.code, code, ran.stderr);
      assert.match(ran.stderr, said);
      assert.equal(ran.stdout, '');
    }
  });
});
