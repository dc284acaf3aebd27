// The PostgreSQL server that tests share, in a temporary folder that goes with it.

import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
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

const NAME = 'chartwire-test-';
/** PostgreSQL's last process may still be leaving. */
const REMOVING = { recursive: true, force: true, maxRetries: 10, retryDelay: 100 } as const;

export async function startTestServer(): Promise<TestServer> {
  await removeLeftovers();
  const folder = await mkdtemp(join(tmpdir(), NAME));
  const database = await openDatabase({ dataFolder: join(folder, 'data'), durable: false });
  return {
    connection: database.connection,
    async stop() {
      await database.stop();
      await rm(folder, REMOVING);
    },
  };
}

/** Ends the servers of runs that were killed before they could. A run that still goes holds its folder, and is left alone. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const folder = join(tmpdir(), name);
    if (!name.startsWith(NAME) || !(await isOld(folder))) continue;
    const database = await openDatabase({ dataFolder: join(folder, 'data'), durable: false }).catch(() => undefined);
    if (database === undefined) continue;
    await database.stop();
    await rm(folder, REMOVING);
  }
}

/** A younger folder may belong to a run that is about to claim it. */
const OLD_MS = 10 * 60_000;

async function isOld(folder: string): Promise<boolean> {
  const made = await stat(folder).catch(() => undefined);
  return made !== undefined && made.uid === process.getuid?.() && Date.now() - made.mtimeMs > OLD_MS;
}
