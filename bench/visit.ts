// What a whole visit leaves behind: its events and rows, and that no event tells a change twice.

import pg from 'pg';
import { type Clinic, openClinic } from './support/clinic.ts';

/** The visit, in its order: each command is originated as far as the first fields go, edited, committed. */
const VISIT = (practitioner: string): readonly (readonly [command: string, begun: object, edited?: object])[] => [
  ['reasonForVisit', { coding: 'R05.9' }, { comment: 'Cough for a week, and her blood pressure.' }],
  ['hpi', {}, { narrative: 'It began on Monday; no fever. She measures 150 over 95 at home.' }],
  ['vitals', { height: 65, weightLbs: 170 }, { bloodPressureSystole: 152, bloodPressureDiastole: 94, pulse: 76 }],
  ['diagnose', { diagnose: 'I10' }, { background: 'Her mother has it too.' }],
  ['diagnose', { diagnose: 'E11.9' }, { background: 'Found by screening.' }],
  ['assess', {}, { narrative: 'Above its goal.' }],
  [
    'prescribe',
    { prescribe: '314076', prescriber: practitioner },
    {
      sig: 'One tablet a day',
      quantityToDispense: 90,
      typeToDispense: { representativeNdc: '00071022223', ncpdpQuantityQualifierCode: 'C48542' },
      refills: 3,
      substitutions: 'allowed',
    },
  ],
  ['labOrder', { testsOrderCodes: ['4548-4'], orderingProvider: practitioner }, { diagnosisCodes: ['E11.9'] }],
  ['plan', {}, { narrative: 'Back in four weeks with her readings.' }],
  ['task', { title: 'Call with the results', assignTo: practitioner }, { comment: 'After six.' }],
];

export async function run(): Promise<void> {
  const clinic = await openClinic();
  const client = new pg.Client(clinic.connection);
  await client.connect();
  try {
    const practitioner = await create(clinic, { resourceType: 'Practitioner', name: [{ family: 'Weller' }] });
    const patient = await create(clinic, { resourceType: 'Patient', name: [{ family: 'Bench' }] });
    const before = await rowsOf(client);
    const requests = await play(clinic, patient, practitioner);
    await report(client, before, requests);
    await tellTwice(client, patient);
  } finally {
    await client.end();
    await clinic.close();
  }
}

async function create(clinic: Clinic, record: { resourceType: string; name: object[] }): Promise<string> {
  return (await clinic.ask('POST', `/fhir/R4/${record.resourceType}`, record)).id;
}

/** How many requests it took. */
async function play(clinic: Clinic, patient: string, practitioner: string): Promise<number> {
  const { id: note } = await clinic.ask('POST', '/api/notes', { patient });
  let condition: string | undefined;
  const visit = VISIT(practitioner);
  for (const [command, begun, edited] of visit) {
    const fields = command === 'assess' ? { ...begun, condition } : begun;
    const { id } = await clinic.ask('POST', `/api/notes/${note}/commands`, { command, fields });
    await clinic.ask('PATCH', `/api/commands/${id}`, { fields: edited });
    const { made } = await clinic.ask('POST', `/api/commands/${id}/commit`, {});
    if (command === 'diagnose') condition ??= made[0].id;
  }
  await clinic.ask('POST', `/api/notes/${note}/lock`, {});
  return 2 + 3 * visit.length;
}

const TABLES = [
  'event',
  'record',
  'record_version',
  'search_date',
  'search_string',
  'search_quantity',
  'audit.entry',
  'execution',
] as const;

async function rowsOf(client: pg.Client): Promise<Map<string, number>> {
  const counts = TABLES.map((name) => `(SELECT count(*) FROM ${name})::integer AS "${name}"`);
  const { rows } = await client.query<Record<string, number>>(`SELECT ${counts.join(', ')}`);
  return new Map(Object.entries(rows[0]!));
}

async function report(client: pg.Client, before: ReadonlyMap<string, number>, requests: number): Promise<void> {
  const after = await rowsOf(client);
  const grown = TABLES.map((name) => `${name} ${after.get(name)! - before.get(name)!}`);
  console.log(`a visit of ${requests} requests writes rows: ${grown.join(', ')}`);
}

/** The events of the visit by how many there are of each, and whether two of them tell the same change. */
async function tellTwice(client: pg.Client, patient: string): Promise<void> {
  const { rows } = await client.query<{ type: string; n: string }>(
    'SELECT type, count(*) AS n FROM event WHERE patient = $1 GROUP BY type ORDER BY n DESC, type',
    [patient],
  );
  console.log(rows.map(({ type, n }) => `  ${n} ${type}`).join('\n'));
  const twice = await client.query<{ type: string; record: string }>(
    `SELECT type, record_type || '/' || record_id || '/' || record_version AS record FROM event
      WHERE patient = $1 AND record_id IS NOT NULL
      GROUP BY type, target_type, target_id, record_type, record_id, record_version HAVING count(*) > 1`,
    [patient],
  );
  const untold = await client.query<{ record: string }>(
    `SELECT type || '/' || id || '/' || version AS record FROM record_version v WHERE patient = $1 AND NOT EXISTS
      (SELECT FROM event e WHERE e.record_type = v.type AND e.record_id = v.id AND e.record_version = v.version)`,
    [patient],
  );
  for (const { type, record } of twice.rows) console.log(`told twice: ${type} of ${record}`);
  for (const { record } of untold.rows) console.log(`not told: ${record}`);
  console.log(`changes that are told twice: ${twice.rows.length}; that are not told: ${untold.rows.length} (aim 0: 0)`);
}

if (import.meta.main) await run();
