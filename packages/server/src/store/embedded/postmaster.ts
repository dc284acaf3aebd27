// Detects a running server of this cluster from PostgreSQL's postmaster.pid. A killed process leaves the file behind, and its
// process id may now be a zombie's or another process's.

import { execFile } from 'node:child_process';
import { readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { endianness } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { systemCode } from './start-refused.ts';

/** Milliseconds for an orderly stop: until the server starts its last checkpoint, and in total. */
const STOPPING_WITHIN = 5_000;
const STOPPED_WITHIN = 60_000;

/** The content of postmaster.pid. */
export interface Postmaster {
  readonly pid: number;
  /** Folder of its socket. */
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

/** Whether process `pid` is a live PostgreSQL server working in `folder`. */
export async function isServing(pid: number, folder: string): Promise<boolean> {
  if (pid === process.pid || !canSignal(pid)) return false;
  if (process.platform !== 'linux') {
    const ps = await promisify(execFile)('ps', ['-o', 'stat=,command=', '-p', String(pid)]).catch(() => ({
      stdout: '',
    }));
    return !ps.stdout.startsWith('Z') && ps.stdout.includes('postgres') && ps.stdout.includes(folder);
  }
  // `pid (name) state ...`: state Z is a zombie, which is dead.
  const [, name, state] = /\((.*)\) (\S)/.exec(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')) ?? [];
  if (name !== 'postgres' || state === 'Z' || state === 'X') return false;
  // Its working folder is its cluster. Root without CAP_SYS_PTRACE may not see that; then the name must do.
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => folder);
  return cwd === folder;
}

/**
 * Kills leftover processes of a dead server. They end by themselves at their next pause, but a query without one never notices.
 * Where processes can't be listed this does nothing, and PostgreSQL keeps refusing to start.
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
 * Neutralizes the lock files of a dead server. PostgreSQL would mistake a zombie, or any process of its user with the old id, for
 * the old server. The socket's files can be removed. postmaster.pid must stay, since it names the shared memory with which
 * PostgreSQL makes sure that no old process is still writing. It gets our own id, since a server treats its parent's id as stale.
 */
export async function disarmLockFiles(folder: string, postmaster: Postmaster): Promise<void> {
  const path = join(folder, 'postmaster.pid');
  const [, ...rest] = (await readFile(path, 'utf8')).split('\n');
  await writeFile(path, [process.pid, ...rest].join('\n'));
  for (const name of ['.s.PGSQL.5432', '.s.PGSQL.5432.lock']) {
    await rm(join(postmaster.socketFolder, name), { force: true });
  }
}

/** A server to stop. */
export interface Stopping {
  readonly pid: number;
  /** Its cluster's folder. */
  readonly folder: string;
  readonly hasEnded: () => Promise<boolean>;
  /** It refuses connections while it recovers from a crash. */
  readonly isRecovering: () => Promise<boolean>;
}

/**
 * Stops a server: `SIGINT` ends transactions, writes everything, and leaves nothing to recover. If that fails, `SIGQUIT` ends it
 * at once and the next start recovers; acknowledged writes are on the disk. It fails on a disk that is too slow, and while the
 * server recovers from a backend's crash: PostgreSQL 18 then ends the recovery and waits for a checkpointer that was never
 * notified.
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

/** Position of the server's state in pg_control, and the states of a stop: `DBState` in PostgreSQL's pg_control.h. */
const STATE_AT = 16;
const SHUT_DOWN = 1;
const SHUTTING_DOWN = 3;

/** Whether the server is writing its last checkpoint, or has written it. */
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
