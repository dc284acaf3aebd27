// Starts the embedded PostgreSQL server, or adopts one that a killed Chartwire left running, and stops it.

import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { cannotChangeUser } from './account.ts';
import { type Cluster, dataArgument } from './cluster.ts';
import { disarmLockFiles, isServing, killLeftovers, readPostmaster, stopPostmaster } from './postmaster.ts';
import { NOT_DURABLE, SETTINGS } from './settings.ts';
import { reasonIn, StartRefused, systemCode } from './start-refused.ts';

export interface Server {
  readonly socketFolder: string;
  readonly pid: number;
  /** True if it adopted a running server. */
  readonly adopted: boolean;
  /** Settles when the server ends, for any reason. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** A socket's path must fit 108 bytes on Linux and 104 on macOS, including its final zero. */
const LONGEST_SOCKET_PATH = 103;
const SOCKET = '.s.PGSQL.5432';
const SHORT_SOCKET_FOLDER = 'chartwire-';

/** Recovery takes as long as there is log to read; longer than this means that something is wrong. */
const READY_WITHIN = 10 * 60_000;
/** Milliseconds for the processes of a killed server to end before they are killed; and in total. */
const LEFTOVERS_END_WITHIN = 3000;
const LEFTOVERS_GONE_WITHIN = 30_000;

export function connectionTo(socketFolder: string, password: string, database: string): pg.ClientConfig {
  return { host: socketFolder, port: Number(SETTINGS.port), user: 'chartwire', password, database };
}

/** `socketFolder`: the previous folder of the socket, when a server restarts while clients are connected. */
export async function startServer(cluster: Cluster, password: string, socketFolder?: string): Promise<Server> {
  const adopted = await adopt(cluster, password);
  if (adopted !== undefined) return adopted;
  const socket = socketFolder ?? (await makeSocketFolder(cluster));
  const stale = await readPostmaster(cluster.folder);
  if (stale !== undefined) {
    await disarmLockFiles(cluster.folder, stale);
    if (stale.socketFolder !== socket) await removeShortFolder(stale.socketFolder);
  }
  const begun = Date.now();
  for (;;) {
    const started = await tryStart(cluster, socket);
    if (typeof started !== 'string') return started;
    // While a process of the killed server lives it may still write, so PostgreSQL rightly refuses.
    const waited = Date.now() - begun;
    if (!started.includes('pre-existing shared memory block') || waited > LEFTOVERS_GONE_WITHIN) {
      await removeShortFolder(socket);
      throw new StartRefused(
        `PostgreSQL did not start on ${cluster.folder} (${reasonIn(started) ?? 'it did not say why'}): correct that and ` +
          `start again; its logs are in ${join(cluster.folder, 'log')}.`,
      );
    }
    if (waited > LEFTOVERS_END_WITHIN) await killLeftovers(cluster.folder);
    await sleep(100);
  }
}

/** Stops a running server of this cluster. */
export async function stopLeftover(cluster: Cluster): Promise<void> {
  const found = await readPostmaster(cluster.folder);
  if (found === undefined || !(await isServing(found.pid, cluster.folder))) return;
  await stopFound(cluster, found.pid, found.socketFolder);
}

async function stopFound(cluster: Cluster, pid: number, socketFolder: string): Promise<void> {
  await stopPostmaster({
    pid,
    folder: cluster.folder,
    hasEnded: async () => !(await isServing(pid, cluster.folder)),
    isRecovering: () => isRecovering(socketFolder),
  });
  await removeShortFolder(socketFolder);
}

/** A server that isn't our child doesn't report its end, so this polls. */
async function leftoverEnded(cluster: Cluster, pid: number): Promise<void> {
  while (await isServing(pid, cluster.folder)) await sleep(250, undefined, { ref: false });
}

/** Adopts a running server that has our configuration and accepts our password; stops any other. */
async function adopt(cluster: Cluster, password: string): Promise<Server | undefined> {
  const until = Date.now() + READY_WITHIN;
  let found = await readPostmaster(cluster.folder);
  while (found !== undefined && (await isServing(found.pid, cluster.folder))) {
    const { pid, socketFolder } = found;
    if (found.ready && (await isOurs(cluster, socketFolder, password))) {
      const stop = (): Promise<void> => stopFound(cluster, pid, socketFolder);
      return { socketFolder, pid, adopted: true, ended: leftoverEnded(cluster, pid), stop };
    }
    if (found.ready || Date.now() > until) await stopFound(cluster, pid, socketFolder);
    else await sleep(20);
    found = await readPostmaster(cluster.folder);
  }
  return undefined;
}

/** A SCRAM login proves both sides: the server knows our password, too. Its name identifies its configuration. */
async function isOurs(cluster: Cluster, socketFolder: string, password: string): Promise<boolean> {
  const client = new pg.Client({
    ...connectionTo(socketFolder, password, 'postgres'),
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ name: string }>(`SELECT current_setting('cluster_name') AS name`);
    return rows[0]?.name === configurationName(cluster);
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Whether a server refuses connections while it recovers from a crash, which it says before authentication. */
async function isRecovering(socketFolder: string): Promise<boolean> {
  const client = new pg.Client({ ...connectionTo(socketFolder, '', 'postgres'), connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return false;
  } catch (error) {
    // Messages are in English: lc_messages is C.
    return systemCode(error) === '57P03' && /recover|starting up|not yet accepting/.test((error as Error).message);
  } finally {
    await client.end().catch(() => {});
  }
}

function settingsOf(cluster: Cluster): Record<string, string> {
  return { ...SETTINGS, ...(cluster.durable ? {} : NOT_DURABLE) };
}

/** `chartwire-` and a digest of programs and settings; `ps` also shows it. */
function configurationName(cluster: Cluster): string {
  const configuration = JSON.stringify([cluster.binaries, settingsOf(cluster)]);
  return `chartwire-${createHash('sha256').update(configuration).digest('hex').slice(0, 8)}`;
}

/** One attempt: returns the ready server, or its output before it ended. */
async function tryStart(cluster: Cluster, socketFolder: string): Promise<Server | string> {
  const child = await spawnServer(cluster, socketFolder);
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const pid = child.pid!;
  const until = Date.now() + READY_WITHIN;
  while (!hasEnded()) {
    const said = await readPostmaster(cluster.folder);
    if (said?.pid === pid && said.ready) {
      const stop = async (): Promise<void> => {
        await stopPostmaster({
          pid,
          folder: cluster.folder,
          hasEnded: async () => hasEnded(),
          isRecovering: () => isRecovering(socketFolder),
        });
        await removeShortFolder(socketFolder);
      };
      // A program that ends without stop() leaves the server running, to be adopted, instead of waiting for it.
      child.unref();
      return { socketFolder, pid, adopted: false, ended, stop };
    }
    if (Date.now() > until) child.kill('SIGQUIT');
    await Promise.race([ended, sleep(5)]);
  }
  return await readFile(startLog(cluster), 'utf8');
}

async function spawnServer(cluster: Cluster, socketFolder: string): Promise<ChildProcess> {
  const settings: Record<string, string> = {
    ...settingsOf(cluster),
    cluster_name: configurationName(cluster),
    unix_socket_directories: socketFolder === cluster.folder ? '.' : socketFolder,
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // To a file rather than a pipe, since the server outlives us if we are killed. Once it runs, it writes its own log.
  const log = await open(startLog(cluster), 'w', 0o600);
  try {
    const child = spawn(cluster.binaries.postgres, ['-D', dataArgument(cluster), ...args], {
      ...cluster.accounts.server,
      cwd: cluster.folder,
      env: { LC_ALL: 'C', TZ: 'UTC' },
      // In its own session: Ctrl-C in the terminal reaches only us, and we stop the server when we no longer need it.
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    return child;
  } catch (error) {
    // For a missing folder, Node reports that the program doesn't exist.
    if (systemCode(error) === 'ENOENT' && !existsSync(cluster.folder)) throw new StartRefused(missing(cluster));
    throw cannotChangeUser(error);
  } finally {
    await log.close();
  }
}

function missing({ folder }: Cluster): string {
  return `The database's folder ${folder} is gone: put it back, or restore it from a backup and start again.`;
}

function startLog(cluster: Cluster): string {
  return `${cluster.folder}-start.log`;
}

/** The cluster's folder, or if its path is too long for a socket, a new private one. */
async function makeSocketFolder(cluster: Cluster): Promise<string> {
  if (Buffer.byteLength(join(cluster.folder, SOCKET)) <= LONGEST_SOCKET_PATH) return cluster.folder;
  const parent = Buffer.byteLength(tmpdir()) < 60 ? tmpdir() : '/tmp';
  const folder = await mkdtemp(join(parent, SHORT_SOCKET_FOLDER));
  const { uid, gid } = cluster.accounts.server;
  if (uid !== undefined && gid !== undefined) await chown(folder, uid, gid);
  return folder;
}

/** Removes a folder made by makeSocketFolder. Its path comes from a file, so nothing else is ever removed. */
async function removeShortFolder(folder: string): Promise<void> {
  if (!new RegExp(`/${SHORT_SOCKET_FOLDER}[A-Za-z0-9]{6}$`).test(folder)) return;
  for (const name of [SOCKET, `${SOCKET}.lock`]) await rm(join(folder, name), { force: true });
  await rm(folder, { recursive: true, force: true });
}
