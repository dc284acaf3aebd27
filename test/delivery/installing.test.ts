import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { createNote } from '#chart/notes.ts';
import { ORIGIN, startCore, type TestCore, until } from '../support/core.ts';

const plugin = (version: string, types: string) => ({
  name: 'speaker',
  more: { version },
  source: `import { BaseProtocol, EventType, log } from 'chartwire/sdk';
    export class Speak extends BaseProtocol {
      static RESPONDS_TO = [${types}];
      compute() { return [log({ message: '${version}' })]; }
    }`,
});
const TASKS = 'EventType.TASK_CREATED';
const TASKS_AND_NOTES = 'EventType.TASK_CREATED, EventType.NOTE_CREATED';

describe('an upgrade that the database ends half-way', () => {
  let core: TestCore;
  let admin: pg.Client;
  before(async () => {
    core = await startCore();
    admin = new pg.Client(core.database.connection);
    await admin.connect();
    await admin.query(`CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no room'; END $$;
      CREATE TRIGGER stop BEFORE INSERT OR UPDATE ON subscription FOR EACH ROW EXECUTE FUNCTION stop();
      ALTER TABLE subscription DISABLE TRIGGER stop`);
  });
  after(async () => {
    await admin.end();
    await core.end();
  });

  const subscription = async () => (await admin.query('SELECT types, active FROM subscription')).rows;
  /** What the one that runs says to an event. */
  async function said(): Promise<unknown> {
    await core.create({ resourceType: 'Task', status: 'requested', intent: 'order' });
    await core.settled();
    return (await core.plugins.executions('speaker', { limit: 1 })).items[0]?.effects[0]?.payload;
  }
  const given = async (): Promise<number> => (await core.plugins.executions('speaker', { limit: 100 })).items.length;
  async function withoutRoom(work: () => Promise<unknown>): Promise<void> {
    await admin.query('ALTER TABLE subscription ENABLE TRIGGER stop');
    try {
      await assert.rejects(work, /no room/);
    } finally {
      await admin.query('ALTER TABLE subscription DISABLE TRIGGER stop');
    }
  }

  test('leaves the earlier version: in the table, subscribed, and running', async () => {
    await core.install(plugin('1.0.0', TASKS));
    await withoutRoom(() => core.install(plugin('2.0.0', TASKS_AND_NOTES)));
    assert.equal((await core.plugins.get('speaker')).version, '1.0.0');
    assert.deepEqual(await subscription(), [{ types: ['TASK_CREATED'], active: true }]);
    assert.deepEqual(await said(), { message: '1.0.0' });
  });

  test('neither disables nor enables by halves', async () => {
    await withoutRoom(() => core.plugins.disable('speaker'));
    assert.equal((await core.plugins.get('speaker')).state, 'live');
    assert.deepEqual(await said(), { message: '1.0.0' });
    await core.plugins.disable('speaker');
    await withoutRoom(() => core.plugins.enable('speaker'));
    assert.equal((await core.plugins.get('speaker')).state, 'disabled');
    assert.equal(core.plugins.grant('speaker'), undefined);
    await core.plugins.enable('speaker');
    assert.deepEqual(await said(), { message: '1.0.0' });
  });

  test('gives a plugin what waited while it was disabled', async () => {
    await core.settled();
    const before = await given();
    await core.plugins.disable('speaker');
    for (let n = 0; n < 3; n++) await core.create({ resourceType: 'Task', status: 'requested', intent: 'order' });
    assert.deepEqual((await core.plugins.get('speaker')).backlog, 'keep');
    const { items } = await core.events.list({ type: 'PLUGIN_DISABLED', limit: 10 });
    assert.deepEqual(items.at(-1)?.context, { plugin: 'speaker', pending: 'keep', count: 0, requests: 0 });
    assert.equal((await core.plugins.health('speaker')).queue.pending, 3);
    await core.plugins.enable('speaker');
    await until(async () => (await given()) === before + 3);
  });

  test('skips what is pending where that is chosen, and keeps it to be delivered after all', async () => {
    await core.settled();
    const before = await given();
    await core.plugins.disable('speaker');
    await core.create({ resourceType: 'Task', status: 'requested', intent: 'order' });
    await core.plugins.disable('speaker', 'skip');
    assert.equal((await core.plugins.health('speaker')).queue.skipped, 1);
    const told = (await core.events.list({ type: 'PLUGIN_DISABLED', limit: 10 })).items;
    assert.deepEqual(told.at(-1)?.context, { plugin: 'speaker', pending: 'skip', count: 1, requests: 0 });
    // What comes meanwhile is skipped too, and listed so at once.
    await core.create({ resourceType: 'Task', status: 'requested', intent: 'order' });
    const { pending, skipped } = (await core.plugins.health('speaker')).queue;
    assert.deepEqual([pending, skipped], [0, 2]);
    const listed = (await core.deliveries.list({ state: 'skipped', plugin: 'speaker', limit: 10 })).items;
    assert.deepEqual(
      listed.map(({ state }) => state),
      ['skipped', 'skipped'],
    );
    await assert.rejects(core.deliveries.retry(listed[0]!.id), { code: 'delivery.disabled' });
    assert.deepEqual((await core.deliveries.list({ limit: 10 })).items, []);
    await core.plugins.enable('speaker');
    const { items } = await core.deliveries.list({ state: 'skipped', plugin: 'speaker', limit: 10 });
    assert.equal(items.length, 2);
    await core.settled();
    assert.equal(await given(), before);
    for (const { id } of items.toReversed()) await core.deliveries.retry(id);
    await until(async () => (await given()) === before + 2);
    assert.equal((await core.plugins.health('speaker')).queue.skipped, 0);
  });

  test('keeps what is pending through an upgrade, and tells what it drops with a handler, a type or the plugin', async () => {
    await core.settled();
    const before = await given();
    const pendingOf = async () => (await core.plugins.health('speaker')).queue.pending;
    const last = async (type: string) => (await core.events.list({ type, order: 'desc', limit: 1 })).items[0]?.context;
    const other = 'export class Other extends Speak { static RESPONDS_TO = "TASK_CREATED"; }';
    const two = plugin('2.0.0', TASKS_AND_NOTES);
    await core.install({ ...two, source: `${two.source}\n${other}` });
    await core.plugins.disable('speaker');
    await core.create({ resourceType: 'Task', status: 'requested', intent: 'order' });
    await core.create({ resourceType: 'Patient', id: 'noted' });
    await core.chart.withChart(ORIGIN, (draft) => createNote(draft, ORIGIN, { patient: 'noted' }));
    assert.equal(await pendingOf(), 3);
    await core.install(plugin('3.0.0', TASKS));
    const dropped = [
      { handler: 'Other', count: 1 },
      { handler: 'Speak', count: 1 },
    ];
    assert.deepEqual(await last('PLUGIN_UPDATED'), {
      plugin: 'speaker',
      version: '3.0.0',
      from: '2.0.0',
      dropped,
      count: 2,
    });
    await until(async () => (await given()) === before + 1);
    await core.plugins.disable('speaker');
    await core.create({ resourceType: 'Task', status: 'requested', intent: 'order' });
    await core.plugins.remove('speaker');
    assert.deepEqual(await last('PLUGIN_UNINSTALLED'), {
      plugin: 'speaker',
      version: '3.0.0',
      dropped: [{ handler: 'Speak', count: 1 }],
      count: 1,
    });
    await core.install(plugin('1.0.0', TASKS));
  });

  test('tries again at once what a clock planned that was set back since', async () => {
    const source = `import { BaseProtocol, RetryableError } from 'chartwire/sdk';
      export class Later extends BaseProtocol {
        static RESPONDS_TO = 'TASK_CREATED';
        compute() { throw new RetryableError('not yet', { after: 3600 }); }
      }`;
    await core.install({ name: 'later', source });
    await core.create({ resourceType: 'Task', status: 'requested', intent: 'order' });
    const delivery = async () => (await core.deliveries.list({ state: 'waiting', plugin: 'later', limit: 1 })).items[0];
    await until(async () => (await delivery())?.attempts === 1);
    await admin.query(`UPDATE retry SET next_at = next_at + interval '30 days' WHERE subscription = 'later/Later'`);
    await until(async () => (await delivery())?.attempts === 2);
    assert.ok(Date.parse((await delivery())!.nextAt!) < Date.now() + 2 * 3_600_000);
    await core.plugins.remove('later');
  });

  test('gives a plugin nothing of what is skipped, however long another transaction runs', async () => {
    await core.settled();
    const before = await given();
    await admin.query('BEGIN; SELECT pg_current_xact_id()');
    try {
      await core.plugins.disable('speaker', 'skip');
      await core.create({ resourceType: 'Task', status: 'requested', intent: 'order' });
      await core.plugins.enable('speaker');
      assert.deepEqual((await core.deliveries.list({ state: 'pending', limit: 10 })).items, []);
    } finally {
      await admin.query('COMMIT');
    }
    assert.deepEqual(await said(), { message: '1.0.0' });
    assert.equal(await given(), before + 1);
  });
});

test('a plugin that an earlier version took in and this one refuses is failed at the start, with the reason, and no other', async () => {
  const first = await startCore();
  await first.install(plugin('1.0.0', TASKS));
  await first.install({ ...plugin('1.0.0', TASKS), name: 'of-old' });
  const admin = new pg.Client(first.database.connection);
  await admin.connect();
  await admin.query(
    `UPDATE plugin SET manifest = jsonb_set(manifest::jsonb, '{scopes}', '["patient/Observaton.rs"]')::json WHERE name = 'of-old'`,
  );
  await admin.end();
  await first.end({ keep: true });
  const second = await startCore({ on: first.database });
  try {
    const { state, reason } = await second.plugins.get('of-old');
    assert.equal(state, 'failed');
    assert.match(reason!, /Observaton/);
    assert.equal((await second.plugins.get('speaker')).state, 'live');
    await assert.rejects(second.plugins.enable('of-old'), /Observaton/);
  } finally {
    await second.end();
  }
});
