// The PostgreSQL server that tests share, in a temporary folder that goes with it.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { openDatabase } from '#store/embedded/database.ts';

/** The environment variable that holds the connection of the run's server, as JSON, for the test processes. */
export const SHARED_SERVER = 'CHARTWIRE_TEST_SERVER';

export interface TestServer {
  readonly connection: pg.ClientConfig;
  stop(): Promise<void>;
}

export async function startTestServer(): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'chartwire-test-'));
  const database = await openDatabase({ dataFolder: join(folder, 'data') });
  return {
    connection: database.connection,
    async stop() {
      await database.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
