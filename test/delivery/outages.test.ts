// What is owed while the database is away, another node writes, or a plugin is not run: it comes all the same, once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Patient } from '@medplum/fhirtypes';
import pg from 'pg';
import type { PostgresStore } from '#store/postgres.ts';
import { workOf } from '#store/work.ts';
import { ORIGIN, startCore, type TestCore, until } from '../support/core.ts';

const patient = (id: string, family = 'Test'): Patient => ({ resourceType: 'Patient', id, name: [{ family }] });

/** A plugin that makes a task titled with the family name whenever a patient is renamed. `first` is done before. */
const titled = (first = ''): string => `import { BaseProtocol, createTask, EventType } from 'chartwire/sdk';
  export class Titled extends BaseProtocol {
    static RESPONDS_TO = [EventType.PATIENT_UPDATED];
    async compute() {
      const title = this.event.context.record.name![0].family!;
      ${first}
      return [createTask({ title, patient: this.event.patient! })];
    }
  }`;
const SCOPES = ['patient/Task.crs'];

async function rename(core: TestCore, id: string, ...names: string[]): Promise<void> {
  for (const family of names) {
    await core.chart.withChart(ORIGIN, async (draft) => void (await draft.update({ ...patient(id, family), id })));
  }
}

async function titles(core: TestCore): Promise<string[]> {
  return (await core.find('Task', '_count=500')).map(({ description }) => description!).toSorted();
}

/** Breaks the connection at the first statement that `hits`: before the database has it, or once it has done it. */
function breakAt({ pool }: PostgresStore, when: 'before' | 'after', hits: (text: string, values: string) => boolean) {
  const query = pool.query.bind(pool) as (...given: unknown[]) => Promise<unknown>;
  const broken = { times: 0 };
  pool.query = (async (...given: unknown[]) => {
    const [statement] = given as [string | pg.QueryConfig];
    const { text, values = [] } = typeof statement === 'string' ? { text: statement } : statement;
    const breaks = broken.times === 0 && hits(text, String(values[0]));
    if (breaks) broken.times++;
    const answer = breaks && when === 'before' ? undefined : await query(...given);
    if (breaks) throw new Error('Connection terminated unexpectedly');
    return answer;
  }) as typeof pool.query;
  return broken;
}

const completes = (text: string, work: string): boolean => /FROM commit_/.test(text) && work.includes('"cursors":[{');

test('a commit whose answer is lost is not done again, and what comes after is', async () => {
  const core = await startCore();
  await core.create(patient('p'));
  await core.install({ name: 'titled', source: titled(), scopes: SCOPES });
  const broken = breakAt(core.store, 'after', completes);
  await rename(core, 'p', 'One', 'Two', 'Three');
  await until(async () => (await titles(core)).length >= 3);
  await core.settled();
  assert.equal(broken.times, 1);
  assert.deepEqual(await titles(core), ['One', 'Three', 'Two']);
  await core.end();
});

test('a failure whose commit lost its answer is tried again, its chart’s later events behind it', async () => {
  const core = await startCore();
  await core.create(patient('p'));
  const once = `const tasks = await this.data.search('Task', 'patient=p');
    if (title === 'One' && tasks.length === 0) throw new Error('there is no task yet');`;
  await core.install({ name: 'titled', source: titled(once), scopes: SCOPES });
  const broken = breakAt(core.store, 'after', completes);
  await rename(core, 'p', 'One', 'Two');
  await until(
    async () => broken.times === 1 && (await core.deliveries.list({ state: 'dead', limit: 9 })).items.length === 1,
  );
  await core.settled();
  const runs = (await core.plugins.executions('titled', { limit: 50 })).items.toReversed();
  assert.deepEqual(
    runs.map(({ state, attempt }) => `${state} ${attempt}`),
    ['failed 1', 'failed 2', 'failed 3', 'failed 4', 'completed 1'],
  );
  await core.end();
});

test('retries outlive a connection that breaks under them', async () => {
  const core = await startCore({ retryPolicy: { waits: Array.from({ length: 50 }, () => 30) } });
  await core.create(patient('p'));
  const once = `const tasks = await this.data.search('Task', 'patient=q');
    if (tasks.length === 0) throw new Error('there is no task yet');`;
  await core.install({ name: 'titled', source: titled(once), scopes: ['system/Task.crs'] });
  await rename(core, 'p', 'One');
  await until(async () => (await core.deliveries.list({ state: 'waiting', limit: 9 })).items.length === 1);
  // Nobody may be left with the rejection: it would end the process.
  const broken = breakAt(core.store, 'before', (text) => /FROM event e .* WHERE e\.id = ANY/s.test(text));
  await until(async () => broken.times === 1);
  await core.create(patient('q'));
  await core.create({
    resourceType: 'Task',
    status: 'requested',
    intent: 'order',
    description: 'Awaited',
    for: { reference: 'Patient/q' },
  });
  await until(async () => (await titles(core)).length === 2);
  await core.end();
});

test('readers that cannot be started, for the database is away when the leases change, are started later', async () => {
  const core = await startCore();
  await core.create(patient('p'));
  await core.install({ name: 'titled', source: titled(), scopes: SCOPES });
  const broken = breakAt(core.store, 'before', (text) => /FROM cursor c JOIN lease l/.test(text));
  // As after some seconds without the database, in which another node had them.
  await core.store.pool.query('UPDATE lease SET node = NULL');
  await until(async () => broken.times === 1);
  await rename(core, 'p', 'One');
  await until(async () => (await titles(core)).length === 1);
  await core.end();
});

test('an event of another node that is committed long after it took its number is not left lying', async () => {
  const core = await startCore();
  await core.create(patient('p'));
  await core.install({ name: 'titled', source: titled(), scopes: SCOPES });
  await rename(core, 'p', 'One');
  await core.settled();
  const [renamed] = (await core.events.list({ type: 'PATIENT_UPDATED', limit: 1 })).items;
  const again = { ...renamed!, id: crypto.randomUUID(), record: { type: 'Patient', id: 'p', version: 2, previous: 1 } };
  const unit = {
    charts: ['p'],
    at: new Date().toISOString(),
    records: [],
    events: [{ ...again, changed: [], detail: {} }],
    executions: [],
    completions: [],
  };
  const other = new pg.Client(core.database.connection);
  await other.connect();
  await other.query('BEGIN');
  await other.query('SELECT * FROM commit_work($1)', [workOf([unit])]);
  // Long enough for this node to have looked where the log ends.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await other.query('COMMIT');
  await other.end();
  await until(async () => (await titles(core)).length === 2);
  await core.end();
});

test('retries of a plugin that is switched off take nobody else’s turn', async () => {
  const core = await startCore({ retryPolicy: { waits: Array.from({ length: 500 }, () => 1_000) } });
  const ids = Array.from({ length: 70 }, (_, n) => `p${n}`);
  await core.create(...ids.map((id) => patient(id)));
  const source = titled("throw new Error('not now');");
  await core.install({ name: 'a-first', source, scopes: SCOPES });
  for (const id of ids) await rename(core, id, 'One');
  await until(async () => (await core.deliveries.list({ state: 'waiting', limit: 200 })).items.length === ids.length);
  await core.plugins.disable('a-first');
  await core.install({ name: 'b-second', source, scopes: SCOPES });
  await rename(core, 'p0', 'Two');
  await until(async () => (await core.plugins.executions('b-second', { limit: 9 })).items.length >= 3);
  await core.end();
});

test('a dead letter that is revived at one node is tried by the node that serves its part', async () => {
  const one = await startCore({ node: 'one', retryPolicy: { waits: [] } });
  const two = await startCore({ node: 'two', retryPolicy: { waits: [] }, on: one.database });
  await one.create(patient('p'));
  await one.install({ name: 'titled', source: titled("throw new Error('never');"), scopes: SCOPES });
  await rename(one, 'p', 'One');
  await until(async () => (await two.deliveries.list({ state: 'dead', limit: 9 })).items.length === 1);
  const [dead] = (await two.deliveries.list({ state: 'dead', limit: 9 })).items;
  await two.deliveries.retry(dead!.id);
  await until(async () => (await one.plugins.executions('titled', { limit: 9 })).items.length === 2);
  await two.end({ keep: true });
  await one.end();
});

test('a node that waits for what a hanging one has locked is still taken to live', async () => {
  const core = await startCore();
  const admin = new pg.Client(core.database.connection);
  await admin.connect();
  const livesUntil = async () => {
    const { rows } = await core.store.pool.query<{ at: string }>('SELECT "until"::text AS at FROM node');
    return rows.map(({ at }) => at).join();
  };
  await admin.query('BEGIN');
  await admin.query('LOCK TABLE cursor IN SHARE ROW EXCLUSIVE MODE');
  // Its next beat waits for the lock from when it begins.
  await until(async () => {
    const { rows } = await admin.query(`SELECT FROM pg_locks WHERE relation = 'cursor'::regclass AND NOT granted`);
    return rows.length > 0;
  });
  const before = await livesUntil();
  await until(async () => (await livesUntil()) !== before);
  await admin.query('ROLLBACK');
  await admin.end();
  await core.end();
});
