// What lists are in the order of, as it is written with a record and as the migration wrote it for those before.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { migrations } from '#store/migrate.ts';
import { type RunningApp, runApp } from './running-app.ts';

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
});
