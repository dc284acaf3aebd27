// Who saw this patient: whatever way a record was handed out, it's found by the patient.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ChainedRow } from '#store/audit/row.ts';
import { packageOf, until } from '../support/core.ts';
import { ADMIN, type RunningApp, runApp } from './running-app.ts';

describe('who saw this patient', () => {
  let app: RunningApp;
  before(async () => {
    app = await runApp();
  });
  after(() => app.close());

  async function create(resource: object): Promise<string> {
    const { resourceType } = resource as { resourceType: string };
    const made = await app.ask('POST', `/fhir/R4/${resourceType}`, { body: resource });
    assert.equal(made.status, 201, made.text);
    return made.json.id;
  }

  /** A patient with two observations. */
  async function charted(family: string): Promise<{ id: string; observations: string[] }> {
    const id = await create({ resourceType: 'Patient', name: [{ family }] });
    const observation = () =>
      create({
        resourceType: 'Observation',
        status: 'final',
        code: { text: 'x' },
        subject: { reference: `Patient/${id}` },
      });
    return { id, observations: [await observation(), await observation()] };
  }

  async function rowsOf(query: string): Promise<ChainedRow[]> {
    return (await app.ask('GET', `/api/audit?order=asc&limit=1000&${query}`)).json.items;
  }

  /** The rows of one request about a patient. */
  async function leftBy(method: string, path: string, patient: string, body?: object): Promise<ChainedRow[]> {
    const answer = await app.ask(method, path, { ...(body && { body }), headers: { 'x-purpose-of-use': 'TREAT' } });
    assert.ok(answer.status < 400, answer.text);
    const request = answer.headers.get('x-request-id');
    const rows = (await rowsOf(`patient=${patient}`)).filter((row) => row.request === request);
    for (const row of rows) {
      assert.equal(row.actor.id, 'admin');
      assert.deepEqual(row.why, { purpose: 'TREAT' });
    }
    return rows;
  }

  const told = ({ action, type, record, version, records }: ChainedRow) => ({ action, type, record, version, records });

  test('a read and a version: which record, which version', async () => {
    const { id } = await charted('Read');
    const single = { type: 'Patient', record: id, version: 1, records: null };
    assert.deepEqual((await leftBy('GET', `/fhir/R4/Patient/${id}`, id)).map(told), [{ action: 'read', ...single }]);
    assert.deepEqual((await leftBy('GET', `/fhir/R4/Patient/${id}/_history/1`, id)).map(told), [
      { action: 'vread', ...single },
    ]);
    const history = await leftBy('GET', `/fhir/R4/Patient/${id}/_history`, id);
    assert.deepEqual(
      history.map(({ action }) => action),
      ['history'],
    );
  });

  test('a search: a row for each patient among its hits, with the hits', async () => {
    const one = await charted('Search');
    const two = await charted('Search');
    const path = `/fhir/R4/Observation?patient=${one.id},${two.id}&_include=Observation:subject`;
    for (const { id, observations } of [one, two]) {
      const [row, ...more] = await leftBy('GET', path, id);
      assert.deepEqual(more, []);
      assert.equal(row!.action, 'search');
      assert.deepEqual(new Set(row!.records!.Observation), new Set(observations.map((found) => `${found}@1`)));
      assert.deepEqual(row!.records!.Patient, [`${id}@1`], 'what the search included');
    }
    const [nothing] = (await rowsOf('action=search')).slice(-1);
    assert.ok(nothing);
    const answer = await app.ask('GET', '/fhir/R4/Patient?family=Nobody');
    const row = (await rowsOf('action=search&type=Patient')).find(
      ({ request }) => request === answer.headers.get('x-request-id'),
    );
    assert.equal(row?.query, 'family=Nobody', 'also a search that found nobody');
  });

  test('everything, a bundle of reads, a chart', async () => {
    const { id, observations } = await charted('Chart');
    const [everything] = await leftBy('GET', `/fhir/R4/Patient/${id}/$everything`, id);
    assert.equal(everything!.records!.Observation!.length, 2);
    const batch = {
      resourceType: 'Bundle',
      type: 'batch',
      entry: observations.map((found) => ({ request: { method: 'GET', url: `Observation/${found}` } })),
    };
    const read = await leftBy('POST', '/fhir/R4', id, batch);
    assert.deepEqual(
      read.map(({ action, record }) => [action, record]),
      observations.map((found) => ['read', found]),
    );
    const [chart, ...more] = await leftBy('GET', `/api/charts/${id}?types=Patient,Task`, id);
    assert.deepEqual(more, []);
    assert.deepEqual(told(chart!), { action: 'charts.get', type: 'Patient', record: id, version: 1, records: null });
  });

  test('a write: one row, in the statement that writes, with the version it made', async () => {
    const id = await create({ resourceType: 'Patient' });
    const made = (await rowsOf(`patient=${id}`)).map(told);
    assert.deepEqual(made, [{ action: 'create', type: 'Patient', record: id, version: 1, records: null }]);
    const changed = await leftBy('PUT', `/fhir/R4/Patient/${id}`, id, { resourceType: 'Patient', id, active: true });
    assert.deepEqual(changed.map(told), [{ action: 'update', type: 'Patient', record: id, version: 2, records: null }]);
    const transaction = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: ['a', 'b'].map((text) => ({
        resource: {
          resourceType: 'Observation',
          status: 'final',
          code: { text },
          subject: { reference: `Patient/${id}` },
        },
        request: { method: 'POST', url: 'Observation' },
      })),
    };
    const [both, ...more] = await leftBy('POST', '/fhir/R4', id, transaction);
    assert.deepEqual(more, []);
    assert.equal(both!.action, 'create');
    assert.equal(both!.records!.Observation!.length, 2);
    const [note] = await leftBy('POST', '/api/notes', id, { patient: id });
    assert.equal(note!.action, 'notes.create');
    assert.equal(note!.status, 201);
    const refused = await app.ask('PUT', `/fhir/R4/Patient/${id}`, {
      body: { resourceType: 'Patient', id, gender: 'x' },
    });
    assert.equal(refused.status, 422);
    const [row] = (await rowsOf(`record=${id}&type=Patient`)).filter(
      (one) => one.request === refused.headers.get('x-request-id'),
    );
    assert.equal(row?.status, 422, 'what was refused is on record by itself');
  });

  test('three reads of a plugin and a search by the administrator', async () => {
    const seen = await charted('Seen');
    const file = await packageOf({
      name: 'reader',
      scopes: ['patient/Patient.r', 'patient/Observation.s', 'patient/Task.c'],
      source: `
        import { BaseProtocol, createTask } from 'chartwire/sdk';
        export class Look extends BaseProtocol {
          static RESPONDS_TO = 'BASIC_CREATED';
          async compute() {
            const patient = this.event.patient;
            await this.data.read('Patient', patient);
            await this.data.read('Patient', patient);
            await this.data.search('Observation', 'patient=' + patient);
            return [createTask({ title: 'Looked', patient })];
          }
        }`,
    });
    const installed = await fetch(`${app.url}/api/plugins/reader`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/gzip' },
      body: new Uint8Array(file),
    });
    assert.equal(installed.status, 200, await installed.text());
    const basic = await create({
      resourceType: 'Basic',
      code: { text: 'x' },
      subject: { reference: `Patient/${seen.id}` },
    });
    const plugins = async () => rowsOf(`patient=${seen.id}&actor=reader`);
    await until(async () => (await plugins()).some(({ action }) => action === 'plugin.effect'));
    const rows = await plugins();
    assert.deepEqual(rows.map(({ action }) => action).sort(), [
      'plugin.effect',
      'plugin.event',
      'plugin.read',
      'plugin.read',
      'plugin.search',
    ]);
    const [read] = rows;
    assert.deepEqual(told(read!), {
      action: 'plugin.read',
      type: 'Patient',
      record: seen.id,
      version: 1,
      records: null,
    });
    assert.deepEqual(read!.actor, { type: 'plugin', id: 'reader' });
    const { items: events } = (await app.ask('GET', `/api/events?target=Basic/${basic}`)).json;
    const story = (await app.ask('GET', `/api/events/${events[0].id}`)).json;
    for (const { why } of rows)
      assert.deepEqual(why, { event: events[0].id, execution: story.executions[0].id, handler: 'Look' });
    const search = rows.find(({ action }) => action === 'plugin.search')!;
    assert.deepEqual(new Set(search.records!.Observation), new Set(seen.observations.map((found) => `${found}@1`)));
    assert.equal(rows.find(({ action }) => action === 'plugin.event')!.record, basic);

    // Who reads of it afterwards is told of its record, too.
    for (const path of [
      `/api/events/${events[0].id}`,
      `/api/events/${events[0].id}/tree`,
      `/api/events?target=Basic/${basic}`,
      '/api/deliveries?state=done&plugin=reader',
      '/api/plugins/reader/executions',
    ]) {
      const [row] = await leftBy('GET', path, seen.id);
      const named = [row?.record, ...Object.keys(row?.records ?? {}), ...Object.values(row?.records ?? {}).flat()];
      assert.ok(
        named.some((one) => one === basic || one === `${basic}@1`),
        `${path}: ${JSON.stringify(row)}`,
      );
    }

    const [hit] = await leftBy('GET', '/fhir/R4/Patient?family=Seen', seen.id);
    assert.equal(hit!.action, 'search');
    assert.equal(hit!.record, seen.id);
  });

  test('a live stream: whom each message was about', async () => {
    const watcher = await app.tokenFor(['system/*.rs']);
    const stream = await fetch(`${app.url}/api/events/stream`, { headers: { authorization: `Bearer ${watcher}` } });
    const id = await create({ resourceType: 'Patient', name: [{ family: 'Streamed' }] });
    let text = '';
    for await (const part of stream.body!.pipeThrough(new TextDecoderStream())) {
      text += part;
      if (text.includes(id)) break;
    }
    const rows = await rowsOf(`patient=${id}&action=events.stream`);
    assert.equal(rows.length, 1);
    assert.equal(rows[0]!.record, id);
    assert.equal(rows[0]!.actor.type, 'client');
  });
});
