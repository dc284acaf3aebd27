// What lists are in the order of, as it is written with a record and as the migration wrote it for those before.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { migrations } from '#store/migrate.ts';
import { ADMIN, type RunningApp, runApp } from './running-app.ts';

describe('what lists are in the order of', () => {
  let app: RunningApp;
  let client: pg.Client;
  before(async () => {
    app = await runApp();
    client = new pg.Client(app.database.connection);
    await client.connect();
  });
  after(async () => {
    await client.end();
    await app.close();
  });

  async function create(resourceType: string, fields: object): Promise<string> {
    const made = await app.ask('POST', `/fhir/R4/${resourceType}`, { body: { resourceType, ...fields } });
    assert.equal(made.status, 201, made.text);
    return made.json.id;
  }

  async function listed(): Promise<string[]> {
    const { rows } = await client.query(
      "SELECT type || '/' || id || ' ' || param || ' ' || value AS row FROM search_string WHERE param ~ '^_(due|said|thread|unread)'",
    );
    return rows.map(({ row }) => row).sort();
  }

  test('tasks and messages that were there before are listed as those that come after', async () => {
    const patient = await create('Patient', { name: [{ family: 'Germain' }] });
    const subject = { reference: `Patient/${patient}` };
    const relative = { reference: `RelatedPerson/${await create('RelatedPerson', { patient: subject })}` };
    const due = await create('Task', {
      status: 'requested',
      intent: 'order',
      restriction: { period: { end: '2031-01-02' } },
    });
    const never = await create('Task', { status: 'completed', intent: 'order' });
    const gone = await create('Task', { status: 'requested', intent: 'order' });
    assert.equal((await app.ask('DELETE', `/fhir/R4/Task/${gone}`)).status, 204);
    const message = (fields: object) => create('Communication', { status: 'completed', subject, ...fields });
    const unread = await message({ sender: subject, sent: '2026-01-02T03:04:05.678+01:00' });
    const spoken = await message({ sender: relative, sent: '2026-01' });
    const read = await message({ sender: subject, sent: '2026-01-02', received: '2026-01-03' });
    const unsent = await message({});
    await message({ status: 'entered-in-error', sent: '2026-01-02' });
    await create('Communication', { status: 'completed', sent: '2026-01-02' });

    const rows = await listed();
    assert.equal(rows.length, 2 + 4 * 2 + 2, rows.join('\n'));
    for (const row of [
      `Task/${due} _due-requested 2031-01-02`,
      `Task/${never} _due-completed ~`,
      `Communication/${unread} _said 2026-01-02T02:04:05.678Z ${patient}`,
      `Communication/${unread} _unread ${patient}`,
      `Communication/${spoken} _thread ${patient} 2026-01-01T00:00:00.000Z`,
      `Communication/${spoken} _unread ${patient}`,
      `Communication/${read} _thread ${patient} 2026-01-02T00:00:00.000Z`,
    ])
      assert.ok(rows.includes(row), row);
    assert.ok(rows.some((row) => row.startsWith(`Communication/${unsent} _said`)));

    await client.query("DELETE FROM search_string WHERE param ~ '^_(due|said|thread|unread)'");
    await client.query((await migrations()).find(({ name }) => name === '0010-lists')!.sql);
    assert.deepEqual(await listed(), rows);
  });

  describe('once a patient is deleted, and until they are back,', () => {
    let patient: string;
    /** A word that is in what each list shows of the chart. */
    const lists: Record<string, { readonly path: string; readonly shows: string }> = {};
    const LISTS = [
      'patients',
      'tasks',
      'overdue tasks',
      'inbox',
      'reports',
      'threads',
      'unread',
      'unanswered',
      'schedule',
    ];

    before(async () => {
      patient = await create('Patient', { name: [{ family: 'Leavitt' }] });
      const subject = { reference: `Patient/${patient}` };
      const post = async (path: string, body: object): Promise<string> => {
        const made = await app.ask('POST', path, { body });
        assert.ok(made.status < 300, made.text);
        return made.json.id;
      };
      const task = await post('/api/tasks', { title: 'Call', patient, due: '2026-01-02' });
      const report = { status: 'final', code: { text: 'Blood' }, subject };
      const message = { status: 'completed', subject, sender: subject, sent: '2026-01-02T03:04:05Z' };
      const when = { start: '2031-06-01T15:00:00Z', end: '2031-06-01T15:20:00Z' };
      const uploaded = await fetch(`${app.url}/api/inbox`, {
        method: 'POST',
        headers: { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/pdf' },
        body: '%PDF-1.7',
      });
      const document = ((await uploaded.json()) as { id: string }).id;
      await post(`/api/inbox/${document}/match`, { patient });
      const said = await create('Communication', message);
      Object.assign(lists, {
        patients: { path: '/api/patients?query=Leavitt', shows: patient },
        tasks: { path: '/api/tasks?limit=200', shows: task },
        'overdue tasks': { path: '/api/tasks?due=overdue&limit=200', shows: task },
        inbox: { path: '/api/inbox?limit=500', shows: document },
        reports: { path: '/api/reports?limit=200', shows: await create('DiagnosticReport', report) },
        threads: { path: '/api/messages?limit=200', shows: said },
        unread: { path: '/api/messages?only=unread&limit=200', shows: said },
        unanswered: { path: '/api/messages?only=unanswered&limit=200', shows: said },
        schedule: {
          path: '/api/schedule?date=2031-06-01&timezone=UTC',
          shows: await post('/api/appointments', { patient, ...when }),
        },
      });
    });

    const shown = async (list: string): Promise<boolean> => {
      const { path, shows } = lists[list]!;
      const { status, text } = await app.ask('GET', path);
      assert.equal(status, 200, text);
      return text.includes(shows);
    };

    for (const list of LISTS) {
      test(`the list of ${list} has nothing of their chart`, async () => {
        assert.equal(await shown(list), true, 'before');
        const chart = `/fhir/R4/Patient/${patient}`;
        assert.equal((await app.ask('DELETE', chart)).status, 204);
        assert.equal(await shown(list), false, 'deleted');
        const body = { resourceType: 'Patient', id: patient, name: [{ family: 'Leavitt' }] };
        assert.equal((await app.ask('PUT', chart, { body })).status, 201);
        assert.equal(await shown(list), true, 'back');
      });
    }

    test('what is in a chart that is not in use, and in none, is listed', async () => {
      const [person] = (await app.ask('GET', '/api/patients?query=Leavitt')).json.items;
      const body = { resourceType: 'Patient', id: person.id, active: false, name: [{ family: 'Leavitt' }] };
      assert.equal((await app.ask('PUT', `/fhir/R4/Patient/${patient}`, { body })).status, 200);
      for (const list of LISTS) assert.equal(await shown(list), true, list);
      const made = await app.ask('POST', '/api/tasks', { body: { title: 'Order paper' } });
      assert.ok((await app.ask('GET', '/api/tasks?limit=200')).text.includes(made.json.id));
    });
  });
});
