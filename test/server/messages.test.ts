import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type RunningApp, runApp } from './running-app.ts';

type Fields = Record<string, unknown>;

describe('messages', () => {
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
  const written = (patient: string, text: string, sent: string) =>
    create('Communication', {
      status: 'completed',
      subject: { reference: `Patient/${patient}` },
      sender: { reference: `Patient/${patient}` },
      sent,
      payload: [{ contentString: text }],
    });
  const send = (patient: string, text: string, more: object = {}) =>
    app.ask('POST', '/api/messages', { body: { patient, text }, ...more });
  async function threads(query = '', token?: string) {
    const got = await app.ask('GET', `/api/messages?limit=200${query}`, token === undefined ? {} : { token });
    assert.equal(got.status, 200, got.text);
    return got.json.items;
  }
  const threadOf = async (patient: string, query = '') =>
    (await threads(query)).find((thread: { patient: Fields }) => thread.patient.id === patient);

  test('a thread tells what waits to be read and answered, and a reading and an answer are seen in it', async () => {
    const patient = await newPatient('Germain');
    await written(patient, 'It hurts.', '2026-01-01T10:00:00Z');
    await written(patient, 'Still.', '2026-01-02T10:00:00Z');
    const { last, ...thread } = await threadOf(patient);
    assert.deepEqual(thread, {
      patient: { id: patient, name: 'Sophie Germain' },
      messages: 2,
      unread: 2,
      unanswered: true,
    });
    assert.deepEqual([last.text, last.fromPatient, last.author, last.read], ['Still.', true, 'Sophie Germain', null]);
    assert.ok(await threadOf(patient, '&only=unread'));
    const read = await app.ask('POST', `/api/messages/${patient}/read`);
    assert.deepEqual([read.status, read.json], [200, { read: 2 }]);
    assert.deepEqual((await app.ask('POST', `/api/messages/${patient}/read`)).json, { read: 0 });
    assert.equal(await threadOf(patient, '&only=unread'), undefined);
    assert.ok(await threadOf(patient, '&only=unanswered'));
    const answer = await send(patient, 'Come in today.');
    assert.deepEqual([answer.status, answer.json.fromPatient], [201, false]);
    const after = await threadOf(patient);
    assert.deepEqual(
      [after.messages, after.unread, after.unanswered, after.last.text],
      [3, 0, false, 'Come in today.'],
    );
    assert.equal(await threadOf(patient, '&only=unanswered'), undefined);
    const { items } = (await app.ask('GET', `/api/messages/${patient}`)).json;
    assert.deepEqual(
      items.map(({ text, read }: Fields) => [text, read !== null]),
      [
        ['Come in today.', false],
        ['Still.', true],
        ['It hurts.', true],
      ],
    );
    const events = (await app.ask('GET', `/api/events?patient=${patient}&limit=500`)).json.items;
    assert.deepEqual(events.map(({ type }: Fields) => type).slice(1), [
      'MESSAGE_CREATED',
      'MESSAGE_CREATED',
      'MESSAGE_UPDATED',
      'MESSAGE_UPDATED',
      'MESSAGE_CREATED',
    ]);
  });

  test('a message that is read after it was answered stays before the answer, in the thread, the chart and its timeline', async () => {
    const patient = await newPatient('Kovalevskaya');
    await written(patient, 'Is it high?', '2026-01-01T10:00:00Z');
    await send(patient, 'A little.');
    assert.deepEqual((await app.ask('POST', `/api/messages/${patient}/read`)).json, { read: 1 });
    const { items } = (await app.ask('GET', `/api/messages/${patient}`)).json;
    assert.deepEqual(
      items.map(({ text }: Fields) => text),
      ['A little.', 'Is it high?'],
    );
    const { records } = (await app.ask('GET', `/api/charts/${patient}?types=Communication`)).json;
    assert.deepEqual(
      records.Communication.map(({ payload }: { payload: Fields[] }) => payload[0]?.contentString),
      ['A little.', 'Is it high?'],
    );
    const timeline = (await app.ask('GET', `/api/charts/${patient}/timeline`)).json;
    assert.deepEqual(
      timeline.items.map(({ text }: Fields) => text),
      ['A little.', 'Is it high?'],
    );
  });

  test('threads and messages are paged, each once', async () => {
    const [early, late] = [await newPatient('Early'), await newPatient('Late')];
    for (const [patient, day] of [
      [early, '03'],
      [late, '05'],
      [early, '04'],
    ] as const) {
      await written(patient, `of ${day}`, `2030-01-${day}T10:00:00Z`);
    }
    async function pages(path: string): Promise<Fields[]> {
      const seen: Fields[] = [];
      for (let after = ''; ; ) {
        const { items, next } = (await app.ask('GET', `${path}?limit=1${after}`)).json;
        seen.push(...items);
        if (next === null) return seen;
        after = `&after=${next}`;
      }
    }
    const order = (await pages('/api/messages')).map(({ patient }) => (patient as Fields).id);
    assert.equal(new Set(order).size, order.length);
    assert.deepEqual(order.slice(0, 2), [late, early]);
    assert.deepEqual(
      (await pages(`/api/messages/${early}`)).map(({ text }) => text),
      ['of 04', 'of 03'],
    );
    assert.equal((await app.ask('GET', '/api/messages?after=made-up')).status, 422);
  });

  test('a message repeated under its Idempotency-Key is one message; one to nobody, or of nothing, is refused', async () => {
    const patient = await newPatient('Once');
    const headers = { 'idempotency-key': 'a-message' };
    const [first, second] = [await send(patient, 'Hello', { headers }), await send(patient, 'Hello', { headers })];
    assert.equal(second.json.id, first.json.id);
    assert.equal((await threadOf(patient)).messages, 1);
    assert.equal((await send('nobody', 'Hello')).status, 404);
    assert.equal((await send(patient, ' ')).status, 422);
  });

  test('a token bound to a patient has that thread alone, and reads no more than its scopes', async () => {
    const [patient, other] = [await newPatient('Bound'), await newPatient('Other')];
    for (const one of [patient, other]) await written(one, 'Hi.', '2026-01-01T10:00:00Z');
    const token = await app.tokenFor(['patient/Communication.cruds', 'patient/Patient.r'], patient);
    assert.deepEqual(
      (await threads('', token)).map((thread: { patient: Fields }) => thread.patient.id),
      [patient],
    );
    assert.equal((await app.ask('GET', `/api/messages/${other}`, { token })).status, 403);
    assert.equal((await app.ask('POST', `/api/messages/${other}/read`, { token })).status, 403);
    assert.equal((await send(other, 'x', { token })).status, 403);
    const reader = await app.tokenFor(['system/Communication.rs', 'system/Patient.r']);
    assert.equal((await send(patient, 'x', { token: reader })).status, 403);
    assert.equal((await app.ask('POST', `/api/messages/${patient}/read`, { token: reader })).status, 403);
    await threads('', reader);
    const { items } = (await app.ask('GET', `/api/audit?patient=${other}&limit=1`)).json;
    assert.equal(items[0].action, 'messages.threads');
  });
});
