// What keeps a runner from the rest of the machine, beside Node's own permission model: found out by trying, strongest
// first, and told to the operator. The runner holds nothing of value; this is for the day its engine is broken out of.

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
  /** Whether the runner can open network connections. */
  readonly network: 'none' | 'open';
  /** What an operator should do about it; undefined when there is nothing better to have. */
  readonly advice?: string;
  /** Written before the runner's own command line. */
  readonly command: readonly string[];
  /** The user that the runner becomes by itself once it has loaded its engine; it must be nobody else's. */
  readonly uid: number | null;
}

/** A number that no distribution gives to anybody; `nobody` is shared by many. */
const RUNNER_UID = 61_187;
const ADVICE = 'install bubblewrap, or run Chartwire in a container without network for other users';

/** Every way that could work here, strongest first; the last always does. `files` are all that a runner has to read. */
function candidates(node: string, files: readonly string[]): Isolation[] {
  const root = process.getuid?.() === 0;
  const found = (name: string): string | undefined => onPath(name);
  const noNewPrivileges = found('setpriv') ? [found('setpriv')!, '--no-new-privs'] : [];
  const list: Isolation[] = [];
  const bwrap = found('bwrap');
  if (bwrap) {
    list.push({ name: 'bubblewrap', network: 'none', command: bubblewrap(bwrap, node, files), uid: null });
  }
  const unshare = found('unshare');
  if (unshare && root) {
    const command = [unshare, '--net', '--ipc', '--uts', ...noNewPrivileges];
    list.push({ name: 'namespaces and another user', network: 'none', command, uid: RUNNER_UID });
  }
  if (unshare && !root) {
    const command = [unshare, '--user', '--net', '--ipc', '--uts', ...noNewPrivileges];
    list.push({ name: 'user namespaces', network: 'none', command, uid: null });
  }
  if (root)
    list.push({ name: 'another user', network: 'open', advice: ADVICE, command: noNewPrivileges, uid: RUNNER_UID });
  list.push({ name: 'permission model only', network: 'open', advice: ADVICE, command: noNewPrivileges, uid: null });
  return list;
}

function bubblewrap(bwrap: string, node: string, files: readonly string[]): string[] {
  const system = ['/usr', '/lib', '/lib64', '/lib32', '/bin', '/nix/store'];
  return [
    bwrap,
    ...['--unshare-all', '--die-with-parent', '--new-session', '--clearenv', '--cap-drop', 'ALL'],
    ...['--uid', String(RUNNER_UID), '--gid', String(RUNNER_UID)],
    ...system.flatMap((path) => ['--ro-bind-try', path, path]),
    ...[node, ...files].flatMap((path) => ['--ro-bind', path, path]),
    ...['--setenv', 'TZ', 'UTC', '--'],
  ];
}

let detected: Promise<Isolation> | undefined;

/** The strongest isolation that works on this machine; found out once. */
export function detectIsolation(files: readonly string[]): Promise<Isolation> {
  detected ??= firstThatWorks(candidates(process.execPath, files));
  return detected;
}

async function firstThatWorks(list: readonly Isolation[]): Promise<Isolation> {
  for (const candidate of list.slice(0, -1)) {
    if (await works(candidate)) return candidate;
  }
  return list.at(-1)!;
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
