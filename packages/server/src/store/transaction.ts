// Several statements that hold together or not at all. A chart is written by one statement: see committer.ts.

import type { ClientBase, Pool, PoolClient } from 'pg';

/** What takes statements: a pool, or the connection of a transaction. */
export type Queryable = Pick<ClientBase, 'query'>;

/** On a connection of its own. What `work` throws undoes what it wrote. */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    return await transaction(client, () => work(client));
  } finally {
    client.release();
  }
}

/** On a connection that is at hand. */
export async function transaction<T>(client: ClientBase, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  try {
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // Where the connection is gone, so is the transaction.
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}
