// Whether there is room to write: on the data folder's disk, or as reported by PostgreSQL if its disk is elsewhere.

import { statfs } from 'node:fs/promises';
import pg from 'pg';

/** Bytes that must be free: PostgreSQL's next WAL segments (16 MB each) and the rows of a minute or two. */
const LEAST = 64 * 1024 * 1024;
/** Milliseconds for which a failed write counts. If longer, an idle server would never become ready again. */
const REMEMBERED = 30_000;

const DISK_FULL = '53100';

/** Remembers whether the last writes found room. */
export class Room {
  #refusedAt: number | undefined;

  /** Passes on the result of `write`. */
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
 * Rejects with a sentence for the operator if writes find no room.
 * @param folder the embedded server's data folder; undefined if the database is elsewhere
 * @param free returns the free bytes on a folder's disk
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
