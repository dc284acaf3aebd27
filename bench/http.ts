// How much of what PostgreSQL can do is left over HTTP: POST /fhir/R4/Observation, validated and durable, against pgbench;
// and reads and searches, each on record before it is answered, against the same appends by pgbench.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '#store/embedded/database.ts';
import { startApp } from '#app.ts';
import { commitStatement } from './commit.ts';
import { findPgbench, pgbench } from './support/pgbench.ts';
import { printRatio } from './support/place.ts';

const CONNECTIONS = 32;
const SECONDS = 8;
const TOKEN = 'cw_bench-admin-token-that-only-lives-for-one-run-00';

/** One row of the audit trail. */
const APPEND = `SELECT audit.append(json_build_array(json_build_object('at', now(), 'actor', '{"type":"client","id":"bench"}'::json,
  'action', 'read', 'type', 'Patient', 'record', 'p' || (:p)::text, 'version', 1, 'patient', 'p' || (:p)::text, 'status', 200)))`;

export async function run(): Promise<void> {
  if (!findPgbench())
    return console.log('http: skipped, pgbench is not installed (Debian: apt-get install postgresql)');
  const folder = await mkdtemp(join(tmpdir(), 'chartwire-bench-'));
  const dataFolder = join(folder, 'data');
  // Our own server on the data folder, so that pgbench can reach the very database that the app writes to.
  const database = await openDatabase({ dataFolder });
  const { host, port, user, password, database: name } = database.connection;
  const databaseUrl = `postgres://${user}:${password}@/${name}?host=${encodeURIComponent(host!)}&port=${port}`;
  const app = await startApp({ port: 0, host: '127.0.0.1', dataFolder, databaseUrl, adminToken: TOKEN, demo: false });
  try {
    await load(app.url, 'patients', 0);
    await load(app.url, 'observations', 2);
    const sql = commitStatement();
    const before = await pgbench(database.connection, sql, { clients: CONNECTIONS, seconds: SECONDS });
    const rate = await load(app.url, 'observations', SECONDS);
    const after = await pgbench(database.connection, sql, { clients: CONNECTIONS, seconds: SECONDS });
    console.log(`pgbench, ${CONNECTIONS} clients: ${before.toFixed(0)} before, ${after.toFixed(0)} after, tps`);
    printRatio(`POST Observation, ${CONNECTIONS} connections`, rate, (before + after) / 2, 0.25, 'a second');
    const appends = await pgbench(database.connection, APPEND, { clients: CONNECTIONS, seconds: SECONDS });
    for (const what of ['reads', 'searches'] as const) {
      const answered = await load(app.url, what, SECONDS);
      console.log(
        `${what}, ${CONNECTIONS} connections: ${answered.toFixed(0)} a second; one append at a time: ${appends.toFixed(0)}`,
      );
    }
  } finally {
    await app.close();
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The client is another process, as clients are. */
async function load(
  url: string,
  what: 'patients' | 'observations' | 'reads' | 'searches',
  seconds: number,
): Promise<number> {
  const child = fork(fileURLToPath(new URL('./support/http-load.ts', import.meta.url)), [
    url,
    TOKEN,
    what,
    String(CONNECTIONS),
    String(seconds),
  ]);
  const [rate] = (await once(child, 'message')) as [number];
  return rate;
}

if (import.meta.main) await run();
