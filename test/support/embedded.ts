// Ways to start, to kill and to look at the embedded server, for the tests of it.

import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { type Database, openDatabase } from '#store/embedded/database.ts';
import { StartRefused } from '#store/embedded/start-refused.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const IS_ROOT = process.getuid?.() === 0;
/** Every Unix knows this user by name, which initdb wants. */
export const NOBODY = { uid: 65_534, gid: 65_534 };

/** Short, whatever TMPDIR is, because a socket's path is limited. */
const scratch = await mkdtemp('/tmp/chartwire-embedded-');
await chmod(scratch, 0o755);
const opened: Database[] = [];
export const children: ChildProcess[] = [];
after(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const database of opened) await database.stop();
  // A test that failed half way may have left a server running.
  for (const dataFolder of folders) {
    if (existsSync(join(dataFolder, 'postgres', 'postmaster.pid'))) await (await openDatabase({ dataFolder })).stop();
  }
  await rm(scratch, { recursive: true, force: true });
});

const folders: string[] = [];
/** The path of a data folder that is not there yet. */
export function newFolder(): string {
  const folder = join(scratch, String(folders.length + 1));
  folders.push(folder);
  return folder;
}

export async function open(dataFolder: string, report: (sentence: string) => void = assert.fail): Promise<Database> {
  const database = await openDatabase({ dataFolder, report });
  opened.push(database);
  return database;
}

export async function query(database: Database, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(database.connection);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Asserts that the start is refused, in one sentence that says `what` and then what to do. */
export async function assertRefused(start: Promise<unknown>, what: RegExp): Promise<void> {
  await assert.rejects(start, (error) => {
    assert.ok(error instanceof StartRefused, String(error instanceof Error ? error.stack : error));
    assert.match(error.message, what);
    assert.match(
      error.message,
      /^[A-Z/][^\n]+: [^\n]*\b(set|start|stop|check|write|create|name|upgrade|correct|export)\b[^\n]+\.$/,
    );
    return true;
  });
}

/** A script in its own process, with `openDatabase` and `say(value)` available; `next` returns its values in turn. */
export function inChild(
  script: string,
  options: { account?: { uid: number; gid: number }; root?: string; wrap?: string[] } = {},
) {
  const module = `file://${join(options.root ?? ROOT, 'packages/server/src/store/embedded/database.ts')}`;
  const code = `import { openDatabase } from '${module}';
    const say = (value) => process.stdout.write(JSON.stringify(value) + '\\n');
    ${script}`;
  const command = [
    ...(options.wrap ?? []),
    process.execPath,
    '--conditions=@chartwire/source',
    '--input-type=module',
    '--eval',
    code,
  ];
  const child = spawn(command[0]!, command.slice(1), {
    ...options.account,
    cwd: '/',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const said: string[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    said.push(...lines);
  });
  const exited = once(child, 'exit');
  const next = async (): Promise<unknown> => {
    while (said.length === 0) {
      if (child.exitCode !== null || child.signalCode !== null) assert.fail('the child ended without an answer');
      await sleep(5);
    }
    return JSON.parse(said.shift()!);
  };
  const kill = async (): Promise<unknown[]> => {
    child.kill('SIGKILL');
    await exited;
    return said.splice(0).map((line) => JSON.parse(line));
  };
  return { next, kill, exited };
}

/** Opens `folder` in a child that writes rows as fast as it can and says the number of each one acknowledged. */
function writer(folder: string) {
  return inChild(`
    import pg from '${import.meta.resolve('pg')}';
    const database = await openDatabase({ dataFolder: ${JSON.stringify(folder)} });
    say(database.pid);
    const client = new pg.Client(database.connection);
    await client.connect();
    await client.query('CREATE TABLE kept (n int PRIMARY KEY)');
    for (let n = 0; ; n++) {
      await client.query('INSERT INTO kept VALUES ($1)', [n]);
      say(n);
    }`);
}

/** Kills the writer in the middle of its work; answers the server's pid and the numbers it was promised. */
export async function killedWriter(folder: string): Promise<{ pid: number; acknowledged: unknown[] }> {
  const child = writer(folder);
  const pid = Number(await child.next());
  const acknowledged = [await child.next()];
  while (acknowledged.length < 20) acknowledged.push(await child.next());
  acknowledged.push(...(await child.kill()));
  return { pid, acknowledged };
}

export async function assertKept(database: Database, acknowledged: unknown[]): Promise<void> {
  const rows = new Set((await query(database, 'SELECT n FROM kept')).map((row) => row.n));
  const lost = acknowledged.filter((n) => !rows.has(n));
  assert.deepEqual(lost, []);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export async function isZombie(pid: number): Promise<boolean> {
  return /\) Z/.test(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''));
}

let made: Promise<string> | undefined;

/** A made cluster, stopped; for tests that spoil it. A copy: making one takes a second of a core. */
export async function stoppedFolder(): Promise<string> {
  made ??= madeAndStopped();
  const folder = newFolder();
  await promisify(execFile)('cp', ['-a', await made, folder]);
  return folder;
}

async function madeAndStopped(): Promise<string> {
  const folder = newFolder();
  const database = await open(folder);
  await database.stop();
  return folder;
}

/** Why no child of another user can run this checkout; false when one can. */
export function noOrdinaryUser(): string | false {
  const tried = spawnSync(process.execPath, ['--version'], { ...(IS_ROOT ? NOBODY : {}), cwd: '/' });
  return tried.status === 0 ? false : 'an ordinary user cannot reach this checkout';
}
/** Options for `inChild`: as an ordinary user. */
export const ordinary = { ...(IS_ROOT ? { account: NOBODY } : {}) };
