import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type RunningApp, runApp } from './running-app.ts';

type Fields = Record<string, unknown>;

describe('reports to review', () => {
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
  async function report(patient: string, title: string, more: Fields = {}): Promise<string> {
    const subject = { reference: `Patient/${patient}` };
    const values = await Promise.all(
      ['H', 'N'].map((code) =>
        create('Observation', {
          status: 'final',
          code: { text: 'Sodium' },
          subject,
          interpretation: [
            { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation', code }] },
          ],
        }),
      ),
    );
    const result = values.map((id) => ({ reference: `Observation/${id}` }));
    return create('DiagnosticReport', {
      status: 'final',
      code: { text: title },
      subject,
      effectiveDateTime: '2026-01-02',
      result,
      ...more,
    });
  }
  const document = (patient: string, title: string, more: Fields = {}) =>
    create('DocumentReference', {
      status: 'current',
      subject: { reference: `Patient/${patient}` },
      content: [{ attachment: { title } }],
      ...more,
    });
  async function listed(query: string, token?: string): Promise<Fields[]> {
    const got = await app.ask('GET', `/api/reports?${query}`, token === undefined ? {} : { token });
    assert.equal(got.status, 200, got.text);
    return got.json.items;
  }
  const titles = async (query: string, token?: string) => (await listed(query, token)).map(({ title }) => title);
  const review = (path: string, body: object = {}, token?: string) =>
    app.ask('POST', `/api/reports/${path}/review`, { body, ...(token !== undefined && { token }) });

  test('what arrived in a chart waits, the latest first; errors and what is still in the inbox do not', async () => {
    const patient = await newPatient('Germain');
    await report(patient, 'Panel');
    await document(patient, 'Letter');
    await report(patient, 'Wrong', { status: 'entered-in-error' });
    await document(patient, 'Filed', { status: 'superseded' });
    const inbox = { system: 'https://chartwire.org/fhir/CodeSystem/document-category', code: 'inbox' };
    await document(patient, 'Waiting', { category: [{ coding: [inbox] }] });
    const [letter, panel, ...others] = await listed(`patient=${patient}`);
    assert.deepEqual(others, []);
    assert.deepEqual([letter!.type, letter!.title, letter!.results], ['DocumentReference', 'Letter', 0]);
    const { id, changedAt, ...shown } = panel!;
    assert.ok(id && changedAt);
    assert.deepEqual(shown, {
      type: 'DiagnosticReport',
      version: 1,
      title: 'Panel',
      status: 'final',
      at: '2026-01-02',
      patient: { id: patient, name: 'Sophie Germain' },
      author: null,
      results: 2,
      abnormal: 1,
      review: null,
    });
  });

  test('a review says who, when and what; the patient is written to in the same unit of work', async () => {
    const patient = await newPatient('Reviewed');
    const id = await report(patient, 'Lipids');
    const body = { comment: 'Repeat in a year.', message: 'All is well.', version: 1 };
    const { status, json, text } = await review(`DiagnosticReport/${id}`, body);
    assert.equal(status, 200, text);
    assert.deepEqual([json.version, json.review.by, json.review.comment], [2, 'administrator', 'Repeat in a year.']);
    assert.ok(json.review.at && json.message);
    assert.deepEqual(
      [await titles(`patient=${patient}`), await titles(`patient=${patient}&state=reviewed`)],
      [[], ['Lipids']],
    );
    const [message] = (await app.ask('GET', `/api/messages/${patient}`)).json.items;
    assert.deepEqual([message.id, message.topic, message.text], [json.message, 'Lipids', 'All is well.']);
    const { items } = (await app.ask('GET', `/api/events?patient=${patient}&order=desc&limit=2`)).json;
    assert.deepEqual(items.map(({ type }: Fields) => type).toSorted(), [
      'DIAGNOSTIC_REPORT_UPDATED',
      'MESSAGE_CREATED',
    ]);
    assert.equal(items[0].chartVersion, items[1].chartVersion);
    const letter = await document(patient, 'Letter');
    assert.equal((await review(`DocumentReference/${letter}`)).json.message, null);
    assert.deepEqual(await titles(`patient=${patient}&state=all`), ['Letter', 'Lipids']);
  });

  test('a review again takes the place of the one before; a stale one and one of nothing are refused', async () => {
    const patient = await newPatient('Again');
    const id = await report(patient, 'Iron');
    await review(`DiagnosticReport/${id}`, { comment: 'First.' });
    assert.equal((await review(`DiagnosticReport/${id}`, { comment: 'Second.' })).json.review.comment, 'Second.');
    const { extension, meta } = (await app.ask('GET', `/fhir/R4/DiagnosticReport/${id}`)).json;
    assert.deepEqual([extension.length, meta.tag.length], [1, 1]);
    const stale = await review(`DiagnosticReport/${id}`, { version: 1, message: 'Never sent.' });
    assert.deepEqual([stale.status, stale.json.code], [409, 'record.conflict']);
    assert.deepEqual((await app.ask('GET', `/api/messages/${patient}`)).json.items, []);
    assert.equal((await review('DiagnosticReport/nothing')).status, 404);
    assert.equal((await review(`Observation/${id}`)).status, 404);
    assert.equal((await review(`DiagnosticReport/${id}`, { comment: '' })).status, 422);
  });

  test('the list is paged, each report once', async () => {
    const patient = await newPatient('Paged');
    const made = [await report(patient, '1'), await document(patient, '2'), await report(patient, '3')];
    const seen: unknown[] = [];
    for (let after = ''; ; ) {
      const { items, next } = (await app.ask('GET', `/api/reports?patient=${patient}&limit=1${after}`)).json;
      seen.push(...items.map(({ id }: Fields) => id));
      if (next === null) break;
      after = `&after=${next}`;
    }
    assert.deepEqual(seen, made.toReversed());
    assert.equal((await app.ask('GET', '/api/reports?after=made-up')).status, 422);
  });

  test('a caller sees and reviews what its scopes and its chart allow', async () => {
    const [patient, other] = [await newPatient('Bound'), await newPatient('Other')];
    const id = await report(patient, 'Mine');
    await document(patient, 'Letter');
    const foreign = await report(other, 'Foreign');
    const token = await app.tokenFor(['patient/DiagnosticReport.rus', 'patient/Patient.r'], patient);
    assert.deepEqual(await titles('', token), ['Mine']);
    assert.equal((await review(`DiagnosticReport/${foreign}`, {}, token)).status, 403);
    assert.equal((await review(`DiagnosticReport/${id}`, { message: 'x' }, token)).status, 403);
    const reviewed = await review(`DiagnosticReport/${id}`, {}, token);
    assert.equal(reviewed.status, 200);
    assert.equal(reviewed.json.abnormal, null, 'how its results are is not for who may not read them');
    const writer = await app.tokenFor(['system/DiagnosticReport.u', 'system/Patient.r']);
    assert.equal((await review(`DiagnosticReport/${id}`, {}, writer)).status, 403, 'the answer shows the report');
    const reader = await app.tokenFor(['system/*.rs']);
    assert.equal((await review(`DiagnosticReport/${id}`, {}, reader)).status, 403);
    await listed(`patient=${other}`, reader);
    const { items } = (await app.ask('GET', `/api/audit?patient=${other}&limit=1`)).json;
    assert.equal(items[0].action, 'reports.list');
  });
});
