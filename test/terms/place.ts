// A database for the tests of code systems.

import pg from 'pg';
import { freshDatabase } from '../support/database.ts';

export interface Place {
  readonly pool: pg.Pool;
  /** Another pool on the same database, as another node has it. */
  otherPool(): pg.Pool;
  close(): Promise<void>;
}

export async function openPlace(): Promise<Place> {
  const database = await freshDatabase();
  const pools: pg.Pool[] = [];
  const otherPool = (): pg.Pool => {
    const pool = new pg.Pool(database.connection);
    // The database may be dropped before a connection that is ending has ended.
    pool.on('error', () => {});
    pools.push(pool);
    return pool;
  };
  return {
    pool: otherPool(),
    otherPool,
    async close() {
      await Promise.all(pools.map((pool) => pool.end()));
      await database.drop();
    },
  };
}
