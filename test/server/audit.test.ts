import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import type { AuditRow } from '#store/audit/row.ts';
import { AuditTrail } from '#store/audit/trail.ts';
import { type RunningApp, runApp } from './running-app.ts';

describe('the audit trail', () => {
  let app: RunningApp;
  let pool: pg.Pool;
  before(async () => {
    app = await runApp();
    pool = new pg.Pool(app.database.connection);
  });
  after(async () => {
    await pool.end();
    await app.close();
  });

  /** The rows of one request, by the id that its answer carries. */
  async function rowsOf(answer: { headers: Headers }) {
    const { rows } = await pool.query('SELECT * FROM audit.entry WHERE request = $1 ORDER BY id', [
      answer.headers.get('x-request-id'),
    ]);
    return rows;
  }

  async function newPatient(): Promise<string> {
    const made = await app.ask('POST', '/fhir/R4/Patient', {
      body: { resourceType: 'Patient', name: [{ family: 'Hopper' }] },
    });
    assert.equal(made.status, 201, made.text);
    return made.json.id;
  }

  const row = (action: string): AuditRow => ({
    at: new Date().toISOString(),
    actor: { type: 'client', id: 'x' },
    action,
    type: null,
    record: null,
    version: null,
    patient: null,
    records: null,
    query: '\0\ud800',
    status: 200,
    address: null,
    request: null,
    why: null,
  });

  test('each access to a record leaves who, what, when and how it ended', async () => {
    const id = await newPatient();
    const read = await app.ask('GET', `/fhir/R4/Patient/${id}`);
    const [row, ...more] = await rowsOf(read);
    assert.deepEqual(more, []);
    assert.equal(row.action, 'read');
    assert.equal(row.type, 'Patient');
    assert.equal(row.record, id);
    assert.equal(row.patient, id);
    assert.equal(row.status, 200);
    assert.equal(row.address, '127.0.0.1');
    assert.equal(row.actor.id, 'admin');
    assert.ok(Math.abs(Date.now() - row.at.getTime()) < 60_000);

    const missing = await app.ask('GET', '/fhir/R4/Patient/none');
    assert.equal((await rowsOf(missing))[0].status, 404);
    const search = await app.ask('GET', '/fhir/R4/Patient?family=Hopper');
    assert.equal((await rowsOf(search))[0].query, 'family=Hopper');
  });

  test('the log’s readers leave a row for each patient they were told of', async () => {
    const patients = [await newPatient(), await newPatient()];
    const listed = await app.ask('GET', '/api/events?type=PATIENT_CREATED&limit=500');
    const rows = await rowsOf(listed);
    for (const patient of patients)
      assert.deepEqual(
        rows.filter((row) => row.patient === patient).map(({ action, type, record }) => [action, type, record]),
        [['events.list', 'Patient', patient]],
      );
    const { id } = listed.json.items.at(-1);
    const [told] = await rowsOf(await app.ask('GET', `/api/events/${id}`));
    assert.ok(told.record ?? told.records, 'the record that the event holds is named');
  });

  test('who was turned away is on record too', async () => {
    const [nobody] = await rowsOf(await app.ask('GET', '/fhir/R4/Patient/7', { token: null }));
    assert.equal(nobody.status, 401);
    assert.equal(nobody.actor.id, 'unauthenticated');
    assert.equal(nobody.record, '7');
    const token = await app.tokenFor(['system/Patient.r']);
    const [forbidden] = await rowsOf(await app.ask('GET', '/api/tokens', { token }));
    assert.equal(forbidden.status, 403);
    assert.equal(forbidden.actor.display, 'a test');
  });

  test('the trail is read newest first, by patient, in pages', async () => {
    const id = await newPatient();
    for (let i = 0; i < 3; i++) await app.ask('GET', `/fhir/R4/Patient/${id}`);
    const first = (await app.ask('GET', `/api/audit?patient=${id}&limit=2`)).json;
    assert.deepEqual(
      first.items.map(({ action }: { action: string }) => action),
      ['read', 'read'],
    );
    const second = (await app.ask('GET', `/api/audit?patient=${id}&limit=2&after=${first.next}`)).json;
    assert.deepEqual(
      second.items.map(({ action }: { action: string }) => action),
      ['read', 'create'],
    );
    assert.equal(second.next, null);
  });

  test('a row calls its patient by name, for those who may read patients', async () => {
    const id = await newPatient();
    const nameFor = async (token: string) => {
      const { items } = (await app.ask('GET', `/api/audit?patient=${id}&action=create`, { token })).json;
      return items.map(({ patientName }: { patientName: string | null }) => patientName);
    };
    assert.deepEqual(await nameFor(await app.tokenFor(['system/chartwire.admin', 'system/Patient.r'])), ['Hopper']);
    assert.deepEqual(await nameFor(await app.tokenFor(['system/chartwire.admin'])), [null]);
  });

  test('the trail is asked by who did what, when', async () => {
    const id = await newPatient();
    const token = await app.tokenFor(['system/*.cruds']);
    const { items } = (await app.ask('GET', '/api/tokens?limit=1000')).json;
    const actor = items.at(-1).id;
    await app.ask('GET', `/fhir/R4/Patient/${id}`, { token });
    await app.ask('GET', `/fhir/R4/Patient?_id=${id}`, { token });
    const found = async (query: string) => {
      const answer = await app.ask('GET', `/api/audit?${query}`);
      assert.equal(answer.status, 200, answer.text);
      return answer.json.items as { action: string; at: string; record: string | null }[];
    };
    const actions = async (query: string) => (await found(query)).map(({ action }) => action);
    assert.deepEqual(await actions(`actor=${actor}`), ['search', 'read']);
    assert.deepEqual(await actions(`actor=${actor}&order=asc`), ['read', 'search']);
    assert.deepEqual(await actions(`actor=${actor}&action=read`), ['read']);
    assert.deepEqual(await actions(`type=Patient&record=${id}&actor=admin`), ['create']);
    const [search, read] = await found(`actor=${actor}`);
    assert.deepEqual(await actions(`actor=${actor}&to=${search!.at}`), search!.at === read!.at ? [] : ['read']);
    assert.deepEqual(await actions(`actor=${actor}&from=${read!.at}`), ['search', 'read']);
    assert.deepEqual(await actions(`actor=${actor}&from=2999-01-01T00:00:00Z`), []);
    const first = (await app.ask('GET', `/api/audit?actor=${actor}&order=asc&limit=1`)).json;
    assert.deepEqual(await actions(`actor=${actor}&order=asc&after=${first.next}`), ['search']);
    assert.equal((await app.ask('GET', '/api/audit?from=yesterday')).status, 422);
  });

  test('the trail is exported whole, and that is on record too', async () => {
    const id = await newPatient();
    const actor = { type: 'user', id: 'u', display: '=cmd|"calc"' } as const;
    const many = { ...row('many'), actor, patient: id, query: '@x, "y"' };
    await new AuditTrail(pool).write(Array.from({ length: 2500 }, () => many));
    const csv = await app.ask('GET', `/api/audit/export?patient=${id}`);
    assert.equal(csv.status, 200);
    assert.match(csv.headers.get('content-type')!, /^text\/csv/);
    assert.match(csv.headers.get('content-disposition')!, /attachment; filename="audit\.csv"/);
    const [head, ...lines] = csv.text.trimEnd().split('\r\n');
    assert.equal(
      head,
      'id,at,actor type,actor,name,action,type,record,version,patient,records,query,status,address,request,why',
    );
    assert.equal(lines.length, 2501, 'every row of that patient: 2500 and the making of them');
    assert.equal(new Set(lines).size, 2501);
    assert.match(lines[0]!, /,user,u,"'=cmd\|""calc""",many,/, 'a spreadsheet takes it for text');
    assert.match(lines[0]!, /,"'@x, ""y""",200,/);

    const ndjson = await app.ask('GET', `/api/audit/export?patient=${id}&format=ndjson`);
    const rows = ndjson.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.equal(rows.length, 2502, 'the export before is among them');
    assert.equal(rows[0].action, 'audit.export');
    assert.equal(rows[0].actor.id, 'admin');
    const token = await app.tokenFor(['system/*.cruds']);
    assert.equal((await app.ask('GET', '/api/audit/export', { token })).status, 403);
  });

  test('a query that PostgreSQL cannot hold spoils nobody’s row', async () => {
    const answers = await Promise.all([
      app.ask('GET', '/fhir/R4/Patient?family=%00'),
      app.ask('GET', '/fhir/R4/Patient?family=Hopper'),
      app.ask('GET', '/nowhere?x=%ED%A0%80%00', { token: null }),
    ]);
    for (const answer of answers) assert.ok(answer.status < 500, answer.text);
    assert.equal((await rowsOf(answers[1]!))[0].query, 'family=Hopper');
  });

  test('rows that come together are written together', async () => {
    const trail = new AuditTrail(pool);
    await Promise.all(Array.from({ length: 500 }, () => trail.write([row('together')])));
    const { rows } = await pool.query<{ written: number; statements: number }>(
      "SELECT count(*)::int AS written, count(DISTINCT xmin::text)::int AS statements FROM audit.entry WHERE action = 'together'",
    );
    assert.equal(rows[0]!.written, 500);
    assert.ok(rows[0]!.statements < 10, `${rows[0]!.statements} statements`);
  });

  test('nobody fills the disk by knocking without a token', async () => {
    await Promise.all(Array.from({ length: 300 }, () => app.ask('GET', '/fhir/R4/Patient', { token: null })));
    const { rows } = await pool.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM audit.entry WHERE status = 401',
    );
    // Sixty a minute, and this may run across the end of one.
    assert.ok(rows[0]!.count <= 130, `${rows[0]!.count} rows`);
  });
});
