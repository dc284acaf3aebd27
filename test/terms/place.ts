// A database for the tests of code systems.

import pg from 'pg';
import { LoadedTerms } from '#terms/loaded.ts';
import { freshDatabase } from '../support/database.ts';

export interface Place {
  readonly pool: pg.Pool;
  readonly terms: LoadedTerms;
  /** The code systems of the same database, as another node has them. */
  otherNode(): LoadedTerms;
  close(): Promise<void>;
}

export async function openPlace(): Promise<Place> {
  const database = await freshDatabase();
  const pools: pg.Pool[] = [];
  const otherNode = (): LoadedTerms => {
    const pool = new pg.Pool(database.connection);
    // The database may be dropped before a connection that is ending has ended.
    pool.on('error', () => {});
    pools.push(pool);
    return new LoadedTerms(pool);
  };
  const terms = otherNode();
  return {
    pool: terms.pool,
    terms,
    otherNode,
    async close() {
      await Promise.all(pools.map((pool) => pool.end()));
      await database.drop();
    },
  };
}
