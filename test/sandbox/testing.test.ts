// The door for plugin authors' own tests: the real sandbox, records in memory.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Observation, Patient } from '@medplum/fhirtypes';
import { parseJson } from '#kit/json/parse.ts';
import { printJson } from '#kit/json/print.ts';
import { type OutgoingRequest, openPlugin } from '#plugin-host/testing.ts';
import { folderOf, manifestOf } from './sandbox.ts';

const patient: Patient = { resourceType: 'Patient', id: 'pat', birthDate: '1970-01-01' };
const other: Patient = { resourceType: 'Patient', id: 'other' };
const observation = (id: string, code: string, subject: string): Observation => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code }] },
  subject: { reference: `Patient/${subject}` },
});
const records = [
  patient,
  other,
  observation('a', '8480-6', 'pat'),
  observation('b', '8462-4', 'pat'),
  observation('c', '8480-6', 'other'),
];

const SOURCE = `
import { addBannerAlert, BaseProtocol, createRecord, EventType } from 'chartwire/sdk';

export class Search extends BaseProtocol.on(EventType.PATIENT_CREATED) {
  async compute() {
    const { record, changed } = this.event.context;
    this.log.info(this.event.target.type + ' ' + record.birthDate + ' ' + changed);
    const found = await this.data.search('Observation', { code: 'http://loinc.org|8480-6', _count: '5' });
    return found.map(({ id }) => addBannerAlert({ patient: record.id, key: id, narrative: id, intent: 'info' }));
  }
}
export class Newest extends BaseProtocol.on(EventType.OBSERVATION_UPDATED) {
  async compute() {
    const found = await this.data.search('Observation', { _sort: this.variables.PLACE, _count: '3' });
    this.log.info(found.map(({ id }) => id).join(' '));
  }
}
export class Asking extends BaseProtocol.on(EventType.PATIENT_UPDATED) {
  async compute() {
    const found = await this.data.search('Observation', this.variables.PLACE);
    this.log.info(found.map(({ id }) => id).join(' '));
  }
}
export class Foreign extends BaseProtocol.on(EventType.PATIENT_UPDATED) {
  async compute() {
    await this.data.read('Patient', 'other');
    return [];
  }
}
export class Searched extends BaseProtocol.on(EventType.ASSESS__CONDITION__POST_SEARCH) {
  compute() {
    const { event } = this;
    return [{ type: 'SEEN', payload: { target: event.target, note: event.note, context: event.context } }];
  }
}
export class Post extends BaseProtocol.on(EventType.PATIENT_DELETED, EventType.PATIENT_UPDATED) {
  async compute() {
    const { KEY, PLACE } = this.variables;
    const answer = await this.http.post('https://api.example.org/' + PLACE, { id: this.event.target.id }, { 'x-key': KEY });
    return [{ type: 'ANSWERED', payload: [answer.status, answer.json()] }];
  }
}
export class Relay extends BaseProtocol.on(EventType.OBSERVATION_DELETED) {
  async compute() {
    const { record } = this.event.context;
    const answer = await this.http.post('https://api.example.org/', record);
    const marked = await this.http.post('https://api.example.org/', { ...record, note: '[secret no one]' });
    return [createRecord({ ...record, id: 'new' }), createRecord(answer.json()), createRecord(marked.json())];
  }
}
`;

const folder = (more: object = {}) =>
  folderOf({
    'chartwire.json': manifestOf('tested', {
      scopes: ['patient/Patient.r', 'patient/Observation.rs'],
      network: ['api.example.org'],
      variables: [
        { name: 'KEY', sensitive: true, sendTo: [{ host: 'api.example.org', in: ['header:x-key'] }] },
        { name: 'PLACE', default: 'there' },
      ],
      ...more,
    }),
    'src/index.ts': SOURCE,
  });

describe('openPlugin', () => {
  test('runs the handlers that respond, on records in memory as the scopes allow', async () => {
    await using plugin = await openPlugin(await folder(), { records });
    assert.deepEqual(
      plugin.handlers.map(({ name }) => name),
      ['Asking', 'Foreign', 'Newest', 'Post', 'Relay', 'Search', 'Searched'],
    );
    assert.equal(plugin.manifest.name, 'tested');
    const { effects, logs, calls, error } = await plugin.deliver('PATIENT_CREATED', { record: patient });
    assert.equal(error, null);
    assert.deepEqual(
      logs.map(({ message }) => message),
      ['Patient 1970-01-01 Patient'],
    );
    // Of this chart only: the other's reading of the same code is out of reach.
    assert.deepEqual(
      effects.map(({ payload }) => (payload as { key: string }).key),
      ['a'],
    );
    assert.deepEqual(
      calls.map(({ outcome, given }) => [outcome, given]),
      [['ok', ['Observation/a']]],
    );
  });

  for (const [sort, ids] of [
    ['date', 'first second third'],
    ['-date', 'third second first'],
    ['-value-quantity,date', 'second first third'],
  ] as const) {
    test(`sorts by ${sort} as the server would`, async () => {
      await using plugin = await openPlugin(await folder(), { variables: { PLACE: sort } });
      const taken = (id: string, day: string, value: number): Observation => ({
        ...observation(id, '8480-6', 'pat'),
        effectiveDateTime: day,
        valueQuantity: { value },
      });
      plugin.put(
        taken('second', '2026-02-01', 130),
        taken('third', '2026-03-01', 120),
        taken('first', '2026-01-31', 120),
      );
      const record = observation('without', '8480-6', 'pat');
      const { logs, error } = await plugin.deliver('OBSERVATION_UPDATED', { record });
      assert.equal(error, null);
      assert.equal(logs[0]?.message, ids);
    });
  }

  for (const [query, ids] of [
    ['patient.birthdate=1970-01-01&code=8480-6', 'a'],
    ['subject:Patient.birthdate=lt1970', ''],
    ['_has:Observation:has-member:code=8480-6', 'panel'],
    ['_has:Observation:derived-from:code=8480-6', ''],
  ] as const) {
    test(`finds by what other records hold, as the server would: ${query}`, async () => {
      const scopes = ['system/Patient.rs', 'system/Observation.rs'];
      await using plugin = await openPlugin(await folder({ scopes }), { records, variables: { PLACE: query } });
      const member: Observation = {
        ...observation('member', '8480-6', 'pat'),
        hasMember: [{ reference: 'Observation/panel' }],
      };
      plugin.put(observation('panel', 'x', 'pat'), ...(query.startsWith('_has') ? [member] : []));
      const { logs, error } = await plugin.deliver('PATIENT_UPDATED', { record: patient, handler: 'Asking' });
      assert.equal(error, null);
      assert.equal(logs[0]?.message, ids);
    });
  }

  for (const [query, reason] of [
    ['codes=x', /search parameter codes .*not a search parameter of Observation/],
    ['code:in=x', /value set is not supported/],
    ['date=yesterday', /search parameter date/],
    ['_sort=birthdate', /search parameter _sort/],
    ['_count=many', /search parameter _count/],
  ] as const) {
    test(`refuses what the server refuses, with no record to search: ${query}`, async () => {
      await using plugin = await openPlugin(await folder(), { records: [patient], variables: { PLACE: query } });
      const { error } = await plugin.deliver('PATIENT_UPDATED', { record: patient, handler: 'Asking' });
      assert.match(String(error?.message), reason);
    });
  }

  test('refuses what the scopes do not reach', async () => {
    await using plugin = await openPlugin(await folder(), { records });
    const foreign = await plugin.deliver('PATIENT_UPDATED', { record: patient, handler: 'Foreign' });
    assert.match(String(foreign.error?.message), /may not read Patient records outside the event’s chart/);
    await using scopeless = await openPlugin(await folder({ scopes: [] }), { records });
    const { error } = await scopeless.deliver('PATIENT_CREATED', { record: patient });
    assert.match(String(error?.message), /may not search Observation records/);
  });

  test('fills in what a test leaves out of a search: an empty command, staged in a note', async () => {
    await using plugin = await openPlugin(await folder());
    const results = [{ value: 'c1', text: 'Asthma' }];
    const { effects, error } = await plugin.deliver('ASSESS__CONDITION__POST_SEARCH', {
      patient: 'pat',
      context: { query: 'ast', results },
    });
    assert.equal(error, null);
    const command = { id: 'command', key: 'assess', state: 'staged', version: 1 };
    const place = { command, note: 'note', patient: 'pat', fields: {} };
    const user = { type: 'user', id: 'test' };
    const context = { ...place, field: 'condition', user, query: 'ast', results };
    const target = { type: 'Command', id: 'command', version: 1 };
    assert.deepEqual(effects, [{ type: 'SEEN', payload: { target, note: 'note', context } }]);
  });

  test('lets the test answer HTTP requests, secrets and checks included', async () => {
    const asked: OutgoingRequest[] = [];
    const http = (request: OutgoingRequest) => {
      asked.push(request);
      return { status: 202, body: { key: request.headers['x-key'] } };
    };
    await using plugin = await openPlugin(await folder(), { records, http, variables: { KEY: 'hunter2' } });
    const { effects, error } = await plugin.deliver('PATIENT_DELETED', { target: { type: 'Patient', id: 'pat' } });
    assert.equal(error, null);
    assert.deepEqual(effects, [{ type: 'ANSWERED', payload: [202, { key: '[redacted KEY]' }] }]);
    const { url, headers, body } = asked[0]!;
    assert.deepEqual([url, headers['x-key'], body], ['https://api.example.org/there', 'hunter2', '{"id":"pat"}']);
  });

  test('keeps how decimals are written in what a plugin is given, sends, is answered and returns', async () => {
    const text =
      '{"resourceType":"Observation","id":"a","valueQuantity":{"value":-0.50},"component":[{"x":1.2E+2},{"x":1.00}]}';
    const sent: (string | undefined)[] = [];
    const http = ({ body }: OutgoingRequest) => {
      sent.push(body?.toString());
      return { status: 200, headers: { 'content-type': 'application/fhir+json' }, body: body?.toString() };
    };
    await using plugin = await openPlugin(await folder(), { http });
    const record = parseJson(text) as Observation;
    const { effects, error } = await plugin.deliver('OBSERVATION_DELETED', { record });
    assert.equal(error, null);
    const marked = text.replace(/}$/, ',"note":"[secret no one]"}');
    assert.deepEqual(sent, [text, marked]);
    const returned = effects.map(({ payload }) => printJson((payload as { resource: Observation }).resource));
    assert.deepEqual(returned, [text.replace('"a"', '"new"'), text, marked]);
  });

  test('says what a test has left out', async () => {
    await using plugin = await openPlugin(await folder(), { records });
    const { error } = await plugin.deliver('PATIENT_DELETED', { record: patient });
    assert.match(String(error?.message), /the test gives no `http`/);
    await assert.rejects(plugin.deliver('TASK_CREATED'), /No handler responds to TASK_CREATED/);
    assert.throws(() => plugin.put({ resourceType: 'Patient' }), /needs an id/);
    await assert.rejects(openPlugin(await folder(), { variables: { NO: 'x' } }), /declares no variable NO/);
  });

  test('refuses a plugin as its install would', async () => {
    const unknown = folderOf({
      'chartwire.json': manifestOf('unknown'),
      'src/index.ts': "export class A { static RESPONDS_TO = ['NO_SUCH_EVENT']; compute() {} }",
    });
    await assert.rejects(openPlugin(await unknown), { code: 'plugin.load', message: /NO_SUCH_EVENT/ });
  });
});
