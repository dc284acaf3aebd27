import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type RunningApp, runApp } from './running-app.ts';

type Fields = Record<string, unknown>;
const DAY_MS = 86_400_000;
/** One day for all of them, also while midnight passes. */
const BEGAN = Date.now();
const dayFromNow = (days: number) => new Date(BEGAN + days * DAY_MS).toISOString().slice(0, 10);

describe('tasks', () => {
  let app: RunningApp;
  before(async () => {
    app = await runApp();
  });
  after(() => app.close());

  async function create(resourceType: string, fields: Fields): Promise<string> {
    const made = await app.ask('POST', `/fhir/R4/${resourceType}`, { body: { resourceType, ...fields } });
    assert.equal(made.status, 201, made.text);
    return made.json.id;
  }
  const newPatient = (family: string) => create('Patient', { name: [{ given: ['Sophie'], family }] });
  const newTask = async (body: Fields) => {
    const made = await app.ask('POST', '/api/tasks', { body });
    assert.equal(made.status, 201, made.text);
    return made.json;
  };
  const titles = async (query: string, token?: string) => {
    const got = await app.ask('GET', `/api/tasks?${query}`, token === undefined ? {} : { token });
    assert.equal(got.status, 200, got.text);
    return got.json.items.map(({ title }: Fields) => title);
  };
  const patch = (id: string, body: Fields) => app.ask('PATCH', `/api/tasks/${id}`, { body });
  const heard = async (patient: string) =>
    (await app.ask('GET', `/api/events?patient=${patient}&limit=500`)).json.items
      .map(({ type }: Fields) => type)
      .slice(1);

  test('one is made, shown with names, changed, commented and done, and all of it is heard', async () => {
    const patient = await newPatient('Germain');
    const doctor = await create('Practitioner', { name: [{ given: ['Emmy'], family: 'Noether' }] });
    const made = await newTask({
      title: 'Call',
      patient,
      assignee: `Practitioner/${doctor}`,
      due: '2031-01-02',
      priority: 'urgent',
      labels: ['phone'],
      comment: 'After five.',
    });
    const { id, authoredOn, changedAt, thread, ...shown } = made;
    assert.deepEqual(shown, {
      version: 1,
      title: 'Call',
      status: 'requested',
      priority: 'urgent',
      patient: { id: patient, name: 'Sophie Germain' },
      assignee: { reference: `Practitioner/${doctor}`, name: 'Emmy Noether' },
      requester: null,
      due: '2031-01-02',
      labels: ['phone'],
      comments: 1,
      focus: null,
    });
    assert.ok(authoredOn && changedAt);
    assert.deepEqual([thread[0].text, thread[0].author], ['After five.', 'administrator']);
    const changed = await patch(id, {
      title: 'Call back',
      assignee: null,
      due: null,
      labels: ['phone', 'late'],
      version: 1,
    });
    assert.equal(changed.status, 200, changed.text);
    assert.deepEqual(
      [changed.json.title, changed.json.assignee, changed.json.due, changed.json.labels],
      ['Call back', null, null, ['phone', 'late']],
    );
    const commented = await app.ask('POST', `/api/tasks/${id}/comments`, { body: { text: 'No answer.' } });
    assert.deepEqual(
      [commented.status, commented.json.comments, commented.json.thread[1].text],
      [201, 2, 'No answer.'],
    );
    assert.equal((await patch(id, { status: 'completed' })).json.status, 'completed');
    assert.deepEqual(await heard(patient), [
      'TASK_CREATED',
      'TASK_COMMENT_CREATED',
      'TASK_LABELS_ADJUSTED',
      'TASK_UPDATED',
      'TASK_LABELS_ADJUSTED',
      'TASK_UPDATED',
      'TASK_COMMENT_CREATED',
      'TASK_UPDATED',
    ]);
  });

  test('lists are by the day, and narrowed by state, assignee, label, day, patient and words', async () => {
    const [one, two] = [await newPatient('Kowalska'), await newPatient('Lovelace')];
    const doctor = `Practitioner/${await create('Practitioner', { name: [{ family: 'Curie' }] })}`;
    await newTask({ title: 'Some time', patient: one, assignee: doctor });
    await newTask({ title: 'Soon', patient: one, assignee: doctor, due: dayFromNow(3) });
    await newTask({ title: 'Late', patient: two, due: dayFromNow(-3), labels: ['blood draw'] });
    const done = await newTask({ title: 'Done', patient: two, due: dayFromNow(-9) });
    await patch(done.id, { status: 'completed' });
    const both = `patient=${one}`;
    assert.deepEqual(await titles(both), ['Soon', 'Some time']);
    assert.deepEqual(await titles(`patient=${two}`), ['Late']);
    assert.deepEqual(await titles(`patient=${two}&state=done`), ['Done']);
    assert.deepEqual(await titles(`patient=${two}&state=all`), ['Done', 'Late']);
    assert.deepEqual(await titles(`assignee=${doctor}`), ['Soon', 'Some time']);
    assert.deepEqual(await titles(`patient=${two}&assignee=nobody`), ['Late']);
    assert.deepEqual(await titles('label=blood%20draw'), ['Late']);
    assert.deepEqual(await titles(`due=overdue`), ['Late']);
    assert.deepEqual(await titles(`${both}&due=${dayFromNow(3)}`), ['Soon']);
    assert.deepEqual(await titles(`${both}&due=${dayFromNow(2)}`), []);
    assert.deepEqual(await titles(`${both}&due=never`), ['Some time']);
    assert.deepEqual(await titles('query=lovel%20LATE'), ['Late']);
    assert.deepEqual(await titles('query=kowalska%20time'), ['Some time']);
  });

  test('a list is paged, each task once', async () => {
    const patient = await newPatient('Paged');
    for (const due of [1, 1, 2, undefined, undefined]) {
      await newTask({ title: `in ${due}`, patient, ...(due && { due: dayFromNow(due) }) });
    }
    const seen: unknown[] = [];
    for (let after = ''; ; ) {
      const { items, next } = (await app.ask('GET', `/api/tasks?patient=${patient}&limit=2${after}`)).json;
      seen.push(...items.map(({ title }: Fields) => title));
      if (next === null) break;
      after = `&after=${next}`;
    }
    assert.deepEqual(seen, ['in 1', 'in 1', 'in 2', 'in undefined', 'in undefined']);
    assert.equal((await app.ask('GET', '/api/tasks?after=made-up')).status, 422);
  });

  test('what is stale, unknown or of nobody is refused', async () => {
    const { id } = await newTask({ title: 'Once' });
    assert.equal((await patch(id, { title: 'Twice', version: 1 })).status, 200);
    const stale = await patch(id, { title: 'Thrice', version: 1 });
    assert.deepEqual([stale.status, stale.json.code], [409, 'record.conflict']);
    assert.equal((await patch(id, { status: 'finished' })).status, 422);
    assert.equal((await patch(id, { colour: 'red' })).status, 422);
    assert.equal((await patch('nobody', { title: 'x' })).status, 404);
    assert.equal((await app.ask('GET', '/api/tasks/nobody')).status, 404);
    assert.equal((await app.ask('POST', '/api/tasks', { body: { title: ' ' } })).status, 422);
    const nobody = await app.ask('POST', '/api/tasks', { body: { title: 'x', assignee: 'Practitioner/nobody' } });
    assert.deepEqual([nobody.status, nobody.json.faults[0].path], [422, '/assignee']);
    assert.equal((await app.ask('GET', '/api/tasks?assignee=me')).status, 422);
  });

  test('a task repeated under its Idempotency-Key is one task', async () => {
    const patient = await newPatient('Repeated');
    const ask = () =>
      app.ask('POST', '/api/tasks', { body: { title: 'x', patient }, headers: { 'idempotency-key': 'a-task' } });
    const [first, second] = [await ask(), await ask()];
    assert.deepEqual([first.status, second.json.id], [201, first.json.id]);
    assert.deepEqual(await heard(patient), ['TASK_CREATED']);
  });

  test('a token bound to a patient has that patient’s tasks alone', async () => {
    const [patient, other] = [await newPatient('Bound'), await newPatient('Other')];
    await newTask({ title: 'Mine', patient });
    const foreign = await newTask({ title: 'Foreign', patient: other });
    const token = await app.tokenFor(['patient/Task.crus'], patient);
    assert.deepEqual(await titles('', token), ['Mine']);
    const [mine] = (await app.ask('GET', '/api/tasks', { token })).json.items;
    assert.deepEqual(mine.patient, { id: patient, name: null }, 'who may not read patients is told no names');
    assert.deepEqual(await titles('query=bound', token), [], 'and finds nobody by them');
    assert.deepEqual(await titles(`query=bound&patient=${patient}`), ['Mine']);
    assert.equal((await app.ask('GET', `/api/tasks?patient=${other}`, { token })).status, 403);
    assert.equal((await app.ask('GET', `/api/tasks/${foreign.id}`, { token })).status, 403);
    assert.equal((await app.ask('PATCH', `/api/tasks/${foreign.id}`, { token, body: { title: 'x' } })).status, 403);
    assert.equal((await app.ask('POST', '/api/tasks', { token, body: { title: 'x' } })).status, 403);
    const reader = await app.tokenFor(['system/Task.rs']);
    assert.equal((await app.ask('POST', '/api/tasks', { token: reader, body: { title: 'x' } })).status, 403);
    const { items } = (await app.ask('GET', `/api/audit?patient=${other}&limit=1`)).json;
    assert.deepEqual([items[0].action, items[0].status], ['tasks.list', 403]);
  });

  test('a token for one patient’s chart cannot find out what is in another', async () => {
    const [mine, other] = [await newPatient('Cauchy'), await newPatient('Abel')];
    const token = await app.tokenFor(['patient/Task.cruds'], mine);
    const about = (focus: string) =>
      app.ask('POST', '/api/tasks', { token, body: { title: 'Look at it', patient: mine, focus } });
    const condition = (patient: string) => create('Condition', { subject: { reference: `Patient/${patient}` } });
    assert.equal((await about(`Condition/${await condition(mine)}`)).status, 201);
    const there = await about(`Condition/${await condition(other)}`);
    const nowhere = await about('Condition/none');
    assert.deepEqual([there.status, nowhere.status], [422, 422]);
    assert.equal(there.json.code, nowhere.json.code);
    assert.deepEqual(there.json.faults, nowhere.json.faults);
  });
});
