import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Committer } from '#store/committer.ts';
import { BEGINNING, endOfLog, readLog } from '#store/log.ts';
import { keepEpoch, LogKeeper, prepareLog } from '#store/log-keeper.ts';
import { jumpInWords, MachineClock } from '#store/machine-clock.ts';
import { makePartitions } from '#store/partitions.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { unitOf } from '../support/work.ts';

const DAY = 86_400_000;

/**
 * A page in which nothing is held back: a transaction under way in any database of the server, as other tests have, keeps what
 * was committed after it began above the horizon.
 */
async function readSettled(...args: Parameters<typeof readLog>): ReturnType<typeof readLog> {
  for (;;) {
    const page = await readLog(...args);
    if (!page.ahead) return page;
    await sleep(5);
  }
}

describe('the event log in its database', () => {
  let database: FreshDatabase;
  let pool: pg.Pool;
  let committer: Committer;
  const said: string[] = [];
  const report = (sentence: string): void => void said.push(sentence);

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

  const written = async (at = new Date()): Promise<string> => {
    const unit = { ...unitOf('Observation', randomUUID(), randomUUID()), at: at.toISOString() };
    await committer.commit(unit);
    return unit.events[0]!.id;
  };
  const withClient = async <T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> => {
    const client = await pool.connect();
    return work(client).finally(() => client.release());
  };

  test('a clock that was months ahead once leaves nothing that a later month can’t be made beside', async () => {
    const later = [40, 70, 100].map((days) => new Date(Date.now() + days * DAY));
    const ids = await Promise.all(later.map(written));
    for (const now of [new Date(), ...later]) await withClient((client) => makePartitions(client, now));
    const { rows } = await pool.query<{ id: string; place: string }>(
      'SELECT id, tableoid::regclass::text AS place FROM event WHERE id = ANY ($1)',
      [ids],
    );
    const months = later.map((at) => `event_${at.toISOString().slice(0, 7).replace('-', '_')}`);
    assert.deepEqual(
      ids.map((id) => rows.find((row) => row.id === id)?.place),
      months,
    );
    const read = await readSettled(pool, BEGINNING, 100);
    assert.deepEqual(
      read.events
        .map(({ id }) => id)
        .filter((id) => ids.includes(id))
        .sort(),
      ids.toSorted(),
    );
    // Two nodes that start together make them once.
    const far = new Date(Date.now() + 400 * DAY);
    await Promise.all([1, 2].map(() => withClient((client) => makePartitions(client, far))));

    await withClient((client) => prepareLog(client, report));
    assert.match(said.at(-1)!, /^The newest event is of .* clock hasn't come to: check the clock\.$/);
  });

  test('moved to a cluster whose transaction ids are behind, it goes on in the next epoch', async () => {
    const before = await endOfLog(pool);
    const known = await written();
    // What a logical copy brings: positions of another cluster, far ahead of the ids that this one gives.
    await pool.query(`UPDATE event SET xid = (xid::text::numeric + 1000000)::text::xid8`);
    const position = { ...before, xid: String(BigInt(before.xid) + 1_000_000n) };
    const lost = await written();
    assert.equal(
      (await readLog(pool, position, 100)).events.some(({ id }) => id === lost),
      false,
    );

    await withClient((client) => keepEpoch(client, report));
    assert.match(said.at(-1)!, /moved to another PostgreSQL cluster: its event log goes on in epoch 2/);
    const next = await written();
    const { events, readTo } = await readSettled(pool, position, 100);
    assert.deepEqual([events.some(({ id }) => id === known), events.at(-1)!.id], [true, next]);
    assert.equal(readTo.epoch, 2);
    const count = said.length;
    await withClient((client) => keepEpoch(client, report));
    assert.equal(said.length, count, 'and only once');
  });

  test('no event of the old epoch is committed behind a reader who has seen the new', async () => {
    await pool.query(`UPDATE event SET xid = (xid::text::numeric + 2000000)::text::xid8 WHERE epoch = 2`);
    let [writing, reading] = [true, true];
    const writers = Array.from({ length: 6 }, async () => {
      const ids: string[] = [];
      while (writing) ids.push(await written());
      return ids;
    });
    const start = (await endOfLog(pool)).epoch;
    const raised = withClient((client) => keepEpoch(client, report));
    const seen = new Set<string>();
    let position = { epoch: start, xid: '0', seq: '0' };
    const reader = (async () => {
      for (let last = false; ; last ||= !reading) {
        const page = await readLog(pool, position, 50);
        for (const { id } of page.events) seen.add(id);
        position = page.readTo;
        if (last && !page.full && !page.ahead) return;
      }
    })();
    await raised;
    while ((await pool.query('SELECT FROM event WHERE epoch = 3 LIMIT 1')).rowCount === 0) await sleep(5);
    writing = false;
    const ids = (await Promise.all(writers)).flat();
    reading = false;
    await reader;
    // Those that were written behind the moved position before the epoch was raised are what the next epoch is for.
    const { rows } = await pool.query<{ id: string }>('SELECT id FROM event WHERE epoch = 3 AND id = ANY ($1)', [ids]);
    assert.ok(rows.length > 0);
    assert.deepEqual(
      rows.filter(({ id }) => !seen.has(id)),
      [],
    );
    assert.equal(position.epoch, 3);
  });

  test('events of rare types are found by their own index, in the order of the log', async () => {
    await pool.query(
      `INSERT INTO event SELECT e.at, gen_random_uuid(), 3, e.xid, nextval('event_seq'), e.part, e.chart, e.patient, e.chart_version,
        CASE WHEN n % 1500 = 0 THEN 'RARE_' || (n / 1500) ELSE 'COMMON' END, e.target_type, e.target_id, e.target_version, e.record_type,
        e.record_id, e.record_version, e.previous_version, e.changed, e.note, e.actor, e.source, e.cause, e.depth, e.detail
        FROM (SELECT * FROM event WHERE epoch = 3 LIMIT 1) e, generate_series(1, 6000) n`,
    );
    await pool.query('ANALYZE event');
    const types = ['RARE_1', 'RARE_3', 'RARE_4', 'NEVER'];
    const page = await readSettled(pool, BEGINNING, 2, { types });
    assert.deepEqual([page.events.map(({ type }) => type), page.full], [['RARE_1', 'RARE_3'], true]);
    const rest = await readSettled(pool, page.readTo, 100, { types });
    assert.deepEqual([rest.events.map(({ type }) => type), rest.full], [['RARE_4'], false]);

    const twice = await readSettled(pool, BEGINNING, 100, { types: ['RARE_1', 'RARE_3', 'RARE_1'] });
    assert.deepEqual(
      twice.events.map(({ type }) => type),
      ['RARE_1', 'RARE_3'],
      'a type that is named twice is read once',
    );

    const explained: unknown[] = [];
    const explaining = {
      query: async ({ text, values }: { text: string; values: unknown[] }) => {
        explained.push((await pool.query(`EXPLAIN (FORMAT JSON) ${text}`, values)).rows);
        return pool.query(text, values);
      },
    };
    await readLog(explaining as never, BEGINNING, 100, { types: ['RARE_1'] });
    assert.match(JSON.stringify(explained), /"Index Name":"event_\d{4}_\d\d_type_epoch_xid_seq_idx"/);
  });

  test('a look tells of a clock that jumped, and how far', async () => {
    const time = { wall: Date.now(), steady: 0 };
    const clock = new MachineClock({ wall: () => time.wall, steady: () => time.steady });
    const keeper = new LogKeeper(pool, report, clock);
    const count = said.length;
    time.wall += 10_004;
    time.steady += 10_000;
    await keeper.look();
    assert.equal(said.length, count, 'a correction of milliseconds is nothing to tell');
    for (const [ms, words] of [
      [100 * DAY, '100 days forward'],
      [-3_600_000, '1 hour back'],
    ] as const) {
      time.wall += 10_000 + ms;
      time.steady += 10_000;
      await keeper.look();
      assert.match(said.at(-1)!, new RegExp(`clock went ${words}`));
    }
    await keeper.stop();
    assert.equal(jumpInWords(-6_400), '6 seconds back');
    assert.equal(jumpInWords(90_000), '2 minutes forward');
  });

  test('a server starts while a backup reads the log, though a month to come can’t be made', async () => {
    const now = new Date();
    const to = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 2, 1)).toISOString().slice(0, 7);
    await pool.query(`DROP TABLE event_${to.replace('-', '_')}`);
    await withClient(async (backup) => {
      await backup.query('BEGIN');
      await backup.query('LOCK TABLE event IN ACCESS SHARE MODE');
      await withClient((client) => prepareLog(client, report)).finally(() => backup.query('ROLLBACK'));
    });
    assert.ok(said.some((sentence) => /could not be made: something long, such as a backup/.test(sentence)));
    await withClient((client) => prepareLog(client, report));
    const { rows } = await pool.query('SELECT to_regclass($1) IS NOT NULL AS there', [`event_${to.replace('-', '_')}`]);
    assert.deepEqual(rows, [{ there: true }]);
  });
});
