// What a plugin may change: patient/ scopes hold in the chart of the event alone, whatever the effect.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Resource } from '@medplum/fhirtypes';
import { createNote } from '#chart/notes.ts';
import { ORIGIN, startCore, type TestCore } from '../support/core.ts';
import { seenIn } from '../support/seen.ts';

/** Answers each Basic about its patient with the effect that its text holds. */
const SOURCE = `
import { BaseProtocol } from 'chartwire/sdk';
export class Answer extends BaseProtocol {
  static RESPONDS_TO = 'BASIC_CREATED';
  compute() { return [JSON.parse(this.event.context.record.code.text)]; }
}`;

const subject = (id: string) => ({ reference: `Patient/${id}` });
const RECORDS = [
  { resourceType: 'Patient', id: 'ana', name: [{ family: 'Silva' }] },
  { resourceType: 'Patient', id: 'ben', name: [{ family: 'Okoro' }] },
  { resourceType: 'Practitioner', id: 'doc', name: [{ family: 'Grey' }] },
  { resourceType: 'Condition', id: 'anas-gout', subject: subject('ana'), code: { text: 'Gout of Ana' } },
  { resourceType: 'Condition', id: 'bens-gout', subject: subject('ben'), code: { text: 'Gout of Ben' } },
  { resourceType: 'Task', id: 'desk', status: 'requested', intent: 'order', description: 'Order gloves' },
  { resourceType: 'Task', id: 'anas', status: 'requested', intent: 'order', description: 'Call', for: subject('ana') },
  { resourceType: 'Task', id: 'bens', status: 'requested', intent: 'order', description: 'Call', for: subject('ben') },
] as unknown as Resource[];

const rename = (type: string, id: string, path: string) => ({
  type: 'PATCH_RECORD',
  payload: { type, id, patch: [{ op: 'replace', path, value: 'Mallory' }] },
});
const create = (payload: object) => ({ type: 'CREATE_TASK', payload: { title: 'x', ...payload } });
const foresee = (id: string, value: string) => ({
  type: 'PATCH_RECORD',
  payload: { type: 'Task', id, patch: [{ op: 'test', path: '/description', value }] },
});

const CASES: readonly (readonly [string, string[], object, 'completed' | string])[] = [
  [
    'the practice’s doctor renamed',
    ['patient/Practitioner.u'],
    rename('Practitioner', 'doc', '/name/0/family'),
    'effect.forbidden',
  ],
  ['the same with system/', ['system/Practitioner.u'], rename('Practitioner', 'doc', '/name/0/family'), 'completed'],
  ['a task of nobody changed', ['patient/Task.u'], rename('Task', 'desk', '/description'), 'effect.forbidden'],
  ['a task of nobody made', ['patient/Task.c'], create({}), 'effect.forbidden'],
  ['a task of nobody made with system/', ['system/Task.c'], create({}), 'completed'],
  ['another patient’s task changed', ['patient/Task.u'], rename('Task', 'bens', '/description'), 'effect.forbidden'],
  [
    'another patient’s task moved here',
    ['patient/Task.u'],
    rename('Task', 'bens', '/for/reference'),
    'effect.forbidden',
  ],
  ['a task changed', ['patient/Task.u'], rename('Task', 'anas', '/description'), 'completed'],
  ['another patient’s task guessed at', ['patient/Task.ru'], foresee('bens', 'Not this'), 'effect.forbidden'],
  ['a task guessed at without reading', ['patient/Task.u'], foresee('anas', 'Not this'), 'host.forbidden'],
];

describe('a plugin', () => {
  let core: TestCore;
  before(async () => {
    core = await startCore();
    await core.create(...RECORDS);
  });
  after(() => core.end());

  for (const [index, [what, scopes, effect, outcome]] of CASES.entries()) {
    test(`with ${scopes.join(' ')} has ${what}: ${outcome}`, async () => {
      const name = `answers-${index}`;
      const state = async () => JSON.stringify([await core.find('Practitioner'), await core.find('Task')]);
      const earlier = await state();
      await core.install({ name, source: SOURCE, scopes });
      await core.create({
        resourceType: 'Basic',
        code: { text: JSON.stringify(effect) },
        subject: subject('ana'),
      } as Resource);
      await core.settled();
      const { items } = await core.plugins.executions(name, { limit: 1 });
      await core.plugins.remove(name);
      assert.equal(items[0]!.error?.code ?? 'completed', outcome);
      assert.equal((await state()) === earlier, outcome !== 'completed');
    });
  }

  const assess = (condition: string) => async (): Promise<object> => {
    const { result } = await core.chart.withChart(ORIGIN, (draft) => createNote(draft, ORIGIN, { patient: 'ana' }));
    return { type: 'ORIGINATE_COMMAND', payload: { note: result.id, command: 'assess', fields: { condition } } };
  };
  const COMMANDS = ['patient/Command.c', 'patient/Note.u'];
  for (const [what, scopes, effect, outcome] of [
    ['that it may not read', COMMANDS, assess('anas-gout'), 'host.forbidden'],
    ['that it may read', [...COMMANDS, 'patient/Condition.r'], assess('anas-gout'), 'Gout of Ana'],
    ['of another patient', [...COMMANDS, 'patient/Condition.r'], assess('bens-gout'), 'command.fields'],
    ['that doesn’t exist', [...COMMANDS, 'patient/Condition.r'], assess('nobodys-gout'), 'command.fields'],
  ] as const) {
    test(`names by its id in a command a record ${what}: ${outcome}`, async () => {
      await core.install({ name: 'names', source: SOURCE, scopes: [...scopes] });
      const code = { text: JSON.stringify(await effect()) };
      await core.create({ resourceType: 'Basic', code, subject: subject('ana') } as Resource);
      await core.settled();
      const { items } = await core.plugins.executions('names', { limit: 1 });
      await core.plugins.remove('names');
      const made = items[0]!.effects[0]?.references.find((one) => one.startsWith('Command/'));
      const command = made && (await seenIn(core.chart).current('Command', made.slice('Command/'.length)))?.record;
      const option = (command as { fields?: { condition?: { text?: string } } } | undefined)?.fields?.condition;
      assert.equal(items[0]!.error?.code ?? option?.text, outcome);
    });
  }

  test('with patient/Coverage.c moves the ranks of the patient’s other coverages by the rule of the chart', async () => {
    const coverage = (id: string) =>
      ({
        resourceType: 'Coverage',
        id,
        status: 'active',
        order: 1,
        beneficiary: subject('ana'),
        payor: [{ display: 'P' }],
      }) as Resource;
    await core.create(coverage('first'));
    await core.install({ name: 'covers', source: SOURCE, scopes: ['patient/Coverage.c'] });
    const text = JSON.stringify({ type: 'CREATE_RECORD', payload: { resource: coverage('second') } });
    await core.create({ resourceType: 'Basic', code: { text }, subject: subject('ana') } as Resource);
    await core.settled();
    const { record: resource } = (await seenIn(core.chart).current('Coverage', 'first'))!;
    assert.equal((resource as { order?: number }).order, 2);
  });
});
