// The user that runs PostgreSQL. PostgreSQL refuses to run as root, so Chartwire as root uses another user id.

import { spawn } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { StartRefused, systemCode } from './start-refused.ts';

/** Options for a child process; empty if it runs as the same user. */
export interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

export interface Accounts {
  /** Runs the server and owns its files. */
  readonly server: Account;
  /** Runs initdb and the single-user mode, which need a user in /etc/passwd. */
  readonly setup: Account;
}

/**
 * A dedicated user id, so that no other service (many run as `nobody`) can touch the server or its files. It is unassigned in
 * both systemd's and Debian's tables, and below 65536, which rootless containers map.
 */
const SERVER_ID = 60_999;

/** The accounts for a cluster in `folder`, which may not exist yet; an existing owner is kept. */
export async function chooseAccounts(folder: string): Promise<Accounts> {
  const owner = await stat(folder).then(
    (found) => ({ uid: found.uid, gid: found.gid }),
    () => undefined,
  );
  if (process.getuid?.() !== 0) {
    if (owner !== undefined && owner.uid !== process.getuid?.()) {
      throw new StartRefused(
        `The database in ${folder} belongs to the user with id ${owner.uid}: start Chartwire as that user or as root, ` +
          'or set CHARTWIRE_DATA to another folder.',
      );
    }
    return { server: {}, setup: {} };
  }
  if (process.platform !== 'linux') {
    throw new StartRefused(
      'PostgreSQL does not run as root: start Chartwire as an ordinary user, or set DATABASE_URL.',
    );
  }
  const known = await knownAccounts();
  const setup = known.find((account) => account.name === 'nobody') ?? known.find((account) => account.uid !== 0);
  if (setup === undefined) {
    throw new StartRefused(
      'PostgreSQL does not run as root and /etc/passwd knows no other user: add one, start Chartwire as an ordinary user, ' +
        'or set DATABASE_URL.',
    );
  }
  let id = SERVER_ID;
  while (known.some((account) => account.uid === id)) id++;
  return {
    server: owner !== undefined && owner.uid !== 0 ? owner : { uid: id, gid: id },
    setup: { uid: setup.uid, gid: setup.gid },
  };
}

async function knownAccounts(): Promise<{ name: string; uid: number; gid: number }[]> {
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  return passwd
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4)
    .map(([name, , uid, gid]) => ({ name: name!, uid: Number(uid), gid: Number(gid) }));
}

export interface Outcome {
  readonly code: number | null;
  /** Its stdout and stderr. */
  readonly output: string;
}

/** The different accounts among the two. */
export function distinct({ server, setup }: Accounts): Account[] {
  return server.uid === setup.uid ? [server] : [server, setup];
}

/** Runs a program to its end as `account` in the folder `cwd`, with a minimal environment. */
export async function runAs(
  account: Account,
  cwd: string,
  program: string,
  args: readonly string[],
  input = '',
): Promise<Outcome> {
  try {
    const env = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C' };
    // Throws at once for some failures and emits 'error' for others.
    const child = spawn(program, args, { ...account, cwd, env });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    // A program that ends before reading its input breaks the pipe; its exit code already reports that.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
    return { code, output };
  } catch (error) {
    throw cannotChangeUser(error);
  }
}

/** The error for root without the right to switch users, as in some containers. */
export function cannotChangeUser(error: unknown): unknown {
  const code = systemCode(error);
  if (process.getuid?.() !== 0 || (code !== 'EPERM' && code !== 'EINVAL')) return error;
  return new StartRefused(
    `PostgreSQL does not run as root and this system does not let root lend it another user (${code}): start Chartwire as ` +
      'an ordinary user, or set DATABASE_URL.',
    { cause: error },
  );
}
