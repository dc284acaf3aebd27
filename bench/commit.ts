// How much of what PostgreSQL can do is left when Chartwire writes: a unit of work in process, against pgbench.

import { randomUUID } from 'node:crypto';
import { indexRecord, patientOf } from '#r4/search-index.ts';
import { workOf } from '#store/work.ts';
import { findPgbench, pgbench } from './support/pgbench.ts';
import {
  installBenchPlugin,
  ORIGIN,
  observation,
  openPlace,
  type Place,
  printRatio,
  throughput,
} from './support/place.ts';

const CLIENTS = 32;
const SECONDS = 8;

/** The statement that a unit of work sends, with ids made by the server so that every run of it is new. */
export function commitStatement(): string {
  const id = '@RECORD@';
  const resource = {
    ...observation(0),
    id,
    subject: { reference: 'Patient/p@P@' },
    meta: { versionId: '1', lastUpdated: new Date().toISOString() },
  };
  const index = indexRecord({ ...resource, subject: { reference: 'Patient/p1' } });
  const patient = patientOf({ ...resource, subject: { reference: 'Patient/p1' } });
  if (patient === null) throw new Error('an Observation of no patient');
  const unit = {
    charts: ['p1'],
    at: resource.meta.lastUpdated,
    records: [
      {
        type: 'Observation',
        id,
        patient: 'p@P@',
        expect: 0,
        deleted: false,
        at: new Date().toISOString(),
        content: JSON.stringify(resource),
        index,
      },
    ],
    events: [
      {
        id: '@EVENT@',
        type: 'VITAL_SIGN_CREATED',
        target: { type: 'Observation', id, version: 1 },
        patient: 'p@P@',
        note: null,
        actor: ORIGIN.actor,
        source: ORIGIN.source,
        cause: null,
        depth: 0,
        record: { type: 'Observation', id, version: 1, previous: null },
        changed: ['Observation'],
        detail: {},
      },
    ],
    executions: [],
    completions: [],
  };
  const text = workOf([unit])
    .replace(/"locks":\["[^"]*"\]/, '"locks":["@P@"]')
    .replaceAll('Patient/p1"', 'Patient/p@P@"')
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "''")
    // pgbench takes a colon for the beginning of a variable, also inside a string.
    .replaceAll(':', '\\x3a');
  const uuid = 'gen_random_uuid()::text';
  const work = `replace(replace(replace(E'${text}', '@P@', (:p)::text), '@RECORD@', ${uuid}), '@EVENT@', ${uuid})::json`;
  return `SELECT * FROM commit_units(${work}, false, ARRAY['p' || (:p)::text])`;
}

/** pgbench's figure for this place, taken before and after `work`, so that a drift of the machine shows. */
export async function besidePgbench<T>(place: Place, work: () => Promise<T>): Promise<{ limit: number; result: T }> {
  const sql = commitStatement();
  const before = await pgbench(place.connection, sql, { clients: CLIENTS, seconds: SECONDS });
  const result = await work();
  const after = await pgbench(place.connection, sql, { clients: CLIENTS, seconds: SECONDS });
  console.log(
    `pgbench, ${CLIENTS} clients, the same statement: ${before.toFixed(0)} before, ${after.toFixed(0)} after, tps`,
  );
  return { limit: (before + after) / 2, result };
}

export async function run(): Promise<void> {
  if (!findPgbench())
    return console.log('commit: skipped, pgbench is not installed (Debian: apt-get install postgresql)');
  const place = await openPlace();
  try {
    // One subscriber, whose handler does nothing: its deliveries are part of the cost.
    await installBenchPlugin(place, 'observer');
    await throughput(CLIENTS, 2, (n) => write(place, n));
    const { limit, result } = await besidePgbench(place, () => throughput(CLIENTS, SECONDS, (n) => write(place, n)));
    printRatio('unit of work in process, 32 writers', result, limit, 0.7, 'a second');
  } finally {
    await place.close();
  }
}

async function write(place: Place, n: number): Promise<void> {
  await place.core.chart.withChart(ORIGIN, async (draft) => {
    draft.create({ ...observation(n), id: randomUUID() });
  });
}

if (import.meta.main) await run();
