// One record through its life: create, read, vread, update, patch, delete, each with its headers and refusals.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Patient } from '@medplum/fhirtypes';
import { EXTENSION } from '#kit/systems.ts';
import { codesOf, expressionsOf, startFhirServer } from '../support/fhir-server.ts';
import { seenIn } from '../support/seen.ts';

const server = await startFhirServer();

const ADA: Patient = { resourceType: 'Patient', name: [{ family: 'Lovelace', given: ['Ada'] }], gender: 'female' };

test('a create gives an id, a version, and says where the record is', async () => {
  const reply = await server.send('POST', 'Patient', {
    body: { ...ADA, id: 'mine', meta: { versionId: '7', tag: [{ code: 'x' }] } },
  });
  assert.equal(reply.status, 201);
  const { id, meta, ...rest } = reply.body;
  assert.notEqual(id, 'mine');
  assert.deepEqual(rest, ADA);
  assert.equal(meta.versionId, '1');
  assert.deepEqual(meta.tag, [{ code: 'x' }]);
  assert.equal(reply.headers.get('location'), `${server.baseUrl}/Patient/${id}/_history/1`);
  assert.equal(reply.headers.get('etag'), 'W/"1"');
  assert.equal(reply.headers.get('last-modified'), new Date(meta.lastUpdated).toUTCString());
  assert.match(reply.headers.get('content-type')!, /^application\/fhir\+json/);
});

test('Prefer says how much of a write comes back', async () => {
  const minimal = await server.send('POST', 'Patient', { body: ADA, headers: { prefer: 'return=minimal' } });
  assert.deepEqual([minimal.status, minimal.text], [201, '']);
  assert.ok(minimal.headers.get('location'));
  const outcome = await server.send('POST', 'Patient', { body: ADA, headers: { prefer: 'return=OperationOutcome' } });
  assert.deepEqual([outcome.status, outcome.body.resourceType], [201, 'OperationOutcome']);
});

test('a read gives the record with its ETag, and nothing when the client has it already', async () => {
  const created = await server.create(ADA);
  const read = await server.send('GET', `Patient/${created.id}`);
  assert.equal(read.status, 200);
  assert.deepEqual(read.body, created);
  assert.equal(read.headers.get('etag'), 'W/"1"');
  assert.equal(read.headers.get('content-location'), `${server.baseUrl}/Patient/${created.id}/_history/1`);
  const known: [string, string][] = [
    ['if-none-match', 'W/"1"'],
    ['if-modified-since', read.headers.get('last-modified')!],
  ];
  for (const [name, value] of known) {
    const again = await server.send('GET', `Patient/${created.id}`, { headers: { [name]: value } });
    assert.deepEqual([again.status, again.text], [304, '']);
  }
  const other = await server.send('GET', `Patient/${created.id}`, { headers: { 'if-none-match': 'W/"2"' } });
  assert.equal(other.status, 200);
});

test('an update makes a new version and keeps the old one', async () => {
  const created = await server.create(ADA);
  const reply = await server.send('PUT', `Patient/${created.id}`, { body: { ...created, active: true } });
  assert.deepEqual([reply.status, reply.headers.get('etag'), reply.body.active], [200, 'W/"2"', true]);
  const before = await server.send('GET', `Patient/${created.id}/_history/1`);
  assert.deepEqual(before.body, created);
  const after = await server.send('GET', `Patient/${created.id}/_history/2`);
  assert.deepEqual(after.body, reply.body);
});

test('an update that changes nothing makes no version', async () => {
  const created = await server.create(ADA);
  const reply = await server.send('PUT', `Patient/${created.id}`, { body: created });
  assert.deepEqual([reply.status, reply.headers.get('etag')], [200, 'W/"1"']);
  assert.deepEqual(reply.body, created);
});

test('an update may create under the client’s id', async () => {
  const reply = await server.send('PUT', 'Patient/ada-1815', { body: { ...ADA, id: 'ada-1815' } });
  assert.equal(reply.status, 201);
  assert.equal(reply.headers.get('location'), `${server.baseUrl}/Patient/ada-1815/_history/1`);
});

test('If-None-Match: * on an update means that the record must be new', async () => {
  const created = await server.create(ADA);
  const reply = await server.send('PUT', `Patient/${created.id}`, { body: created, headers: { 'if-none-match': '*' } });
  assert.deepEqual([reply.status, codesOf(reply)], [412, ['record.exists']]);
});

test('If-Match lets a write through only on the version it names', async () => {
  const created = await server.create(ADA);
  const path = `Patient/${created.id}`;
  const patch = [{ op: 'replace', path: '/gender', value: 'unknown' }];
  const stale = { 'if-match': 'W/"9"' };
  const writes = [
    () => server.send('PUT', path, { body: { ...created, active: true }, headers: stale }),
    () => server.send('PATCH', path, { body: patch, type: 'application/json-patch+json', headers: stale }),
    () => server.send('DELETE', path, { headers: stale }),
  ];
  for (const write of writes) {
    const reply = await write();
    assert.deepEqual([reply.status, codesOf(reply)], [412, ['record.version-mismatch']]);
  }
  const fresh = await server.send('PUT', path, {
    body: { ...created, active: true },
    headers: { 'if-match': 'W/"1"' },
  });
  assert.equal(fresh.status, 200);
  const malformed = await server.send('DELETE', path, { headers: { 'if-match': 'newest' } });
  assert.deepEqual([malformed.status, codesOf(malformed)], [400, ['request.header']]);
});

test('a JSON Patch changes what it names, in JSON Patch’s own media type', async () => {
  const created = await server.create(ADA);
  const patch = [
    { op: 'test', path: '/gender', value: 'female' },
    { op: 'add', path: '/name/0/given/-', value: 'Augusta' },
  ];
  const type = 'application/json-patch+json';
  const reply = await server.send('PATCH', `Patient/${created.id}`, { body: patch, type });
  assert.equal(reply.status, 200);
  assert.deepEqual(reply.body.name[0].given, ['Ada', 'Augusta']);
  assert.equal(reply.headers.get('etag'), 'W/"2"');
});

test('a JSON Patch begins a list that is not there, and leaves none that is empty', async () => {
  const created = await server.create(ADA);
  const body = [
    { op: 'add', path: '/telecom/-', value: { system: 'phone', value: '1' } },
    { op: 'add', path: '/telecom/-', value: { system: 'phone', value: '2' } },
    { op: 'add', path: '/name/0/suffix/0', value: 'PhD' },
    { op: 'move', from: '/name/0/given/0', path: '/name/0/prefix/-' },
  ];
  const type = 'application/json-patch+json';
  const reply = await server.send('PATCH', `Patient/${created.id}`, { body, type });
  assert.equal(reply.status, 200, reply.text);
  assert.deepEqual(
    reply.body.telecom.map(({ value }: { value: string }) => value),
    ['1', '2'],
  );
  const [{ prefix, suffix, given }] = reply.body.name;
  assert.deepEqual([prefix, suffix, given], [['Ada'], ['PhD'], undefined]);
  const single = [{ op: 'add', path: '/maritalStatus/-', value: { text: 'x' } }];
  const refused = await server.send('PATCH', `Patient/${created.id}`, { body: single, type });
  assert.deepEqual([refused.status, codesOf(refused)], [422, ['record.invalid']]);
  for (const [misfit, said] of [
    [
      { op: 'add', path: '/contact/0/telecom/-', value: {} },
      /operation 0 \(add .*leads through an element that is not there/,
    ],
    [{ op: 'add', path: '/name/9', value: {} }, /leads through an element that is not there/],
    [{ op: 'remove', path: '/photo' }, /names an element that is not there/],
    [{ op: 'test', path: '/gender', value: 'male' }, /finds another value there/],
  ] as const) {
    const reply = await server.send('PATCH', `Patient/${created.id}`, { body: [misfit], type });
    assert.deepEqual([reply.status, codesOf(reply)], [422, ['patch.failed']]);
    assert.match(reply.body.issue[0].diagnostics, said);
  }
});

/** Of a FHIRPath Patch. */
const operation = (type: string, path: string, ...parts: object[]) => ({
  name: 'operation',
  part: [{ name: 'type', valueCode: type }, { name: 'path', valueString: path }, ...parts],
});
const part = (name: string, value: object) => ({ name, ...value });
const parameters = (...parameter: object[]) => ({ resourceType: 'Parameters', parameter });

test('a FHIRPath Patch adds, inserts, replaces, moves and deletes', async () => {
  const created = await server.create({
    ...ADA,
    identifier: [
      { system: 'urn:a', value: '1' },
      { system: 'urn:b', value: '2' },
    ],
    birthDate: '1815-12-10',
  });
  const body = parameters(
    operation(
      'add',
      'Patient',
      part('name', { valueString: 'telecom' }),
      part('value', { valueContactPoint: { system: 'email', value: 'a@example.org' } }),
    ),
    operation('add', 'Patient', part('name', { valueString: 'deceased' }), part('value', { valueBoolean: true })),
    operation('add', 'Patient', part('name', { valueString: 'contact' }), {
      name: 'value',
      part: [
        part('name', { valueHumanName: { text: 'Annabella' } }),
        part('relationship', { valueCodeableConcept: { text: 'mother' } }),
      ],
    }),
    operation('replace', "Patient.identifier.where(system = 'urn:b').value", part('value', { valueString: '3' })),
    operation(
      'insert',
      'Patient.name[0].given',
      part('value', { valueString: 'Augusta' }),
      part('index', { valueInteger: 0 }),
    ),
    operation(
      'move',
      'Patient.identifier',
      part('source', { valueInteger: 1 }),
      part('destination', { valueInteger: 0 }),
    ),
    operation('delete', 'Patient.birthDate'),
    operation('delete', 'Patient.photo'),
    operation('replace', 'Patient.deceased', part('value', { valueBoolean: false })),
  );
  const reply = await server.send('PATCH', `Patient/${created.id}`, { body });
  assert.equal(reply.status, 200, reply.text);
  const { telecom, contact, identifier, name, birthDate, deceasedBoolean } = reply.body;
  assert.deepEqual(telecom, [{ system: 'email', value: 'a@example.org' }]);
  assert.deepEqual(contact, [{ name: { text: 'Annabella' }, relationship: [{ text: 'mother' }] }]);
  assert.deepEqual(identifier, [
    { system: 'urn:b', value: '3' },
    { system: 'urn:a', value: '1' },
  ]);
  assert.deepEqual([name[0].given, birthDate, deceasedBoolean], [['Augusta', 'Ada'], undefined, false]);
});

const BAD_FHIRPATH_PATCHES = [
  [
    'a path that finds nothing',
    operation('replace', 'Patient.birthDate', part('value', { valueDate: '2000' })),
    /finds nothing/,
  ],
  ['a path that finds several', operation('delete', 'Patient.name.given'), /finds 2 elements/],
  ['a path to no element', operation('delete', 'Patient.nonsense'), /nonsense is not an element of Patient/],
  ['a path that is none', operation('delete', 'Patient..['), /cannot be read/],
  ['a condition that is none', operation('delete', 'Patient.name.where(=)'), /condition/],
  [
    'an element that is there',
    operation('add', 'Patient', part('name', { valueString: 'gender' }), part('value', { valueCode: 'male' })),
    /already/,
  ],
  ['an unknown type', operation('smile', 'Patient.gender'), /none of add/],
  [
    'an index beyond the list',
    operation('insert', 'Patient.name', part('value', { valueHumanName: {} }), part('index', { valueInteger: 9 })),
    /from 0 to 1/,
  ],
  ['no value', operation('replace', 'Patient.gender'), /no value/],
  ['no operation', { name: 'other' }, /not an operation/],
] as const;

for (const [what, given, said] of BAD_FHIRPATH_PATCHES) {
  test(`a FHIRPath Patch with ${what} is refused and changes nothing`, async () => {
    const created = await server.create({ ...ADA, name: [{ family: 'Lovelace', given: ['Ada', 'Augusta'] }] });
    const reply = await server.send('PATCH', `Patient/${created.id}`, { body: parameters(given) });
    assert.deepEqual([reply.status, codesOf(reply)], [422, ['patch.failed']], reply.text);
    assert.match(reply.body.issue[0].diagnostics, said);
    assert.deepEqual((await server.send('GET', `Patient/${created.id}`)).body, created);
  });
}

test('a FHIRPath Patch with a condition needs the permission to read', async () => {
  const { id } = await server.create({ ...ADA, active: true });
  const blind = { token: server.grant(['system/Patient.u']) };
  const withoutCondition = parameters(operation('replace', 'Patient.gender', part('value', { valueCode: 'other' })));
  assert.equal((await server.send('PATCH', `Patient/${id}`, { ...blind, body: withoutCondition })).status, 200);
  const condition = parameters(operation('delete', "Patient.name.where(family = 'Lovelace')"));
  const refused = await server.send('PATCH', `Patient/${id}`, { ...blind, body: condition });
  assert.deepEqual([refused.status, codesOf(refused)], [403, ['access.forbidden']]);
});

const BAD_PATCHES = [
  ['a test that fails', [{ op: 'test', path: '/gender', value: 'male' }], 422, 'patch.failed'],
  ['a path that is not there', [{ op: 'remove', path: '/photo/0' }], 422, 'patch.failed'],
  ['an operation that does not exist', [{ op: 'smile', path: '/gender' }], 422, 'patch.failed'],
  ['no list', { op: 'remove', path: '/gender' }, 422, 'patch.failed'],
  ['a path without a slash', [{ op: 'remove', path: 'gender' }], 422, 'patch.failed'],
  ['another id', [{ op: 'replace', path: '/id', value: 'other' }], 422, 'patch.failed'],
  ['another type', [{ op: 'replace', path: '/resourceType', value: 'Task' }], 422, 'patch.failed'],
  ['a prototype', [{ op: 'add', path: '/__proto__/x', value: 1 }], 422, 'patch.failed'],
  ['what is not valid', [{ op: 'replace', path: '/gender', value: 'blue' }], 422, 'record.invalid'],
  ['the whole record', [{ op: 'replace', path: '', value: null }], 422, 'patch.failed'],
] as const;

for (const [what, patch, status, code] of BAD_PATCHES) {
  test(`a patch with ${what} is refused and changes nothing`, async () => {
    const created = await server.create(ADA);
    const reply = await server.send('PATCH', `Patient/${created.id}`, {
      body: patch,
      type: 'application/json-patch+json',
    });
    assert.deepEqual([reply.status, codesOf(reply)], [status, [code]], reply.text);
    assert.deepEqual((await server.send('GET', `Patient/${created.id}`)).body, created);
  });
}

test('what was deleted is gone, stays gone, and can still be read as it was', async () => {
  const created = await server.create(ADA);
  const path = `Patient/${created.id}`;
  const first = await server.send('DELETE', path);
  assert.deepEqual([first.status, first.text, first.headers.get('etag')], [204, '', 'W/"2"']);
  const read = await server.send('GET', path);
  assert.deepEqual([read.status, codesOf(read)], [410, ['record.deleted']]);
  assert.equal((await server.send('DELETE', path)).status, 204);
  assert.equal((await server.send('DELETE', 'Patient/never-there')).status, 204);
  assert.equal((await server.send('GET', `${path}/_history/1`)).status, 200);
  assert.equal((await server.send('GET', `${path}/_history/2`)).status, 410);
  const patched = await server.send('PATCH', path, { body: [], type: 'application/json-patch+json' });
  assert.equal(patched.status, 410);
});

test('a deleted record comes back by an update, under its next version', async () => {
  const created = await server.create(ADA);
  await server.send('DELETE', `Patient/${created.id}`);
  const reply = await server.send('PUT', `Patient/${created.id}`, { body: created });
  assert.deepEqual([reply.status, reply.headers.get('etag')], [201, 'W/"3"']);
  assert.equal((await server.send('GET', `Patient/${created.id}`)).status, 200);
});

const REFUSALS = [
  ['GET', 'Patient/nobody', undefined, 404, 'record.not-found'],
  ['GET', 'Patient/nobody/_history', undefined, 404, 'record.not-found'],
  ['GET', 'Patient/nobody/_history/1', undefined, 404, 'record.not-found'],
  ['GET', 'Patient/nobody/_history/latest', undefined, 404, 'record.not-found'],
  ['GET', 'Patient/nobody/$everything', undefined, 404, 'record.not-found'],
  ['GET', 'Patient/not_an_id', undefined, 404, 'record.not-found'],
  ['GET', 'Alien/1', undefined, 404, 'record.unknown-type'],
  ['POST', 'Alien', { resourceType: 'Alien' }, 404, 'record.unknown-type'],
  ['GET', 'Patient/1/2/3/4/5', undefined, 404, 'route.unknown'],
  ['POST', 'Patient/1', ADA, 404, 'route.unknown'],
  ['POST', 'Patient', undefined, 400, 'request.malformed'],
  ['POST', 'Patient', [ADA], 400, 'request.malformed'],
  ['POST', 'Patient', { resourceType: 'Task', intent: 'order', status: 'draft' }, 400, 'record.identity'],
  ['POST', 'Patient', {}, 422, 'record.invalid'],
  ['POST', 'Patient', { resourceType: 'Patient', gender: 'blue' }, 422, 'record.invalid'],
  ['POST', 'Patient', { resourceType: 'Patient', colour: 'blue' }, 422, 'record.invalid'],
  ['PUT', 'Patient/1', { ...ADA }, 400, 'record.identity'],
  ['PUT', 'Patient/1', { ...ADA, id: '2' }, 400, 'record.identity'],
  ['PUT', 'Patient/1', { ...ADA, id: 1 }, 400, 'record.identity'],
  ['PUT', 'Patient/not_an_id', { ...ADA, id: 'not_an_id' }, 422, 'record.invalid'],
  ['PATCH', 'Patient/nobody', undefined, 422, 'patch.failed'],
  [
    'POST',
    'Observation',
    { resourceType: 'Observation', status: 'final', code: { text: 'x' }, subject: { reference: 'Patient/nobody' } },
    422,
    'record.reference',
  ],
] as const;

for (const [method, path, body, status, code] of REFUSALS) {
  test(`${method} ${path} with ${JSON.stringify(body)} is refused with ${status} ${code}`, async () => {
    const reply = await server.send(method, path, body === undefined ? {} : { body });
    assert.deepEqual([reply.status, codesOf(reply)], [status, [code]], reply.text);
    assert.match(reply.headers.get('content-type')!, /^application\/fhir\+json/);
  });
}

test('each fault of an invalid record is an issue with its expression', async () => {
  const reply = await server.send('POST', 'Patient', { body: { ...ADA, gender: 'blue', birthDate: 'yesterday' } });
  assert.equal(reply.status, 422);
  assert.deepEqual(expressionsOf(reply).sort(), ['Patient.birthDate', 'Patient.gender']);
});

test('$validate says what a write would be refused for, and writes nothing', async () => {
  const before = await server.count('Patient');
  const bad = await server.send('POST', 'Patient/$validate', { body: { ...ADA, gender: 'blue' } });
  assert.deepEqual([bad.status, expressionsOf(bad)], [200, ['Patient.gender']]);
  const parameters = { resourceType: 'Parameters', parameter: [{ name: 'resource', resource: ADA }] };
  const good = await server.send('POST', 'Patient/$validate', { body: parameters });
  assert.deepEqual([good.status, good.body.issue[0].severity], [200, 'information']);
  assert.equal(await server.count('Patient'), before);
});

test('an absolute reference to this server puts a record into its patient’s chart', async () => {
  const { id } = await server.create(ADA);
  const observation = await server.create({
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'weight' },
    subject: { reference: `${server.baseUrl}/Patient/${id}` },
  });
  assert.equal(observation.subject!.reference, `Patient/${id}`);
  assert.equal((await seenIn(server.chart).current('Observation', observation.id))!.patient, id);
});

test('$everything holds the records of one chart and of no other', async () => {
  const ada = await server.create(ADA);
  const other = await server.create(ADA);
  const weight = (patient: string) =>
    ({
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'weight' },
      subject: { reference: `Patient/${patient}` },
    }) as const;
  const own = await server.create(weight(ada.id));
  await server.create(weight(other.id));
  const reply = await server.send('GET', `Patient/${ada.id}/$everything`);
  assert.deepEqual(
    reply.body.entry.map((entry: { resource: { id: string } }) => entry.resource.id),
    [ada.id, own.id],
  );
  const typed = await server.send('GET', `Patient/${ada.id}/$everything?_type=Observation`);
  assert.equal(typed.body.total, 1);
  assert.equal((await server.send('GET', `Observation/${own.id}/$everything`)).status, 404);
});

test('a record that is put into another chart is of that chart alone', async () => {
  const [was, is] = [await server.create(ADA), await server.create(ADA)];
  const weight = await server.create({
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'weight' },
    subject: { reference: `Patient/${was.id}` },
  });
  const moved = { ...weight, subject: { reference: `Patient/${is.id}` } };
  assert.equal((await server.send('PUT', `Observation/${weight.id}`, { body: moved })).status, 200);
  const held = async (id: string) =>
    (await server.send('GET', `Patient/${id}/$everything`)).body.entry.map(
      (entry: { resource: { id: string } }) => entry.resource.id,
    );
  assert.deepEqual(await held(was.id), [was.id]);
  assert.deepEqual(await held(is.id), [is.id, weight.id]);
});

test('our own extensions say what their definitions allow, or are refused with their place', async () => {
  const patient = await server.create(ADA);
  const subject = { reference: `Patient/${patient.id}` };
  const flag = (url: string, value: object) => ({
    resourceType: 'Flag',
    status: 'active',
    code: { text: 'Falls' },
    subject,
    extension: [{ url, ...value }],
  });
  const card = (...extension: object[]) => ({
    resourceType: 'GuidanceResponse',
    status: 'success',
    moduleUri: 'https://example.org/module',
    subject,
    extension: [{ url: EXTENSION.cardRecommendation, extension }],
  });
  const title = { url: 'title', valueString: 'Ask' };
  const command = (fields: string) => ({
    url: 'command',
    extension: [
      { url: 'key', valueCode: 'plan' },
      { url: 'fields', valueString: fields },
    ],
  });
  const bad: object[] = [
    flag(EXTENSION.bannerIntent, { valueCode: 'constructor' }),
    flag(EXTENSION.bannerIntent, { valueString: 'alert' }),
    flag(EXTENSION.bannerPlacement, { valueCode: '__proto__' }),
    ...['/\\evil.invalid/a', '//evil.invalid', 'javascript:alert(1)', 'https://a\\b', 'http://plain.invalid'].map(
      (valueUri) => flag(EXTENSION.bannerHref, { valueUri }),
    ),
    card(title, command('{')),
    card(title, command('[]')),
    card(title, command('null')),
    card(command('{}')),
    card(title, title),
    card(title, { url: 'other', valueString: 'x' }),
    card(title, { url: 'href', valueUri: '/\\evil.invalid' }),
    { ...card(title), extension: [{ url: EXTENSION.cardStatus, valueCode: 'toString' }] },
  ];
  for (const body of bad) {
    const { resourceType } = body as { resourceType: string };
    const reply = await server.send('POST', resourceType, { body });
    assert.equal(reply.status, 422, JSON.stringify(body));
    assert.deepEqual(expressionsOf(reply), [`${resourceType}.extension[0]`], JSON.stringify(body));
  }
  for (const body of [
    flag(EXTENSION.bannerIntent, { valueCode: 'alert' }),
    flag(EXTENSION.bannerHref, { valueUri: '/patients/1?x=1#y' }),
    flag(EXTENSION.bannerHref, { valueUri: 'https://example.org/a' }),
    card(title, command('{"narrative":"x"}'), command('{}')),
  ]) {
    const reply = await server.send('POST', body.resourceType, { body });
    assert.equal(reply.status, 201, reply.text);
  }
});
