import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { Coverage } from '@medplum/fhirtypes';
import { createChart } from '#chart/chart.ts';
import type { Chart } from '#chart/contract.ts';
import type { Origin } from '#chart/origin.ts';
import { SYSTEM } from '#kit/authority.ts';
import { openStore, type PostgresStore } from '#store/postgres.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { seenIn } from '../support/seen.ts';

const ORIGIN: Origin = { actor: { type: 'user', id: 'desk' }, source: 'api', authority: SYSTEM };

const coverage = (patient: string, order: number, more: Partial<Coverage> = {}): Coverage => ({
  resourceType: 'Coverage',
  status: 'active',
  beneficiary: { reference: `Patient/${patient}` },
  payor: [{ display: 'Some payer' }],
  order,
  ...more,
});

describe('the rank of coverages', () => {
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

  async function patientWith(...orders: number[]): Promise<{ patient: string; ids: string[] }> {
    const patient = randomUUID();
    const { result: ids } = await chart.withChart(ORIGIN, async (draft) => {
      draft.create({ resourceType: 'Patient', id: patient });
      return orders.map((order) => draft.create(coverage(patient, order)).id);
    });
    return { patient, ids };
  }
  const add = (resource: Coverage) => chart.withChart(ORIGIN, async (draft) => draft.create(resource).id);
  const rankOf = async (id: string) => ((await seenIn(chart).current('Coverage', id))!.record as Coverage).order;
  const ranks = (ids: readonly string[]) => Promise.all(ids.map(rankOf));

  test('a new one at an occupied rank moves the others down, each heard as UPDATED in the same unit of work', async () => {
    const { patient, ids } = await patientWith(1, 2);
    const { result, written } = await add(coverage(patient, 1));
    assert.deepEqual(await ranks([result, ...ids]), [1, 2, 3]);
    assert.deepEqual(
      written.events.map(({ type }) => type),
      ['COVERAGE_CREATED', 'COVERAGE_UPDATED', 'COVERAGE_UPDATED'],
    );
  });

  test('nobody is moved further than the next free rank', async () => {
    const { patient, ids } = await patientWith(1, 2, 4);
    const { result, written } = await add(coverage(patient, 2));
    assert.deepEqual(await ranks([result, ...ids]), [2, 1, 3, 4]);
    assert.equal(written.versions.length, 2);
  });

  test('one that is moved up takes the rank, and the one that had it goes down to where it was', async () => {
    const { ids } = await patientWith(1, 2, 3);
    await chart.withChart(ORIGIN, (draft) =>
      draft.patch('Coverage', ids[2]!, [{ op: 'replace', path: '/order', value: 1 }]),
    );
    assert.deepEqual(await ranks(ids), [2, 3, 1]);
  });

  test('a change that leaves its rank as it is moves nobody', async () => {
    const { ids } = await patientWith(1, 2);
    const { written } = await chart.withChart(ORIGIN, (draft) =>
      draft.patch('Coverage', ids[0]!, [{ op: 'add', path: '/subscriberId', value: 'A1' }]),
    );
    assert.equal(written.events.length, 1);
  });

  test('two that change places in one unit of work move nobody else', async () => {
    const { ids } = await patientWith(1, 2, 3);
    const { written } = await chart.withChart(ORIGIN, async (draft) => {
      await draft.patch('Coverage', ids[0]!, [{ op: 'replace', path: '/order', value: 2 }]);
      await draft.patch('Coverage', ids[1]!, [{ op: 'replace', path: '/order', value: 1 }]);
    });
    assert.deepEqual(await ranks(ids), [2, 1, 3]);
    assert.equal(written.versions.length, 2);
  });

  test('of two put at one rank in one unit of work, the later has it', async () => {
    const { ids } = await patientWith(1, 1);
    assert.deepEqual(await ranks(ids), [2, 1]);
  });

  test('those no longer in force, and those of others, keep what they have; coming back into force takes the rank again', async () => {
    const other = await patientWith(1);
    const { patient, ids } = await patientWith(1);
    const { result: old } = await add(coverage(patient, 1, { status: 'cancelled' }));
    assert.deepEqual(await ranks([old, ids[0]!, other.ids[0]!]), [1, 1, 1]);
    await chart.withChart(ORIGIN, (draft) =>
      draft.patch('Coverage', old, [{ op: 'replace', path: '/status', value: 'active' }]),
    );
    assert.deepEqual(await ranks([old, ids[0]!, other.ids[0]!]), [1, 2, 1]);
  });

  test('many that come at once to the first rank each have one of their own', async () => {
    const { patient } = await patientWith();
    const added = await Promise.all(Array.from({ length: 8 }, () => add(coverage(patient, 1))));
    const all = await ranks(added.map(({ result }) => result));
    assert.deepEqual(all.toSorted(), [1, 2, 3, 4, 5, 6, 7, 8]);
  });
});
