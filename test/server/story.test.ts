import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { until } from '../support/core.ts';
import { type Charting, charting } from './charting.ts';
import { type RunningApp, runApp } from './running-app.ts';

type Fields = Record<string, unknown>;

/** Answers a gate, and answers events: a committed plan is a task, a task has a banner and a card. */
const SOURCE = `
  import { BaseProtocol, EventType, addBannerAlert, addProtocolCard, createTask, refuse } from 'chartwire/sdk';
  export class Brief extends BaseProtocol.on(EventType.PLAN_COMMAND__PRE_COMMIT) {
    compute() {
      return this.event.context.fields.narrative === 'no' ? [refuse('Say more.', { field: 'narrative' })] : [];
    }
  }
  export class FollowUp extends BaseProtocol.on(EventType.PLAN_COMMAND__POST_COMMIT) {
    compute() {
      return [createTask({ title: 'Follow up', patient: this.event.patient })];
    }
  }
  export class Mark extends BaseProtocol.on(EventType.TASK_CREATED) {
    compute() {
      const patient = this.event.patient;
      return [
        addBannerAlert({ patient, key: 'k', narrative: 'Has a task', intent: 'info' }),
        addProtocolCard({ patient, key: 'k', title: 'Task', narrative: 'There is one.', status: 'due' }),
      ];
    }
  }`;

describe('an event’s story', () => {
  let app: RunningApp;
  let chart: Charting;
  let patient: string;
  let note: string;
  let command: string;
  before(async () => {
    app = await runApp();
    chart = charting(app);
    const scopes = ['patient/Task.cr', 'patient/Flag.cru', 'patient/GuidanceResponse.cru', 'patient/Command.r'];
    await chart.install('follow-up', SOURCE, { scopes });
    patient = await chart.patient();
    note = await chart.note(patient);
    command = (await chart.originate(note, { command: 'plan', fields: { narrative: 'Walk.' } })).json.id;
    assert.equal((await app.ask('POST', `/api/commands/${command}/commit`, { body: {} })).status, 200);
    const done = async () => (await chart.types(patient)).includes('GUIDANCE_RESPONSE_CREATED');
    await until(done);
  });
  after(() => app.close());

  const get = async (path: string) => {
    const { status, json, text } = await app.ask('GET', path);
    assert.equal(status, 200, text);
    return json;
  };
  const eventOf = async (type: string) => (await get(`/api/events?patient=${patient}&type=${type}`)).items[0];
  const types = (events: Fields[]) => events.map(({ type }) => type);
  const runs = async () => (await get('/api/plugins/follow-up/executions')).items;

  test('tells the gates before it with their answers and times, and what was committed with it', async () => {
    const { id } = await eventOf('PLAN_COMMAND__POST_COMMIT');
    const run = async () => (await get(`/api/events/${id}`)).gates[0].run;
    // The run of a gate is written a moment after its answer.
    await until(async () => (await run()) !== null);
    const story = await get(`/api/events/${id}`);
    const [gate, ...others] = story.gates;
    assert.equal(others.length, 0);
    assert.deepEqual([gate.check, gate.event, gate.outcome], ['follow-up/Brief', 'PLAN_COMMAND__PRE_COMMIT', 'passed']);
    assert.ok(gate.ms >= 0 && gate.run.ms >= 0);
    assert.deepEqual([gate.run.id, gate.run.handler, gate.run.state], [gate.execution, 'Brief', 'completed']);
    assert.deepEqual(
      [gate.run.input.type, gate.run.input.target.id, gate.run.input.logged, gate.run.input.context.fields.narrative],
      ['PLAN_COMMAND__PRE_COMMIT', command, false, 'Walk.'],
    );
    assert.ok(types(story.together).includes('POST_COMMAND_COMMIT'), String(types(story.together)));
    assert.deepEqual([story.ancestors, types(story.caused)], [[], ['TASK_CREATED']]);
  });

  test('tells what led to it, from the first event on', async () => {
    const { id } = await eventOf('FLAG_CREATED');
    const story = await get(`/api/events/${id}`);
    assert.deepEqual(types(story.ancestors), ['PLAN_COMMAND__POST_COMMIT', 'TASK_CREATED']);
    assert.deepEqual([story.cause.handler, story.cause.event], ['Mark', story.ancestors[1].id]);
    assert.deepEqual(types(story.together), ['GUIDANCE_RESPONSE_CREATED']);
    assert.equal(story.together[0].context, undefined);
  });

  test('its tree is the same from every event in it', async () => {
    const first = await eventOf('PLAN_COMMAND__POST_COMMIT');
    const done = async () => {
      const { nodes } = await get(`/api/events/${first.id}/tree`);
      return nodes.every(({ deliveries }: { deliveries: Fields[] }) =>
        deliveries.every(({ state }) => state === 'done'),
      );
    };
    await until(done);
    const tree = await get(`/api/events/${first.id}/tree`);
    assert.deepEqual([tree.root, tree.truncated], [first.id, false]);
    assert.deepEqual(
      tree.nodes.map(({ event, executions, deliveries }: Record<string, Fields[]> & { event: Fields }) => [
        event.type,
        executions!.map(({ handler }) => handler),
        deliveries!.map(({ handler, state }) => `${handler} ${state}`),
      ]),
      [
        ['PLAN_COMMAND__POST_COMMIT', ['FollowUp'], ['FollowUp done']],
        ['TASK_CREATED', ['Mark'], ['Mark done']],
        ['FLAG_CREATED', [], []],
        ['GUIDANCE_RESPONSE_CREATED', [], []],
      ],
    );
    assert.equal(tree.nodes[0].checks[0].check, 'follow-up/Brief');
    assert.deepEqual(
      tree.nodes[1].executions[0].effects.map(({ type }: Fields) => type),
      ['ADD_BANNER_ALERT', 'ADD_OR_UPDATE_PROTOCOL_CARD'],
    );
    const { id } = await eventOf('FLAG_CREATED');
    assert.deepEqual(await get(`/api/events/${id}/tree`), tree);
    assert.equal((await app.ask('GET', '/api/events/018f0000-0000-7000-8000-000000000000/tree')).status, 404);
    const token = await app.tokenFor(['system/Task.rs']);
    assert.equal((await app.ask('GET', `/api/events/${id}/tree`, { token })).status, 403);
  });

  test('why a banner, a card, a task, a command or a note is there is asked by its id', async () => {
    const idOf = async (type: string) => (await get(`/fhir/R4/${type}?patient=${patient}`)).entry[0].resource.id;
    const why = async (target: string) => types((await get(`/api/events?target=${target}`)).items)[0];
    assert.equal(await why(`Flag/${await idOf('Flag')}`), 'FLAG_CREATED');
    assert.equal(await why(`GuidanceResponse/${await idOf('GuidanceResponse')}`), 'GUIDANCE_RESPONSE_CREATED');
    assert.equal(await why(`Task/${await idOf('Task')}`), 'TASK_CREATED');
    assert.match(String(await why(`Command/${command}`)), /^(PLAN_COMMAND__)?POST_(COMMAND_)?ORIGINATE$/);
    assert.ok(await why(`Note/${note}`));
  });

  test('a gate that refused is among the plugin’s executions, with what it was asked and what it said', async () => {
    const { json } = await chart.originate(note, { command: 'plan', fields: { narrative: 'no' } });
    const refused = await app.ask('POST', `/api/commands/${json.id}/commit`, { body: {} });
    assert.equal(refused.json.code, 'gate.refused');
    const { execution } = refused.json.checks[0];
    await until(async () => (await runs()).some(({ id }: Fields) => id === execution));
    const run = (await runs()).find(({ id }: Fields) => id === execution);
    assert.deepEqual([run.handler, run.state, run.input.target.id], ['Brief', 'completed', json.id]);
    assert.deepEqual(
      run.effects.map(({ type, payload }: Fields) => [type, payload]),
      [['REFUSE', { message: 'Say more.', field: 'narrative' }]],
    );
    const told = (await runs()).find(({ handler }: Fields) => handler === 'Mark');
    assert.deepEqual([told.input.type, told.input.patient, told.input.logged], ['TASK_CREATED', patient, true]);
    assert.equal(told.input.context, undefined);
  });

  test('whoever reads a plugin’s executions leaves a row for each patient they tell of', async () => {
    assert.ok((await runs()).some(({ input }: { input: Fields }) => input.patient === patient));
    const { items } = await get(`/api/audit?patient=${patient}&action=plugins.executions.list&limit=1`);
    assert.deepEqual([items[0].record, items[0].status], ['follow-up', 200]);
  });
});
