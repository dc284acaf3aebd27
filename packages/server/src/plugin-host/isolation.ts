// What keeps a runner, and the process that builds a plugin, from the rest of the machine, beside Node's own permission
// model: found out by trying, strongest first, and told to the operator. These processes hold nothing of value; this is
// for the day an engine is broken out of.

import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface Isolation {
  readonly name:
    | 'bubblewrap'
    | 'namespaces and another user'
    | 'user namespaces'
    | 'another user'
    | 'permission model only';
  /** Whether the process can open network connections. */
  readonly network: 'none' | 'open';
  /** What an operator should do about it; undefined when there is nothing better to have. */
  readonly advice?: string;
  /** Written before the process's own command line. */
  readonly command: readonly string[];
  /** The user that the process becomes by itself once it has read what it needs; it must be nobody else's. */
  readonly uid: number | null;
}

/** What a process inside is for: each kind has a user of its own, so that it cannot reach into the other. */
export type Purpose = 'runner' | 'builder';

/** Numbers that no distribution gives to anybody; `nobody` is shared by many. */
const UIDS: Readonly<Record<Purpose, number>> = { runner: 61_187, builder: 61_188 };
const ADVICE = 'install bubblewrap, or run Chartwire in a container without network for other users';

/** Every way that could work here, strongest first; the last always does. `files` are all that the process has to read. */
function candidates(purpose: Purpose, files: readonly string[]): Isolation[] {
  const node = process.execPath;
  const taken = UIDS[purpose];
  const root = process.getuid?.() === 0;
  const found = (name: string): string | undefined => onPath(name);
  const noNewPrivileges = found('setpriv') ? [found('setpriv')!, '--no-new-privs'] : [];
  const list: Isolation[] = [];
  const bwrap = found('bwrap');
  if (bwrap) {
    list.push({ name: 'bubblewrap', network: 'none', command: bubblewrap(bwrap, taken, [node, ...files]), uid: null });
  }
  const unshare = found('unshare');
  if (unshare && root) {
    const command = [unshare, '--net', '--ipc', '--uts', ...noNewPrivileges];
    list.push({ name: 'namespaces and another user', network: 'none', command, uid: taken });
  }
  if (unshare && !root) {
    const command = [unshare, '--user', '--net', '--ipc', '--uts', ...noNewPrivileges];
    list.push({ name: 'user namespaces', network: 'none', command, uid: null });
  }
  if (root) list.push({ name: 'another user', network: 'open', advice: ADVICE, command: noNewPrivileges, uid: taken });
  list.push({ name: 'permission model only', network: 'open', advice: ADVICE, command: noNewPrivileges, uid: null });
  return list;
}

function bubblewrap(bwrap: string, uid: number, files: readonly string[]): string[] {
  const system = ['/usr', '/lib', '/lib64', '/lib32', '/bin', '/nix/store'];
  return [
    bwrap,
    ...['--unshare-all', '--die-with-parent', '--new-session', '--clearenv', '--cap-drop', 'ALL'],
    ...['--uid', String(uid), '--gid', String(uid)],
    ...system.flatMap((path) => ['--ro-bind-try', path, path]),
    ...files.flatMap((path) => ['--ro-bind', path, path]),
    ...['--setenv', 'TZ', 'UTC', '--'],
  ];
}

let working: Promise<Isolation['name']> | undefined;

/** The strongest isolation that works on this machine, found out once, for a process that reads these files alone. */
export async function detectIsolation(purpose: Purpose, files: readonly string[]): Promise<Isolation> {
  const ways = candidates(purpose, files);
  working ??= firstThatWorks(ways);
  const name = await working;
  return ways.find((way) => way.name === name)!;
}

async function firstThatWorks(ways: readonly Isolation[]): Promise<Isolation['name']> {
  for (const way of ways.slice(0, -1)) {
    if (await works(way)) return way.name;
  }
  return ways.at(-1)!.name;
}

/** Starts Node inside it and becomes the user; nothing else shows whether a kernel or a container allows it. */
function works(candidate: Isolation): Promise<boolean> {
  const script =
    candidate.uid === null
      ? ''
      : `process.setgroups([]);process.setgid(${candidate.uid});process.setuid(${candidate.uid})`;
  const [command, ...args] = [...candidate.command, process.execPath, '-e', script];
  return new Promise((resolve) => {
    const child = spawn(command!, args, { stdio: 'ignore', env: {}, timeout: 10_000 });
    child.on('error', () => resolve(false));
    child.on('exit', (code) => resolve(code === 0));
  });
}

function onPath(name: string): string | undefined {
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/sbin', '/bin']) {
    if (!folder.startsWith('/')) continue;
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}
