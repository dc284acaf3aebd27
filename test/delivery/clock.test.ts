// The clock, wound by hand, and what handlers with a schedule are given of it.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Clock } from '#delivery/clock.ts';
import { dueBy } from '#delivery/schedule.ts';
import { Refusal } from '#kit/errors.ts';
import { startCore, type TestCore } from '../support/core.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Those of a day's minutes, from midnight in UTC, at which a schedule is due, as `07:30`. */
function dueOn(day: string, schedule: string, timezone?: string): string[] {
  const isDue = dueBy({ schedule, timezone });
  const midnight = Date.parse(`${day}T00:00:00Z`);
  return Array.from({ length: 24 * 60 }, (_, minute) => new Date(midnight + minute * MINUTE).toISOString())
    .filter((id) => isDue({ type: 'CRON', source: 'clock', target: { type: 'Clock', id } }))
    .map((id) => id.slice(11, 16));
}

test('a schedule without a time zone is in UTC', () => {
  assert.deepEqual(dueOn('2026-03-02', '30 2,14 * * *'), ['02:30', '14:30']);
  assert.deepEqual(dueOn('2026-03-02', '0 9 * * 1'), ['09:00'], 'a Monday');
  assert.deepEqual(dueOn('2026-03-03', '0 9 * * 1'), [], 'a Tuesday');
});

test('a schedule follows its time zone into summer time and out of it', () => {
  assert.deepEqual(dueOn('2026-03-07', '0 9 * * *', 'America/New_York'), ['14:00']);
  assert.deepEqual(dueOn('2026-03-08', '0 9 * * *', 'America/New_York'), ['13:00']);
  assert.deepEqual(dueOn('2026-11-01', '0 9 * * *', 'America/New_York'), ['14:00']);
});

test('a time of day that summer time leaves out is due once, when the clocks change', () => {
  assert.deepEqual(dueOn('2026-03-08', '30 2 * * *', 'America/New_York'), ['07:00']);
});

test('a time of day that comes twice in autumn is due once', () => {
  assert.deepEqual(dueOn('2026-11-01', '30 1 * * *', 'America/New_York'), ['05:30']);
});

test('every half hour is every half hour, however the clocks change', () => {
  for (const day of ['2026-03-08', '2026-11-01']) {
    assert.equal(dueOn(day, '*/30 * * * *', 'America/New_York').length, 48, day);
  }
});

test('what does not come from the clock is due at any time', () => {
  const isDue = dueBy({ schedule: '0 3 * * *' });
  assert.ok(isDue({ type: 'TASK_CREATED', source: 'api', target: { type: 'Task', id: 't' } }));
  assert.ok(isDue({ type: 'CRON', source: 'api', target: { type: 'Clock', id: '2026-03-02T04:00:00.000Z' } }));
});

test('the clock waits for the beginning of each minute, and tries again within it when it fails', async () => {
  let at = Date.parse('2026-03-02T00:00:20.500Z');
  let ring: (() => void) | undefined;
  const waits: number[] = [];
  const asked: string[] = [];
  const answers: (() => Promise<{ rowCount: number }>)[] = [];
  const pool = {
    query: () => {
      asked.push(new Date(at).toISOString());
      return (answers.shift() ?? nobody)();
    },
  };
  const nobody = async (): Promise<{ rowCount: number }> => ({ rowCount: 0 });
  const rung = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
  const clock = new Clock({
    pool: pool as never,
    chart: undefined as never,
    now: () => at,
    wait: (ms, then) => {
      ring = then;
      rung[waits.push(ms) - 1]?.resolve();
      return () => {
        ring = undefined;
      };
    },
  });
  clock.start();
  await rung[0]!.promise;
  at += waits[0]!;
  answers.push(() => Promise.reject(new Error('away')));
  ring!();
  await rung[1]!.promise;
  at += waits[1]!;
  ring!();
  await rung[2]!.promise;
  at += waits[2]!;
  ring!();
  await rung[3]!.promise;
  assert.deepEqual(waits, [39_500, 1_000, 59_000, 60_000]);
  assert.deepEqual(
    asked.map((time) => time.slice(11, 19)),
    ['00:00:20', '00:01:00', '00:01:01', '00:02:00'],
  );
  await clock.stop();
  assert.equal(ring, undefined, 'a stopped clock waits for nothing');
});

describe('the clock of a core', () => {
  let core: TestCore;
  let at = 0;
  /** Two nodes on one database. */
  let clocks: Clock[];

  before(async () => {
    core = await startCore({ timeZone: 'America/New_York' });
    clocks = [0, 1].map(() => new Clock({ pool: core.store.pool, chart: core.chart, now: () => at }));
  });
  after(() => core.end());

  /** Every minute of a time is told by both nodes at once; says how many events came of it. */
  async function wind(from: string, ms: number): Promise<number> {
    let emitted = 0;
    const start = Date.parse(from);
    for (at = start; at < start + ms; at += MINUTE) {
      const told = await Promise.all(clocks.map((clock) => clock.tick()));
      emitted += told.filter(Boolean).length;
    }
    await core.settled();
    return emitted;
  }

  async function ran(plugin: string): Promise<string[]> {
    const { items } = await core.plugins.executions(plugin, { limit: 200 });
    return items.map(({ effects }) => (effects[0]!.payload as { message: string }).message).toSorted();
  }

  const task = (statics: string): string => `import { CronTask, log } from 'chartwire/sdk';
    export class Nightly extends CronTask {
      ${statics}
      async execute() { return [log({ message: this.event.context.minute })]; }
    }`;

  test('tells no minute while nobody listens', async () => {
    assert.equal(await wind('2026-03-01T00:00:00.000Z', 3 * MINUTE), 0);
    const { rows } = await core.store.pool.query(`SELECT FROM event WHERE type = 'CRON'`);
    assert.equal(rows.length, 0);
  });

  test('gives a task its due minutes only, each once, however many nodes there are', async () => {
    await core.install({ name: 'hourly', source: task(`static SCHEDULE = '*/20 * * * *';`) });
    await core.install({
      name: 'nightly',
      source: task(`static SCHEDULE = '30 2 * * *'; static TIMEZONE = 'America/New_York';`),
    });
    await core.install({
      name: 'local',
      source: task(`static SCHEDULE = '30 2 * * *'; static TIMEZONE = 'practice';`).replace(
        'this.event.context.minute',
        "[this.event.context.minute, this.practice.timeZone, this.practice.today].join(' ')",
      ),
    });
    // The clocks change within these two hours: at 07:00 in UTC it is three in New York.
    assert.equal(await wind('2026-03-08T06:00:00.000Z', 2 * HOUR), 120);
    const minute = (time: string): string => `2026-03-08T${time}:00.000Z`;
    assert.deepEqual(await ran('hourly'), ['06:00', '06:20', '06:40', '07:00', '07:20', '07:40'].map(minute));
    assert.deepEqual(await ran('nightly'), [minute('07:00')]);
    assert.match((await ran('local')).join(), /^2026-03-08T07:00:00.000Z America\/New_York \d{4}-\d{2}-\d{2}$/);
  });

  test('leaves nothing owed of the minutes that were not due, also to a node that starts again', async () => {
    assert.deepEqual((await core.deliveries.list({ limit: 200 })).items, []);
    const again = await startCore({ on: core.database, node: 'again' });
    await again.settled();
    await again.end({ keep: true });
    assert.equal((await ran('nightly')).length, 1);
  });

  test('a minute that was told is not told again by a clock that starts later', async () => {
    at = Date.parse('2026-03-08T07:59:59.000Z');
    const late = new Clock({ pool: core.store.pool, chart: core.chart, now: () => at });
    assert.equal(await late.tick(), false);
    at += 1_000;
    assert.equal(await late.tick(), true);
    assert.equal(await late.tick(), false);
    await core.settled();
  });

  test('an upgrade with another schedule holds from then on', async () => {
    await core.install({ name: 'hourly', source: task(`static SCHEDULE = '5 * * * *';`) });
    await wind('2026-03-09T00:00:00.000Z', 30 * MINUTE);
    assert.deepEqual((await ran('hourly')).slice(7), ['2026-03-09T00:05:00.000Z']);
  });

  for (const [statics, told] of [
    [`static SCHEDULE = '61 * * * *';`, /the SCHEDULE of Nightly, "61 \* \* \* \*", is not five fields of cron/],
    [`static SCHEDULE = '0 0 3 * * *';`, /is not five fields of cron/],
    [`static SCHEDULE = '0 0 30 2 *';`, /"0 0 30 2 \*", never comes/],
    [
      `static SCHEDULE = '0 3 * * *'; static TIMEZONE = 'Mars/Base';`,
      /the TIMEZONE of Nightly, "Mars\/Base", is no IANA time zone/,
    ],
  ] as const) {
    test(`is not installed with ${statics}`, async () => {
      await assert.rejects(core.install({ name: 'wrong', source: task(statics) }), (error) => {
        assert.ok(error instanceof Refusal);
        assert.equal(error.code, 'plugin.load');
        assert.match(error.message, told);
        return true;
      });
      await assert.rejects(core.plugins.get('wrong'), /wrong/);
    });
  }
});
