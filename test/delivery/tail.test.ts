// Those who follow the log: each gets each event that it asked for once and in order, wherever it begins and whatever the
// others do.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { Patient, Task } from '@medplum/fhirtypes';
import type { EventQuery } from '#delivery/event-log.ts';
import { type Feed, Tail } from '#delivery/tail.ts';
import { EventStream, type Source } from '#server/sse.ts';
import { startCore, type TestCore, until } from '../support/core.ts';

type Filter = Pick<EventQuery, 'type' | 'patient' | 'target' | 'source'>;

const patient = (): Patient & { id: string } => ({ resourceType: 'Patient', id: randomUUID() });
const task = (of: string, description = 'Call'): Task => ({
  resourceType: 'Task',
  status: 'requested',
  intent: 'order',
  description,
  for: { reference: `Patient/${of}` },
});

describe('followers of the log', () => {
  let core: TestCore;
  before(async () => {
    core = await startCore();
  });
  after(() => core.end());

  /** All ids after a cursor, as the list tells them. */
  async function listed(cursor: string, filter: Filter): Promise<string[]> {
    const ids: string[] = [];
    for (let from: string | null = cursor; from !== null; ) {
      const page: Awaited<ReturnType<TestCore['events']['list']>> = await core.events.list({
        ...filter,
        after: from,
        limit: 500,
      });
      ids.push(...page.items.map(({ id }) => id));
      from = page.next;
    }
    return ids;
  }

  test('who join while others write miss nothing, get nothing twice and nothing they did not ask for', async () => {
    const people = [patient(), patient(), patient()];
    // What a new database holds may still wait behind a transaction of another one: until it's readable, it is news to all.
    await until(async () => (await listed(await core.events.now(), {})).length === 0);
    const beginning = await core.events.now();
    await core.create(...people);
    const begun: { from: string; filter: Filter; seen: string[]; stop: () => void }[] = [];
    const cursors = [beginning];
    const follow = (from: string, filter: Filter): void => {
      const seen: string[] = [];
      const stop = core.events.subscribe(
        from,
        ({ id, cursor }) => {
          seen.push(id);
          cursors.push(cursor);
        },
        filter,
      );
      begun.push({ from, filter, seen, stop });
    };
    follow(beginning, {});
    const write = async (who: string): Promise<void> => {
      for (let n = 0; n < 25; n++) await core.create(...Array.from({ length: 6 }, () => task(who)));
    };
    let writing = true;
    const joining = (async () => {
      const filters: Filter[] = [
        {},
        { type: 'TASK_CREATED' },
        { patient: people[1]!.id },
        { target: `Patient/${people[2]!.id}` },
        { source: 'api', patient: people[0]!.id },
      ];
      for (let n = 0; writing || n < 25; n++) {
        const from = n % 3 === 0 ? await core.events.now() : cursors[(n * 7919) % cursors.length]!;
        if (begun.length < 60) follow(from, filters[n % filters.length]!);
        await wait(5);
      }
    })();
    await Promise.all(people.map(({ id }) => write(id)));
    writing = false;
    await joining;
    for (const { from, filter, seen, stop } of begun) {
      const expected = await listed(from, filter);
      await until(async () => seen.length >= expected.length);
      stop();
      assert.deepEqual(seen, expected);
    }
    assert.equal(begun[0]!.seen.length, 3 + 3 * 25 * 6);
  });

  test('are served by one reader, however many they are', async () => {
    const who = patient();
    const from = await core.events.now();
    await core.create(who);
    const counts = Array.from({ length: 30 }, () => 0);
    const stops = counts.map((_, n) => core.events.subscribe(from, () => void counts[n]!++));
    await until(async () => counts.every((count) => count === 1));
    const { pool } = core.store;
    const query = pool.query.bind(pool) as (...given: unknown[]) => Promise<unknown>;
    let [under, most] = [0, 0];
    pool.query = (async (...given: unknown[]) => {
      const isRead = String((given[0] as { name?: string }).name).startsWith('read_log');
      if (isRead) most = Math.max(most, ++under);
      try {
        return await query(...given);
      } finally {
        if (isRead) under--;
      }
    }) as typeof pool.query;
    await Promise.all(Array.from({ length: 20 }, () => core.create(task(who.id))));
    await until(async () => counts.every((count) => count === 21));
    for (const stop of stops) stop();
    pool.query = query as typeof pool.query;
    assert.equal(most, 1);
  });

  test('who do not read are ended, who read slowly miss nothing, and neither holds the others back', async () => {
    const who = patient();
    await core.create(who);
    const from = await core.events.now();
    const source: Pick<Source, 'open'> = {
      open: (after, send) =>
        core.events.subscribe(after, (event) => send(event.cursor, event), { patient: who.id, type: 'TASK_CREATED' }),
    };
    const open = (patience: number): EventStream => new EventStream({ source, after: from, heartbeat: 10, patience });
    const idle = open(50);
    const idleEnds = new Promise((resolve) => idle.once('close', resolve));
    const reading = [open(120_000), open(120_000)].map(async (stream, n) => {
      let text = '';
      for await (const chunk of stream) {
        text += chunk;
        if (n === 1) await wait(2);
        if (text.match(/^id: /gm)?.length === 120) stream.end();
      }
      return Array.from(text.matchAll(/^id: (.*)$/gm), ([, id]) => id!);
    });
    const long = 'x'.repeat(6_000);
    for (let n = 0; n < 40; n++) await core.create(...Array.from({ length: 3 }, () => task(who.id, long)));
    const [quick, slow] = await Promise.all(reading);
    await idleEnds;
    assert.equal(new Set(quick).size, 120);
    assert.deepEqual(slow, quick);
  });
});

test('more than is kept for a follower while it reads is read from the log', async () => {
  const log: number[] = [1];
  let hold: Promise<void> | undefined;
  let wake = (): void => {};
  const feed: Feed<number, number, 'even' | 'all'> = {
    now: async () => log.length,
    async read(from, filter = 'all') {
      const items = log.slice(from).filter((n) => filter === 'all' || n % 2 === 0);
      if (filter === 'even') await hold;
      return { items: items.slice(0, 100), readTo: items[99] ?? log.length, full: items.length > 100 };
    },
    placeOf: (n) => n,
    isBefore: (a, b) => a < b,
    matches: (n, filter) => filter === 'all' || n % 2 === 0,
    onWake(call) {
      wake = call;
      return () => {};
    },
    pollMs: 5,
  };
  const grow = (to: number): void => {
    while (log.length < to) log.push(log.length + 1);
    wake();
  };
  const tail = new Tail(feed);
  const [all, even]: [number[], number[]] = [[], []];
  const stops = [tail.follow(0, 'all', (n) => void all.push(n))];
  await until(async () => all.length === 1);
  const held = Promise.withResolvers<void>();
  hold = held.promise;
  stops.push(tail.follow(0, 'even', (n) => void even.push(n)));
  grow(3_000);
  await until(async () => all.length === 3_000);
  assert.deepEqual(even, [], 'who is held holds nobody else');
  held.resolve();
  await until(async () => even.length >= 1_500);
  grow(3_010);
  await until(async () => all.length >= 3_010 && even.length >= 1_505);
  for (const stop of stops) stop();
  const upTo = Array.from({ length: 3_010 }, (_, n) => n + 1);
  assert.deepEqual(all, upTo);
  assert.deepEqual(
    even,
    upTo.filter((n) => n % 2 === 0),
  );
});
