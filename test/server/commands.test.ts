import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { Compile } from 'typebox/compile';
import { COMMANDS } from '#commands/index.ts';
import { CommandShape } from '#contract/command.ts';
import { until } from '../support/core.ts';
import { type Charting, charting } from './charting.ts';
import { type RunningApp, runApp } from './running-app.ts';

const HYPERTENSION = {
  value: 'I10',
  text: 'Essential (primary) hypertension',
  coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'I10', display: 'Essential (primary) hypertension' }],
};

describe('commands', () => {
  let app: RunningApp;
  let chart: Charting;
  before(async () => {
    app = await runApp();
    chart = charting(app);
  });
  after(() => app.close());

  const call = (id: string, verb: string, body?: object, headers?: Record<string, string>) =>
    app.ask('POST', `/api/commands/${id}/${verb}`, { ...(body && { body }), ...(headers && { headers }) });
  const patch = (id: string, fields: object, version?: number) =>
    app.ask('PATCH', `/api/commands/${id}`, { body: { fields, ...(version && { version }) } });
  const get = async (id: string) => (await app.ask('GET', `/api/commands/${id}`)).json;
  const staged = async (note: string, command: string, fields = {}) =>
    (await chart.originate(note, { command, fields })).json.id as string;

  test('the types of commands are listed with schemas, what is needed, searches and all actions', async () => {
    const { items } = (await app.ask('GET', '/api/commands')).json;
    assert.deepEqual(
      items.map(({ key }: { key: string }) => key),
      COMMANDS.map(({ key }) => key),
    );
    const assess = items.find(({ key }: { key: string }) => key === 'assess');
    assert.deepEqual(assess.actions, ['print', 'carry-forward']);
    assert.equal(assess.fields.condition.needed, true);
    assert.equal(assess.fields.condition.search.from, 'chart');
    assert.equal(assess.fields.background.needed, false);
    assert.deepEqual(Compile(assess.fields.background.schema).Errors('text'), []);
  });

  describe('the life of one', () => {
    test('originated, edited, committed, entered in error: each is told, the generic event first', async () => {
      const patient = await chart.patient();
      const note = await chart.note(patient);
      const begun = (await chart.types(patient)).length;
      const made = await chart.originate(note, { command: 'diagnose', fields: { diagnose: HYPERTENSION } });
      assert.equal(made.status, 201, made.text);
      assert.deepEqual(Compile(CommandShape).Errors(made.json), []);
      const { id, version, made: nothing } = made.json;
      assert.deepEqual({ version, nothing }, { version: 1, nothing: [] });
      const edited = await patch(id, { background: 'Since her thirties.' });
      assert.deepEqual(edited.json.fields, { diagnose: HYPERTENSION, background: 'Since her thirties.' });
      const committed = await call(id, 'commit');
      assert.equal(committed.status, 200, committed.text);
      assert.equal(committed.json.state, 'committed');
      const [{ type, id: condition, created }] = committed.json.made;
      assert.deepEqual({ type, created }, { type: 'Condition', created: true });
      const wrong = await call(id, 'enter-in-error');
      assert.equal(wrong.json.state, 'entered-in-error');
      const record = (await app.ask('GET', `/fhir/R4/Condition/${condition}`)).json;
      assert.equal(record.verificationStatus.coding[0].code, 'entered-in-error');

      const events = (await chart.events(patient)).slice(begun);
      const told = ['ORIGINATE', 'UPDATE', 'COMMIT', 'ENTER_IN_ERROR'].flatMap((operation) => [
        `POST_COMMAND_${operation}`,
        `DIAGNOSE_COMMAND__POST_${operation}`,
      ]);
      const ours = events.filter((event) => event.type.includes('COMMAND'));
      assert.deepEqual(
        ours.map((event) => event.type),
        told,
      );
      assert.ok(events.some((event) => event.type === 'CONDITION_CREATED'));
      for (const event of ours) {
        assert.deepEqual(event.target, { type: 'Command', id, version: event.context.command.version });
        assert.deepEqual({ note: event.note, patient: event.patient }, { note, patient });
        assert.equal(event.context.command.key, 'diagnose');
        assert.equal(event.context.note, note);
        assert.equal(event.context.patient, patient);
      }
      assert.deepEqual(
        ours.map((event) => event.context.command.state),
        ['staged', 'staged', 'staged', 'staged', 'committed', 'committed', 'entered-in-error', 'entered-in-error'],
      );
      assert.deepEqual(ours[2].context.previous, { diagnose: HYPERTENSION });
      assert.deepEqual(ours[2].context.changed, ['background']);
      assert.deepEqual(ours[4].context.fields, edited.json.fields);
    });

    test('a commit and its records are one unit of work, at once with the origination where asked', async () => {
      const patient = await chart.patient();
      const note = await chart.note(patient);
      const { json } = await chart.originate(note, {
        command: 'diagnose',
        fields: { diagnose: HYPERTENSION },
        commit: true,
      });
      assert.deepEqual({ state: json.state, version: json.version }, { state: 'committed', version: 1 });
      const events = (await chart.events(patient)).slice(3);
      assert.equal(new Set(events.map(({ chartVersion }) => chartVersion)).size, 1);
      assert.deepEqual(
        events.map(({ type }) => type).filter((type) => type !== 'NOTE_UPDATED' && !type.includes('ENCOUNTER')),
        [
          'POST_COMMAND_ORIGINATE',
          'DIAGNOSE_COMMAND__POST_ORIGINATE',
          'POST_COMMAND_COMMIT',
          'DIAGNOSE_COMMAND__POST_COMMIT',
          'CONDITION_CREATED',
        ],
      );
    });

    test('deleted while it is staged, it is gone from its note', async () => {
      const note = await chart.note();
      const id = await staged(note, 'plan');
      assert.equal((await app.ask('DELETE', `/api/commands/${id}`)).status, 204);
      assert.equal((await app.ask('GET', `/api/commands/${id}`)).json.code, 'command.not-found');
      const { body, commands } = (await app.ask('GET', `/api/notes/${note}`)).json;
      assert.deepEqual({ body, commands }, { body: [], commands: [] });
    });

    test('a patch takes fields away with null and leaves the others', async () => {
      const id = await staged(await chart.note(), 'diagnose', { diagnose: HYPERTENSION, background: 'x' });
      assert.deepEqual((await patch(id, { background: null })).json.fields, { diagnose: HYPERTENSION });
      const same = await patch(id, { background: null });
      assert.equal(same.json.version, 2, 'a change that changes nothing makes no version');
    });

    test('print is told and changes nothing; carry-forward copies into an open note of the same chart', async () => {
      const patient = await chart.patient();
      const [first, second] = [await chart.note(patient), await chart.note(patient)];
      const id = await staged(first, 'plan', { narrative: 'Walk daily.' });
      await call(id, 'commit');
      await app.ask('POST', `/api/notes/${first}/lock`);
      const printed = await call(id, 'actions/print');
      assert.equal(printed.json.state, 'committed');
      assert.deepEqual((await chart.types(patient)).slice(-2), [
        'POST_COMMAND_EXECUTE_ACTION',
        'PLAN_COMMAND__POST_EXECUTE_ACTION',
      ]);
      const { originated } = (await call(id, 'actions/carry-forward', { note: second })).json;
      assert.deepEqual(
        { note: originated.note, state: originated.state, fields: originated.fields },
        { note: second, state: 'staged', fields: { narrative: 'Walk daily.' } },
      );
      const foreign = await call(id, 'actions/carry-forward', { note: await chart.note() });
      assert.equal(foreign.status, 422);
      assert.equal(foreign.json.faults[0].path, '/note');
      const none = await call(id, 'actions/fax');
      assert.equal(none.status, 422);
      assert.match(none.json.detail, /has no action fax; it has print, carry-forward/);
    });
  });

  describe('an order', () => {
    const ORDER = { testsOrderCodes: ['58410-2'] };
    const told = (patient: string) =>
      chart
        .events(patient)
        .then((events) => events.flatMap(({ type, context }) => (type === EXECUTED ? [context.action as string] : [])));
    const EXECUTED = 'LAB_ORDER_COMMAND__POST_EXECUTE_ACTION';
    const ordered = async () => {
      const patient = await chart.patient();
      const note = await chart.note(patient);
      const practitioner = { resourceType: 'Practitioner', name: [{ family: 'Orders' }] };
      const { id: orderingProvider } = (await app.ask('POST', '/fhir/R4/Practitioner', { body: practitioner })).json;
      return { patient, note, id: await staged(note, 'labOrder', { ...ORDER, orderingProvider }) };
    };

    test('that is signed is sent later, once, from a locked note too; it makes nothing new', async () => {
      const { patient, note, id } = await ordered();
      const signed = await call(id, 'actions/sign');
      assert.deepEqual([signed.status, signed.json.state], [200, 'committed'], signed.text);
      await app.ask('POST', `/api/notes/${note}/lock`);
      const sent = await call(id, 'actions/send');
      assert.deepEqual([sent.status, sent.json.state], [200, 'committed'], sent.text);
      assert.deepEqual(sent.json.made, signed.json.made);
      assert.deepEqual(
        sent.json.actions.map(({ action }: { action: string }) => action),
        ['sign', 'send'],
      );
      assert.deepEqual(await told(patient), ['sign', 'send']);
      const again = await call(id, 'actions/send');
      assert.deepEqual([again.status, again.json.code], [409, 'command.state']);
      assert.match(again.json.detail, /has been sent/);
      assert.deepEqual(await told(patient), ['sign', 'send']);
    });

    test('that is sent is committed by it, and is neither signed nor sent again', async () => {
      const { patient, id } = await ordered();
      assert.equal((await call(id, 'actions/send')).json.state, 'committed');
      for (const action of ['sign', 'send']) assert.equal((await call(id, `actions/${action}`)).status, 409, action);
      assert.deepEqual(await told(patient), ['send']);
    });

    test('that was entered in error is not sent', async () => {
      const { id } = await ordered();
      await call(id, 'commit');
      await call(id, 'enter-in-error');
      assert.match((await call(id, 'actions/send')).json.detail, /entered-in-error/);
    });
  });

  describe('entered in error with a reason', () => {
    const REASON = 'Meant for another patient.';
    const handler = (name: string, type: string, answer: string) => `
      import * as sdk from 'chartwire/sdk';
      export class ${name} extends sdk.BaseProtocol.on(sdk.EventType.${type}) {
        compute() { const { command, reason } = this.event.context; return [${answer}]; }
      }`;

    test('it is kept and shown, also in the note, asked about before and told after', async () => {
      const patient = await chart.patient();
      const note = await chart.note(patient);
      const fields = { narrative: 'x' };
      const made = await chart.originate(note, { command: 'plan', fields, commit: true });
      const { id } = made.json;
      assert.equal(made.json.enteredInError, undefined);
      for (const reason of ['', ' ', 'x'.repeat(1_001), 1]) {
        const refused = await call(id, 'enter-in-error', { reason });
        assert.deepEqual([refused.status, refused.json.faults[0].path], [422, '/reason']);
      }
      const answer = `...(reason ? [sdk.confirm('Is it so? ' + reason)] : [])`;
      await chart.install('doubts', handler('Doubt', 'PLAN_COMMAND__PRE_ENTER_IN_ERROR', answer));
      const asked = await call(id, 'enter-in-error', { reason: REASON });
      assert.equal(asked.json.checks[0].message, `Is it so? ${REASON}`);
      const overrides = [{ check: 'doubts/Doubt', reason: 'It is.' }];
      const wrong = await call(id, 'enter-in-error', { reason: REASON, overrides });
      await chart.remove('doubts');
      assert.equal(wrong.status, 200, wrong.text);
      assert.deepEqual(Compile(CommandShape).Errors(wrong.json), []);
      const [shown] = (await app.ask('GET', `/api/notes/${note}`)).json.commands;
      const { by, at, reason } = shown.enteredInError;
      assert.deepEqual([by.id, reason], ['admin', REASON]);
      const events = await chart.events(patient);
      const told = events.filter(({ type }) => /POST_(COMMAND_)?ENTER_IN_ERROR$/.test(type));
      assert.deepEqual(
        told.map(({ context }) => context.reason),
        [REASON, REASON],
      );
      assert.equal(at, told[0].at);
      const others = events.filter((event) => !told.includes(event));
      assert.ok(others.every(({ context }) => !('reason' in context)));
    });

    test('without one it is told without one; a plugin gives its own', async () => {
      const answer = `sdk.hpi.enterInError({ command: command.id, reason: '${REASON}' })`;
      const source = handler('Withdraw', 'HISTORY_OF_PRESENT_ILLNESS_COMMAND__POST_COMMIT', answer);
      await chart.install('withdraws', source, { scopes: ['patient/Command.u'] });
      const patient = await chart.patient();
      const note = await chart.note(patient);
      const fields = { narrative: 'x' };
      const plan = (await chart.originate(note, { command: 'plan', fields, commit: true })).json.id;
      const { json } = await call(plan, 'enter-in-error');
      assert.deepEqual(Object.keys(json.enteredInError), ['by', 'at']);
      const hpi = (await chart.originate(note, { command: 'hpi', fields, commit: true })).json.id;
      await until(async () => (await get(hpi)).state === 'entered-in-error');
      await chart.remove('withdraws');
      const { by, reason } = (await get(hpi)).enteredInError;
      assert.deepEqual([by.type, by.id, reason], ['plugin', 'withdraws', REASON]);
      const told = (await chart.events(patient)).filter(({ type }) => type === 'POST_COMMAND_ENTER_IN_ERROR');
      assert.deepEqual(
        told.map(({ context }) => context.reason),
        [undefined, REASON],
      );
    });
  });

  test('one whose record was entered in error before it can be entered in error too', async () => {
    const note = await chart.note();
    const committed = async (command: string, fields: object) =>
      (await chart.originate(note, { command, fields, commit: true })).json;
    const diagnosis = await committed('diagnose', { diagnose: 'I10' });
    const condition = diagnosis.made[0].id;
    const resolution = await committed('resolveCondition', { condition });
    for (const { id } of [diagnosis, resolution]) {
      const { status, text } = await call(id, 'enter-in-error');
      assert.equal(status, 200, text);
    }
    const { verificationStatus } = (await app.ask('GET', `/fhir/R4/Condition/${condition}`)).json;
    assert.equal(verificationStatus.coding[0].code, 'entered-in-error');
  });

  describe('is refused', () => {
    test('whatever its state does not allow, with the state in the sentence', async () => {
      const note = await chart.note();
      const id = await staged(note, 'plan', { narrative: 'x' });
      const early = await call(id, 'enter-in-error');
      assert.equal(early.status, 409);
      assert.match(early.json.detail, /the command is staged/);
      await call(id, 'commit');
      for (const answer of [
        await patch(id, { narrative: 'y' }),
        await app.ask('DELETE', `/api/commands/${id}`),
        await call(id, 'commit'),
      ]) {
        assert.equal(answer.status, 409, answer.text);
        assert.equal(answer.json.code, 'command.state');
        assert.match(answer.json.detail, /the command is committed/);
      }
      await call(id, 'enter-in-error');
      assert.match((await call(id, 'enter-in-error')).json.detail, /entered-in-error, which is final/);
    });

    test('a command, a field or an action that there is not', async () => {
      const note = await chart.note();
      const unknown = await chart.originate(note, { command: 'bloodletting' });
      assert.deepEqual([unknown.status, unknown.json.code], [422, 'command.unknown']);
      const field = await chart.originate(note, { command: 'plan', fields: { naration: 'x' } });
      assert.equal(field.status, 422);
      assert.deepEqual(field.json.faults, [{ path: '/fields/naration', message: 'Plan has no field naration.' }]);
      assert.equal((await chart.originate(note, {})).json.faults[0].path, '/command');
      assert.equal((await chart.originate(note, { command: 'plan', commands: [{ command: 'plan' }] })).status, 422);
      assert.equal((await chart.originate('nothing', { command: 'plan' })).status, 404);
      assert.equal((await app.ask('GET', `/api/notes/${note}`)).json.version, 1, 'nothing was written');
    });

    test('a text that is too long, naming its field', async () => {
      const note = await chart.note();
      const long = await chart.originate(note, {
        command: 'diagnose',
        fields: { diagnose: HYPERTENSION, background: 'x'.repeat(2049) },
      });
      assert.equal(long.status, 422);
      assert.equal(long.json.faults[0].path, '/fields/background');
      assert.match(long.json.faults[0].message, /2048/);
    });

    test('a commit without what is needed, naming each field', async () => {
      const id = await staged(await chart.note(), 'prescribe');
      const { status, json } = await call(id, 'commit');
      assert.equal(status, 422);
      const paths = json.faults.map(({ path }: { path: string }) => path);
      for (const field of ['sig', 'refills', 'substitutions']) assert.ok(paths.includes(`/fields/${field}`), field);
      assert.equal((await get(id)).state, 'staged');
      const order = await call(await staged(await chart.note(), 'labOrder'), 'commit');
      const [tests] = order.json.faults;
      assert.deepEqual(tests, { path: '/fields/testsOrderCodes', message: '“Tests” is needed.' });
      assert.equal(order.json.detail, 'The Lab Order command isn’t valid: “Tests” is needed.');
    });

    test('another patient’s condition, from the beginning and naming the field', async () => {
      const other = await chart.originate(await chart.note(), {
        command: 'diagnose',
        fields: { diagnose: HYPERTENSION },
        commit: true,
      });
      const condition = other.json.made[0].id;
      const refused = await chart.originate(await chart.note(), { command: 'assess', fields: { condition } });
      assert.equal(refused.status, 422);
      assert.deepEqual(refused.json.faults, [
        { path: '/fields/condition', message: 'What was chosen is of another patient.' },
      ]);
      const own = await chart.originate(other.json.note, { command: 'assess', fields: { condition }, commit: true });
      assert.equal(own.json.state, 'committed', own.text);
      assert.equal(own.json.fields.condition.text, HYPERTENSION.text);
    });
  });

  describe('two who change one', () => {
    test('with the version they saw: the second is told 409 with both', async () => {
      const id = await staged(await chart.note(), 'plan', { narrative: 'First.' });
      const answers = await Promise.all([patch(id, { narrative: 'A' }, 1), patch(id, { narrative: 'B' }, 1)]);
      const [won, lost] = answers.toSorted((a, b) => a.status - b.status);
      assert.deepEqual([won!.status, lost!.status], [200, 409]);
      assert.equal(lost!.json.code, 'record.conflict');
      assert.deepEqual(lost!.json.current, won!.json);
      assert.notDeepEqual(lost!.json.proposed.fields, won!.json.fields);
      assert.equal((await get(id)).version, 2);
    });

    test('without a version: no patch is lost', async () => {
      const id = await staged(await chart.note(), 'diagnose');
      await Promise.all([
        patch(id, { background: 'B' }),
        patch(id, { todayAssessment: 'T' }),
        patch(id, { approximateDateOfOnset: '2020-01-01' }),
      ]);
      const { fields, version } = await get(id);
      assert.deepEqual(fields, { approximateDateOfOnset: '2020-01-01', background: 'B', todayAssessment: 'T' });
      assert.equal(version, 4);
    });

    test('who commits what was changed meanwhile is told', async () => {
      const id = await staged(await chart.note(), 'plan', { narrative: 'First.' });
      await patch(id, { narrative: 'Second.' });
      const late = await call(id, 'commit', { version: 1 });
      assert.equal(late.status, 409);
      assert.equal(late.json.current.fields.narrative, 'Second.');
      assert.equal((await call(id, 'commit', { version: 2 })).status, 200);
    });
  });

  describe('several in one request', () => {
    test('are originated and committed in their order', async () => {
      const note = await chart.note();
      const { status, json, text } = await chart.originate(note, {
        commands: [
          { command: 'hpi', fields: { narrative: 'Headache.' }, commit: true },
          { command: 'diagnose', fields: { diagnose: HYPERTENSION }, commit: true },
          { command: 'plan', fields: { narrative: 'Rest.' } },
        ],
      });
      assert.equal(status, 201, text);
      const view = json.items.map(({ command, state }: Record<string, string>) => `${command} ${state}`);
      assert.deepEqual(view, ['hpi committed', 'diagnose committed', 'plan staged']);
      const { commands } = (await app.ask('GET', `/api/notes/${note}`)).json;
      assert.deepEqual(
        commands.map(({ id }: { id: string }) => id),
        json.items.map(({ id }: { id: string }) => id),
      );
    });

    test('are none when one is refused, and the refusal names its place', async () => {
      const patient = await chart.patient();
      const note = await chart.note(patient);
      const before = await chart.types(patient);
      const { status, json } = await chart.originate(note, {
        commands: [
          { command: 'plan', fields: { narrative: 'Rest.' }, commit: true },
          { command: 'plan', fields: {}, commit: true },
        ],
      });
      assert.equal(status, 422);
      assert.deepEqual(json.faults, [{ path: '/commands/1/fields/narrative', message: '“Narrative” is needed.' }]);
      assert.deepEqual((await app.ask('GET', `/api/notes/${note}`)).json.commands, []);
      assert.deepEqual(await chart.types(patient), before);
    });
  });

  describe('under an Idempotency-Key', () => {
    const plan = { command: 'plan', fields: { narrative: 'Rest.' }, commit: true };
    const keyed = (key: string) => ({ headers: { 'idempotency-key': key } });

    test('the same request gives the first answer again, and is carried out once', async () => {
      const note = await chart.note();
      const first = await chart.originate(note, plan, keyed('once'));
      const again = await chart.originate(note, plan, keyed('once'));
      assert.deepEqual([again.status, again.json], [201, first.json]);
      assert.equal((await app.ask('GET', `/api/notes/${note}`)).json.commands.length, 1);
    });

    test('so it is with many at once', async () => {
      const note = await chart.note();
      const answers = await Promise.all(Array.from({ length: 8 }, () => chart.originate(note, plan, keyed('at once'))));
      assert.deepEqual(new Set(answers.map(({ text }) => text)).size, 1, answers[0]!.text);
      assert.equal((await app.ask('GET', `/api/notes/${note}`)).json.commands.length, 1);
    });

    test('a commit, a note and a billed line can be repeated too', async () => {
      const patient = await chart.patient();
      const notes = [0, 1].map(() => app.ask('POST', '/api/notes', { body: { patient }, ...keyed('a note') }));
      const [note, same] = (await Promise.all(notes)).map(({ json }) => json.id);
      assert.equal(note, same);
      const id = await staged(note, 'plan', { narrative: 'x' });
      const commits = [
        await call(id, 'commit', {}, keyed('c').headers),
        await call(id, 'commit', {}, keyed('c').headers),
      ];
      assert.deepEqual(commits[0]!.json, commits[1]!.json);
      assert.equal(commits[1]!.status, 200);
      const lines = [0, 1].map(() =>
        app.ask('POST', `/api/notes/${note}/billing-line-items`, { body: { code: 'G0444' }, ...keyed('line') }),
      );
      assert.equal(new Set((await Promise.all(lines)).map(({ json }) => json.id)).size, 1);
      const types = await chart.types(patient);
      assert.equal(types.filter((type) => type === 'BILLING_LINE_ITEM_CREATED').length, 1);
    });

    test('another request is refused, another caller is not concerned', async () => {
      const note = await chart.note();
      await chart.originate(note, plan, keyed('mine'));
      const other = await chart.originate(note, { ...plan, commit: false }, keyed('mine'));
      assert.deepEqual([other.status, other.json.code], [422, 'request.repeated']);
      const token = await app.tokenFor(['system/Command.cruds']);
      assert.equal((await chart.originate(note, plan, { token, ...keyed('mine') })).status, 201);
      assert.equal((await chart.originate(note, plan, keyed('x'.repeat(256)))).json.code, 'request.header');
    });

    test('a refusal gives the key back', async () => {
      const note = await chart.note();
      assert.equal((await chart.originate(note, { command: 'plan', commit: true }, keyed('again'))).status, 422);
      assert.equal((await chart.originate(note, plan, keyed('again'))).status, 201);
    });

    test('what was made before its answer could be kept is found by the repeat', async () => {
      const note = await chart.note();
      const two = { commands: [plan, plan] };
      const first = await chart.originate(note, two, keyed('lost'));
      const id = await staged(note, 'plan', { narrative: 'y' });
      const commit = await call(id, 'commit', {}, keyed('lost commit').headers);
      const pool = new pg.Pool(app.database.connection);
      // As it is when the node dies between the commit and keeping the answer.
      await pool.query("UPDATE idempotency_key SET answer = NULL WHERE key LIKE 'lost%'");
      const ids = ({ json }: typeof first) => json.items.map((one: { id: string }) => one.id);
      assert.deepEqual(ids(await chart.originate(note, two, keyed('lost'))), ids(first));
      assert.deepEqual((await call(id, 'commit', {}, keyed('lost commit').headers)).json, commit.json);
      assert.equal((await app.ask('GET', `/api/notes/${note}`)).json.commands.length, 3);
      // After a day it is a new request, with new ids.
      await pool.query("UPDATE idempotency_key SET created_at = created_at - interval '25 hours'");
      assert.notDeepEqual(ids(await chart.originate(note, two, keyed('lost'))), ids(first));
      assert.equal((await pool.query("SELECT FROM idempotency_key WHERE key = 'lost commit'")).rowCount, 0);
      await pool.end();
    });
  });

  describe('a field with a search', () => {
    test('offers the chart’s own records, takes the picked one and tells of it', async () => {
      const patient = await chart.patient();
      const note = await chart.note(patient);
      const diagnosed = await chart.originate(note, {
        command: 'diagnose',
        fields: { diagnose: HYPERTENSION },
        commit: true,
      });
      const condition = diagnosed.json.made[0].id;
      const id = await staged(note, 'assess');
      const { json } = await app.ask('GET', `/api/commands/${id}/fields/condition/options?query=hyper`);
      assert.deepEqual(
        json.items.map(({ value, text }: Record<string, string>) => ({ value, text })),
        [{ value: condition, text: HYPERTENSION.text }],
      );
      const picked = await call(id, 'fields/condition/select', { value: condition });
      assert.equal(picked.status, 200, picked.text);
      assert.equal(picked.json.fields.condition.value, condition);
      const event = (await chart.events(patient)).find(({ type }) => type === 'ASSESS_COMMAND__CONDITION_SELECTED');
      assert.equal(event.context.option.value, condition);
      assert.equal(event.context.note, note);
      const blind = await app.tokenFor(['system/Command.cruds']);
      const unseen = await app.ask('GET', `/api/commands/${id}/fields/condition/options`, { token: blind });
      assert.equal(unseen.status, 403, 'options are records');
      assert.match(unseen.json.next, /system\/Condition\.s/);
      const named = await app.ask('PATCH', `/api/commands/${id}`, {
        token: blind,
        body: { fields: { condition: { value: condition } } },
      });
      assert.equal(named.status, 403, 'a bare id is answered with the record’s name');
      assert.ok(!named.text.includes(HYPERTENSION.text));
      const none = await app.ask('GET', `/api/commands/${id}/fields/narrative/options`);
      assert.equal(none.status, 422);
      assert.match(none.json.detail, /narrative has no options. Fields with options: condition/);
    });

    test('has what its command is about first, and leaves nothing else out', async () => {
      const note = await chart.note();
      const found = async (command: string, field: string, query: string) => {
        const { json } = await app.ask(
          'GET',
          `/api/commands/${await staged(note, command)}/fields/${field}/options?query=${query}`,
        );
        return json.items.map(({ value }: { value: string }) => value);
      };
      const [CHEST, CBC] = ['36643-5', '58410-2'];
      const imaging = (query: string) => found('imagingOrder', 'imaging', query);
      const laboratory = (query: string) => found('labOrder', 'testsOrderCodes', query);
      assert.deepEqual([(await imaging(''))[0], (await laboratory(''))[0]], [CHEST, CBC]);
      const [tests, ultrasound] = [['3016-3', '24348-5'], '25010-0'];
      assert.deepEqual(await laboratory('thyroid'), [...tests, ultrasound]);
      assert.deepEqual(await imaging('thyroid'), [ultrasound, ...tests]);
      assert.equal((await imaging('cbc'))[0], CBC, 'there is no such study');
      assert.deepEqual(await imaging('thyriod'), [ultrasound, ...tests], 'a misspelt one');
    });

    test('tells which handlers did not answer, and keeps what the others said', async () => {
      const answers = {
        apt: 'const [first] = this.event.context.results; return [sdk.annotate(first.value, "often here")];',
        bog: 'for (;;) {}',
      };
      for (const [name, body] of Object.entries(answers)) {
        await chart.install(
          name,
          `import * as sdk from 'chartwire/sdk';
          export class Knows extends sdk.BaseProtocol {
            static RESPONDS_TO = [sdk.EventType.DIAGNOSE__DIAGNOSE__POST_SEARCH];
            async compute() { ${body} }
          }`,
        );
      }
      const id = await staged(await chart.note(), 'diagnose');
      const options = async () =>
        (await app.ask('GET', `/api/commands/${id}/fields/diagnose/options?query=hypertension`)).json;
      const late = await options();
      assert.deepEqual(late.items[0].annotations, ['often here']);
      assert.deepEqual(late.unanswered, ['bog/Knows']);
      await chart.remove('bog');
      assert.deepEqual((await options()).unanswered, []);
      await chart.remove('apt');
    });
  });
});
