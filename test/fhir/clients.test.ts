// Two FHIR clients that know nothing of Chartwire work against it as they are.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MedplumClient } from '@medplum/core';
import type { Bundle, Patient } from '@medplum/fhirtypes';
import { Client } from 'fhir-kit-client';
import { FULL_ACCESS, type Loose, resourcesOf, startFhirServer } from '../support/fhir-server.ts';

const server = await startFhirServer();

const medplum = new MedplumClient({ baseUrl: server.baseUrl.replace('fhir/R4', ''), cacheTime: 0 });
medplum.setAccessToken(FULL_ACCESS);
const kit = new Client({ baseUrl: server.baseUrl, bearerToken: FULL_ACCESS });

const patient = (family: string): Patient => ({ resourceType: 'Patient', name: [{ family }] });

test('MedplumClient creates, reads, updates, patches and deletes', async () => {
  const created = await medplum.createResource(patient('Medplum'));
  assert.equal(created.meta!.versionId, '1');
  assert.deepEqual(await medplum.readResource('Patient', created.id), created);
  const updated = await medplum.updateResource({ ...created, active: true });
  assert.deepEqual([updated.meta!.versionId, updated.active], ['2', true]);
  const patched = await medplum.patchResource('Patient', created.id, [{ op: 'add', path: '/gender', value: 'female' }]);
  assert.deepEqual([patched.meta!.versionId, patched.gender], ['3', 'female']);
  assert.deepEqual(await medplum.readVersion('Patient', created.id, '1'), created);
  const history = await medplum.readHistory('Patient', created.id);
  assert.deepEqual(
    history.entry!.map(({ resource }) => resource!.meta!.versionId),
    ['3', '2', '1'],
  );
  await medplum.deleteResource('Patient', created.id);
  await assert.rejects(medplum.readResource('Patient', created.id), /was deleted/);
});

test('MedplumClient creates and updates by criteria', async () => {
  const named = { ...patient('Criteria'), identifier: [{ system: 'http://example.org/mrn', value: 'medplum' }] };
  const query = 'identifier=http://example.org/mrn|medplum';
  const first = await medplum.createResourceIfNoneExist(named, query);
  const second = await medplum.createResourceIfNoneExist(named, query);
  assert.equal(second.id, first.id);
  const upserted = await medplum.upsertResource({ ...named, active: true }, query);
  assert.deepEqual([upserted.id, upserted.active], [first.id, true]);
});

test('MedplumClient searches through pages', async () => {
  for (let i = 0; i < 5; i++) await medplum.createResource({ resourceType: 'Location', name: `room ${i}` });
  const names: Loose[] = [];
  for await (const page of medplum.searchResourcePages('Location', '_count=2&_sort=name'))
    names.push(page.map(({ name }) => name));
  assert.deepEqual(names, [['room 0', 'room 1'], ['room 2', 'room 3'], ['room 4']]);
  assert.equal((await medplum.searchOne('Location', 'name=room 3'))!.name, 'room 3');
});

test('MedplumClient sends bundles, asks for everything of a patient, and hears what was wrong', async () => {
  const urn = 'urn:uuid:11111111-1111-4111-8111-111111111111';
  const sent: Bundle = {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      { fullUrl: urn, resource: patient('Bundle'), request: { method: 'POST', url: 'Patient' } },
      {
        resource: { resourceType: 'Observation', status: 'final', code: { text: 'x' }, subject: { reference: urn } },
        request: { method: 'POST', url: 'Observation' },
      },
    ],
  };
  const answer = await medplum.executeBatch(sent);
  assert.deepEqual(
    answer.entry!.map(({ response }) => response!.status),
    ['201 Created', '201 Created'],
  );
  const id = answer.entry![0]!.response!.location!.split('/').at(-3)!;
  const everything = await medplum.readPatientEverything(id);
  assert.deepEqual(
    resourcesOf(everything).map(({ resourceType }) => resourceType),
    ['Patient', 'Observation'],
  );
  await assert.rejects(medplum.createResource({ ...patient('x'), gender: 'blue' } as Loose), /gender/);
});

test('fhir-kit-client reads the CapabilityStatement', async () => {
  const statement: Loose = await kit.capabilityStatement();
  assert.deepEqual([statement.resourceType, statement.fhirVersion], ['CapabilityStatement', '4.0.1']);
});

test('fhir-kit-client creates, reads, updates, patches and deletes', async () => {
  const created: Loose = await kit.create({ resourceType: 'Patient', body: patient('Kit') as Loose });
  assert.deepEqual(await kit.read({ resourceType: 'Patient', id: created.id }), created);
  const updated: Loose = await kit.update({
    resourceType: 'Patient',
    id: created.id,
    body: { ...created, active: true },
  });
  assert.equal(updated.meta.versionId, '2');
  const jsonPatch: Loose = [{ op: 'replace', path: '/active', value: false }];
  const patched: Loose = await kit.patch({ resourceType: 'Patient', id: created.id, jsonPatch });
  assert.deepEqual([patched.meta.versionId, patched.active], ['3', false]);
  assert.deepEqual(await kit.vread({ resourceType: 'Patient', id: created.id, version: '1' }), created);
  const history: Loose = await kit.resourceHistory({ resourceType: 'Patient', id: created.id });
  assert.equal(history.entry.length, 3);
  const ofType: Loose = await kit.typeHistory({ resourceType: 'Patient' });
  assert.ok(ofType.entry.length >= 3);
  await kit.delete({ resourceType: 'Patient', id: created.id });
  await assert.rejects(
    kit.read({ resourceType: 'Patient', id: created.id }),
    (error: Loose) => error.response.status === 410,
  );
});

test('fhir-kit-client searches by address and by form, and follows the pages', async () => {
  for (let i = 0; i < 3; i++)
    await kit.create({ resourceType: 'Device', body: { resourceType: 'Device', status: 'active' } as Loose });
  const first: Loose = await kit.search({ resourceType: 'Device', searchParams: { status: 'active', _count: '2' } });
  const second: Loose = await kit.nextPage({ bundle: first });
  const ids = new Set([...resourcesOf(first), ...resourcesOf(second)].map(({ id }) => id));
  assert.deepEqual([first.entry.length, second.entry.length, ids.size], [2, 1, 3]);
  const form: Loose = await kit.search({
    resourceType: 'Device',
    searchParams: { status: 'active' },
    options: { postSearch: true },
  });
  assert.equal(form.entry.length, 3);
});

test('fhir-kit-client updates by criteria, sends bundles and calls operations', async () => {
  const body: Loose = { ...patient('KitCriteria'), identifier: [{ value: 'kit' }] };
  const upserted: Loose = await kit.update({ resourceType: 'Patient', searchParams: { identifier: 'kit' }, body });
  assert.equal(upserted.meta.versionId, '1');
  const entry = [
    { request: { method: 'GET', url: `Patient/${upserted.id}` } },
    { request: { method: 'GET', url: 'Patient/nobody' } },
  ];
  const batch: Loose = await kit.batch({ body: { resourceType: 'Bundle', type: 'batch', entry } as Loose });
  assert.deepEqual(
    batch.entry.map(({ response }: Loose) => response.status),
    ['200 OK', '404 Not Found'],
  );
  const transaction: Loose = await kit.transaction({
    body: { resourceType: 'Bundle', type: 'transaction', entry: entry.slice(0, 1) } as Loose,
  });
  assert.equal(transaction.entry[0].resource.id, upserted.id);
  const outcome: Loose = await kit.operation({ name: 'validate', resourceType: 'Patient', input: body });
  assert.equal(outcome.issue[0].severity, 'information');
});
