// Whether there is room to write: on the disk of the data folder, and as PostgreSQL says it where the disk is another's.

import { statfs } from 'node:fs/promises';
import pg from 'pg';

/** Bytes that must be left: PostgreSQL's next WAL segments (16 MB each) and the rows of a minute or two. */
const LEAST = 64 * 1024 * 1024;
/** Milliseconds for which a write that found no room counts. Longer, a server that nobody asks would never be ready again. */
const REMEMBERED = 30_000;

const DISK_FULL = '53100';

/** Remembers whether the last writes found room. */
export class Room {
  #refusedAt: number | undefined;

  /** Passes on what `write` comes to. */
  async watch<T>(write: Promise<T>): Promise<T> {
    try {
      const result = await write;
      this.#refusedAt = undefined;
      return result;
    } catch (error) {
      if (error instanceof pg.DatabaseError && error.code === DISK_FULL) this.#refusedAt = performance.now();
      throw error;
    }
  }

  get isRefused(): boolean {
    return this.#refusedAt !== undefined && performance.now() - this.#refusedAt < REMEMBERED;
  }
}

/**
 * Rejects, with a sentence for the operator, where writes find no room.
 * @param folder of the embedded server's data; undefined where the database is elsewhere
 * @param free bytes left on the disk of a folder
 */
export async function checkRoom(room: Room, folder: string | undefined, free = freeBytes): Promise<void> {
  if (room.isRefused) throw new Error('The disk of the database is full: make room on it.');
  const left = folder === undefined ? undefined : await free(folder);
  if (left === undefined || left >= LEAST) return;
  const megabytes = Math.floor(left / 1024 / 1024);
  throw new Error(`The disk of the data folder is nearly full (${megabytes} MB left): make room on it.`);
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
