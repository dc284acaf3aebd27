// The data folder: created, checked for its layout, and locked by one process.

import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, chmod, mkdir, open, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StartRefused, systemCode } from './start-refused.ts';

/** The data folder's layout. Raise it when older versions can't read it any more. */
const LAYOUT = 1;

const ANOTHER = 'set CHARTWIRE_DATA to another folder';

/** Creates the folder if missing and returns its real path. Refuses a newer layout, or a folder it can't write. */
export async function openDataFolder(path: string): Promise<string> {
  const folder = resolve(path);
  try {
    await mkdir(dirname(folder), { recursive: true });
    // Only we can read it; an existing folder keeps its permissions.
    await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
      if (systemCode(error) !== 'EEXIST') throw error;
    });
    const marker = await readFile(join(folder, 'chartwire.json'), 'utf8').catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw error;
    });
    checkLayout(folder, marker);
    await access(folder, constants.W_OK | constants.X_OK);
    if (marker === undefined)
      await writeDurably(join(folder, 'chartwire.json'), `${JSON.stringify({ layout: LAYOUT })}\n`);
    return await realpath(folder);
  } catch (error) {
    throw unusable(folder, error);
  }
}

function checkLayout(folder: string, marker: string | undefined): void {
  if (marker === undefined) return;
  const layout = layoutOf(marker);
  if (layout === undefined) {
    throw new StartRefused(
      `${join(folder, 'chartwire.json')} is not Chartwire's: restore it from a backup, or ${ANOTHER}.`,
    );
  }
  if (layout > LAYOUT) {
    throw new StartRefused(
      `The data folder ${folder} was written by a newer Chartwire (layout ${layout}, this one knows ${LAYOUT}): ` +
        `start that version or a later one, or ${ANOTHER}.`,
    );
  }
}

function layoutOf(marker: string): number | undefined {
  try {
    const value: unknown = JSON.parse(marker);
    const layout = typeof value === 'object' && value !== null && 'layout' in value ? value.layout : undefined;
    return typeof layout === 'number' && Number.isInteger(layout) ? layout : undefined;
  } catch {
    return undefined;
  }
}

/** The error if the file system doesn't allow work in `folder`; passes on any other error. */
export function unusable(folder: string, error: unknown): unknown {
  const reason = {
    EACCES: 'this user may not write there',
    EPERM: 'this user may not write there',
    EROFS: 'the file system is read-only',
    ENOTDIR: 'it is not a folder',
    ENOSPC: 'the disk is full',
    ENOTEMPTY: 'its folder postgres holds something that is no database',
  }[systemCode(error) ?? ''];
  return reason === undefined
    ? error
    : new StartRefused(`The data folder ${folder} cannot be used, ${reason}: correct that, or ${ANOTHER}.`, {
        cause: error,
      });
}

export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Locks the folder for this process, with a lock of the operating system that ends with the process in any case, so that a reused
 * process id can't block a start. Node has no call for that, so it uses SQLite's, which takes one to start a transaction (fcntl;
 * nothing else in this process may open the file, since closing it would drop the lock).
 */
export async function lockDataFolder(folder: string): Promise<FolderLock> {
  const lockFile = join(folder, 'chartwire.lock');
  const pidFile = join(folder, 'chartwire.pid');
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(lockFile);
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    lock?.close();
    if (!isBusy(error)) {
      throw new StartRefused(
        `The data folder ${folder} cannot be locked (${error instanceof Error ? error.message : error}): check that this user ` +
          `may write chartwire.lock there and that the file system has locks, or ${ANOTHER}.`,
        { cause: error },
      );
    }
    const holder = (await readFile(pidFile, 'utf8').catch(() => '')).trim();
    throw new StartRefused(
      `The data folder ${folder} is in use by another Chartwire${holder && ` (process ${holder})`}: stop that one, or ${ANOTHER}.`,
    );
  }
  const held = lock;
  // Anyone who can open the file could lock us out. It may belong to another user, after an earlier start as root.
  await chmod(lockFile, 0o600).catch(() => {});
  // Only for the message above, so it may fail.
  await writeFile(pidFile, `${process.pid}\n`).catch(() => {});
  return {
    async release() {
      await rm(pidFile, { force: true });
      held.close();
    },
  };
}

/** SQLITE_BUSY: another process has the lock. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5;
}

/** Writes a small private file atomically: after a power cut it is complete or absent. */
export async function writeDurably(path: string, text: string): Promise<void> {
  const making = `${path}.${randomBytes(6).toString('hex')}`;
  const file = await open(making, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(making, path);
  const folder = await open(dirname(path));
  await folder.sync().finally(() => folder.close());
}
