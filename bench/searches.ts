// Whether one caller's long searches slow down another's reads: a read of one patient, alone and beside eight callers, each of
// whom sends a search for 49 pieces of names over twenty thousand patients, one after another.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openDatabase } from '#store/embedded/database.ts';
import { startApp } from '#app.ts';
import { percentile } from './support/place.ts';

const PATIENTS = 20_000;
const CALLERS = 8;
const SECONDS = 8;
const TOKEN = 'cw_bench-admin-token-that-only-lives-for-one-run-00';

const PIECES = Array.from({ length: 49 }, (_, n) => n.toString(16));
const LONG = `/fhir/R4/Patient?_total=accurate&${PIECES.map((piece) => `name:contains=${piece}`).join('&')}`;

export async function run(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'chartwire-bench-'));
  const dataFolder = join(folder, 'data');
  const database = await openDatabase({ dataFolder });
  const { host, port, user, password, database: name } = database.connection;
  const databaseUrl = `postgres://${user}:${password}@/${name}?host=${encodeURIComponent(host!)}&port=${port}`;
  const app = await startApp({ port: 0, host: '127.0.0.1', dataFolder, databaseUrl, adminToken: TOKEN, demo: false });
  try {
    await fill(database.connection);
    const [reader, ...callers] = await tokens(app.url, 1 + CALLERS);
    print('a long search, alone', [await timed(app.url, LONG, callers[0]!)]);
    const alone = await reads(app.url, reader!);
    const load = repeat(app.url, callers);
    const beside = await reads(app.url, reader!);
    const statuses = await load.stop();
    print('a read, alone', alone);
    print(`a read, beside ${CALLERS} callers with long searches`, beside);
    console.log(
      `what they were answered: ${[...statuses].map(([status, count]) => `${count} × ${status}`).join(', ')}`,
    );
  } finally {
    await app.close();
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Index rows of patients, written directly: creating twenty thousand through the API would take a minute. */
async function fill(connection: pg.ClientConfig): Promise<void> {
  const client = new pg.Client(connection);
  await client.connect();
  const all = `generate_series(1, ${PATIENTS}) AS n`;
  await client.query(`INSERT INTO record (type, id, version, patient, updated_at, tokens)
    SELECT 'Patient', 'p' || n, 1, 'p' || n, now(), ARRAY['gender=|female'] FROM ${all}`);
  await client.query(`INSERT INTO record_version (type, id, version, patient, chart_version, at, content)
    SELECT 'Patient', 'p' || n, 1, 'p' || n, 1, now(), json_build_object('resourceType', 'Patient', 'id', 'p' || n) FROM ${all}`);
  await client.query(`INSERT INTO search_string (type, id, param, value, exact)
    SELECT 'Patient', 'p' || n, 'name', md5(n || part), md5(n || part) FROM ${all}, unnest('{a,b,c}'::text[]) AS part`);
  await client.query('ANALYZE');
  await client.end();
}

async function tokens(url: string, count: number): Promise<string[]> {
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ name: 'bench', scopes: ['system/*.rs'] });
  const made = Array.from({ length: count }, async () => {
    const answer = await fetch(`${url}/api/tokens`, { method: 'POST', headers, body });
    return ((await answer.json()) as { token: string }).token;
  });
  return Promise.all(made);
}

async function send(url: string, path: string, token: string): Promise<number> {
  const answer = await fetch(url + path, { headers: { authorization: `Bearer ${token}` } });
  await answer.arrayBuffer();
  return answer.status;
}

async function timed(url: string, path: string, token: string): Promise<number> {
  const begun = performance.now();
  await send(url, path, token);
  return performance.now() - begun;
}

async function reads(url: string, token: string): Promise<number[]> {
  const times: number[] = [];
  const end = Date.now() + SECONDS * 1_000;
  for (let n = 1; Date.now() < end; n = 1 + (n % PATIENTS))
    times.push(await timed(url, `/fhir/R4/Patient/p${n}`, token));
  return times;
}

/** Each caller sends the long search over and over. `stop` gives back how often each status was answered. */
function repeat(url: string, callers: readonly string[]): { stop(): Promise<Map<number, number>> } {
  const statuses = new Map<number, number>();
  let going = true;
  const under = callers.map(async (token) => {
    while (going) {
      const status = await send(url, LONG, token);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  });
  return {
    async stop() {
      going = false;
      await Promise.all(under);
      return statuses;
    },
  };
}

function print(what: string, times: readonly number[]): void {
  const [p50, p95, most] = [0.5, 0.95, 1].map((share) => percentile(times, share).toFixed(1));
  console.log(`${what}: ${times.length}, p50 ${p50} ms, p95 ${p95} ms, longest ${most} ms`);
}

if (import.meta.main) await run();
