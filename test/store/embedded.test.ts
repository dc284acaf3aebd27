// The embedded PostgreSQL server through everything that may happen to it: started, stopped, killed, started again.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chown, lstat, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Database } from '#store/embedded/database.ts';
import {
  assertKept,
  assertRefused,
  children,
  IS_ROOT,
  inChild,
  isAlive,
  isZombie,
  killedWriter,
  newFolder,
  open,
  query,
  stoppedFolder,
} from '../support/embedded.ts';

test('an empty folder is ready with a database; stopped in order and started again, its rows are there', async (t) => {
  const folder = newFolder();
  const first = await timed(t, 'ready on an empty folder', () => open(folder));
  await query(first, 'CREATE TABLE kept AS SELECT 1 AS n');
  await first.stop();
  assert.equal(existsSync(join(folder, 'postgres', 'postmaster.pid')), false, 'an orderly stop leaves no lock file');
  assert.equal(isAlive(first.pid!), false);

  const second = await timed(t, 'ready on an existing folder', () => open(folder));
  assert.deepEqual(await query(second, 'SELECT n FROM kept'), [{ n: 1 }]);
  assert.match(second.version, /^18\./);
  await second.stop();
});

async function timed<T>(t: TestContext, what: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  t.diagnostic(`${what}: ${Math.round(performance.now() - start)} ms`);
  return result;
}

test('the server is durable, in UTF-8, sorted by code point, and reached by its socket alone', async () => {
  const database = await open(await stoppedFolder());
  const settings = await query(
    database,
    `SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses',
       'server_encoding', 'data_checksums', 'TimeZone') ORDER BY name COLLATE "C"`,
  );
  assert.deepEqual(Object.fromEntries(settings.map(({ name, setting }) => [name, setting])), {
    TimeZone: 'UTC',
    data_checksums: 'on',
    fsync: 'on',
    full_page_writes: 'on',
    listen_addresses: '',
    server_encoding: 'UTF8',
    synchronous_commit: 'on',
  });
  assert.deepEqual(
    await query(
      database,
      `SELECT string_agg(c, '' ORDER BY c) AS s, upper('é') AS u FROM unnest('{b,é,B,a}'::text[]) c`,
    ),
    [{ s: 'Babé', u: 'É' }],
  );
  await database.stop();
});

test('only the password lets in, and nobody may log in as the superuser', async () => {
  const database = await open(await stoppedFolder());
  const roles = await query(database, 'SELECT rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user');
  assert.deepEqual(roles, [{ rolsuper: false, rolcreaterole: false }]);
  for (const change of [{ password: 'wrong' }, { user: 'postgres' }, { user: 'postgres', password: '' }]) {
    const client = new pg.Client({ ...database.connection, ...change });
    await assert.rejects(client.connect(), /password|SASL/);
  }
  const secret = await stat(join(dirname(database.socketFolder!), 'postgres.password'));
  assert.equal(secret.mode & 0o777, 0o600);
  await database.stop();
});

test("errors that quote a statement's values leave no trace in the log", async () => {
  const folder = await stoppedFolder();
  const database = await open(folder);
  await query(database, 'CREATE TABLE one (v text PRIMARY KEY)');
  await query(database, `INSERT INTO one VALUES ('sensitive-1')`);
  await assert.rejects(query(database, `INSERT INTO one VALUES ('sensitive-1')`), /duplicate/);
  await assert.rejects(query(database, `SELECT 'sensitive-2'::int`), /invalid input/);
  await assert.rejects(
    query(database, `DO $$ BEGIN RAISE WARNING 'sensitive-3'; RAISE EXCEPTION 'sensitive-4'; END $$`),
    /sensitive/,
  );
  // The log of a backend that crashes would name the statement it was at.
  const client = new pg.Client(database.connection);
  client.on('error', () => {});
  await client.connect();
  const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
  const crashing = assert.rejects(client.query(`SELECT pg_sleep(600), 'sensitive-5'`));
  await running(database, 'SELECT pg_sleep');
  process.kill(rows[0].pid, 'SIGKILL');
  await crashing;
  await database.stop();

  const logs = join(folder, 'postgres', 'log');
  const text = (await Promise.all((await readdir(logs)).map((file) => readFile(join(logs, file), 'utf8')))).join('');
  assert.match(text, /was terminated by signal 9/);
  assert.doesNotMatch(text + (await readFile(join(folder, 'postgres-start.log'), 'utf8')), /sensitive/);
});

test('kill -9 of Chartwire: the next start adopts the server, every acknowledged row is there, and stopping ends it', async () => {
  const folder = await stoppedFolder();
  const { pid, acknowledged } = await killedWriter(folder);
  assert.ok(isAlive(pid));
  const database = await open(folder);
  assert.equal(database.pid, pid);
  await assertKept(database, acknowledged);
  await database.stop();
  assert.ok(!isAlive(pid) || (await isZombie(pid)));
  assert.equal(existsSync(join(folder, 'postgres', 'postmaster.pid')), false);
});

test('kill -9 of Chartwire and of PostgreSQL: the next start recovers every acknowledged row', async () => {
  const folder = await stoppedFolder();
  const { pid, acknowledged } = await killedWriter(folder);
  process.kill(pid, 'SIGKILL');
  const database = await open(folder);
  assert.notEqual(database.pid, pid);
  await assertKept(database, acknowledged);
  await database.stop();
});

test('kill -9 of PostgreSQL under Chartwire: it is started again at the same address, with its rows', async () => {
  const reports: string[] = [];
  const database = await open(await stoppedFolder(), (sentence) => reports.push(sentence));
  await query(database, 'CREATE TABLE kept AS SELECT 1 AS n');
  const killed = database.pid!;
  process.kill(killed, 'SIGKILL');
  while (database.pid === killed) await sleep(5);
  assert.deepEqual(await query(database, 'SELECT n FROM kept'), [{ n: 1 }]);
  assert.deepEqual(reports, ['PostgreSQL stopped unexpectedly. Starting it again.']);
  await database.stop();
  assert.equal(isAlive(database.pid!), false);
});

test('a query that never pauses, of a server that was killed, does not hold up the next for long', async () => {
  const database = await open(await stoppedFolder(), () => {});
  const client = new pg.Client(database.connection);
  client.on('error', () => {});
  await client.connect();
  const ended = assert.rejects(client.query('DO $$ BEGIN LOOP END LOOP; END $$'));
  await running(database, 'DO');
  const killed = database.pid!;
  process.kill(killed, 'SIGKILL');
  while (database.pid === killed) await sleep(20);
  await ended;
  assert.deepEqual(await query(database, 'SELECT 1 AS n'), [{ n: 1 }]);
  await database.stop();
});

test('kill -9 at any moment of the first start: the next one begins again', async () => {
  for (const delay of [150, 500, 1000]) {
    const folder = newFolder();
    const child = inChild(
      `await openDatabase({ dataFolder: ${JSON.stringify(folder)} }); say('up'); setInterval(() => {}, 1000);`,
    );
    await sleep(delay);
    await child.kill();
    const database = await open(folder);
    assert.deepEqual(await query(database, 'SELECT 1 AS n'), [{ n: 1 }]);
    await database.stop();
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.includes('.new-')),
      [],
      `killed after ${delay} ms`,
    );
  }
});

test('a program that ends without stop() does not hang on the server, which the next start adopts', async () => {
  const folder = await stoppedFolder();
  const child = inChild(`say((await openDatabase({ dataFolder: ${JSON.stringify(folder)} })).pid);`);
  const pid = await child.next();
  assert.deepEqual((await child.exited)[0], 0);
  const database = await open(folder);
  assert.equal(database.pid, pid);
  await database.stop();
});

test("the old server's process id, now a zombie's or another process's, blocks no start", async () => {
  const folder = await stoppedFolder();
  const postgres = join(folder, 'postgres');
  const { uid, gid } = await stat(postgres);
  const account = IS_ROOT ? { uid, gid } : {};
  // The shell becomes a sleeper, before its child ends, that never asks after it: it stays a zombie.
  const shell = spawn('sh', ['-c', 'sleep 1 & echo $! $$; exec sleep 600'], {
    ...account,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(shell);
  const [zombie, stranger] = String((await once(shell.stdout, 'data'))[0])
    .trim()
    .split(' ')
    .map(Number);
  while (!(await isZombie(zombie!))) await sleep(5);
  for (const pid of [zombie, stranger, process.pid]) {
    const left = [pid, postgres, 1_700_000_000, 5432, postgres, '', '  10035206     99999', 'ready   ', ''].join('\n');
    await writeFile(join(postgres, 'postmaster.pid'), left);
    await writeFile(join(postgres, '.s.PGSQL.5432.lock'), left);
    if (IS_ROOT)
      for (const name of ['postmaster.pid', '.s.PGSQL.5432.lock']) await chown(join(postgres, name), uid, gid);
    const database = await open(folder);
    await query(database, 'SELECT 1');
    await database.stop();
  }
});

test('a server that was configured otherwise is not adopted but ended and started as it should be', async () => {
  const folder = await stoppedFolder();
  const { pid, acknowledged } = await killedWriter(folder);
  // Whoever does not know the password of the folder is not the server of the folder.
  await writeFile(join(folder, 'postgres.password'), `${'0'.repeat(64)}\n`);
  await assertRefused(open(folder), /The password in .* is not the database's/);
  assert.ok(!isAlive(pid) || (await isZombie(pid)));
  await rm(join(folder, 'postgres.password'));
  const database = await open(folder);
  await assertKept(database, acknowledged);
  await database.stop();
});

test('a lost password file is made anew, and the rows are still there', async () => {
  const folder = await stoppedFolder();
  const { pid, acknowledged } = await killedWriter(folder);
  await rm(join(folder, 'postgres.password'));
  const database = await open(folder);
  assert.notEqual(database.pid, pid);
  await assertKept(database, acknowledged);
  await database.stop();
});

test('a folder of an older version learns to protect the audit trail', async () => {
  const folder = await stoppedFolder();
  const older = await open(folder);
  await query(older, 'DROP FUNCTION protect_audit_trail()');
  await older.stop();
  await rm(join(folder, 'postgres', 'chartwire-roles'));
  const database = await open(folder);
  const [row] = await query(database, "SELECT to_regprocedure('protect_audit_trail()') IS NOT NULL AS able");
  assert.deepEqual(row, { able: true });
  await database.stop();
});

test('a path too long for a socket works, kill -9 included, and leaves nothing outside the folder', async () => {
  const folder = join(newFolder(), 'a-long-name/'.repeat(12), 'data');
  const { pid, acknowledged } = await killedWriter(folder);
  const database = await open(folder);
  assert.equal(database.pid, pid);
  assert.ok(database.socketFolder!.length < 90);
  assert.equal((await lstat(database.socketFolder!)).mode & 0o777, 0o700);
  await assertKept(database, acknowledged);
  await database.stop();
  assert.equal(existsSync(database.socketFolder!), false);
});

/** Waits until the server is at a statement that begins so. */
async function running(database: Database, statement: string): Promise<void> {
  const sql = `SELECT FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() AND query LIKE '${statement}%'`;
  while ((await query(database, sql)).length === 0) await sleep(20);
}
