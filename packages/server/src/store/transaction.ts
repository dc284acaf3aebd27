// Several statements, all or none. Charts are written by a single statement: see committer.ts.

import type { ClientBase, Pool, PoolClient } from 'pg';

/** A pool, or the connection of a transaction. */
export type Queryable = Pick<ClientBase, 'query'>;

/** On its own connection. An error of `work` rolls back. */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    return await transaction(client, () => work(client));
  } finally {
    client.release();
  }
}

/** On a given connection. */
export async function transaction<T>(client: ClientBase, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  try {
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // If the connection is gone, so is the transaction.
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}
