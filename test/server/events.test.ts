import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type RunningApp, runApp } from './running-app.ts';

describe('the log over HTTP', () => {
  let app: RunningApp;
  before(async () => {
    app = await runApp();
  });
  after(() => app.close());

  async function create(type: string, resource: object = {}): Promise<string> {
    const made = await app.ask('POST', `/fhir/R4/${type}`, { body: { resourceType: type, ...resource } });
    assert.equal(made.status, 201, made.text);
    return made.json.id;
  }
  const newPatient = () => create('Patient', { name: [{ family: 'Franklin' }] });

  /** Messages of a stream until `enough` says so; hangs up then. */
  async function messages(path: string, headers: Record<string, string>, enough: (ids: string[]) => boolean) {
    const hangUp = new AbortController();
    const response = await fetch(app.url + path, {
      headers: { authorization: `Bearer ${await app.tokenFor(['system/*.rs'])}`, ...headers },
      signal: hangUp.signal,
    });
    assert.equal(response.status, 200);
    assert.match(response.headers.get('content-type')!, /^text\/event-stream/);
    const found: { id: string; type: string; patient: string | null; event: string }[] = [];
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const parts = text.split('\n\n');
      text = parts.pop()!;
      for (const part of parts) {
        const [, id, data] = /^id: (.*)\ndata: (.*)$/.exec(part) ?? [];
        if (!data) continue;
        const { id: event, type, patient } = JSON.parse(data);
        found.push({ id: id!, type, patient, event });
      }
      if (enough(found.map(({ event }) => event))) break;
    }
    hangUp.abort();
    return found;
  }

  async function eventsOf(patient: string) {
    const { json } = await app.ask('GET', `/api/events?patient=${patient}&limit=500`);
    return json.items as { id: string; type: string; cursor: string }[];
  }

  test('the log is listed in order, filtered, and paged by its cursors', async () => {
    const patient = await newPatient();
    const task = await create('Task', {
      status: 'requested',
      intent: 'order',
      for: { reference: `Patient/${patient}` },
    });
    const all = await eventsOf(patient);
    assert.deepEqual(
      all.map(({ type }) => type),
      ['PATIENT_CREATED', 'TASK_CREATED'],
    );
    const first = (await app.ask('GET', `/api/events?patient=${patient}&limit=1`)).json;
    assert.equal(first.items[0].id, all[0]!.id);
    const second = (await app.ask('GET', `/api/events?patient=${patient}&limit=1&after=${first.next}`)).json;
    assert.equal(second.items[0].id, all[1]!.id);
    for (const filter of [`target=Task/${task}`, `patient=${patient}&type=TASK_CREATED,TASK_UPDATED`]) {
      const { items } = (await app.ask('GET', `/api/events?${filter}`)).json;
      assert.deepEqual(
        items.map(({ id }: { id: string }) => id),
        [all[1]!.id],
        filter,
      );
    }
    for (const order of ['asc', 'desc']) {
      const through = async (source: string) =>
        (await app.ask('GET', `/api/events?patient=${patient}&order=${order}&source=${source}`)).json.items.length;
      assert.deepEqual([await through('fhir'), await through('effect')], [2, 0], order);
    }
    const newest = (await app.ask('GET', '/api/events?order=desc&limit=1')).json.items[0];
    assert.equal(newest.id, all[1]!.id);
  });

  test('an event calls its patient by the name that they have by now', async () => {
    const patient = await newPatient();
    const event = async () => (await app.ask('GET', `/api/events?patient=${patient}&limit=1`)).json.items[0];
    assert.equal((await event()).patientName, 'Franklin');
    const renamed = { resourceType: 'Patient', id: patient, name: [{ given: ['Rosalind'], family: 'Franklin' }] };
    assert.equal((await app.ask('PUT', `/fhir/R4/Patient/${patient}`, { body: renamed })).status, 200);
    const { id, patientName } = await event();
    assert.equal(patientName, 'Rosalind Franklin');
    assert.equal((await app.ask('GET', `/api/events/${id}`)).json.patientName, 'Rosalind Franklin');
  });

  test('an event tells its story', async () => {
    const [event] = await eventsOf(await newPatient());
    const { status, json } = await app.ask('GET', `/api/events/${event!.id}`);
    assert.equal(status, 200);
    assert.equal(json.type, 'PATIENT_CREATED');
    assert.equal(json.context.record.name[0].family, 'Franklin');
    assert.deepEqual([json.deliveries, json.executions, json.effects, json.caused], [[], [], [], []]);
  });

  test('an event emitted by hand is logged as what it is, by whom', async () => {
    const patient = await newPatient();
    const emitted = await app.ask('POST', '/api/events', { body: { type: 'PATIENT_UPDATED', patient } });
    assert.equal(emitted.status, 201, emitted.text);
    assert.deepEqual(emitted.json.target.type, 'Patient');
    assert.equal(emitted.json.source, 'api');
    assert.equal(emitted.json.actor.id, 'admin');
    assert.equal(emitted.json.context.record.id, patient, 'it carries the record as it is');
    assert.equal((await eventsOf(patient)).at(-1)!.id, emitted.json.id);
  });

  test('an event by hand is as whole as a real one, or refused', async () => {
    const emit = (body: object) => app.ask('POST', '/api/events', { body });
    const { json: cron } = await emit({ type: 'CRON' });
    assert.deepEqual([cron.target, cron.context], [{ type: 'Clock', id: cron.context.minute }, cron.context]);
    assert.match(cron.context.minute, /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:00\.000Z$/);
    const told = await emit({ type: 'CRON', context: { minute: '2026-03-01T03:00:00.000Z' } });
    assert.equal(told.json.target.id, '2026-03-01T03:00:00.000Z');
    for (const [body, says] of [
      [{ type: 'PATIENT_CREATED' }, /PATIENT_CREATED is about a record/],
      [{ type: 'TASK_CREATED', target: 'Task/none' }, /name an existing record/],
      [{ type: 'PRE_COMMAND_COMMIT' }, /PRE_COMMAND_COMMIT is a question/],
      [{ type: 'DIAGNOSE__DIAGNOSE__POST_SEARCH' }, /is a question/],
    ] as const) {
      const refused = await emit(body);
      assert.equal(refused.status, 422, refused.text);
      assert.match(refused.json.detail, says);
    }
    const given = await emit({ type: 'TASK_CREATED', target: 'Task/none', context: { record: { id: 'none' } } });
    assert.equal(given.status, 201, 'its context may be given');
  });

  test('the stream gives events as they happen, and after Last-Event-ID what was missed', async () => {
    const one = await newPatient();
    const [before] = await eventsOf(one);
    const two = await newPatient();
    const live = messages('/api/events/stream', { 'last-event-id': before!.cursor }, (ids) => ids.length >= 2);
    // The second is missed, the third comes while the stream is open.
    const three = await newPatient();
    assert.deepEqual(
      (await live).map(({ patient }) => patient),
      [two, three],
    );
  });

  test('a stream keeps to what was asked for', async () => {
    const patient = await newPatient();
    const [start] = await eventsOf(patient);
    const found = messages(`/api/events/stream?type=TASK_CREATED&after=${start!.cursor}`, {}, (ids) => ids.length >= 1);
    await newPatient();
    await create('Task', { status: 'requested', intent: 'order', for: { reference: `Patient/${patient}` } });
    assert.deepEqual(
      (await found).map(({ type }) => type),
      ['TASK_CREATED'],
    );
  });

  test('a stream asked to resume from nowhere is refused', async () => {
    const refused = await app.ask('GET', '/api/events/stream', { headers: { 'last-event-id': 'zzz' } });
    assert.equal(refused.status, 422);
    const unknown = await app.ask('GET', '/api/events/stream?type=PATIENT_EATEN');
    assert.equal(unknown.json.code, 'event.unknown');
  });
});
