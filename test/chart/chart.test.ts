import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { Appointment, Observation, Patient, Task } from '@medplum/fhirtypes';
import { createChart } from '#chart/chart.ts';
import type { Chart } from '#chart/contract.ts';
import type { Origin } from '#chart/origin.ts';
import { SYSTEM } from '#kit/authority.ts';
import { Refusal } from '#kit/errors.ts';
import { eventsBy } from '#store/log.ts';
import { openStore, type PostgresStore } from '#store/postgres.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { seenIn } from '../support/seen.ts';

const ORIGIN: Origin = { actor: { type: 'user', id: 'dr-grey' }, source: 'api', authority: SYSTEM };
const patient = (id: string = randomUUID()): Patient & { id: string } => ({
  resourceType: 'Patient',
  id,
  name: [{ family: 'Test' }],
});
const taskFor = (id: string): Task => ({
  resourceType: 'Task',
  status: 'requested',
  intent: 'order',
  for: { reference: `Patient/${id}` },
});

describe('the chart', () => {
  let database: FreshDatabase;
  let store: PostgresStore;
  let chart: Chart;
  before(async () => {
    database = await freshDatabase();
    store = await openStore(database.connection);
    chart = createChart({ store });
  });
  after(async () => {
    await store.close();
    await database.drop();
  });

  const add = async <R extends Patient | Task | Appointment | Observation>(resource: R) =>
    chart.withChart(ORIGIN, async (draft) => draft.create(resource));
  const types = (written: { events: readonly { type: string }[] }): string[] => written.events.map(({ type }) => type);
  const refuses = (code: string) => (error: unknown) => {
    assert.ok(error instanceof Refusal, String(error));
    assert.equal(error.code, code);
    return true;
  };

  test('many who change one record at once all do, one after another; who named its version is told of another', async () => {
    const { result } = await add(patient());
    const writers = Array.from({ length: 32 }, (_, n) => n);
    const change = (n: number, options?: { ifVersion: number }) =>
      chart.withChart(ORIGIN, async (draft) => {
        const { name, ...rest } = (await draft.read('Patient', result.id))!;
        await draft.update({ ...rest, id: result.id, name: [...name!, { family: `Writer ${n}` }] }, options);
      });
    await Promise.all(writers.map((n) => change(n)));
    const stored = await seenIn(chart).current('Patient', result.id);
    assert.equal(stored!.version, 33);
    const { name } = stored!.record as Patient;
    assert.deepEqual(
      name!.map(({ family }) => family).toSorted(),
      ['Test', ...writers.map((n) => `Writer ${n}`)].toSorted(),
    );
    const named = await Promise.allSettled(writers.map((n) => change(n, { ifVersion: 33 })));
    const refused = named.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    assert.equal(refused.length, 31);
    for (const reason of refused) refuses('record.version-mismatch')(reason);
  });

  test('writes a record with its version, time and event, and gives back what is stored', async () => {
    const { result, written } = await add(patient());
    assert.deepEqual(types(written), ['PATIENT_CREATED']);
    const stored = await seenIn(chart).current('Patient', result.id);
    assert.deepEqual(stored, written.versions[0]);
    assert.equal(stored!.record!.meta!.versionId, '1');
    const [event] = await eventsBy(store.pool, 'id', [written.events[0]!.id]);
    assert.deepEqual(event!.target, { type: 'Patient', id: result.id, version: 1 });
    assert.deepEqual(
      [event!.patient, event!.chartVersion, event!.actor, event!.source],
      [result.id, 1, ORIGIN.actor, 'api'],
    );
    assert.deepEqual(event!.after, stored!.record);
  });

  test('a write that changes nothing makes no version and no event', async () => {
    const { result } = await add(patient());
    const { written } = await chart.withChart(ORIGIN, async (draft) => {
      const same = (await draft.read('Patient', result.id)) as Patient & { id: string };
      await draft.update({ ...same, meta: { ...same.meta, lastUpdated: '2001-01-01T00:00:00Z' } });
    });
    assert.deepEqual([written.versions, written.events], [[], []]);
    assert.deepEqual(
      written.unchanged.map(({ id, version }) => [id, version]),
      [[result.id, 1]],
    );
    assert.equal((await seenIn(chart).current('Patient', result.id))!.version, 1);
  });

  test('a record changed several times in one unit of work has one event, with the record as it was before', async () => {
    const { result } = await add(patient());
    const { written } = await chart.withChart(ORIGIN, async (draft) => {
      await draft.patch('Patient', result.id, [{ op: 'add', path: '/gender', value: 'female' }]);
      await draft.patch('Patient', result.id, [{ op: 'replace', path: '/gender', value: 'male' }]);
      await draft.patch('Patient', result.id, [{ op: 'add', path: '/active', value: true }]);
    });
    assert.deepEqual(types(written), ['PATIENT_UPDATED']);
    const [event] = await eventsBy(store.pool, 'id', [written.events[0]!.id]);
    assert.deepEqual(event!.changed.toSorted(), ['Patient.active', 'Patient.gender']);
    assert.equal((event!.before as Patient).gender, undefined);
    assert.equal((event!.after as Patient).gender, 'male');
  });

  test('a transition fires beside the update', async () => {
    const who = patient();
    await add(who);
    const { result } = await add({
      resourceType: 'Appointment',
      status: 'booked',
      start: '2026-02-01T09:00:00Z',
      end: '2026-02-01T09:20:00Z',
      participant: [{ actor: { reference: `Patient/${who.id}` }, status: 'accepted' }],
    } satisfies Appointment);
    const cancel = await chart.withChart(ORIGIN, async (draft) => {
      await draft.patch('Appointment', result.id, [{ op: 'replace', path: '/status', value: 'cancelled' }]);
    });
    assert.deepEqual(types(cancel.written), ['APPOINTMENT_UPDATED', 'APPOINTMENT_CANCELED']);
  });

  test('a comment keeps its id, also when a client that drops ids sends the task back with another', async () => {
    const who = patient();
    await add(who);
    const { result, written } = await add({ ...taskFor(who.id), note: [{ text: 'first' }] });
    assert.deepEqual(types(written), ['TASK_CREATED', 'TASK_COMMENT_CREATED']);
    const again = await chart.withChart(ORIGIN, async (draft) => {
      await draft.update({ ...taskFor(who.id), id: result.id, note: [{ text: 'first' }, { text: 'second' }] });
    });
    assert.deepEqual(types(again.written), ['TASK_UPDATED', 'TASK_COMMENT_CREATED']);
    const [, comment] = await eventsBy(
      store.pool,
      'id',
      again.written.events.map(({ id }) => id),
    );
    const note = (again.written.versions[0]!.record as Task).note!;
    assert.deepEqual(comment!.target, { type: 'TaskComment', id: note[1]!.id });
    assert.equal(note[0]!.id, (written.versions[0]!.record as Task).note![0]!.id);
  });

  test('refuses what is not valid, and writes nothing of the unit of work', async () => {
    const who = patient();
    const bad = { ...taskFor(who.id), status: 'nonsense' } as unknown as Task;
    await assert.rejects(
      chart.withChart(ORIGIN, async (draft) => {
        draft.create(who);
        draft.create(bad);
      }),
      refuses('record.invalid'),
    );
    assert.equal(await seenIn(chart).current('Patient', who.id), undefined);
  });

  test('refuses a record of a patient who does not exist, and takes one made in the same unit of work', async () => {
    const who = patient();
    await assert.rejects(add(taskFor(who.id)), refuses('record.reference'));
    const { written } = await chart.withChart(ORIGIN, async (draft) => {
      draft.create(taskFor(who.id));
      draft.create(who);
    });
    assert.equal(written.versions.length, 2);
  });

  test('refuses a record of a patient whom another node deleted, and takes one once it brought them back', async () => {
    const who = patient();
    const elsewhere = await openStore(database.connection);
    const other = createChart({ store: elsewhere });
    await add(who);
    await add(taskFor(who.id));
    await other.withChart(ORIGIN, (draft) => draft.delete('Patient', who.id));
    await assert.rejects(add(taskFor(who.id)), refuses('record.reference'));
    await assert.rejects(add(taskFor(who.id)), refuses('record.reference'), 'also when this node knows');
    await other.withChart(ORIGIN, (draft) => draft.update(who));
    const { written } = await add(taskFor(who.id));
    assert.equal(written.versions.length, 1);
    await elsewhere.close();
  });

  test('a record and its patient’s deletion at once: it is before the deletion, or refused', async () => {
    for (let round = 0; round < 25; round++) {
      const who = patient();
      await add(who);
      const writes = Array.from({ length: 4 }, () => add(taskFor(who.id)));
      const ended = chart.withChart(ORIGIN, (draft) => draft.delete('Patient', who.id));
      const outcomes = await Promise.allSettled([...writes, ended, add(taskFor(who.id))]);
      for (const outcome of outcomes) if (outcome.status === 'rejected') refuses('record.reference')(outcome.reason);
      await ended;
      const { rows } = await store.pool.query<{ type: string; deleted: boolean }>(
        'SELECT type, deleted FROM record_version WHERE patient = $1 ORDER BY chart_version',
        [who.id],
      );
      assert.deepEqual(rows.at(-1), { type: 'Patient', deleted: true });
      const kept = outcomes.filter(({ status }) => status === 'fulfilled').length - 1;
      assert.equal(rows.filter(({ type }) => type === 'Task').length, kept, 'what was acknowledged is there');
    }
  });

  test('refuses a unit of work that deletes a patient and writes into their chart', async () => {
    const who = patient();
    await add(who);
    const both = chart.withChart(ORIGIN, async (draft) => {
      draft.create(taskFor(who.id));
      await draft.delete('Patient', who.id);
    });
    await assert.rejects(both, refuses('record.reference'));
    assert.equal((await seenIn(chart).current('Patient', who.id))?.deleted, false);
  });

  test('of writers who name the version they saw, one wins and the others are told', async () => {
    const { result } = await add(patient());
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) =>
        chart.withChart(ORIGIN, async (draft) => {
          await draft.update({ ...patient(result.id), name: [{ family: `Writer ${n}` }] }, { ifVersion: 1 });
        }),
      ),
    );
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') {
        assert.ok(['record.conflict', 'record.version-mismatch'].includes((outcome.reason as Refusal).code));
      }
    }
  });

  test('of writers who do not, all are done, each on what the one before left', async () => {
    const { result } = await add(patient());
    await Promise.all(
      Array.from({ length: 6 }, (_, n) =>
        chart.withChart(ORIGIN, async (draft) => {
          const seen = (await draft.read('Patient', result.id)) as Patient & { id: string };
          await draft.update({ ...seen, name: [...seen.name!, { family: `Name ${n}` }] });
        }),
      ),
    );
    const { record: resource, version } = (await seenIn(chart).current('Patient', result.id))!;
    assert.equal((resource as Patient).name!.length, 7);
    assert.equal(version, 7);
  });

  test('exclusive work runs one at a time: of 20 that look before they write, one writes', async () => {
    const key = randomUUID();
    let made = 0;
    await Promise.all(
      Array.from({ length: 20 }, () =>
        chart.withChart(
          ORIGIN,
          async (draft) => {
            if ((await seenIn(chart).current('Patient', key)) === undefined) {
              draft.create(patient(key));
              made++;
            }
          },
          { exclusive: [key] },
        ),
      ),
    );
    assert.equal(made, 1);
  });

  test('a deleted record has a last version, an event with what it was, and can be brought back', async () => {
    const who = patient();
    await add(who);
    const { result } = await add(taskFor(who.id));
    const gone = await chart.withChart(ORIGIN, (draft) => draft.delete('Task', result.id));
    assert.deepEqual(types(gone.written), ['TASK_DELETED']);
    assert.equal((await seenIn(chart).current('Task', result.id))!.deleted, true);
    await assert.rejects(
      chart.withChart(ORIGIN, (draft) => draft.delete('Task', result.id)),
      refuses('record.deleted'),
    );
    await chart.withChart(ORIGIN, (draft) => draft.update({ ...taskFor(who.id), id: result.id }));
    assert.equal((await seenIn(chart).current('Task', result.id))!.version, 3);
  });

  test('can be read as it was at any of its versions', async () => {
    const who = patient();
    await add(who);
    const first = (await add(taskFor(who.id))).result;
    await chart.withChart(ORIGIN, (draft) =>
      draft.patch('Task', first.id, [{ op: 'replace', path: '/status', value: 'completed' }]),
    );
    await chart.withChart(ORIGIN, (draft) => draft.delete('Task', first.id));
    const seen = await Promise.all(
      [1, 2, 3, 4].map(async (version) =>
        (await seenIn(chart).everything(who.id, { chartVersion: version })).flatMap(({ record: resource }) =>
          resource?.resourceType === 'Task' ? [resource.status] : [],
        ),
      ),
    );
    assert.deepEqual(seen, [[], ['requested'], ['completed'], []]);
  });

  test('a patch that does not fit, or that reaches for what no record has, is refused', async () => {
    const { result } = await add(patient());
    for (const path of ['/nothing/here', '/__proto__/polluted', '/id']) {
      await assert.rejects(
        chart.withChart(ORIGIN, (draft) => draft.patch('Patient', result.id, [{ op: 'replace', path, value: 'x' }])),
        refuses('patch.failed'),
        path,
      );
    }
    assert.equal(({} as Record<string, unknown>).polluted, undefined);
  });
});
