// The clock, wound by hand, and what handlers with a schedule are given of it.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Clock } from '#delivery/clock.ts';
import { dueBy, missedRuns, nextRuns } from '#delivery/schedule.ts';
import { Refusal } from '#kit/errors.ts';
import { startCore, type TestCore } from '../support/core.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const ENABLED = { id: 'p/H', enabledAt: '2026-01-01T00:00:00.000Z' };

/** Those of a day's minutes, from midnight in UTC, at which a schedule is due, as `07:30`. */
function dueOn(day: string, schedule: string, timezone?: string): string[] {
  const isDue = dueBy({ ...ENABLED, schedule, timezone });
  const midnight = Date.parse(`${day}T00:00:00Z`);
  return Array.from({ length: 24 * 60 }, (_, minute) => new Date(midnight + minute * MINUTE).toISOString())
    .filter((id) => isDue({ type: 'CRON', source: 'clock', target: { type: 'Clock', id }, detail: {} }))
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
  const isDue = dueBy({ ...ENABLED, schedule: '0 3 * * *' });
  assert.ok(isDue({ type: 'TASK_CREATED', source: 'api', target: { type: 'Task', id: 't' }, detail: {} }));
  assert.ok(
    isDue({ type: 'CRON', source: 'api', target: { type: 'Clock', id: '2026-03-02T04:00:00.000Z' }, detail: {} }),
  );
});

test('an event of the clock that names its handlers is for those alone', () => {
  const event = { type: 'CRON', source: 'api', target: { type: 'Clock', id: '2026-03-02T04:00:00.000Z' } } as const;
  const isDue = dueBy({ ...ENABLED, schedule: '0 3 * * *' });
  assert.ok(isDue({ ...event, detail: { handlers: ['p/G', 'p/H'] } }));
  assert.ok(!isDue({ ...event, detail: { handlers: ['p/G'] } }));
  const minutely = dueBy({ ...ENABLED, id: 'p/M' });
  assert.ok(!minutely({ ...event, source: 'clock', detail: { handlers: ['p/G'] } }), 'also without a schedule');
});

test('the next runs follow the time zone, and missed ones are made up for within bounds', () => {
  const daily = { schedule: '0 9 * * *', timezone: 'America/New_York' };
  assert.deepEqual(nextRuns(daily, 'UTC', new Date('2026-03-07T14:00:00Z'), 2), [
    '2026-03-08T13:00:00.000Z',
    '2026-03-09T13:00:00.000Z',
  ]);
  assert.deepEqual(nextRuns({}, 'UTC', new Date(), 2), []);
  const [from, to] = [Date.parse('2026-03-01T00:00:00Z'), Date.parse('2026-03-31T00:00:00Z')];
  const missed = (schedule: string, catchUp?: 'skip' | 'latest' | 'all') =>
    missedRuns({ schedule, catchUp }, 'UTC', { from, to }).map((at) => new Date(at).toISOString());
  assert.equal(missed('0 9 * * *', 'all').length, 7, 'those of seven days');
  const often = missed('*/5 * * * *', 'all');
  assert.deepEqual([often.length, often.at(-1)], [100, '2026-03-30T23:55:00.000Z']);
  assert.deepEqual(missed('*/5 * * * *', 'latest'), ['2026-03-30T23:55:00.000Z']);
  assert.deepEqual([missed('*/5 * * * *', 'skip'), missed('*/5 * * * *')], [[], []]);
});

test('the clock waits for the beginning of each minute, and tries again within it when it fails', async () => {
  let at = Date.parse('2026-03-02T00:00:20.500Z');
  let ring: (() => void) | undefined;
  const waits: number[] = [];
  const asked: string[] = [];
  const answers: (() => Promise<typeof NOBODY>)[] = [];
  const pool = {
    query: async (text: string) => {
      if (text.startsWith('UPDATE')) return { rows: [] };
      asked.push(new Date(at).toISOString());
      return (answers.shift() ?? nobody)();
    },
  };
  const NOBODY = { rows: [{ last: null, handlers: [] }] };
  const nobody = async () => NOBODY;
  const rung = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
  const clock = new Clock({
    pool: pool as never,
    chart: undefined as never,
    timeZone: async () => 'UTC',
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
  /** After the plugins are enabled, which really is now; 2054 has the days of the week of 2026. */
  let at = 0;
  /** Two nodes on one database. */
  let clocks: Clock[];
  const newClock = () =>
    new Clock({ pool: core.store.pool, chart: core.chart, timeZone: async () => 'America/New_York', now: () => at });

  before(async () => {
    core = await startCore({ timeZone: 'America/New_York' });
    clocks = [0, 1].map(() => newClock());
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
    assert.equal(await wind('2054-03-01T00:00:00.000Z', 3 * MINUTE), 0);
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
    assert.equal(await wind('2054-03-08T06:00:00.000Z', 2 * HOUR), 120);
    const minute = (time: string): string => `2054-03-08T${time}:00.000Z`;
    assert.deepEqual(await ran('hourly'), ['06:00', '06:20', '06:40', '07:00', '07:20', '07:40'].map(minute));
    assert.deepEqual(await ran('nightly'), [minute('07:00')]);
    assert.match((await ran('local')).join(), /^2054-03-08T07:00:00.000Z America\/New_York \d{4}-\d{2}-\d{2}$/);
  });

  test('leaves nothing owed of the minutes that were not due, also to a node that starts again', async () => {
    assert.deepEqual((await core.deliveries.list({ limit: 200 })).items, []);
    const again = await startCore({ on: core.database, node: 'again' });
    await again.settled();
    await again.end({ keep: true });
    assert.equal((await ran('nightly')).length, 1);
  });

  test('a minute that was told is not told again by a clock that starts later', async () => {
    at = Date.parse('2054-03-08T07:59:59.000Z');
    const late = newClock();
    assert.equal(await late.tick(), false);
    at += 1_000;
    assert.equal(await late.tick(), true);
    assert.equal(await late.tick(), false);
    await core.settled();
  });

  test('an upgrade with another schedule holds from then on', async () => {
    await core.install({ name: 'hourly', source: task(`static SCHEDULE = '5 * * * *';`) });
    await wind('2054-03-09T00:00:00.000Z', 30 * MINUTE);
    assert.deepEqual((await ran('hourly')).slice(7), ['2054-03-09T00:05:00.000Z']);
  });

  test('makes up for what was missed as each task asks, once and one run at a time, and not when it is set back', async () => {
    const catchUps = ['skip', 'latest', 'all'];
    for (const catchUp of catchUps) {
      await core.install({
        name: `catch-${catchUp}`,
        source: task(`static SCHEDULE = '0 * * * *'; static CATCH_UP = '${catchUp}';`),
      });
    }
    const minute = (time: string): string => `2127-06-01T${time}:00.000Z`;
    const tick = async (time: string) => {
      at = Date.parse(minute(time));
      await Promise.all([...clocks, newClock()].map((clock) => clock.tick()));
      await core.settled();
    };
    const runs = () => Promise.all(catchUps.map((catchUp) => ran(`catch-${catchUp}`)));
    await core.store.pool.query('UPDATE clock SET minute = NULL');
    await tick('00:00');
    await tick('05:30');
    const expected = [['00:00'], ['00:00', '05:00'], ['00:00', '01:00', '02:00', '03:00', '04:00', '05:00']].map(
      (times) => times.map(minute),
    );
    assert.deepEqual(await runs(), expected);
    await tick('03:00');
    await tick('05:31');
    assert.deepEqual(await runs(), expected);
    const { items } = await core.plugins.executions('catch-all', { limit: 10 });
    const inOrder = items.toReversed();
    for (const [index, run] of inOrder.slice(1).entries()) {
      const before = inOrder[index]!;
      assert.ok(Date.parse(before.startedAt) + Math.floor(before.ms) <= Date.parse(run.startedAt) + 1, 'no overlap');
    }
    for (const catchUp of catchUps) await core.plugins.remove(`catch-${catchUp}`);
  });

  test('gives a task nothing of the minutes that passed while it was disabled', async () => {
    await core.store.pool.query('UPDATE clock SET minute = NULL');
    await core.install({ name: 'pausing', source: task(`static SCHEDULE = '* * * * *'; static CATCH_UP = 'all';`) });
    await core.plugins.disable('pausing');
    at = Date.now() - 2 * MINUTE;
    assert.equal(await newClock().tick(), true, 'others listen, so the log has it');
    await core.plugins.enable('pausing');
    const { rows } = await core.store.pool.query(`SELECT enabled_at AS since FROM plugin WHERE name = 'pausing'`);
    at = Math.floor(rows[0].since.getTime() / MINUTE) * MINUTE + MINUTE;
    await newClock().tick();
    await core.settled();
    assert.deepEqual(await ran('pausing'), [new Date(at).toISOString()]);
    await core.plugins.remove('pausing');
  });

  for (const [statics, told] of [
    [`static SCHEDULE = '61 * * * *';`, /the SCHEDULE of Nightly, "61 \* \* \* \*", is not five fields of cron/],
    [
      `static SCHEDULE = '0 3 * * *'; static CATCH_UP = 'maybe';`,
      /CATCH_UP of Nightly is not 'skip', 'latest' or 'all'/,
    ],
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
