import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { Committer } from '#store/committer.ts';
import { FenceLost, PatientDeleted, VersionConflict } from '#store/contract.ts';
import { BEGINNING, readLog } from '#store/log.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { unitOf } from '../support/work.ts';

describe('a unit of work', () => {
  let database: FreshDatabase;
  let pool: pg.Pool;
  let committer: Committer;

  before(async () => {
    database = await freshDatabase();
    pool = new pg.Pool(database.connection);
    await pool.query('INSERT INTO instance (id) VALUES ($1)', [randomUUID()]);
    committer = new Committer(pool);
  });
  after(async () => {
    await pool.end();
    await database.drop();
  });

  const count = async (sql: string, values: unknown[]): Promise<number> =>
    Number((await pool.query<{ n: string }>(`SELECT count(*) AS n FROM ${sql}`, values)).rows[0]!.n);

  test('writes record, version, search values and event together, and the chart grows by one', async () => {
    const id = randomUUID();
    const versions = await committer.commit(unitOf('Patient', id, id));
    assert.equal(versions.get(id), 1);
    assert.equal(await count('record WHERE id = $1 AND version = 1', [id]), 1);
    assert.equal(await count('record_version WHERE id = $1 AND chart_version = 1', [id]), 1);
    assert.equal(await count("search_string WHERE id = $1 AND value = 'ada'", [id]), 1);
    assert.equal(await count('event WHERE target_id = $1 AND chart_version = 1', [id]), 1);
    assert.equal((await committer.commit(unitOf('Patient', id, id, 1))).get(id), 2);
    assert.equal(await count('search_string WHERE id = $1', [id]), 1, 'search values of the old version are gone');
  });

  test('that expects another version is refused whole, naming the record', async () => {
    const id = randomUUID();
    await committer.commit(unitOf('Patient', id, id));
    for (const expect of [0, 2]) {
      await assert.rejects(committer.commit(unitOf('Patient', id, id, expect)), (error) => {
        assert.ok(error instanceof VersionConflict);
        assert.deepEqual([error.type, error.id], ['Patient', id]);
        return true;
      });
    }
    assert.equal(await count('event WHERE target_id = $1', [id]), 1);
    assert.equal((await pool.query('SELECT version FROM chart WHERE patient = $1', [id])).rows[0].version, '1');
  });

  test('that rests on a record is refused once that has changed, and only then', async () => {
    const [patient, task] = [randomUUID(), randomUUID()];
    await committer.commit(unitOf('Patient', patient, patient));
    const resting = (version: number) => ({
      ...unitOf('Task', task, patient),
      holds: [{ type: 'Patient', id: patient, version }],
    });
    await committer.commit(unitOf('Patient', patient, patient, 1));
    await assert.rejects(committer.commit(resting(1)), (error) => {
      assert.ok(error instanceof VersionConflict);
      assert.deepEqual([error.type, error.id], ['Patient', patient]);
      return true;
    });
    assert.equal(await count('record WHERE id = $1', [task]), 0);
    assert.equal((await committer.commit(resting(2))).get(patient), 3);
  });

  test('that writes into the chart of a deleted patient is refused, unless it brings them back', async () => {
    const [patient, task] = [randomUUID(), randomUUID()];
    await committer.commit(unitOf('Patient', patient, patient));
    const { records, ...rest } = unitOf('Patient', patient, patient, 1);
    await committer.commit({
      ...rest,
      records: records.map((record) => ({ ...record, deleted: true, content: null })),
    });
    for (const holds of [[], [{ type: 'Patient', id: patient, version: 2 }]]) {
      const unit = { ...unitOf('Task', task, patient), holds };
      await assert.rejects(committer.commit(unit), (error) => {
        assert.ok(error instanceof PatientDeleted);
        assert.equal(error.patient, patient);
        return true;
      });
    }
    const back = unitOf('Patient', patient, patient, 2);
    const both = { ...back, records: [...back.records, ...unitOf('Task', task, patient).records] };
    assert.equal((await committer.commit(both)).get(patient), 3);
  });

  test('fails alone when it shares a transaction with others', async () => {
    const ids = Array.from({ length: 40 }, () => randomUUID());
    const outcomes = await Promise.allSettled(
      ids.map((id, index) => committer.commit(unitOf('Patient', id, id, index % 8 === 3 ? 5 : 0))),
    );
    for (const [index, { status }] of outcomes.entries()) {
      assert.equal(status, index % 8 === 3 ? 'rejected' : 'fulfilled', `unit ${index}`);
    }
    assert.equal(await count('record WHERE id = ANY ($1)', [ids]), 35);
  });

  test('of one chart waits for the one before it: of 20 that expect the same version, one is written', async () => {
    const id = randomUUID();
    await committer.commit(unitOf('Patient', id, id));
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => committer.commit(unitOf('Patient', id, id, 1))),
    );
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
  });

  test('outside any chart has no chart version', async () => {
    const id = randomUUID();
    const versions = await committer.commit(unitOf('Organization', id, null));
    assert.equal(versions.size, 0);
    const { rows } = await pool.query('SELECT chart, chart_version FROM event WHERE target_id = $1', [id]);
    assert.deepEqual(rows, [{ chart: `Organization/${id}`, chart_version: null }]);
  });

  test('that completes a delivery under a lost fence, or twice, writes nothing', async () => {
    await pool.query("INSERT INTO subscription (id, plugin, handler, types) VALUES ('p/H', 'p', 'H', '{}')");
    await pool.query("INSERT INTO cursor (subscription, part, epoch, xid, seq, fence) VALUES ('p/H', 3, 1, '1', 0, 7)");
    const completing = (fence: string) => ({
      ...unitOf('Task', randomUUID(), null),
      completions: [
        { kind: 'cursor' as const, subscription: 'p/H', part: 3, fence, to: { epoch: 1, xid: '5', seq: '1' } },
      ],
    });
    const late = completing('6');
    await assert.rejects(committer.commit(late), FenceLost);
    await committer.commit(completing('7'));
    const again = completing('7');
    await assert.rejects(committer.commit(again), FenceLost);
    assert.equal(await count('record WHERE id = ANY ($1)', [[late, again].map((unit) => unit.records[0]!.id)]), 0);
  });
});

describe('the log under many writers', () => {
  test('gives every event once, and each chart in the order of its versions', async () => {
    const database = await freshDatabase();
    const pool = new pg.Pool(database.connection);
    await pool.query('INSERT INTO instance (id) VALUES ($1)', [randomUUID()]);
    // Two committers are two nodes: they know nothing of each other's charts.
    const nodes = [new Committer(pool), new Committer(pool)];
    const patients = Array.from({ length: 6 }, () => randomUUID());
    const seen: { id: string; chart: string; version: number }[] = [];
    let writing = true;
    const reader = (async () => {
      let position = BEGINNING;
      for (let last = false; ; last ||= !writing) {
        const page = await readLog(pool, position, 50);
        seen.push(...page.events.map((event) => ({ id: event.id, chart: event.chart, version: event.chartVersion! })));
        position = page.readTo;
        if (last && !page.full && !page.ahead) return;
      }
    })();
    const writers = nodes.flatMap((node) =>
      Array.from({ length: 8 }, async (_, writer) => {
        const written: string[] = [];
        for (let n = 0; n < 25; n++) {
          const unit = unitOf('Observation', randomUUID(), patients[(writer + n) % patients.length]!);
          await node.commit(unit);
          written.push(unit.events[0]!.id);
        }
        return written;
      }),
    );
    const written = (await Promise.all(writers)).flat();
    writing = false;
    await reader;
    assert.deepEqual(seen.map(({ id }) => id).sort(), written.sort());
    for (const patient of patients) {
      const versions = seen.filter(({ chart }) => chart === patient).map(({ version }) => version);
      assert.deepEqual(
        versions,
        versions.toSorted((a, b) => a - b),
        'in the order of the chart',
      );
      assert.equal(new Set(versions).size, versions.length);
    }
    await pool.end();
    await database.drop();
  });
});
