import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { until } from '../support/core.ts';
import { freshDatabase } from '../support/database.ts';
import { chartwire, start } from './chartwire.ts';

/** A server as the command starts it, once it has printed where it is. */
async function served(args: readonly string[], env: Record<string, string> = {}, shell = false) {
  const child = start(args, { env: { CHARTWIRE_DEMO: '0', ...env }, shell });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const closed = once(child, 'close').then(() => ({ code: child.exitCode, stderr }));
  while (!stdout.includes('Ctrl-C stops it.')) {
    const ended = await Promise.race([once(child.stdout, 'data').then(() => undefined), closed]);
    if (ended) throw new Error(`it ended with ${ended.code}: ${ended.stderr}`);
  }
  return {
    url: /Chartwire is at (http:\S+)/.exec(stdout)![1]!,
    stdout,
    stop(signal: NodeJS.Signals) {
      child.kill(signal);
      return closed;
    },
  };
}

describe('serve', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chartwire-serve-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  test('comes up on an empty folder, says where it is and what to try, and stops in order at Ctrl-C', async () => {
    const data = join(folder, 'new');
    const server = await served(['--data', data, 'serve', '--port', '0']);
    const token = join(data, 'admin-token');
    assert.ok(server.stdout.includes('admin-token'));
    assert.equal((await stat(token)).mode & 0o777, 0o600);
    assert.match(server.stdout, /Three commands to try:\n {2}.*\n {2}.*\n {2}.*\n\n/);
    const listed = await chartwire(['--server', server.url, '--data', data, 'list', '--json']);
    assert.deepEqual([listed.code, listed.stdout.trim()], [0, '[]'], listed.stderr);

    const second = await chartwire(['--data', data, 'serve', '--port', '0']);
    assert.equal(second.code, 1, 'two servers on one folder');
    assert.equal(second.stderr.trim().split('\n').length, 1, second.stderr);

    const { code, stderr } = await server.stop('SIGINT');
    assert.equal(code, 0, stderr);
    assert.match(stderr, /Stopped\.\n$/);
    await assert.rejects(fetch(server.url));

    const pnpm = { npm_config_user_agent: 'pnpm/12.21.0 npm/? node/v24.0.0 linux x64' };
    const again = await served(['serve'], { PORT: '0', CHARTWIRE_DATA: data, ...pnpm });
    assert.match(again.stdout, /Three commands to try:\n {2}pnpm exec chartwire --server /);
    assert.equal((await fetch(`${again.url}/readyz`)).status, 200);
    // Told to its whole process group, it hears of it twice.
    const told = again.stop('SIGTERM');
    setTimeout(() => void again.stop('SIGTERM'), 20);
    const ended = await told;
    assert.deepEqual([ended.code, ended.stderr.endsWith('Stopped.\n')], [0, true], ended.stderr);
  });

  test('stops without its database, and when it is forced to leaves no PostgreSQL behind', async () => {
    const data = join(folder, 'forced');
    const env = { PORT: '0', CHARTWIRE_DATA: data };
    const postgres = async () =>
      Number((await readFile(join(data, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
    const forced = await served(['serve'], env);
    const pid = await postgres();
    process.kill(pid, 'SIGSTOP');
    const ended = forced.stop('SIGTERM');
    await sleep(1_200);
    await forced.stop('SIGTERM');
    process.kill(pid, 'SIGCONT');
    assert.equal((await ended).code, 143);
    await until(async () => !existsSync(join(data, 'postgres', 'postmaster.pid')));

    const lost = await served(['serve'], env);
    const gone = await postgres();
    await rename(join(data, 'postgres'), join(data, 'away'));
    process.kill(gone, 'SIGKILL');
    // As when its terminal is closed.
    const { code, stderr } = await lost.stop('SIGHUP');
    assert.equal(code, 0, stderr);
    assert.match(stderr, /Stopped\.\n$/);
    assert.doesNotMatch(stderr, / at .*\.ts:/);
  });

  test('until the first administrator has chosen a password, each start prints a link for that', async () => {
    const env = { CHARTWIRE_DATA: join(folder, 'welcome'), PORT: '0' };
    const linkOf = (stdout: string) => /Sign in +(http:\S+\/welcome#[\w-]{43})\n.*admin@localhost/.exec(stdout)?.[1];
    const first = await served(['serve'], env);
    const old = linkOf(first.stdout);
    assert.ok(old, first.stdout);
    assert.equal((await first.stop('SIGTERM')).code, 0);

    const second = await served(['serve'], env);
    const link = new URL(linkOf(second.stdout)!);
    const choose = (token: string) =>
      fetch(new URL('/api/session/link', second.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token, password: 'four unlikely words together' }),
      });
    assert.equal(link.origin, second.url);
    assert.equal((await choose(new URL(old).hash.slice(1))).status, 410, 'the one before is replaced');
    const chosen = await choose(link.hash.slice(1));
    assert.equal(chosen.status, 200);
    assert.deepEqual(((await chosen.json()) as { user: { roles: unknown } }).user.roles, ['admin', 'clinician']);
    assert.equal((await second.stop('SIGTERM')).code, 0);

    // Under npx the signal ends a shell, which passes nothing on: the server stops in order all the same.
    const third = await served(['serve'], { ...env, npm_config_user_agent: 'npm' }, true);
    assert.equal(linkOf(third.stdout), undefined, third.stdout);
    assert.match((await third.stop('SIGTERM')).stderr, /Stopped\.\n$/);
  });

  test('settings that could not work are told in a sentence', async () => {
    const issuer = { CHARTWIRE_OIDC_ISSUER: 'https://id.example', CHARTWIRE_OIDC_CLIENT_ID: 'chartwire' };
    for (const [settings, said] of [
      [{ CHARTWIRE_TRUST_PROXY: '10.0.0.0/64' }, /10\.0\.0\.0\/64/],
      [{ CHARTWIRE_SESSION_IDLE: '0' }, /from 1 to 99999/],
      [{ CHARTWIRE_TIME_ZONE: 'Mars/Base' }, /IANA time zone/],
      [{ CHARTWIRE_OIDC_ISSUER: 'http://id.example' }, /https/],
      [issuer, /CHARTWIRE_OIDC_CLIENT_SECRET isn’t/],
      [{ ...issuer, CHARTWIRE_OIDC_CLIENT_SECRET_FILE: join(folder, 'none') }, /ENOENT/],
    ] as const) {
      const { code, stdout, stderr } = await chartwire(['--data', join(folder, 'settings'), 'serve', '--port', '0'], {
        env: settings,
      });
      assert.notEqual(code, 0, JSON.stringify(settings));
      assert.match(stderr, said);
      assert.equal(stdout, '');
    }
  });

  test('a port in use is told in a sentence', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await chartwire([
      '--data',
      join(folder, 'port'),
      'serve',
      '--port',
      String(port),
      '--log-level',
      'silent',
    ]);
    other.close();
    assert.equal(code, 1);
    assert.equal(stderr, `Port ${port} is in use: stop what listens there, or choose another with --port.\n`);
  });

  test('a database that is lost while it starts is told in a sentence', async () => {
    const database = await freshDatabase();
    const admin = new pg.Client(database.connection);
    await admin.connect();
    // The first thing that a start puts in is a questionnaire; it loses its connection at that.
    await admin.query(`CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$;
      CREATE TRIGGER lose BEFORE INSERT ON record FOR EACH ROW EXECUTE FUNCTION lose()`);
    await admin.end();
    const args = ['--data', join(folder, 'lost'), 'serve', '--port', '0', '--log-level', 'silent'];
    const { code, stderr } = await chartwire(args, { env: { DATABASE_URL: database.url } });
    await database.drop();
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^The database was lost while Chartwire started \(.+\): see that it runs, and start again\.\n$/,
    );
  });

  test('a data folder that is none is told in a sentence', async () => {
    const path = join(folder, 'a-file');
    await writeFile(path, '');
    const { code, stderr } = await chartwire(['--data', path, 'serve', '--port', '0', '--log-level', 'silent']);
    assert.equal(code, 1);
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
    assert.ok(stderr.includes(path), stderr);
  });

  test('a data folder that cannot be made is told in a sentence', {
    skip: !existsSync('/proc/self') && 'there is no /proc',
  }, async () => {
    const { code, stderr } = await chartwire(['--data', '/proc/none', 'serve', '--port', '0', '--log-level', 'silent']);
    assert.equal(code, 1);
    assert.equal(stderr, 'The data folder /proc/none cannot be made: choose another with --data.\n');
  });
});
