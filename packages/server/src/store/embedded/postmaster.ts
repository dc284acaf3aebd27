// Is there a server for this cluster already? PostgreSQL's own postmaster.pid, read with suspicion: a process that was
// killed leaves it behind, and its process id may be a zombie's or somebody else's by now.

import { execFile } from 'node:child_process';
import { readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { endianness } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { systemCode } from './start-refused.ts';

/** How long an orderly stop may take, in milliseconds: until the server begins to write everything down, and altogether. */
const STOPPING_WITHIN = 5_000;
const STOPPED_WITHIN = 60_000;

/** What postmaster.pid says. */
export interface Postmaster {
  readonly pid: number;
  /** Where its socket is. */
  readonly socketFolder: string;
  /** It has recovered and accepts connections. */
  readonly ready: boolean;
}

/** The file's lines: pid, folder, start time, port, socket folder, TCP address, shared memory key, state. */
export async function readPostmaster(folder: string): Promise<Postmaster | undefined> {
  const lines = (await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => ''))
    .split('\n')
    .map((line) => line.trim());
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, socketFolder: lines[4]?.startsWith('/') ? lines[4] : folder, ready: lines[7] === 'ready' };
}

/** Whether process `pid` is a living PostgreSQL server working in `folder`. */
export async function isServing(pid: number, folder: string): Promise<boolean> {
  if (pid === process.pid || !canSignal(pid)) return false;
  if (process.platform !== 'linux') {
    const ps = await promisify(execFile)('ps', ['-o', 'stat=,command=', '-p', String(pid)]).catch(() => ({
      stdout: '',
    }));
    return !ps.stdout.startsWith('Z') && ps.stdout.includes('postgres') && ps.stdout.includes(folder);
  }
  // `pid (name) state ...`: a zombie has state Z and is as dead as it gets.
  const [, name, state] = /\((.*)\) (\S)/.exec(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')) ?? [];
  if (name !== 'postgres' || state === 'Z' || state === 'X') return false;
  // Its working folder is its cluster; a root without CAP_SYS_PTRACE may not see it, and then the name must do.
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => folder);
  return cwd === folder;
}

/**
 * Kills what is left of a server that is gone. Its processes end by themselves at their next pause, but a query that makes
 * none never notices. Where processes cannot be listed this does nothing, and PostgreSQL goes on refusing to start.
 */
export async function killLeftovers(folder: string): Promise<void> {
  for (const name of await readdir('/proc').catch(() => [])) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || (await readlink(`/proc/${pid}/cwd`).catch(() => '')) !== folder) continue;
    if (await isServing(pid, folder)) signal(pid, 'SIGKILL');
  }
}

function canSignal(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * Makes the lock files of a server that is gone harmless. PostgreSQL would take a zombie, or any process of its user that
 * was given the old id, for the old server. The socket's files may simply go. postmaster.pid must stay, because it names
 * the shared memory by which PostgreSQL makes sure that no process of the old server is still writing: it is given our own
 * id, and a server takes an id of its parent for a stale one.
 */
export async function disarmLockFiles(folder: string, postmaster: Postmaster): Promise<void> {
  const path = join(folder, 'postmaster.pid');
  const [, ...rest] = (await readFile(path, 'utf8')).split('\n');
  await writeFile(path, [process.pid, ...rest].join('\n'));
  for (const name of ['.s.PGSQL.5432', '.s.PGSQL.5432.lock']) {
    await rm(join(postmaster.socketFolder, name), { force: true });
  }
}

/** What is known of a server that is stopped. */
export interface Stopping {
  readonly pid: number;
  /** Its cluster's. */
  readonly folder: string;
  readonly hasEnded: () => Promise<boolean>;
  /** It turns everybody away because it recovers from a crash. */
  readonly isRecovering: () => Promise<boolean>;
}

/**
 * Ends a server in order: `SIGINT` ends transactions, writes everything down and leaves nothing to recover. Where that can't
 * be, `SIGQUIT` ends it at once and the next start recovers; what was acknowledged is on the disk. It can't be on a disk too
 * slow for it, and while the server recovers from the crash of a backend: PostgreSQL 18 then ends the recovery and waits for
 * a checkpointer that nobody told.
 */
export async function stopPostmaster({ pid, folder, hasEnded, isRecovering }: Stopping): Promise<void> {
  let atOnce = await isRecovering();
  signal(pid, atOnce ? 'SIGQUIT' : 'SIGINT');
  const begun = Date.now();
  for (let wait = 5; !(await hasEnded()); wait = Math.min(wait * 2, 100)) {
    await sleep(wait);
    const limit = (await isWritingDown(folder)) ? STOPPED_WITHIN : STOPPING_WITHIN;
    if (atOnce || Date.now() - begun < limit) continue;
    atOnce = true;
    signal(pid, 'SIGQUIT');
  }
}

/** Where pg_control says what the server is doing, and the states of a stop: `DBState` in PostgreSQL's pg_control.h. */
const STATE_AT = 16;
const SHUT_DOWN = 1;
const SHUTTING_DOWN = 3;

/** Whether the server writes its last checkpoint, or has written it. */
async function isWritingDown(folder: string): Promise<boolean> {
  const control = await readFile(join(folder, 'global', 'pg_control')).catch(() => undefined);
  if (control === undefined || control.length < STATE_AT + 4) return false;
  const state = endianness() === 'LE' ? control.readInt32LE(STATE_AT) : control.readInt32BE(STATE_AT);
  return state === SHUT_DOWN || state === SHUTTING_DOWN;
}

function signal(pid: number, name: 'SIGINT' | 'SIGQUIT' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (systemCode(error) !== 'ESRCH') throw error;
  }
}
