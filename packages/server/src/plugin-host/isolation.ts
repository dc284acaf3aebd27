// Isolation of runners and builders from the machine, on top of Node's permission model. Detected by trying, strongest first, and
// reported to the operator. These processes hold nothing of value; this limits an escape from an engine.

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
  /** What the operator can do for a stronger one; undefined if this is the strongest. */
  readonly advice?: string;
  /** Command prefix. */
  readonly command: readonly string[];
  /** User id that the process switches to once it has read its input. No other process may use it. */
  readonly uid: number | null;
}

/** The kind of process. Each has its own user, so that they can't reach each other. */
export type Purpose = 'runner' | 'builder';

/** User ids that no distribution assigns. `nobody` is shared by many. */
const UIDS: Readonly<Record<Purpose, number>> = { runner: 61_187, builder: 61_188 };
const ADVICE = 'install bubblewrap, or run Chartwire in a container without network for other users';

/** Every method for this platform, strongest first; the last always works. `files` are all the files that the process reads. */
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

/** The strongest isolation that works on this machine for a process that reads only these files. Detected once. */
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

/** Starts Node inside it and switches the user: the only reliable test of what the kernel or container allows. */
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
