// The embedded server's files: created by initdb, checked for their version, with a single login role.

import { randomBytes } from 'node:crypto';
import { lchown, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PROTECT_SQL } from '../audit/protection.ts';
import { type Accounts, cannotChangeUser, type Outcome, runAs } from './account.ts';
import type { Binaries } from './binaries.ts';
import { writeDurably } from './data-folder.ts';
import { HBA } from './settings.ts';
import { reasonIn, StartRefused, systemCode } from './start-refused.ts';

export interface Cluster {
  /** `<data folder>/postgres`: the server's own folder, and normally that of its socket. */
  readonly folder: string;
  readonly accounts: Accounts;
  readonly binaries: Binaries;
  /** Whether acknowledged writes must survive a power cut. */
  readonly durable: boolean;
}

/**
 * The folder as passed to PostgreSQL. The server's user might be unable to reach it (root's home), so each process is started
 * inside it, before dropping root's rights, and refers to it as the current folder.
 */
export function dataArgument(cluster: Cluster): string {
  return cluster.accounts.server.uid === undefined ? cluster.folder : '/proc/self/cwd';
}

/** The PostgreSQL major version a cluster was made by; undefined when there is no cluster in `folder`. */
export async function clusterMajor(folder: string): Promise<number | undefined> {
  const version = await readFile(join(folder, 'PG_VERSION'), 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  return version === undefined ? undefined : Number.parseInt(version, 10);
}

/** Refuses a cluster that another major version of PostgreSQL wrote. */
export function checkMajor(folder: string, major: number, binaries: Binaries): void {
  if (major === binaries.major) return;
  throw new StartRefused(
    major > binaries.major
      ? `The database in ${folder} was written by PostgreSQL ${major} and this Chartwire brings ${binaries.major}: ` +
          'start the newer Chartwire that wrote it, or set CHARTWIRE_DATA to another folder.'
      : `The database in ${folder} was written by PostgreSQL ${major} and this Chartwire brings ${binaries.major}: ` +
          'export it with the Chartwire that wrote it and import it into a new data folder.',
  );
}

/** Creates the cluster completely or not at all: under another name first, so that an interrupted start begins again. */
export async function makeCluster(cluster: Cluster, password: string): Promise<void> {
  await removeUnfinished(cluster.folder);
  // A unique name: initdb may outlive a killed Chartwire and must not write into the next one's folder.
  const making = { ...cluster, folder: await mkdtemp(`${cluster.folder}.new-`) };
  try {
    await initialise(making);
    await setRoles(making, password);
    await rename(making.folder, cluster.folder);
  } catch (error) {
    await rm(making.folder, { recursive: true, force: true });
    throw error;
  }
}

async function initialise(cluster: Cluster): Promise<void> {
  const { accounts, binaries, folder } = cluster;
  await own(folder, accounts.setup);
  const args = ['--username=postgres', '--auth=reject', '--encoding=UTF8', '--no-instructions'];
  // Built-in sorting by code point, so that updates of the system's C library can't corrupt an index.
  args.push('--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8');
  if (!cluster.durable) args.push('--no-sync');
  const made = await runAs(accounts.setup, folder, binaries.initdb, ['-D', dataArgument(cluster), ...args]);
  if (made.code !== 0) throw setupFailed(cluster, made);
}

async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(dirname(folder))) {
    if (!name.startsWith(`${basename(folder)}.new-`)) continue;
    await rm(join(dirname(folder), name), { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Raise it when `setRoles` does more, so that older clusters are updated. */
const ROLES_VERSION = '1';
const ROLES_FILE = 'chartwire-roles';

/** Whether the cluster's roles are up to date. */
export async function hasRoles(folder: string): Promise<boolean> {
  const version = await readFile(join(folder, ROLES_FILE), 'utf8').catch(() => '');
  return version.trim() === ROLES_VERSION;
}

/**
 * Creates the role `chartwire` with this password, and the owner of the audit trail. Runs in single-user mode on a stopped
 * cluster, so that the superuser needs no password and nobody can log in as it. `chartwire` owns its databases and nothing else.
 * New databases are copied from `template1`, and so can hand over the audit trail.
 */
export async function setRoles(cluster: Cluster, password: string): Promise<void> {
  const { accounts, folder } = cluster;
  await writeFile(join(folder, 'pg_hba.conf'), HBA);
  await own(folder, accounts.setup);
  // Our own password: letters and digits only.
  const roles = [
    `DO $$ BEGIN CREATE ROLE chartwire LOGIN CREATEDB; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
    `SET password_encryption = 'scram-sha-256'`,
    `ALTER ROLE chartwire PASSWORD '${password}'`,
    `GRANT pg_monitor, pg_checkpoint TO chartwire`,
    '',
  ].join(';\n\n');
  const protect = await readFile(PROTECT_SQL, 'utf8');
  const made = await runAlone(cluster, 'template1', `${roles}${protect}\n`);
  if (hasFailed(made)) throw setupFailed(cluster, made);
  // A database of an older version. A new cluster has none yet.
  const database = await runAlone(cluster, 'chartwire', `${protect}\n`);
  if (hasFailed(database) && !database.output.includes('does not exist')) throw setupFailed(cluster, database);
  await writeFile(join(folder, ROLES_FILE), `${ROLES_VERSION}\n`);
  await own(folder, accounts.server);
}

/** Runs statements as superuser on a stopped cluster; each ends with a semicolon and an empty line. */
function runAlone(cluster: Cluster, database: string, sql: string): Promise<Outcome> {
  const { accounts, binaries, folder } = cluster;
  const args = ['--single', '-j', '-D', dataArgument(cluster), '-c', 'log_min_messages=fatal', database];
  return runAs(accounts.setup, folder, binaries.postgres, args, sql);
}

function hasFailed({ code, output }: Outcome): boolean {
  return code !== 0 || /ERROR|FATAL/.test(output);
}

/** The password of the role `chartwire`, or undefined when there is none yet. */
export async function readPassword(dataFolder: string): Promise<string | undefined> {
  const text = await readFile(passwordFile(dataFolder), 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return '';
    throw error;
  });
  return /^[A-Za-z0-9]{32,}$/.test(text.trim()) ? text.trim() : undefined;
}

export function newPassword(): string {
  return randomBytes(32).toString('hex');
}

export async function keepPassword(dataFolder: string, password: string): Promise<void> {
  await writeDurably(passwordFile(dataFolder), `${password}\n`);
}

export function passwordFile(dataFolder: string): string {
  return join(dataFolder, 'postgres.password');
}

/** Gives a folder and its content to `account`; does nothing if the server runs as the same user. */
async function own(folder: string, account: { uid?: number; gid?: number }): Promise<void> {
  if (account.uid === undefined || account.gid === undefined) return;
  try {
    for (const entry of await readdir(folder, { recursive: true }))
      await lchown(join(folder, entry), account.uid, account.gid);
    await lchown(folder, account.uid, account.gid);
  } catch (error) {
    throw cannotChangeUser(error);
  }
}

function setupFailed(cluster: Cluster, outcome: Outcome): StartRefused {
  if (outcome.output.includes('could not look up effective user ID')) {
    return new StartRefused(
      `PostgreSQL needs a name for the user with id ${process.getuid?.()}, and /etc/passwd has none: add one, run Chartwire ` +
        'as a user that has a name, or set DATABASE_URL.',
    );
  }
  const reason = reasonIn(outcome.output) ?? `exit code ${outcome.code}`;
  return new StartRefused(
    `The database in ${dirname(cluster.folder)} could not be made (${reason}): correct that and start again.`,
  );
}
