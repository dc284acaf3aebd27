import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Unanswered } from '#records/command-entry.ts';
import type { EffectOutcome } from '#store/contract.ts';
import { until } from '../support/core.ts';
import { type Charting, charting } from './charting.ts';
import { type RunningApp, runApp } from './running-app.ts';

/** A plugin with one handler that answers one event. */
const handler = (type: string, body: string, name = 'Check') => `
  import * as sdk from 'chartwire/sdk';
  const { BaseProtocol, EventType } = sdk;
  export class ${name} extends BaseProtocol {
    static RESPONDS_TO = [EventType.${type}];
    async compute() { ${body} }
  }`;

describe('gates', () => {
  let app: RunningApp;
  let chart: Charting;
  before(async () => {
    app = await runApp();
    chart = charting(app);
  });
  after(() => app.close());

  const commit = (id: string, body = {}) => app.ask('POST', `/api/commands/${id}/commit`, { body });
  const get = async (id: string) => (await app.ask('GET', `/api/commands/${id}`)).json;
  const planned = async (narrative: string, note?: string) =>
    (await chart.originate(note ?? (await chart.note()), { command: 'plan', fields: { narrative } })).json.id as string;
  /** Runs with a plugin, and takes it out again. */
  async function withPlugin(name: string, source: string, more: object, work: () => Promise<void>): Promise<void> {
    await chart.install(name, source, { more });
    try {
      await work();
    } finally {
      await chart.remove(name);
    }
  }

  test('one that refuses is named with its handler, its field and what it says; nothing is written', async () => {
    const source = handler(
      'PLAN_COMMAND__PRE_COMMIT',
      `const { fields, command } = this.event.context;
       return fields.narrative.includes('opium')
         ? [sdk.refuse('Not on this formulary (' + command.state + ').', { field: 'narrative' })] : [];`,
    );
    await withPlugin('formulary', source, {}, async () => {
      const patient = await chart.patient();
      const note = await chart.note(patient);
      const id = await planned('opium', note);
      const before = await chart.types(patient);
      const refused = await commit(id);
      assert.equal(refused.status, 422);
      assert.equal(refused.headers.get('content-type'), 'application/problem+json; charset=utf-8');
      assert.equal(refused.json.code, 'gate.refused');
      assert.equal(refused.json.detail, 'formulary refused: Not on this formulary (staged).');
      const [{ ms, execution, ...check }] = refused.json.checks;
      assert.equal(typeof ms, 'number');
      assert.deepEqual(check, {
        check: 'formulary/Check',
        event: 'PLAN_COMMAND__PRE_COMMIT',
        outcome: 'refused',
        message: 'Not on this formulary (staged).',
        field: 'narrative',
      });
      assert.deepEqual(refused.json.faults, [
        { path: '/fields/narrative', message: 'Not on this formulary (staged).' },
      ]);
      assert.equal((await get(id)).version, 1);
      assert.deepEqual(await chart.types(patient), before);

      const passed = await commit(await planned('tea', note));
      assert.equal(passed.status, 200);
      assert.equal(passed.json.checks[0].outcome, 'passed');
      const told = (await chart.events(patient)).findLast(({ type }) => type === 'PLAN_COMMAND__POST_COMMIT');
      assert.equal(told.context.checks[0].check, 'formulary/Check');
    });
  });

  test('one of several that are committed together refuses them all, and its place is named', async () => {
    const source = handler(
      'PLAN_COMMAND__PRE_COMMIT',
      `return this.event.context.fields.narrative === 'no' ? [sdk.refuse('No.', { field: 'narrative' })] : [];`,
    );
    await withPlugin('all-or-none', source, {}, async () => {
      const note = await chart.note();
      const commands = ['yes', 'no'].map((narrative) => ({ command: 'plan', fields: { narrative }, commit: true }));
      const refused = await chart.originate(note, { commands });
      assert.equal(refused.status, 422);
      assert.equal(refused.json.faults[0].path, '/commands/1/fields/narrative');
      assert.deepEqual((await app.ask('GET', `/api/notes/${note}`)).json.commands, []);
    });
  });

  test('one that asks for confirmation is answered with a reason, which is kept and shown', async () => {
    const source = handler('PRE_COMMAND_COMMIT', `return [sdk.confirm('Is she pregnant?')];`, 'Ask');
    await withPlugin('careful', source, {}, async () => {
      const id = await planned('x');
      const asked = await commit(id);
      assert.equal(asked.status, 422);
      assert.equal(asked.json.code, 'gate.confirm');
      assert.match(asked.json.next, /overrides/);
      assert.equal(asked.json.checks[0].outcome, 'confirm');
      const other = await commit(id, { overrides: [{ check: 'somebody/Else', reason: 'yes' }] });
      assert.equal(other.status, 422);
      const { check } = asked.json.checks[0];
      const confirmed = await commit(id, { overrides: [{ check, reason: 'Test was negative.' }] });
      assert.equal(confirmed.status, 200, confirmed.text);
      const [kept] = (await get(id)).overrides;
      assert.deepEqual(
        { check: kept.check, message: kept.message, reason: kept.reason, by: kept.by.id },
        { check: 'careful/Ask', message: 'Is she pregnant?', reason: 'Test was negative.', by: 'admin' },
      );
      assert.equal(confirmed.json.checks[0].outcome, 'overridden');
      assert.equal((await commit(await planned('x'), { overrides: [{ check, reason: ' ' }] })).status, 422);
    });
  });

  test('each sees what the one before it amended: generic before specific, then priority, then name', async () => {
    const adds = (type: string, text: string) =>
      handler(type, `return [sdk.amend({ narrative: this.event.context.proposed.narrative + '${text}' })];`);
    const plugins = [
      ['b-late', 'PLAN_COMMAND__PRE_UPDATE', ' late', 200],
      ['b-second', 'PLAN_COMMAND__PRE_UPDATE', ' second', 50],
      ['a-first', 'PLAN_COMMAND__PRE_UPDATE', ' first', 50],
      ['z-generic', 'PRE_COMMAND_UPDATE', ' generic', 900],
    ] as const;
    for (const [name, type, text, priority] of plugins)
      await chart.install(name, adds(type, text), { more: { priority } });
    const id = await planned('old');
    const { json } = await app.ask('PATCH', `/api/commands/${id}`, { body: { fields: { narrative: 'new' } } });
    for (const [name] of plugins) await chart.remove(name);
    assert.equal(json.fields.narrative, 'new generic first second late');
    assert.deepEqual(
      json.checks.map(({ check, outcome }: Record<string, string>) => `${check} ${outcome}`),
      ['z-generic', 'a-first', 'b-second', 'b-late'].map((name) => `${name}/Check amended`),
    );
    assert.equal((await get(id)).fields.narrative, 'new generic first second late');
  });

  test('the reason for going on is kept also where a command is entered in error, deleted or asked for an action', async () => {
    const types = ['DELETE', 'ENTER_IN_ERROR', 'EXECUTE_ACTION'].map((operation) => `'PRE_COMMAND_${operation}'`);
    const source = handler('PRE_COMMAND_UPDATE', `return [sdk.confirm('Sure?')];`).replace(
      /\[EventType.*?\]/,
      `[${types}]`,
    );
    await withPlugin('sure', source, {}, async () => {
      const overrides = [{ check: 'sure/Check', reason: 'It was of another patient.' }];
      const reasons = async (id: string) => (await get(id)).overrides.map(({ reason }: { reason: string }) => reason);
      const patient = await chart.patient();
      const note = await chart.note(patient);
      const id = await planned('x', note);
      await app.ask('POST', `/api/commands/${id}/actions/print`, { body: { overrides } });
      assert.deepEqual(await reasons(id), [overrides[0]!.reason]);
      await commit(id);
      await app.ask('POST', `/api/commands/${id}/enter-in-error`, { body: { overrides } });
      assert.deepEqual(await reasons(id), [overrides[0]!.reason, overrides[0]!.reason]);
      const other = await planned('y', note);
      assert.equal((await app.ask('DELETE', `/api/commands/${other}`, { body: { overrides } })).status, 204);
      const events = await chart.events(patient);
      const deleted = events.find(({ type }: { type: string }) => type === 'PLAN_COMMAND__POST_DELETE');
      assert.equal(deleted.context.checks[0].reason, overrides[0]!.reason);
    });
  });

  test('an amendment that no field takes is refused, and the plugin is named', async () => {
    const source = handler('PLAN_COMMAND__PRE_ORIGINATE', `return [sdk.amend({ colour: 'blue' })];`);
    await withPlugin('painter', source, {}, async () => {
      const refused = await chart.originate(await chart.note(), { command: 'plan' });
      assert.equal(refused.status, 422);
      assert.equal(refused.json.code, 'gate.amendment');
      assert.match(refused.json.detail, /^painter made a change that isn’t valid: .* Plan has no field colour\.$/);
      assert.equal(refused.json.faults[0].path, '/fields/colour');
    });
  });

  test('an amendment that takes away what a commit needs is refused, and the plugin is named', async () => {
    const source = handler('PLAN_COMMAND__PRE_COMMIT', `return [sdk.amend({ narrative: null })];`);
    await withPlugin('eraser', source, {}, async () => {
      const refused = await commit(await planned('x'));
      assert.deepEqual([refused.status, refused.json.code], [422, 'gate.amendment']);
      assert.deepEqual(refused.json.faults, [{ path: '/fields/narrative', message: '“Narrative” is needed.' }]);
    });
  });

  test('an amendment where no fields are written is no answer', async () => {
    const source = handler('PLAN_COMMAND__PRE_ENTER_IN_ERROR', `return [sdk.amend({ narrative: 'z' })];`);
    await withPlugin('late', source, {}, async () => {
      const id = await planned('x');
      await commit(id);
      const { status, json } = await app.ask('POST', `/api/commands/${id}/enter-in-error`);
      assert.equal(status, 200);
      assert.deepEqual(
        json.checks.map(({ outcome, message }: Record<string, string>) => [outcome, message]),
        [['did-not-run', 'it amended fields, and none are written here']],
      );
    });
  });

  describe('one that cannot answer', () => {
    const ways = {
      throws: `throw new Error('it is broken');`,
      loops: 'for (;;) {}',
      waits: 'await new Promise(() => {});',
      babbles: `return [{ type: 'SHRUG', payload: {} }];`,
    };
    describe('in the time it is given', () => {
      let patient: RunningApp;
      before(async () => {
        patient = app;
        app = await runApp({ gateBudget: 500 });
        chart = charting(app);
      });
      after(async () => {
        await app.close();
        app = patient;
        chart = charting(app);
      });

      for (const [way, body] of Object.entries(ways)) {
        test(`${way}: allowed by its policy, and the clinician is told`, async () => {
          await withPlugin(`allow-${way}`, handler('PLAN_COMMAND__PRE_COMMIT', body), {}, async () => {
            const passed = await commit(await planned('x'));
            assert.equal(passed.status, 200, passed.text);
            const [check] = passed.json.checks;
            assert.equal(check.outcome, 'did-not-run');
            assert.ok(check.message);
          });
        });

        test(`${way}: blocked by its policy, and nothing is written`, async () => {
          const gates = { gates: { policy: 'block' } };
          await withPlugin(`block-${way}`, handler('PLAN_COMMAND__PRE_COMMIT', body), gates, async () => {
            const id = await planned('x');
            const blocked = await commit(id);
            assert.equal(blocked.status, 503);
            assert.equal(blocked.json.code, 'gate.blocked');
            assert.match(blocked.json.detail, new RegExp(`block-${way}`));
            assert.equal(blocked.json.checks[0].outcome, 'did-not-run');
            assert.equal((await get(id)).state, 'staged');
          });
        });
      }
    });

    test('is kept at the command, for whoever opens the note later: which, at which step, who went on without it', async () => {
      const types = ['UPDATE', 'COMMIT', 'EXECUTE_ACTION'].map((operation) => `PLAN_COMMAND__PRE_${operation}`);
      const source = handler('PLAN_COMMAND__PRE_COMMIT', `throw new Error('out of order');`, 'Gone').replace(
        /\[EventType.*?\]/,
        JSON.stringify(types),
      );
      const patient = await chart.patient();
      const note = await chart.note(patient);
      const id = await planned('x', note);
      const shown = async (): Promise<Unanswered[]> =>
        (await app.ask('GET', `/api/notes/${note}`)).json.commands[0].unanswered;
      assert.deepEqual(await shown(), []);
      const edit = (narrative: string) => app.ask('PATCH', `/api/commands/${id}`, { body: { fields: { narrative } } });
      await withPlugin('forgetful', source, {}, async () => {
        await edit('y');
        const edited = await edit('z');
        assert.deepEqual(edited.json.unanswered, await shown());
        const [again, ...more] = await shown();
        assert.deepEqual(more, [], 'of several edits the last one is kept');
        assert.equal(again?.at, (await chart.events(patient)).at(-1).at);
        await commit(id);
        await app.ask('POST', `/api/commands/${id}/actions/print`);
        await app.ask('POST', `/api/commands/${id}/actions/print`);
      });
      await app.ask('POST', `/api/commands/${id}/enter-in-error`);
      const kept = await shown();
      assert.deepEqual(
        kept.map(({ check, operation, by }) => [check, operation, by.id]),
        ['UPDATE', 'COMMIT', 'EXECUTE_ACTION', 'EXECUTE_ACTION'].map((operation) => [
          'forgetful/Gone',
          operation,
          'admin',
        ]),
      );
      const told = (await chart.events(patient)).find(({ type }) => type === 'PLAN_COMMAND__POST_COMMIT');
      assert.equal(kept[1]!.at, told.at);
      assert.match(kept[1]!.message, /out of order/);
      assert.equal(told.context.checks[0].outcome, 'did-not-run');
    });

    test('what it said all the same is kept with why it was of no use, and told in its log', async () => {
      const said = `return [sdk.log({ message: 'Hm.', level: 'warn' }), { type: 'SHRUG', payload: {} }, sdk.refuse('')];`;
      await withPlugin('shrugger', handler('PLAN_COMMAND__PRE_COMMIT', said), {}, async () => {
        await commit(await planned('x'));
        const execution = async () => (await app.ask('GET', '/api/plugins/shrugger/executions')).json.items[0];
        await until(async () => (await execution()) !== undefined);
        const { effects } = await execution();
        assert.deepEqual(
          effects.map(({ type, outcome, error }: EffectOutcome) => [type, outcome, error?.code]),
          [
            ['LOG', 'applied', undefined],
            ['SHRUG', 'refused', 'effect.refused'],
            ['REFUSE', 'refused', 'effect.invalid'],
          ],
        );
        assert.match(effects[1].error.message, /PLAN_COMMAND__PRE_COMMIT is answered with REFUSE, CONFIRM, AMEND, LOG/);
        const logs = async () => (await app.ask('GET', '/api/plugins/shrugger/logs')).json.items;
        await until(async () => (await logs()).length === 3);
        const levels = (await logs()).map(({ level }: { level: string }) => level);
        assert.deepEqual(levels.toSorted(), ['error', 'error', 'warn']);
      });
    });

    test('again and again is left out for a while, and it is said that it was', async () => {
      const source = handler('PLAN_COMMAND__PRE_COMMIT', ways.throws);
      await withPlugin('breaker', source, {}, async () => {
        const said: string[] = [];
        for (let n = 0; n < 6; n++) said.push((await commit(await planned('x'))).json.checks[0].message);
        assert.match(said[0]!, /it is broken/);
        assert.match(said[5]!, /failed repeatedly/);
      });
    });
  });

  test('a plugin’s own commit is gated like a person’s, and the refusal is its effect’s outcome', async () => {
    const gate = handler('PLAN_COMMAND__PRE_COMMIT', `return [sdk.refuse('Not by a machine.')];`);
    const robot = handler(
      'HISTORY_OF_PRESENT_ILLNESS_COMMAND__POST_COMMIT',
      `return [sdk.plan.originate({ note: this.event.note, fields: { narrative: 'x' }, commit: true })];`,
    );
    const scopes = ['patient/Command.cu', 'patient/Note.u'];
    await chart.install('robot', robot, { scopes });
    await withPlugin('guard', gate, {}, async () => {
      const note = await chart.note();
      const hpi = { command: 'hpi', fields: { narrative: 'x' }, commit: true };
      assert.equal((await chart.originate(note, hpi)).status, 201);
      const runs = async () => (await app.ask('GET', '/api/plugins/robot/executions')).json.items;
      await until(async () => (await runs()).length > 0);
      const [run] = await runs();
      assert.equal(run.state, 'failed');
      assert.equal(run.effects[0].outcome, 'refused');
      assert.equal(run.effects[0].error.code, 'gate.refused');
      assert.match(run.effects[0].error.message, /guard refused: Not by a machine\./);
      const { commands } = (await app.ask('GET', `/api/notes/${note}`)).json;
      assert.deepEqual(
        commands.map(({ command }: { command: string }) => command),
        ['hpi'],
      );
    });
    await chart.remove('robot');
  });
});
