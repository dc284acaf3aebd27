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
  const pools = [new pg.Pool(database.connection)];
  return {
    pool: pools[0]!,
    otherPool() {
      const pool = new pg.Pool(database.connection);
      pools.push(pool);
      return pool;
    },
    async close() {
      await Promise.all(pools.map((pool) => pool.end()));
      await database.drop();
    },
  };
}
