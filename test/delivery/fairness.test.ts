// What one plugin may take from the others: not their events, not their gates, not the server's time.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Patient, Task } from '@medplum/fhirtypes';
import { createNote } from '#chart/notes.ts';
import { Refusal } from '#kit/errors.ts';
import { ORIGIN, startCore, type TestCore, until } from '../support/core.ts';

const patient = (id: string): Patient => ({ resourceType: 'Patient', id, name: [{ family: 'Test' }] });
const task = (description: string, id = 'a'): Task => ({
  resourceType: 'Task',
  status: 'requested',
  intent: 'order',
  description,
  for: { reference: `Patient/${id}` },
});

const handlers = (count: number): string =>
  [
    "import { BaseProtocol, EventType, log } from 'chartwire/sdk';",
    ...Array.from(
      { length: count },
      (_, n) => `export class H${n} extends BaseProtocol.on(EventType.TASK_CREATED) {
        compute() { return this.event.context.record.description === 'hear' ? [log({ message: 'x' })] : []; }
      }`,
    ),
  ].join('\n');

describe('one plugin among others', () => {
  let core: TestCore;
  before(async () => {
    core = await startCore({ gateBudget: 600 });
    await core.create(...['a', 'b', 'c'].map(patient));
  });
  after(() => core.end());

  test('is not installed with more handlers than a plugin may have, and is told so', async () => {
    await assert.rejects(core.install({ name: 'crowd', source: handlers(101) }), (error) => {
      assert.ok(error instanceof Refusal && error.code === 'plugin.load');
      assert.match(error.message, /registers 101 handlers, and a plugin may have 100/);
      return true;
    });
    assert.deepEqual(
      (await core.plugins.list()).map(({ name }) => name),
      [],
    );
  });

  test('of a hundred handlers has its turns, and the others have theirs between', async (t) => {
    await core.install({ name: 'crowd', source: handlers(100) });
    await core.install({ name: 'innocent', source: handlers(1) });
    await core.create(task('hear', 'a'), task('hear', 'b'), task('hear', 'c'));
    await core.settled();
    const { rows } = await core.store.pool.query<{ plugin: string }>('SELECT plugin FROM execution ORDER BY id');
    assert.equal(rows.length, 303);
    const last = rows.findLastIndex(({ plugin }) => plugin === 'innocent');
    t.diagnostic(`the innocent plugin’s third event was number ${last + 1} of 303 to begin`);
    assert.ok(last < 200, `number ${last + 1} of 303`);
    await core.plugins.remove('crowd');
    await core.plugins.remove('innocent');
  });

  test('is refused more effects than one answer may have, and its delivery ends with the figure', async () => {
    await core.install({
      name: 'flood',
      scopes: ['patient/Task.c'],
      source: `import { BaseProtocol, createTask, EventType } from 'chartwire/sdk';
        export class Flood extends BaseProtocol.on(EventType.TASK_CREATED) {
          compute() {
            const count = Number(this.event.context.record.description);
            return Array.from({ length: count || 0 }, (_, n) => createTask({ title: 'flood', patient: this.event.patient! }));
          }
        }`,
    });
    await core.create(task('501'));
    await until(async () => (await core.deliveries.list({ state: 'dead', limit: 10 })).items.length > 0);
    const [dead] = (await core.deliveries.list({ state: 'dead', limit: 10 })).items;
    assert.deepEqual([dead!.attempts, dead!.error!.code], [1, 'handler.limit']);
    assert.match(dead!.error!.message, /limit of 500 effects/);
  });

  test('whose answer is as long as it may be leaves the event loop to others in between', async (t) => {
    // Each look of a slice at the clock finds its time used up: however fast the machine is, it gives way where it can.
    const isSlice = (): boolean => /\/chart\/slice\.ts/.test(new Error().stack!);
    const clock = performance.now.bind(performance);
    let looks = clock();
    t.mock.method(performance, 'now', () => {
      if (!isSlice()) return clock();
      looks += 1_000;
      return looks;
    });
    let turns = 0;
    const later = setImmediate;
    t.mock.method(globalThis, 'setImmediate', (run: () => void, ...given: []) => {
      if (isSlice()) turns += 1;
      return later(run, ...given);
    });
    const given = async (effects: number): Promise<number> => {
      const before = turns;
      await core.create(task(String(effects)));
      await core.settled();
      const { rowCount } = await core.store.pool.query(
        `SELECT FROM execution WHERE plugin = 'flood' AND state = 'completed' AND jsonb_array_length(effects::jsonb) = $1`,
        [effects],
      );
      assert.equal(rowCount, 1);
      return turns - before;
    };
    const [one, most] = [await given(1), await given(500)];
    t.diagnostic(`it gives way ${most} times, with one effect ${one} times`);
    assert.ok(most - one >= 499, `${most} turns for 500 effects, and ${one} for one`);
    await core.plugins.remove('flood');
  });

  test('whose effects cannot be written has that told, is tried again, and ends as a dead letter', async () => {
    await core.install({
      name: 'heavy',
      scopes: ['patient/Task.c'],
      source: `import { BaseProtocol, createTask, EventType } from 'chartwire/sdk';
        export class Heavy extends BaseProtocol.on(EventType.PATIENT_UPDATED) {
          compute() { return [createTask({ title: 'too heavy', patient: this.event.patient! })]; }
        }`,
    });
    const { pool } = core.store;
    const query = pool.query.bind(pool) as (...given: unknown[]) => Promise<unknown>;
    const faults = [
      Object.assign(new Error('canceling statement'), { code: '57014', severity: 'ERROR' }),
      new RangeError('Invalid string length'),
    ];
    let times = 0;
    pool.query = ((...given: unknown[]) => {
      const [{ text = '', values = [] } = {}] = given as [{ text?: string; values?: unknown[] }?];
      const hits = /FROM commit_/.test(text) && String(values[0]).includes('"description":"too heavy"');
      return hits ? Promise.reject(faults[times++ % 2]) : query(...given);
    }) as typeof pool.query;
    try {
      await core.chart.withChart(ORIGIN, async (draft) => {
        await draft.update({ ...patient('b'), id: 'b', gender: 'female' });
      });
      const dead = async () =>
        (await core.deliveries.list({ state: 'dead', limit: 10 })).items.find(({ handler }) => handler === 'Heavy');
      await until(async () => (await dead()) !== undefined);
      assert.equal((await dead())!.attempts, 4);
      const runs = (await core.plugins.executions('heavy', { limit: 10 })).items.toReversed();
      assert.deepEqual(
        runs.map(({ attempt, state, error }) => [attempt, state, error!.code]),
        [1, 2, 3, 4].map((attempt) => [attempt, 'failed', 'delivery.unwritten']),
      );
      assert.match(runs[0]!.error!.message, /the database took too long/);
      assert.match(runs[1]!.error!.message, /RangeError/);
    } finally {
      pool.query = query as typeof pool.query;
    }
    await core.plugins.remove('heavy');
  });

  test('whose gate loops is late alone: another’s answers each time, and only its own is left out', async () => {
    const gate = (body: string): string => `import { BaseProtocol, EventType } from 'chartwire/sdk';
      export class Gate extends BaseProtocol.on(EventType.PLAN_COMMAND__PRE_COMMIT) { compute() { ${body} } }`;
    await core.install({ name: 'a-loops', source: gate('for (;;);') });
    await core.install({ name: 'guards', source: gate('return [];') });
    const { result: note } = await core.chart.withChart(ORIGIN, async (draft) =>
      createNote(draft, ORIGIN, { patient: 'c' }),
    );
    for (let n = 0; n < 20; n++) {
      await core.chart.withChart(ORIGIN, async (draft) => {
        const wish = { note: note.id, command: 'plan', fields: { narrative: `Plan ${n}` }, commit: true };
        await core.commands.originate(draft, ORIGIN, wish);
      });
    }
    const runs = async () => (await core.plugins.executions('guards', { limit: 50 })).items;
    await until(async () => (await runs()).length >= 20);
    assert.deepEqual(
      (await runs()).map(({ state }) => state),
      Array(20).fill('completed'),
    );
    const leftOut = ['a-loops', 'guards'].map((name) => core.plugins.breaker.resting(name, Date.now()).length);
    assert.deepEqual(leftOut, [1, 0]);
  });
});
