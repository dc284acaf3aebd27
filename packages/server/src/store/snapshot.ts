// Several reads of one snapshot, which are consistent with each other.

import type { Pool, PoolClient } from 'pg';

/** What a read needs: a pool, or a connection in a transaction. */
export type Reader = Pick<PoolClient, 'query'>;

/** Runs `read` on one snapshot of the database, read-only. */
export async function inSnapshot<T>(pool: Pool, read: (reader: Reader) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let failure: unknown;
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const result = await read(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    // A connection in a failed transaction must not return to the pool.
    client.release(failure !== undefined);
  }
}
