// What a token may do: its scopes, the one patient it may be bound to, and the trace each access leaves.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codesOf, type Loose, resourcesOf, startFhirServer } from '../support/fhir-server.ts';
import { seenIn } from '../support/seen.ts';

const server = await startFhirServer();

const weight = (patient: string): Loose => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'weight' },
  subject: { reference: `Patient/${patient}` },
});
const ada = await server.create({ resourceType: 'Patient', name: [{ family: 'Lovelace' }] });
const bob = await server.create({ resourceType: 'Patient', name: [{ family: 'Builder' }] });
const adas = await server.create(weight(ada.id));
const bobs = await server.create(weight(bob.id));
const clinic = await server.create({ resourceType: 'Organization', name: 'Clinic' });

test('without a token there is the CapabilityStatement and nothing else', async () => {
  assert.equal((await server.send('GET', 'metadata', { token: null })).body.resourceType, 'CapabilityStatement');
  for (const [method, path] of [
    ['GET', 'Patient'],
    ['GET', `Patient/${ada.id}`],
    ['POST', ''],
    ['GET', 'nothing/at/all/here/x'],
  ] as const) {
    const reply = await server.send(method, path, { token: null });
    assert.deepEqual([reply.status, codesOf(reply)], [401, ['access.unauthenticated']], path);
  }
});

const patch = { body: [{ op: 'add', path: '/note', value: [{ text: 'x' }] }], type: 'application/json-patch+json' };
const NEEDS: [string, string, Loose, string][] = [
  ['GET', `Observation/${adas.id}`, {}, 'r'],
  ['GET', `Observation/${adas.id}/_history/1`, {}, 'r'],
  ['GET', `Observation/${adas.id}/_history`, {}, 'r'],
  ['GET', 'Observation/_history', {}, 'rs'],
  ['GET', 'Observation', {}, 's'],
  ['POST', 'Observation/_search', {}, 's'],
  ['POST', 'Observation', { body: weight(ada.id) }, 'c'],
  ['POST', 'Observation', { body: weight(ada.id), headers: { 'if-none-exist': `_id=${adas.id}` } }, 'cs'],
  ['PUT', `Observation/${adas.id}`, { body: { ...weight(ada.id), id: adas.id, status: 'amended' } }, 'u'],
  ['PUT', 'Observation/brand-new', { body: { ...weight(ada.id), id: 'brand-new' } }, 'cu'],
  ['PUT', `Observation?_id=${adas.id}`, { body: weight(ada.id) }, 'us'],
  ['PATCH', `Observation/${adas.id}`, patch, 'u'],
  ['DELETE', 'Observation/never-there', {}, 'd'],
  ['DELETE', 'Observation?_id=never-there', {}, 'ds'],
];

for (const [method, path, sending, letters] of NEEDS) {
  test(`${method} ${path.replace(adas.id, '[id]')} needs ${letters}, no more and no less`, async () => {
    for (const letter of letters) {
      const others = [...'cruds'].filter((one) => one !== letter).join('');
      const token = server.grant([`system/Observation.${others}`, 'system/Patient.cruds']);
      const reply = await server.send(method, path, { ...sending, token });
      assert.deepEqual([reply.status, codesOf(reply)], [403, ['access.forbidden']], `without ${letter}`);
      assert.match(reply.body.issue[0].diagnostics, new RegExp(`Observation\\.${letter}`));
    }
    const reply = await server.send(method, path, {
      ...sending,
      token: server.grant([`system/Observation.${letters}`]),
    });
    assert.ok(reply.status < 300, reply.text);
  });
}

test('a patch does not show the rest of the record to those who may not read it', async () => {
  const { id } = await server.create(weight(ada.id));
  const blind = await server.send('PATCH', `Observation/${id}`, {
    ...patch,
    token: server.grant(['system/Observation.u']),
  });
  assert.deepEqual([blind.status, blind.text, blind.headers.get('etag')], [200, '', 'W/"2"']);
});

test('what is included is only of types that may be read', async () => {
  const query = `Observation?_id=${adas.id}&_include=Observation:subject`;
  const some = await server.send('GET', query, { token: server.grant(['system/Observation.s']) });
  assert.deepEqual(
    resourcesOf(some.body).map(({ id }) => id),
    [adas.id],
  );
  const both = await server.send('GET', query, { token: server.grant(['system/Observation.s', 'system/Patient.r']) });
  assert.deepEqual(
    resourcesOf(both.body).map(({ id }) => id),
    [adas.id, ada.id],
  );
});

test('a search may not ask about types that may not be searched', async () => {
  const token = server.grant(['system/Observation.rs', 'system/Device.s']);
  for (const query of [
    'subject:Patient.name=Lovelace',
    'patient.name=Lovelace',
    'subject.name=Lovelace',
    'subject:Patient:x.name=Lovelace',
  ]) {
    const reply = await server.send('GET', `Observation?${query}`, { token });
    assert.deepEqual([reply.status, codesOf(reply)], [403, ['access.forbidden']], query);
  }
  const reverse = await server.send('GET', 'Patient?_has:Observation:patient:status=final', {
    token: server.grant(['system/Patient.s']),
  });
  assert.equal(reverse.status, 403);
  // Whatever they ask about on the way, or at its end.
  const some = server.grant(['system/Observation.s', 'system/Patient.s', 'system/Encounter.s']);
  for (const query of [
    'Patient?_has:Observation:patient:device.identifier=x',
    'Observation?subject:Patient.organization.name=x',
    'Encounter?subject:Patient._has:Condition:subject:code=x',
    'Patient?_has:Encounter:patient:_has:List:item:_id=x',
  ]) {
    const reply = await server.send('GET', query, { token: some });
    assert.deepEqual([reply.status, codesOf(reply)], [403, ['access.forbidden']], query);
  }
  const allowed = await server.send('GET', 'Encounter?subject:Patient._has:Observation:patient:status=final', {
    token: some,
  });
  assert.equal(allowed.status, 200, allowed.text);
});

test('a bundle may do no more than its entries may', async () => {
  const token = server.grant(['system/Basic.c']);
  const entry = [
    { resource: { resourceType: 'Basic', code: { text: 'x' } }, request: { method: 'POST', url: 'Basic' } },
    { request: { method: 'GET', url: `Patient/${ada.id}` } },
  ];
  const before = await server.count('Basic');
  const all = await server.send('POST', '', { body: { resourceType: 'Bundle', type: 'transaction', entry }, token });
  assert.deepEqual([all.status, codesOf(all)], [403, ['access.forbidden']]);
  assert.equal(await server.count('Basic'), before);
  const each = await server.send('POST', '', { body: { resourceType: 'Bundle', type: 'batch', entry }, token });
  assert.deepEqual(
    each.body.entry.map(({ response }: Loose) => response.status),
    ['201 Created', '403 Forbidden'],
  );
});

const bound = server.grant(['patient/*.cruds'], ada.id);

test('a token bound to a patient sees that patient’s chart alone', async () => {
  assert.equal((await server.send('GET', `Patient/${ada.id}`, { token: bound })).status, 200);
  assert.equal((await server.send('GET', `Observation/${adas.id}/_history`, { token: bound })).status, 200);
  for (const path of [
    `Patient/${bob.id}`,
    `Patient/${bob.id}/$everything`,
    `Observation/${bobs.id}`,
    `Observation/${bobs.id}/_history`,
    `Observation/${bobs.id}/_history/1`,
    `Organization/${clinic.id}`,
    'Observation?subject:Patient.name=Builder',
    'Observation?patient.name=Builder',
    'Patient?_has:Observation:patient:status=final',
  ]) {
    const reply = await server.send('GET', path, { token: bound });
    const code = path.includes('.name=') || path.includes('_has') ? 'access.forbidden' : 'access.outside-chart';
    assert.deepEqual([reply.status, codesOf(reply)], [403, [code]], path);
  }
  for (const path of [
    'Observation?status=final',
    'Observation',
    'Patient',
    `Observation?subject=Patient/${bob.id}`,
    'Patient?_revinclude=Observation:subject',
    'Observation/_history',
    'Patient/_history',
  ]) {
    const { body } = await server.send('GET', path, { token: bound });
    for (const resource of resourcesOf(body)) {
      assert.equal(resource.subject?.reference ?? `Patient/${resource.id}`, `Patient/${ada.id}`, path);
    }
  }
});

test('a token bound to a patient writes in that patient’s chart alone', async () => {
  const before = await seenIn(server.chart).current('Observation', bobs.id);
  const gone = (await server.send('POST', 'Observation', { body: weight(bob.id) })).body;
  await server.send('DELETE', `Observation/${gone.id}`);
  const stolen = { ...weight(ada.id), id: bobs.id };
  const away = { ...weight(bob.id), id: adas.id };
  const moving = {
    body: [{ op: 'replace', path: '/subject/reference', value: `Patient/${bob.id}` }],
    type: 'application/json-patch+json',
  };
  const attempts: [string, string, Loose][] = [
    ['POST', 'Observation', { body: weight(bob.id) }],
    ['POST', 'Patient', { body: { resourceType: 'Patient' } }],
    ['POST', 'Organization', { body: { resourceType: 'Organization', name: 'x' } }],
    ['PUT', `Observation/${bobs.id}`, { body: stolen }],
    ['PUT', `Observation/${adas.id}`, { body: away }],
    ['PATCH', `Observation/${bobs.id}`, patch],
    ['PATCH', `Observation/${adas.id}`, moving],
    ['DELETE', `Observation/${bobs.id}`, {}],
    ['DELETE', `Observation/${gone.id}`, {}],
    ['PUT', `Observation/${gone.id}`, { body: { ...weight(ada.id), id: gone.id } }],
    ['PATCH', `Observation/${gone.id}`, patch],
  ];
  for (const [method, path, sending] of attempts) {
    const reply = await server.send(method, path, { ...sending, token: bound });
    assert.deepEqual([reply.status, codesOf(reply)], [403, ['access.outside-chart']], `${method} ${path}`);
  }
  assert.deepEqual(await seenIn(server.chart).current('Observation', bobs.id), before);
  assert.equal((await server.send('POST', 'Observation', { body: weight(ada.id), token: bound })).status, 201);
});

test('criteria of a token bound to a patient match in that patient’s chart alone', async () => {
  const tagged = { ...weight(bob.id), identifier: [{ value: 'shared' }] };
  await server.create(tagged);
  const reply = await server.send('POST', 'Observation', {
    body: { ...weight(ada.id), identifier: [{ value: 'shared' }] },
    headers: { 'if-none-exist': 'identifier=shared' },
    token: bound,
  });
  assert.equal(reply.status, 201);
});

test('every access is told to the audit, with who, what and how it ended', async () => {
  const token = server.grant(['system/Observation.rs']);
  const told = async (work: () => Promise<unknown>) => {
    server.audits.length = 0;
    await work();
    return [...server.audits];
  };
  assert.deepEqual(await told(() => server.send('GET', `Observation/${adas.id}`, { token })), [
    { action: 'read', type: 'Observation', id: adas.id, patient: ada.id, status: 200 },
  ]);
  assert.deepEqual(await told(() => server.send('GET', 'Patient/nobody', { token })), [
    { action: 'read', type: 'Patient', id: 'nobody', patient: 'nobody', status: 403 },
  ]);
  assert.deepEqual(await told(() => server.send('GET', 'Observation?status=final', { token })), [
    { action: 'search', type: 'Observation', query: 'status=final', status: 200 },
  ]);
  const entry = [
    { resource: weight(ada.id), request: { method: 'POST', url: 'Observation' } },
    { request: { method: 'GET', url: `Patient/${bob.id}` } },
  ];
  const bundled = await told(() =>
    server.send('POST', '', { body: { resourceType: 'Bundle', type: 'transaction', entry } }),
  );
  assert.deepEqual(
    bundled.map(({ action, type, patient, status }) => [action, type, patient, status]),
    [
      ['create', 'Observation', ada.id, 201],
      ['read', 'Patient', bob.id, 200],
      ['transaction', 'Bundle', undefined, 200],
    ],
  );
});
