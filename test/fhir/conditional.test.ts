// Conditional create, update, patch and delete: one record, by what it says rather than by its id.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Patient } from '@medplum/fhirtypes';
import { codesOf, startFhirServer } from '../support/fhir-server.ts';

const server = await startFhirServer();

const SYSTEM = 'http://example.org/mrn';
let numbers = 0;

/** A patient with an identifier of its own, and the criteria that find it. */
function numbered(): { patient: Patient; criteria: string } {
  const value = `n${++numbers}`;
  const patient: Patient = { resourceType: 'Patient', identifier: [{ system: SYSTEM, value }] };
  return { patient, criteria: `identifier=${encodeURIComponent(`${SYSTEM}|${value}`)}` };
}

test('a conditional create happens once, and answers with what is there the second time', async () => {
  const { patient, criteria } = numbered();
  const headers = { 'if-none-exist': criteria };
  const first = await server.send('POST', 'Patient', { body: patient, headers });
  const second = await server.send('POST', 'Patient', { body: { ...patient, active: true }, headers });
  assert.deepEqual([first.status, second.status], [201, 200]);
  assert.deepEqual(second.body, first.body);
  assert.equal(second.headers.get('location'), first.headers.get('location'));
});

test('If-None-Exist is read in every form that clients send', async () => {
  const { patient, criteria } = numbered();
  const { id } = await server.create(patient);
  const plain = decodeURIComponent(criteria);
  const forms = [
    ...[
      criteria,
      plain,
      `?${criteria}`,
      `Patient?${criteria}`,
      `/Patient?${plain}`,
      `${server.baseUrl}/Patient?${criteria}`,
    ],
    ...[` ${server.baseUrl}/Patient?${plain} `, `${plain}&`],
  ];
  for (const form of forms) {
    const reply = await server.send('POST', 'Patient', { body: patient, headers: { 'if-none-exist': form } });
    assert.deepEqual([reply.status, reply.body.id], [200, id], form);
    const entry = { resource: patient, request: { method: 'POST', url: 'Patient', ifNoneExist: form } };
    const bundle = { resourceType: 'Bundle', type: 'transaction', entry: [entry] };
    const { body } = await server.send('POST', '', { body: bundle });
    assert.equal(body.entry[0].response.location, reply.headers.get('location'), form);
  }
  const marked = { ...patient, identifier: [{ system: SYSTEM, value: 'a?b=c' }] };
  const { id: other } = await server.create(marked);
  const found = await server.send('POST', 'Patient', {
    body: marked,
    headers: { 'if-none-exist': `identifier=${SYSTEM}|a?b=c` },
  });
  assert.deepEqual([found.status, found.body.id], [200, other]);
  const elsewhere = ['https://elsewhere.example.org/fhir', '//elsewhere.example.org/fhir', `${server.baseUrl}/fhir`];
  for (const form of [`Group?${criteria}`, ...elsewhere.map((base) => `${base}/Patient?${criteria}`)]) {
    const headers = { 'if-none-exist': form };
    const foreign = await server.send('POST', 'Patient', { body: patient, headers });
    assert.deepEqual([foreign.status, codesOf(foreign)], [400, ['search.parameter']], form);
    const entry = { resource: patient, request: { method: 'POST', url: 'Patient', ifNoneExist: form } };
    const body = { resourceType: 'Bundle', type: 'transaction', entry: [entry] };
    assert.equal((await server.send('POST', '', { body })).status, 400, form);
  }
});

test('a delete may name the type of the body that it does not have', async () => {
  for (const type of ['application/fhir+json', 'text/plain', 'application/fhir+xml; charset=UTF-8']) {
    const { patient, criteria } = numbered();
    const { id } = await server.create(patient);
    assert.equal(
      (await server.send('DELETE', `Patient/${id}`, { headers: { 'content-type': type } })).status,
      204,
      type,
    );
    assert.equal((await server.send('GET', `Patient?${criteria}&_summary=count`)).body.total, 0);
  }
});

test('criteria that match several records are refused', async () => {
  const { patient, criteria } = numbered();
  await server.create(patient);
  await server.create(patient);
  const replies = [
    await server.send('POST', 'Patient', { body: patient, headers: { 'if-none-exist': criteria } }),
    await server.send('PUT', `Patient?${criteria}`, { body: patient }),
    await server.send('DELETE', `Patient?${criteria}`),
    await server.send('PATCH', `Patient?${criteria}`, { body: [], type: 'application/json-patch+json' }),
  ];
  for (const reply of replies) assert.deepEqual([reply.status, codesOf(reply)], [412, ['record.multiple-matches']]);
});

test('a conditional update creates, then updates what it finds', async () => {
  const { patient, criteria } = numbered();
  const first = await server.send('PUT', `Patient?${criteria}`, { body: patient });
  const second = await server.send('PUT', `Patient?${criteria}`, { body: { ...patient, active: true } });
  assert.deepEqual([first.status, second.status], [201, 200]);
  assert.deepEqual([second.body.id, second.body.meta.versionId, second.body.active], [first.body.id, '2', true]);
});

test('a conditional update holds the body’s id against what it finds', async () => {
  const { patient, criteria } = numbered();
  const named = await server.send('PUT', `Patient?${criteria}`, { body: { ...patient, id: 'by-criteria' } });
  assert.deepEqual([named.status, named.body.id], [201, 'by-criteria']);
  const same = await server.send('PUT', `Patient?${criteria}`, {
    body: { ...patient, id: 'by-criteria', active: true },
  });
  assert.equal(same.status, 200);
  const other = await server.send('PUT', `Patient?${criteria}`, { body: { ...patient, id: 'another' } });
  assert.deepEqual([other.status, codesOf(other)], [400, ['record.identity']]);
  const elsewhere = numbered();
  const taken = await server.send('PUT', `Patient?${elsewhere.criteria}`, {
    body: { ...elsewhere.patient, id: 'by-criteria' },
  });
  assert.deepEqual([taken.status, codesOf(taken)], [400, ['record.identity']]);
});

test('a conditional patch and delete reach the one record they find', async () => {
  const { patient, criteria } = numbered();
  const { id } = await server.create(patient);
  const patch = [{ op: 'add', path: '/active', value: true }];
  const patched = await server.send('PATCH', `Patient?${criteria}`, {
    body: patch,
    type: 'application/json-patch+json',
  });
  assert.deepEqual([patched.status, patched.body.id, patched.body.active], [200, id, true]);
  assert.equal((await server.send('DELETE', `Patient?${criteria}`)).status, 204);
  assert.equal((await server.send('GET', `Patient/${id}`)).status, 410);
  assert.equal((await server.send('DELETE', `Patient?${criteria}`)).status, 204);
  const nothing = await server.send('PATCH', `Patient?${criteria}`, {
    body: patch,
    type: 'application/json-patch+json',
  });
  assert.equal(nothing.status, 404);
});

for (const criteria of ['', '?', 'identifier=', '_count=1', '_sort=name', 'no-such-parameter=1']) {
  test(`criteria like ${JSON.stringify(criteria)} choose no record and are refused`, async () => {
    const { patient } = numbered();
    const before = await server.count('Patient');
    const replies = [
      await server.send('PUT', `Patient?${criteria}`, { body: patient }),
      await server.send('DELETE', `Patient?${criteria}`),
      ...(criteria === ''
        ? []
        : [await server.send('POST', 'Patient', { body: patient, headers: { 'if-none-exist': criteria } })]),
    ];
    for (const reply of replies)
      assert.deepEqual([reply.status, codesOf(reply)], [400, ['search.parameter']], reply.text);
    assert.equal(await server.count('Patient'), before);
  });
}

test('criteria and searches that are not UTF-8 are refused, not answered with nothing', async () => {
  const body: Patient = { resourceType: 'Patient', name: [{ family: 'Müller' }], birthDate: '1931-05-17' };
  const latin = 'family=M%FCller&birthdate=1931-05-17';
  const { id } = await server.create(body);
  const entry = { resource: body, request: { method: 'POST', url: 'Patient', ifNoneExist: latin } };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const refused = await Promise.all([
    server.send('POST', 'Patient', { body, headers: { 'if-none-exist': latin } }),
    server.send('POST', '', { body: { resourceType: 'Bundle', type: 'transaction', entry: [entry] } }),
    server.send('GET', `Patient?${latin}`),
    server.send('POST', 'Patient/_search', { body: latin, headers: form }),
  ]);
  for (const reply of refused) {
    assert.deepEqual([reply.status, codesOf(reply)], [400, ['search.parameter']]);
    assert.match(reply.text, /family can’t be used: %FC is not UTF-8/);
  }
  // As bytes, each of which a header takes for a letter.
  const bytes = Buffer.from('family=Müller&birthdate=1931-05-17').toString('latin1');
  const found = await server.send('POST', 'Patient', { body, headers: { 'if-none-exist': bytes } });
  assert.deepEqual([found.status, found.body.id], [200, id]);
  const lost = await server.send('POST', 'Patient', { body, headers: { 'if-none-exist': 'family=Müller' } });
  assert.deepEqual([lost.status, codesOf(lost)], [400, ['request.malformed']]);
});
