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
  /** `first` holds all leases: whatever is delivered is delivered there. */
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
