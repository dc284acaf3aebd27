// Servers as an operator runs them, each a process of its own, and ways to reach into them.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { readPassword } from '#store/embedded/cluster.ts';
import { readPostmaster } from '#store/embedded/postmaster.ts';
import { connectionTo } from '#store/embedded/server.ts';

export const TOKEN = 'cw_failure-trials-admin-token-0123456789abcdefghijkl';
const CHARTWIRE = fileURLToPath(new URL('../../packages/server/bin/chartwire.js', import.meta.url));
const SHIFTED_CLOCK = new URL('./shifted-clock.ts', import.meta.url).href;

export interface ServerProcess {
  readonly pid: number;
  readonly url: string;
  /** Process ids of what runs its plugins. */
  runners(): Promise<number[]>;
  /** Moves its clock by milliseconds from the real time. */
  shiftClock(ms: number): Promise<void>;
  /** Ends it at once, as kill -9 does. */
  kill(): Promise<void>;
  /** Ends it in order; rejects when it ends otherwise. */
  stop(): Promise<void>;
}

/** Starts a server and waits until it says where it is. With `env`, a DATABASE_URL for example. */
export async function serve(data: string, env: NodeJS.ProcessEnv = {}): Promise<ServerProcess> {
  // With the sources' condition it is the server itself and not a launcher, which would stop it in order.
  const flags = [
    '--conditions=@chartwire/source',
    '--disable-warning=ExperimentalWarning',
    `--import=${SHIFTED_CLOCK}`,
  ];
  const child = spawn(process.execPath, [...flags, CHARTWIRE, 'serve', '--port', '0', '--no-demo', '--data', data], {
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      CHARTWIRE_ADMIN_TOKEN: TOKEN,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const exited = once(child, 'exit');
  const url = await addressSaidBy(child);
  const pid = child.pid!;
  return {
    pid,
    url,
    runners: () => descendantsOf(pid, '--jitless'),
    async shiftClock(ms) {
      const moved = once(child, 'message');
      child.send(ms);
      await moved;
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      child.kill('SIGTERM');
      const [code, signal] = await exited;
      if (code !== 0) throw new Error(`a server that was told to stop ended with ${code ?? signal}`);
    },
  };
}

async function addressSaidBy(child: ChildProcess): Promise<string> {
  let said = '';
  child.stderr!.on('data', (chunk) => (said = `${said}${chunk}`.slice(-4_000)));
  for await (const line of createInterface({ input: child.stdout! })) {
    said += `${line}\n`;
    const url = /Chartwire is at (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1];
    if (url) {
      child.stdout!.resume();
      return url;
    }
  }
  throw new Error(`the server did not start: ${said}`);
}

async function descendantsOf(pid: number, argument: string): Promise<number[]> {
  const found: number[] = [];
  for (const thread of await readdir(`/proc/${pid}/task`).catch(() => [])) {
    const children = await readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => '');
    for (const child of children.split(' ').filter(Boolean).map(Number)) {
      const command = await readFile(`/proc/${child}/cmdline`, 'utf8').catch(() => '');
      if (command.split('\0').includes(argument)) found.push(child);
      else found.push(...(await descendantsOf(child, argument)));
    }
  }
  return found;
}

/** Of the embedded PostgreSQL of a data folder, as it runs now. */
export async function embeddedOf(data: string): Promise<{ pid: number; connection: pg.ClientConfig }> {
  const postmaster = await readPostmaster(join(data, 'postgres'));
  const password = await readPassword(data);
  if (postmaster === undefined || password === undefined) throw new Error('no PostgreSQL runs in the data folder');
  return { pid: postmaster.pid, connection: connectionTo(postmaster.socketFolder, password, 'chartwire') };
}

/** Ends an embedded PostgreSQL that a killed server has left behind. */
export async function endEmbedded(data: string): Promise<void> {
  const folder = join(data, 'postgres');
  const pid = (await readPostmaster(folder))?.pid;
  const works = pid && (await readlink(`/proc/${pid}/cwd`).catch(() => undefined));
  if (pid && works === (await realpath(folder))) process.kill(pid, 'SIGQUIT');
}
