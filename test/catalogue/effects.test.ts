// What each effect leaves in the chart, applied as a plugin's answer is: with no more than the scopes it declares.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Resource, ResourceType } from '@medplum/fhirtypes';
import { SILENT_BUS } from '#chart/bus.ts';
import { createChart } from '#chart/chart.ts';
import { Commands } from '#chart/commands/commands.ts';
import type { Chart } from '#chart/contract.ts';
import type { Origin } from '#chart/origin.ts';
import { applyEffects, EffectsRefused } from '#chart/effects.ts';

import { DIFFERENCES } from '#contract/merges.ts';
import { mergeCharts, mergeKeys } from '#chart/merges/merge.ts';
import { createNote } from '#chart/notes.ts';
import { commandPort } from '#delivery/run.ts';
import { pluginAuthority } from '#delivery/services.ts';
import { AddBannerAlert } from '#effects/banner-alert.ts';
import { EFFECTS } from '#effects/index.ts';
import { SYSTEM } from '#kit/authority.ts';
import { ScopeSet } from '#kit/scopes.ts';
import { CPT, EXTENSION, HCPCS, PLUGIN_KEY, TASK_LABEL } from '#kit/systems.ts';
import { plan } from '#sdk/commands.ts';
import {
  addBannerAlert,
  addBillingLineItem,
  addProtocolCard,
  adjustTaskLabels,
  commentOnTask,
  createRecord,
  createTask,
  type Effect,
  log,
  moveNote,
  removeBannerAlert,
  removeBillingLineItem,
  createNote as sdkNote,
  sendMessage,
  updateBillingLineItem,
  updateRecord,
  updateTask,
} from '#sdk/effects.ts';
import { openStore, type PostgresStore } from '#store/postgres.ts';
import { EFFECT_MARKS, PLUGIN_SCOPES } from '../../docs/pages/permissions.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { seenIn } from '../support/seen.ts';

const ORIGIN: Origin = { actor: { type: 'plugin', id: 'demo' }, source: 'effect', authority: SYSTEM };
/** No code system: the commands here have plain fields. */
const NO_TERMS = { lookup: async () => undefined, search: async () => [], noteUse: async () => {} };
const P1 = { reference: 'Patient/p1' };

/** The records that the examples of the definitions speak of. */
const CHART: readonly (Resource & { id: string })[] = [
  { resourceType: 'Patient', id: 'p1' },
  { resourceType: 'Patient', id: 'p2' },
  { resourceType: 'Practitioner', id: 'd1' },
  { resourceType: 'RelatedPerson', id: 'rp2', patient: { reference: 'Patient/p2' } },
  {
    resourceType: 'Goal',
    id: 'g1',
    lifecycleStatus: 'active',
    subject: P1,
    description: { text: 'Walk' },
  },
  {
    resourceType: 'Appointment',
    id: 'a1',
    status: 'booked',
    start: '2026-09-01T09:00:00Z',
    end: '2026-09-01T09:30:00Z',
    participant: [{ actor: P1, status: 'accepted' }],
  },
  { resourceType: 'DiagnosticReport', id: 'r1', status: 'final', code: { text: 'CBC' }, subject: P1 },
  { resourceType: 'QuestionnaireResponse', id: 'q1', status: 'completed', subject: P1 },
  { resourceType: 'Task', id: 't1', status: 'requested', intent: 'order', for: P1 },
  { resourceType: 'Condition', id: 'c1', subject: P1 },
  { resourceType: 'Condition', id: 'c2', subject: { reference: 'Patient/p2' } },
  { resourceType: 'Encounter', id: 'e1', status: 'in-progress', class: { code: 'AMB' }, subject: P1 },
  {
    resourceType: 'ChargeItem',
    id: 'b1',
    status: 'billable',
    code: { coding: [{ system: HCPCS, code: 'G0444' }] },
    subject: P1,
  },
];

describe('effects', () => {
  let database: FreshDatabase;
  let store: PostgresStore;
  let chart: Chart;
  let commands: Commands;
  let logged: string[];

  before(async () => {
    database = await freshDatabase();
    store = await openStore(database.connection);
    chart = createChart({ store });
    commands = new Commands({ store, bus: SILENT_BUS, terms: NO_TERMS });
  });
  after(async () => {
    await store.close();
    await database.drop();
  });
  const reset = () =>
    chart.withChart(ORIGIN, async (draft) => {
      for (const record of CHART) await draft.update(record);
    });
  beforeEach(async () => {
    logged = [];
    await reset();
  });

  async function apply(
    effects: readonly Effect[],
    scopes: readonly string[] = ['system/*.cruds'],
    plugin = 'demo',
    patient = 'p1',
  ) {
    const request = {
      plugin,
      handler: 'Demo',
      execution: '0198d3c0-0000-7000-8000-000000000000',
      event: { id: '0198d3c0-0000-7000-8000-000000000001', type: 'CRON', patient, note: null },
      queue: async () => {},
      log: (level: string, message: string) => void logged.push(`${level} ${message}`),
    };
    const origin = { ...ORIGIN, authority: pluginAuthority(new ScopeSet(scopes), patient) };
    return chart.withChart(origin, (draft) =>
      applyEffects(draft, effects, { ...request, commands: commandPort(commands, draft, ORIGIN) }),
    );
  }

  /** The example, about an open note of its own and a command in it, where it speaks of the note n1 or the command c1. */
  async function about<P extends object>(type: string, example: P): Promise<P> {
    if (!('note' in example || 'command' in example || 'commands' in example)) return example;
    const [note, command] = [randomUUID(), randomUUID()];
    await chart.withChart(ORIGIN, async (draft) => {
      await createNote(draft, ORIGIN, { patient: 'p1', id: note });
      const fields = { narrative: 'Recheck in a month.' };
      const commit = type === 'ENTER_COMMAND_IN_ERROR';
      await commands.originate(draft, ORIGIN, { note, command: 'plan', id: command, fields, commit });
    });
    return JSON.parse(JSON.stringify(example).replaceAll('"n1"', `"${note}"`).replaceAll('"c1"', `"${command}"`));
  }

  async function only<T extends ResourceType>(effects: readonly Effect[], type: T) {
    const { result, written } = await apply(effects);
    const reference = result.at(-1)!.references[0]!;
    const [found, id] = reference.split('/');
    assert.equal(found, type);
    const stored = await seenIn(chart).current(type, id!);
    assert.equal(stored!.record!.resourceType, type);
    return { record: stored!.record as Extract<Resource, { resourceType: T }>, events: written.events };
  }

  async function refusal(effects: readonly Effect[], scopes?: readonly string[]): Promise<[string, string]> {
    try {
      await apply(effects, scopes);
    } catch (error) {
      assert.ok(error instanceof EffectsRefused, String(error));
      return [error.refusal.code, error.refusal.message];
    }
    return assert.fail('nothing was refused');
  }

  for (const { type, example, scopes } of EFFECTS) {
    // The example is of its own effect's payload, which the union of all of them hides.
    const effectOf = async () => ({ type, payload: await about(type, example) }) as Effect;
    const declared = scopes(example as never).map((need) => `system/${need.type}.${need.permission}`);

    test(`${type} does what it says with the scopes it declares`, async () => {
      const { result } = await apply([await effectOf()], declared);
      assert.equal(result[0]!.outcome, 'applied');
    });

    if (declared.length === 0) continue;
    test(`${type} is refused without them`, async () => {
      // Without a banner there is nothing to remove, and nothing to be refused.
      if (type === 'REMOVE_BANNER_ALERT') await apply([addBannerAlert(AddBannerAlert.example)]);
      const [code] = await refusal([await effectOf()], ['system/Binary.cruds']);
      assert.equal(code, 'effect.forbidden');
    });
  }

  const allowed = async (effect: Effect, scopes: string, patient: string): Promise<boolean> => {
    try {
      await apply([effect], scopes === 'none' ? [] : [scopes], 'demo', patient);
      return true;
    } catch (error) {
      assert.ok(error instanceof EffectsRefused, String(error));
      return !['effect.forbidden', 'host.forbidden'].includes(error.refusal.code);
    }
  };

  for (const { type, example } of EFFECTS) {
    test(`${type} is allowed to plugins as docs/catalogue/permissions.md says`, async () => {
      const marks: string[] = [];
      for (const scopes of PLUGIN_SCOPES) {
        await reset();
        if (type === 'REMOVE_BANNER_ALERT') await apply([addBannerAlert(AddBannerAlert.example)]);
        const effect = { type, payload: await about(type, example) } as Effect;
        // First in answer to another patient's event: what is refused leaves all as it was.
        if (await allowed(effect, scopes, 'p2')) marks.push('+');
        else marks.push((await allowed(effect, scopes, 'p1')) ? 'o' : '-');
      }
      assert.equal(marks.join(''), EFFECT_MARKS[type]);
    });
  }

  test('a task has its title, patient, owner, due date, labels and first comment, and all of their events', async () => {
    const { record, events } = await only(
      [
        createTask({
          title: 'Call back',
          patient: 'p1',
          assignee: 'Practitioner/d1',
          due: '2026-09-01',
          priority: 'urgent',
          labels: ['call', 'lab review'],
          comment: 'Ask about sleep',
        }),
      ],
      'Task',
    );
    assert.deepEqual(
      [record.description, record.for, record.owner, record.restriction, record.priority, record.status],
      ['Call back', P1, { reference: 'Practitioner/d1' }, { period: { end: '2026-09-01' } }, 'urgent', 'requested'],
    );
    assert.deepEqual(
      record.meta?.tag?.map(({ system, code }) => [system, code]),
      [
        [TASK_LABEL, 'call'],
        [TASK_LABEL, 'lab review'],
      ],
    );
    assert.deepEqual([record.note![0]!.text, record.note![0]!.authorString], ['Ask about sleep', 'demo']);
    assert.ok(record.note![0]!.id);
    assert.deepEqual(
      events.map(({ type }) => type),
      ['TASK_CREATED', 'TASK_COMMENT_CREATED', 'TASK_LABELS_ADJUSTED'],
    );
  });

  test('a task made by one effect can be commented on by the next', async () => {
    const id = `t-${Date.now()}`;
    const { record } = await only([createTask({ id, title: 'x' }), commentOnTask({ task: id, text: 'y' })], 'Task');
    assert.equal(record.note?.length, 1);
    assert.deepEqual(await refusal([createTask({ id, title: 'again' })]), [
      'effect.refused',
      `The effect CREATE_TASK was refused: Task/${id} exists already.`,
    ]);
  });

  test('an update of a task leaves what it does not name, and null takes away', async () => {
    await apply([updateTask({ task: 't1', assignee: 'Practitioner/d1', due: '2026-09-01', title: 'A' })]);
    const { record } = await only([updateTask({ task: 't1', assignee: null, due: null, priority: 'stat' })], 'Task');
    assert.deepEqual(
      [record.owner, record.restriction, record.description, record.priority, record.for],
      [undefined, undefined, 'A', 'stat', P1],
    );
  });

  test('labels are added and taken away, other tags stay, and the same again changes nothing', async () => {
    const other = { system: 'http://other.example', code: 'kept' };
    await apply([
      updateRecord({ resourceType: 'Task', id: 't1', status: 'requested', intent: 'order', meta: { tag: [other] } }),
    ]);
    const { record } = await only(
      [adjustTaskLabels({ task: 't1', add: ['a', 'b'] }), adjustTaskLabels({ task: 't1', remove: ['a'] })],
      'Task',
    );
    assert.deepEqual(
      record.meta?.tag?.map(({ code }) => code),
      ['kept', 'b'],
    );
    const { written } = await apply([adjustTaskLabels({ task: 't1', add: ['b'] })]);
    assert.deepEqual(written.events, []);
    assert.equal((await refusal([adjustTaskLabels({ task: 't1', add: ['x'], remove: ['x'] })]))[0], 'effect.refused');
  });

  test('a plugin has one banner a patient and key, and no other plugin can touch it', async () => {
    const banner = (narrative: string) =>
      addBannerAlert({
        patient: 'p1',
        key: 'k',
        narrative,
        intent: 'warning',
        placement: ['chart', 'profile'],
        href: '/x',
      });
    const { record: first } = await only([banner('one')], 'Flag');
    const { record: second } = await only([banner('two')], 'Flag');
    assert.equal(second.id, first.id);
    assert.deepEqual(
      [second.code.text, second.status, second.period?.start, second.subject],
      ['two', 'active', first.period?.start, P1],
    );
    assert.deepEqual(second.identifier, [{ system: PLUGIN_KEY, value: 'demo/k' }]);
    assert.deepEqual(
      second.extension?.map((one) => one.valueCode ?? one.valueUri),
      ['warning', 'chart', 'profile', '/x'],
    );
    const { result } = await apply([removeBannerAlert({ patient: 'p1', key: 'k' })], undefined, 'rival');
    assert.deepEqual(result[0]!.references, []);
    const { record: removed } = await only([removeBannerAlert({ patient: 'p1', key: 'k' })], 'Flag');
    assert.equal(removed.status, 'inactive');
    assert.ok(removed.period?.end);
    const { record: again } = await only([banner('three')], 'Flag');
    assert.deepEqual([again.id, again.status, again.period?.end], [first.id, 'active', undefined]);
  });

  test('a banner that came with a merged chart is the plugin’s as before, and there is one of a key', async () => {
    const banner = (patient: string, key: string) => addBannerAlert({ patient, key, narrative: key, intent: 'info' });
    const [source, target] = ['twice', 'p1'];
    await chart.withChart(ORIGIN, async (draft) => void draft.create({ resourceType: 'Patient', id: source }));
    await apply([banner(source, 'theirs'), banner(source, 'both')], ['system/*.cruds'], 'demo', source);
    const [mine] = (await apply([banner(target, 'both')])).result[0]!.references;
    await chart.withChart(
      ORIGIN,
      (draft) => mergeCharts(draft, { source, target, actor: ORIGIN.actor, confirm: [...DIFFERENCES] }),
      { exclusive: mergeKeys({ source, target }) },
    );
    const shown = async (key: string) => {
      const query = `subject=Patient/${target}&identifier=${PLUGIN_KEY}|demo/${key}`;
      const { matches } = await seenIn(chart).search('Flag', query);
      return matches.filter(({ status }) => status === 'active').map(({ id }) => `Flag/${id}`);
    };
    assert.equal((await shown('both')).length, 2);
    await apply([banner(target, 'both'), removeBannerAlert({ patient: target, key: 'theirs' })]);
    assert.deepEqual([await shown('both'), await shown('theirs')], [[mine], []]);
  });

  test('a banner that a FHIR client deleted comes back under its id', async () => {
    const banner = addBannerAlert({ patient: 'p1', key: 'gone', narrative: 'n', intent: 'info' });
    const { record } = await only([banner], 'Flag');
    await chart.withChart(ORIGIN, (draft) => draft.delete('Flag', record.id!));
    const { record: back } = await only([banner], 'Flag');
    assert.deepEqual([back.id, back.status], [record.id, 'active']);
  });

  test('a protocol card is one a patient and key, with its status and recommendations', async () => {
    const card = (status: 'due' | 'satisfied', recommendations?: { title: string; button?: string; href?: string }[]) =>
      addProtocolCard({ patient: 'p1', key: 'phq-9', title: 'PHQ-9', narrative: 'n', status, recommendations });
    const { record: due } = await only(
      [card('due', [{ title: 'Ask', button: 'Open', href: '/q' }])],
      'GuidanceResponse',
    );
    const { record: done } = await only([card('satisfied')], 'GuidanceResponse');
    assert.equal(done.id, due.id);
    assert.equal(done.occurrenceDateTime, due.occurrenceDateTime);
    const status = (record: typeof due) => record.extension?.find(({ url }) => url === EXTENSION.cardStatus)?.valueCode;
    assert.deepEqual([status(due), status(done)], ['due', 'satisfied']);
    const recommended = (record: typeof due) =>
      record.extension?.filter(({ url }) => url === EXTENSION.cardRecommendation);
    assert.deepEqual(
      recommended(due)?.[0]?.extension?.map((one) => one.valueString ?? one.valueUri),
      ['Ask', 'Open', '/q'],
    );
    assert.deepEqual(recommended(done), []);
  });

  test('a message about a patient goes to nobody of another patient’s', async () => {
    const to = (recipient: string) => sendMessage({ patient: 'p1', recipients: [recipient], text: 'Hello' });
    const { record } = await only([to('Patient/p1')], 'Communication');
    assert.deepEqual(
      [record.payload, record.recipient, record.status],
      [[{ contentString: 'Hello' }], [P1], 'completed'],
    );
    assert.match((await refusal([to('Patient/p2')]))[1], /Patient\/p2 is not the patient it is about/);
    assert.match((await refusal([to('RelatedPerson/rp2')]))[1], /RelatedPerson\/rp2 is of another patient/);
  });

  test('a billing line keeps what an update does not name, and is final once it is taken off', async () => {
    const added = addBillingLineItem({
      patient: 'p1',
      encounter: 'e1',
      code: '99213',
      units: 2,
      modifiers: ['25'],
      conditions: ['c1'],
    });
    const { record } = await only([added], 'ChargeItem');
    assert.deepEqual(
      [record.code.coding, record.quantity, record.supportingInformation, record.context, record.status],
      [
        [{ system: CPT, code: '99213' }],
        { value: 2 },
        [{ reference: 'Condition/c1' }],
        { reference: 'Encounter/e1' },
        'billable',
      ],
    );
    const id = record.id!;
    const { record: updated } = await only(
      [updateBillingLineItem({ billingLineItem: id, modifiers: [] })],
      'ChargeItem',
    );
    assert.deepEqual(
      [updated.extension, updated.quantity, updated.supportingInformation],
      [undefined, { value: 2 }, record.supportingInformation],
    );
    const { record: removed } = await only([removeBillingLineItem({ billingLineItem: id })], 'ChargeItem');
    assert.equal(removed.status, 'aborted');
    assert.match((await refusal([updateBillingLineItem({ billingLineItem: id, units: 3 })]))[1], /is aborted/);
  });

  test('a billing line is never justified by another patient’s condition', async () => {
    const foreign = addBillingLineItem({ patient: 'p1', code: '99213', conditions: ['c2'] });
    assert.match((await refusal([foreign]))[1], /Condition\/c2 is of another patient/);
    const moved = updateBillingLineItem({ billingLineItem: 'b1', conditions: ['c2'] });
    assert.match((await refusal([moved]))[1], /Condition\/c2 is of another patient/);
  });

  test('a record that was read is replaced only at the version that was read', async () => {
    const goal = (await seenIn(chart).current('Goal', 'g1'))!.record as Extract<Resource, { resourceType: 'Goal' }> & {
      id: string;
    };
    await apply([updateRecord({ ...goal, lifecycleStatus: 'on-hold' })]);
    assert.equal((await refusal([updateRecord({ ...goal, lifecycleStatus: 'completed' })]))[0], 'record.conflict');
    const { meta: _, ...bare } = goal;
    await apply([updateRecord({ ...bare, lifecycleStatus: 'completed' })]);
    assert.equal((await refusal([updateRecord({ ...bare, id: 'none' })]))[0], 'record.not-found');
    assert.equal((await refusal([createRecord(bare)]))[0], 'effect.refused');
  });

  test('a command’s effects follow each other in one answer, and leave what they say', async () => {
    const id = randomUUID();
    const note = randomUUID();
    const { result } = await apply([
      sdkNote({ patient: 'p1', id: note }),
      plan.originate({ note, id, fields: { narrative: 'first' } }),
      plan.edit({ command: id, fields: { narrative: 'second' } }),
      plan.commit({ command: id }),
      moveNote({ note, to: 'locked' }),
    ]);
    assert.deepEqual(
      result.map(({ references }) => references),
      [[`Note/${note}`], [`Command/${id}`], [`Command/${id}`], [`Command/${id}`], [`Note/${note}`]],
    );
    const stored = await chart.withChart(ORIGIN, async (draft) => ({
      command: await draft.entry('Command', id),
      note: await draft.entry('Note', note),
    }));
    const { command, note: locked } = stored.result;
    assert.deepEqual([command?.state, command?.fields], ['committed', { narrative: 'second' }]);
    assert.deepEqual([locked?.state, locked?.body], ['locked', [{ command: id }]]);
    const late = await refusal([plan.originate({ note, fields: { narrative: 'late' } })]);
    assert.match(late[1], /the note is locked/);
  });

  test('an unknown command or field is refused by its name, and nothing of the answer is written', async () => {
    const note = randomUUID();
    await apply([sdkNote({ patient: 'p1', id: note })]);
    const wish = (command: string, fields: Record<string, unknown>) =>
      ({ type: 'ORIGINATE_COMMAND', payload: { note, command, fields } }) as Effect;
    assert.equal((await refusal([wish('plann', {})]))[0], 'command.unknown');
    const [code, message] = await refusal([wish('plan', { narrative: 'x' }), wish('plan', { narative: 'x' })]);
    assert.equal(code, 'command.fields');
    assert.match(message, /narative/);
    const { result } = await chart.withChart(ORIGIN, (draft) => draft.entry('Note', note));
    assert.deepEqual(result?.body, []);
  });

  test('what does not exist is refused by name', async () => {
    const [code, message] = await refusal([commentOnTask({ task: 'nowhere', text: 'x' })]);
    assert.deepEqual(
      [code, message],
      ['effect.refused', 'The effect COMMENT_ON_TASK was refused: Task/nowhere does not exist.'],
    );
    const unknown = { type: 'CREATE_RECORD', payload: { resource: { resourceType: 'Bot' } } } as unknown as Effect;
    assert.equal((await refusal([unknown]))[0], 'record.unknown-type');
  });

  test('a line of the log is written by its effect', async () => {
    await apply([log({ message: 'hello' }), log({ message: 'careful', level: 'warn' })]);
    assert.deepEqual(logged, ['info hello', 'warn careful']);
  });
});
