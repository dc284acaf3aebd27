// Two nodes on one database: a plugin that is changed at one of them is, soon after, the same at the other.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Patient } from '@medplum/fhirtypes';
import pg from 'pg';
import { createNote } from '#chart/notes.ts';
import { Refusal } from '#kit/errors.ts';
import { ORIGIN, startCore, type TestCore, until } from '../support/core.ts';

/** Refuses plans that are `forbidden`, and answers events of `types` with a task that says what answered what. */
const plugin = (version: string, forbidden: string, types = ['PATIENT_UPDATED']) => ({
  name: 'guard',
  scopes: ['system/Task.crs'],
  more: { version, variables: [{ name: 'WORD', default: 'unset' }] },
  source: `import { BaseProtocol, createTask, EventType, refuse } from 'chartwire/sdk';
    export class Check extends BaseProtocol {
      static RESPONDS_TO = [EventType.PLAN_COMMAND__PRE_COMMIT];
      compute() {
        return this.event.context.fields.narrative === '${forbidden}' ? [refuse('Not here.')] : [];
      }
    }
    export class Answer extends BaseProtocol {
      static RESPONDS_TO = [${types.map((type) => `EventType.${type}`).join(', ')}];
      compute() {
        const title = ['${version}', this.variables.WORD, this.event.target.id].join(' ');
        return [createTask({ title })];
      }
    }`,
});

const patient = (id: string): Patient & { id: string } => ({ resourceType: 'Patient', id, name: [{ family: id }] });

describe('two nodes on one database', () => {
  let first: TestCore;
  let second: TestCore;
  let note: string;
  before(async () => {
    first = await startCore({ node: 'first', gateBudget: 20_000 });
    second = await startCore({ node: 'second', gateBudget: 20_000, on: first.database });
    await first.create(patient('p'));
    note = (await first.chart.withChart(ORIGIN, (draft) => createNote(draft, ORIGIN, { patient: 'p' }))).result.id;
  });
  after(async () => {
    await second.end({ keep: true });
    await first.end();
  });

  const nodes = () => [first, second];

  /** Whether a node refuses a plan, with `code`. */
  async function refuses(core: TestCore, narrative: string, code = 'gate.refused'): Promise<boolean> {
    try {
      const wish = { note, command: 'plan', fields: { narrative }, commit: true } as const;
      await core.chart.withChart(ORIGIN, (draft) => core.commands.originate(draft, ORIGIN, wish));
      return false;
    } catch (error) {
      assert.ok(error instanceof Refusal && error.code === code, String(error));
      return true;
    }
  }
  const all = async (does: (core: TestCore) => Promise<boolean>) =>
    (await Promise.all(nodes().map(does))).every((yes) => yes);

  /** Renames a patient of its own at a node; resolves with what answered. */
  async function answer(core: TestCore): Promise<string> {
    const id = `p-${crypto.randomUUID()}`;
    await core.create(patient(id));
    await core.chart.withChart(ORIGIN, async (draft) => void (await draft.update({ ...patient(id), active: true })));
    let found: string | undefined;
    await until(async () => {
      found = (await titles()).find((title) => title.endsWith(id));
      return found !== undefined;
    });
    return found!.slice(0, -id.length - 1);
  }
  const titles = async () => (await first.find('Task', '_count=500')).map(({ description }) => description!);
  const stands = (core: TestCore) =>
    core.plugins.list().then((list) => list.map(({ name, version, state }) => `${name} ${version} ${state}`));

  test('what is installed at one checks and answers at both, and both say that it is live', async () => {
    await second.install(plugin('1.0.0', 'opium'));
    assert.deepEqual(await stands(second), ['guard 1.0.0 live']);
    assert.ok(await refuses(second, 'opium'));
    await until(() => refuses(first, 'opium'));
    assert.deepEqual(await stands(first), ['guard 1.0.0 live']);
    assert.equal(await answer(first), '1.0.0 unset');
    assert.equal(await answer(second), '1.0.0 unset');
  });

  test('an upgrade at one is the only version at both, with all that it answers from its installation on', async () => {
    await second.install(plugin('2.0.0', 'ether', ['PATIENT_UPDATED', 'PATIENT_CREATED']));
    // At once: the other node, which delivers, may not know of it yet.
    await second.create(patient('newborn'));
    await until(async () => (await titles()).includes('2.0.0 unset newborn'));
    await until(() => refuses(first, 'ether'));
    assert.ok(!(await refuses(first, 'opium')));
    assert.deepEqual(await stands(first), ['guard 2.0.0 live']);
    assert.equal(await answer(first), '2.0.0 unset');
  });

  test('variables that are set at one hold at both', async () => {
    await second.plugins.setVariable('guard', 'WORD', { value: 'set' });
    await until(async () => (await answer(second)) === '2.0.0 set');
    await second.plugins.deleteVariable('guard', 'WORD');
    await until(async () => (await answer(first)) === '2.0.0 unset');
  });

  test('what is disabled at one neither checks nor answers at either, until it is enabled', async () => {
    await second.plugins.disable('guard', 'skip');
    // At once: nothing that the other node runs still counts.
    await second.create(patient('unheard'));
    await until(() => all(async (core) => !(await refuses(core, 'ether'))));
    assert.deepEqual(await stands(first), ['guard 2.0.0 disabled']);
    assert.equal(first.plugins.grant('guard'), undefined);
    await first.plugins.enable('guard');
    await until(() => all((core) => refuses(core, 'ether')));
    assert.equal(await answer(second), '2.0.0 unset');
    assert.ok(!(await titles()).some((title) => title.endsWith('unheard')));
  });

  test('one that does not load at a node is failed there, with the reason, and the others go on', async () => {
    const admin = new pg.Client(first.database.connection);
    await admin.connect();
    const broken = (version: string) => ({
      ...plugin(version, 'wine'),
      name: 'broken',
      more: { version, gates: { policy: 'block' } },
    });
    await second.install(broken('1.0.0'));
    await until(async () => (await stands(first)).includes('broken 1.0.0 live'));
    // As when a node is of another version of Chartwire, or has no room for it: the table says what it cannot load.
    await admin.query(`UPDATE plugin SET code = 'throw new Error("no room here")' WHERE name = 'broken'`);
    await until(async () => (await stands(first)).includes('broken 1.0.0 failed'));
    assert.match((await first.plugins.get('broken')).reason!, /no room here/);
    assert.equal((await first.plugins.get('guard')).state, 'live');
    // What it would say is not known, so nothing passes.
    assert.ok(await refuses(first, 'water', 'gate.blocked'));
    await second.install(broken('1.0.1'));
    await until(async () => (await stands(first)).includes('broken 1.0.1 live'));
    assert.ok(await all((core) => refuses(core, 'wine')));
    assert.deepEqual(await stands(first), ['broken 1.0.1 live', 'guard 2.0.0 live']);
    await second.plugins.remove('broken');
    await admin.end();
  });

  test('changes at both at once leave both with the same', async () => {
    await Promise.all([
      first.install(plugin('3.0.0', 'tea')),
      second.install(plugin('3.0.1', 'tea')),
      first.plugins.setVariable('guard', 'WORD', { value: 'mine' }),
      second.plugins.setVariable('guard', 'WORD', { value: 'theirs' }),
    ]);
    const { version } = await first.plugins.get('guard');
    const value = (await first.plugins.variables('guard'))[0]!.value;
    await until(() => all(async (core) => core.plugins.grant('guard')?.version === version));
    await until(async () => (await answer(second)) === `${version} ${value}`);
    assert.deepEqual(await stands(first), await stands(second));
  });

  test('what is uninstalled at one is gone at both', async () => {
    await second.plugins.remove('guard');
    await until(() => all(async (core) => !(await refuses(core, 'tea'))));
    assert.deepEqual(await stands(first), []);
    assert.equal(first.plugins.grant('guard'), undefined);
    assert.deepEqual(first.host.status(), []);
  });
});

test('parts are spread over the nodes, move while events are delivered, and each event is delivered once, in order', async () => {
  const one = await startCore({ node: 'one' });
  const { pool } = one.store;
  const shares = async () => {
    const { rows } = await pool.query<{ n: number }>(
      'SELECT count(*)::integer AS n FROM lease WHERE node IS NOT NULL GROUP BY node ORDER BY n',
    );
    return rows.map(({ n }) => n).join();
  };
  await one.install({
    name: 'titled',
    scopes: ['system/Task.cr'],
    source: `import { BaseProtocol, createTask, EventType } from 'chartwire/sdk';
      export class Titled extends BaseProtocol {
        static RESPONDS_TO = [EventType.PATIENT_UPDATED];
        compute() { return [createTask({ title: this.event.context.record.name[0].family + ' ' + this.event.target.id })]; }
      }`,
  });
  const ids = Array.from({ length: 12 }, (_, n) => `moved-${n}`);
  await one.create(...ids.map(patient));
  let round = 0;
  const rename = async (): Promise<void> => {
    round++;
    for (const id of ids) {
      const next = { ...patient(id), name: [{ family: String(round) }] };
      await one.chart.withChart(ORIGIN, async (draft) => void (await draft.update(next)));
    }
  };
  const renameUntil = (spread: string) =>
    until(async () => {
      await rename();
      return (await shares()) === spread;
    });
  await renameUntil('64');
  const two = await startCore({ node: 'two', on: one.database });
  await renameUntil('32,32');
  const three = await startCore({ node: 'three', on: one.database });
  await renameUntil('20,22,22');
  // As when its leases ran out while it was paused: what it still runs is refused, and done again by whoever takes them.
  await pool.query(`UPDATE lease SET node = 'killed' WHERE node = 'three'`);
  await rename();
  await three.end({ keep: true });
  await renameUntil('32,32');
  await two.end({ keep: true });
  await renameUntil('64');
  await one.settled();
  const { rows } = await pool.query<{ title: string }>(
    `SELECT r.content->>'description' AS title FROM event e
      JOIN record_version r ON r.type = e.record_type AND r.id = e.record_id AND r.version = e.record_version
      WHERE e.type = 'TASK_CREATED' ORDER BY e.epoch, e.xid, e.seq`,
  );
  const rounds = Array.from({ length: round }, (_, n) => n + 1);
  for (const id of ids) {
    const told = rows.filter(({ title }) => title.endsWith(` ${id}`)).map(({ title }) => Number(title.split(' ')[0]));
    assert.deepEqual(told, rounds, id);
  }
  await one.end();
});

test('handlers of types that do not occur read nothing, and those of one that does share one read', async () => {
  const core = await startCore();
  const source = (type: string) => `import { BaseProtocol, EventType } from 'chartwire/sdk';
    ${Array.from({ length: 20 }, (_, n) => `export class H${n} extends BaseProtocol { static RESPONDS_TO = [EventType.${type}]; compute() { return []; } }`).join('\n')}`;
  await core.install({ name: 'idle', source: source('CONSENT_CREATED') });
  await core.install({ name: 'busy', source: source('PATIENT_CREATED') });
  const { pool } = core.store;
  const query = pool.query.bind(pool);
  let given = 0;
  let reads = 0;
  pool.query = (async (...args: Parameters<typeof query>) => {
    const answer = (await query(...args)) as unknown as { rows: { type?: string }[] };
    if (!(args[0] as { name?: string }).name?.startsWith('read_log_')) return answer;
    if (++reads > 0) given += answer.rows.filter(({ type }) => type === 'PATIENT_CREATED').length;
    return answer;
  }) as unknown as typeof pool.query;
  await core.create(patient('heard'));
  await core.settled();
  await new Promise((resolve) => setTimeout(resolve, 600));
  assert.ok(given >= 1 && given < 20, `the event was read ${given} times for 20 handlers`);
  assert.ok(reads < 40, `${reads} reads for one event and 40 handlers`);
  await core.end();
});
