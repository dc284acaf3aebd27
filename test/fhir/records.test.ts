// One record through its life: create, read, vread, update, patch, delete, each with its headers and refusals.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Patient } from '@medplum/fhirtypes';
import { EXTENSION } from '#kit/systems.ts';
import { codesOf, expressionsOf, type Loose, startFhirServer } from '../support/fhir-server.ts';
import { seenIn } from '../support/seen.ts';
import { stepsOf } from '../support/steps.ts';

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
  ['a pattern', operation('delete', "Patient.name.where(family.matches('^L'))"), /condition in it is not supported/],
  [
    'a condition on the whole record',
    operation('delete', "Patient.name.where(%resource.name.where(family = 'x').exists())"),
    /condition in it is not supported/,
  ],
  [
    'a condition of too many types',
    operation('delete', 'Patient.name.where(extension.value.extension.value.extension.exists())'),
    /condition in it is not supported/,
  ],
  [
    'a date compared with a text',
    operation('delete', "Patient.name.where(period.start = '2001')"),
    /comparing a date with a text: write it @2020-12-31/,
  ],
  [
    'several values for one',
    operation('delete', "Patient.name.where(given < 'B')"),
    /several values where one is needed/,
  ],
  ['words behind a condition', operation('delete', 'Patient.name.where(family.exists() not)'), /words after the end/],
  ['an unknown type to choose', operation('delete', 'Patient.deceased.ofType(Bool)'), /Bool is not a type of FHIR R4/],
  ['a path without its dots', operation('delete', 'Patient gender'), /it is written Patient\.name\[0\]/],
  ['a condition in place of an address', operation('delete', "Patient.extension('x' or true)"), /is given a url/],
  ['a path that is too long', operation('delete', `Patient.name${' '.repeat(1000)}`), /more than 1000 characters/],
  ['a property of all objects', operation('delete', 'Patient.constructor'), /constructor is not an element/],
  [
    'the name of a method',
    operation('add', 'Patient', part('name', { valueString: 'toString' }), part('value', { valueString: 'x' })),
    /not an element of Patient/,
  ],
  [
    'a part by the name of a prototype',
    operation('add', 'Patient', part('name', { valueString: 'contact' }), {
      name: 'value',
      part: [part('__proto__', { valueString: 'x' })],
    }),
    /not an element of its type/,
  ],
] as const;

for (const [what, given, said] of BAD_FHIRPATH_PATCHES) {
  test(`a FHIRPath Patch with ${what} is refused and changes nothing`, async () => {
    const name = [{ family: 'Lovelace', given: ['Ada', 'Augusta'], period: { start: '1815' } }];
    const created = await server.create({ ...ADA, name });
    const reply = await server.send('PATCH', `Patient/${created.id}`, { body: parameters(given) });
    assert.deepEqual([reply.status, codesOf(reply)], [422, ['patch.failed']], reply.text);
    assert.match(reply.body.issue[0].diagnostics, said);
    assert.deepEqual((await server.send('GET', `Patient/${created.id}`)).body, created);
  });
}

test('a FHIRPath Patch visits a bounded part of a long record, and says what to do instead', async () => {
  const contact = Array.from({ length: 5_000 }, (_, index) => ({
    gender: index === 4_000 ? ('female' as const) : ('male' as const),
    address: { city: 'Utrecht' },
  }));
  const created = await server.create({ ...ADA, contact });
  const asked = (path: string) =>
    parameters(...Array(100).fill(operation('replace', path, part('value', { valueCode: 'other' }))));
  const found = "Patient.contact.where(gender = 'female' or gender = 'other').gender";
  const refused = await server.send('PATCH', `Patient/${created.id}`, { body: asked(found) });
  assert.deepEqual([refused.status, codesOf(refused)], [422, ['patch.failed']], refused.text);
  assert.match(refused.body.issue[0].diagnostics, /visits too much of the record\. Name elements by their index/);
  const once = parameters(operation('replace', found, part('value', { valueCode: 'other' })));
  assert.equal((await server.send('PATCH', `Patient/${created.id}`, { body: once })).status, 200);
  const named = await server.send('PATCH', `Patient/${created.id}`, { body: asked('Patient.contact[3999].gender') });
  assert.equal(named.status, 200, named.text);
  assert.deepEqual(
    [3998, 3999, 4000].map((index) => named.body.contact[index].gender),
    ['male', 'other', 'other'],
  );
});

test('the condition of a FHIRPath Patch compares dates, and texts put together', async () => {
  const created = await server.create({
    ...ADA,
    name: [
      { family: 'Byron', given: ['Ada'], period: { start: '1815-12-10', end: '1835-07-08' } },
      { family: 'Lovelace', given: ['Ada'], period: { start: '1835-07' } },
    ],
  });
  const body = parameters(
    operation('delete', 'Patient.name.where(period.start < @1835-01-01).period.end'),
    operation(
      'replace',
      "Patient.name.where(given.first() + ' ' + family = 'Ada Lovelace').family",
      part('value', { valueString: 'King' }),
    ),
  );
  const reply = await server.send('PATCH', `Patient/${created.id}`, { body });
  assert.equal(reply.status, 200, reply.text);
  const [maiden, married] = reply.body.name;
  assert.deepEqual([maiden.family, maiden.period, married.family], ['Byron', { start: '1815-12-10' }, 'King']);
});

test('a FHIRPath Patch keeps how decimals are written', async () => {
  const { id } = await server.create({
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'x' },
    valueQuantity: { value: 1 },
  });
  const decimals = JSON.stringify(
    parameters(
      operation('replace', 'Observation.value.value', part('value', { valueDecimal: '2.500' })),
      operation('add', 'Observation', part('name', { valueString: 'component' }), {
        name: 'value',
        part: [
          part('code', { valueCodeableConcept: { text: 'y' } }),
          { name: 'value', valueQuantity: { value: '3.10' } },
          {
            name: 'referenceRange',
            part: [{ name: 'low', part: [part('value', { valueDecimal: '4.00' })] }],
          },
        ],
      }),
      operation('add', 'Observation', part('name', { valueString: 'referenceRange' }), {
        name: 'value',
        part: [part('text', { valueString: 'z' })],
      }),
      operation(
        'add',
        'Observation.referenceRange[0]',
        part('name', { valueString: 'high' }),
        part('value', { valueQuantity: {} }),
      ),
      operation(
        'add',
        'Observation.referenceRange[0].high',
        part('name', { valueString: 'value' }),
        part('value', { valueDecimal: '5.0' }),
      ),
    ),
  );
  const reply = await server.send('PATCH', `Observation/${id}`, { raw: decimals.replace(/"(\d\.\d+)"/g, '$1') });
  assert.equal(reply.status, 200, reply.text);
  const { text } = await server.send('GET', `Observation/${id}`);
  for (const literal of ['2.500', '3.10', '4.00', '5.0']) assert.match(text, new RegExp(`"value":${literal}[,}]`));
});

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

test('profiles that are claimed or asked for are said not to be checked, and R4’s own are', async () => {
  const profile = ['http://hl7.org/fhir/StructureDefinition/Patient', 'http://example.org/StructureDefinition/ours|2'];
  const claiming = { ...ADA, meta: { profile } };
  const warnings = ({ body }: { body: Loose }) =>
    body.issue.flatMap(({ severity, expression, details }: Loose) =>
      severity === 'warning' ? [[expression?.[0], /\S+(?= was not checked)/.exec(details.text)?.[0]]] : [],
    );
  const claimed = ['Patient.meta.profile[1]', profile[1]];
  assert.deepEqual(warnings(await server.send('POST', 'Patient/$validate', { body: claiming })), [claimed]);
  const asked = await server.send('POST', 'Patient/$validate?profile=http://example.org/other', { body: claiming });
  assert.deepEqual(warnings(asked), [claimed, [undefined, 'http://example.org/other']]);
  const parameters = {
    resourceType: 'Parameters',
    parameter: [
      { name: 'resource', resource: ADA },
      { name: 'profile', valueUri: 'http://example.org/third' },
    ],
  };
  const named = await server.send('POST', 'Patient/$validate', { body: parameters });
  assert.deepEqual(warnings(named), [[undefined, 'http://example.org/third']]);
  assert.deepEqual(warnings(await server.send('POST', 'Patient/$validate', { body: ADA })), []);

  const headers = { prefer: 'return=OperationOutcome' };
  assert.deepEqual(warnings(await server.send('POST', 'Patient', { body: claiming, headers })), [claimed]);
  const { id } = await server.create(claiming);
  const update = { ...claiming, id, active: true };
  assert.deepEqual(warnings(await server.send('PUT', `Patient/${id}`, { body: update, headers })), [claimed]);
  const batch = {
    resourceType: 'Bundle',
    type: 'batch',
    entry: [{ resource: claiming, request: { method: 'POST', url: 'Patient' } }],
  };
  const [entry] = (await server.send('POST', '', { body: batch, headers })).body.entry;
  assert.deepEqual(warnings({ body: entry.response.outcome }), [claimed]);
  // So are those of what is in it.
  const inside = { resourceType: 'Patient', id: 'p', meta: { profile } };
  for (const [type, body, path] of [
    [
      'Basic',
      { resourceType: 'Basic', code: { text: 'x' }, contained: [inside], subject: { reference: '#p' } },
      'Basic.contained[0]',
    ],
    [
      'Bundle',
      { resourceType: 'Bundle', type: 'collection', entry: [{ resource: inside }] },
      'Bundle.entry[0].resource',
    ],
  ] as const) {
    const { body: outcome } = await server.send('POST', `${type}/$validate`, { body });
    const warnings = outcome.issue.filter(({ severity }: Loose) => severity === 'warning');
    assert.deepEqual(
      warnings.map(({ expression }: Loose) => expression),
      [[`${path}.meta.profile[1]`]],
      type,
    );
  }
});

test('what would wait for an effect that never comes is refused, and says what to do instead', async () => {
  const subscription = {
    resourceType: 'Subscription',
    reason: 'x',
    criteria: 'Patient?',
    channel: { type: 'rest-hook', endpoint: 'https://example.org/hook' },
  };
  const parameter = {
    resourceType: 'SearchParameter',
    url: 'http://example.org/SearchParameter/shoe-size',
    name: 'ShoeSize',
    description: 'x',
    code: 'shoe-size',
    base: ['Patient'],
    type: 'number',
  };
  for (const [record, refused, kept, instead] of [
    [subscription, ['requested', 'active'], ['off', 'error'], /\/api\/events\/stream/],
    [parameter, ['active'], ['draft', 'retired'], /draft/],
  ] as const) {
    const { resourceType: type } = record;
    for (const status of refused) {
      const reply = await server.send('POST', type, { body: { ...record, status } });
      assert.deepEqual([reply.status, codesOf(reply)], [422, ['record.no-effect']]);
      assert.match(reply.body.issue[0].diagnostics, instead);
      const said = await server.send('POST', `${type}/$validate`, { body: { ...record, status } });
      assert.equal(said.body.issue[0].severity, 'error');
    }
    for (const status of kept) {
      const { id } = await server.create({ ...record, status } as never);
      const reply = await server.send('PUT', `${type}/${id}`, { body: { ...record, id, status: refused[0] } });
      assert.equal(reply.status, 422);
    }
  }
  const definition = { resourceType: 'OperationDefinition', name: 'X', status: 'active', kind: 'operation', code: 'x' };
  const rest = { system: true, type: false, instance: false };
  const kept = await server.send('POST', 'OperationDefinition', {
    body: { ...definition, ...rest },
    headers: { prefer: 'return=OperationOutcome' },
  });
  assert.deepEqual(
    [kept.status, kept.body.issue.map(({ severity }: Loose) => severity)],
    [201, ['information', 'warning']],
  );
});

describe('answers to a questionnaire that is here', () => {
  const url = 'http://example.org/Questionnaire/visit';
  const SYSTEM = 'http://example.org/codes';
  const coding = (code: string, system = SYSTEM) => ({ valueCoding: { system, code } });
  const include = [{ system: SYSTEM, concept: [{ code: 'red' }, { code: 'blue' }] }];
  const colors = { resourceType: 'ValueSet', id: 'colors', status: 'active', compose: { include } } as const;
  const questionnaire = {
    resourceType: 'Questionnaire',
    status: 'active',
    url,
    version: '2',
    contained: [colors],
    item: [
      { linkId: 'smokes', type: 'boolean', required: true },
      { linkId: 'packs', type: 'integer', enableWhen: [{ question: 'smokes', operator: '=', answerBoolean: true }] },
      { linkId: 'hint', type: 'display', text: 'Thank you' },
      { linkId: 'mood', type: 'choice', answerOption: [coding('good'), coding('bad')] },
      { linkId: 'pain', type: 'open-choice', repeats: true, answerOption: [coding('head'), coding('back')] },
      { linkId: 'color', type: 'choice', answerValueSet: '#colors' },
      { linkId: 'stored', type: 'choice', answerValueSet: 'http://example.org/ValueSet/sizes' },
      { linkId: 'elsewhere', type: 'choice', answerValueSet: 'http://example.org/ValueSet/not-here' },
      { linkId: 'score', type: 'integer', answerOption: [{ valueInteger: 1 }, { valueInteger: 2 }] },
      { linkId: 'words', type: 'string', maxLength: 5 },
      {
        linkId: 'kid',
        type: 'group',
        repeats: true,
        item: [
          { linkId: 'name', type: 'string', required: true },
          { linkId: 'sick', type: 'boolean' },
          { linkId: 'what', type: 'string', enableWhen: [{ question: 'sick', operator: '=', answerBoolean: true }] },
        ],
      },
      {
        linkId: 'drug',
        type: 'string',
        repeats: true,
        item: [
          { linkId: 'dose', type: 'quantity' },
          { linkId: 'why', type: 'string', enableWhen: [{ question: 'drug', operator: '=', answerString: 'opium' }] },
        ],
      },
      { linkId: 'home', type: 'group', item: [{ linkId: 'stairs', type: 'integer' }] },
    ],
  } as const;
  const SIZES = { ...colors, id: undefined, url: 'http://example.org/ValueSet/sizes' };
  before(async () => {
    await server.create({ ...SIZES, compose: { include: [{ system: SYSTEM, concept: [{ code: 'S' }] }] } } as Loose);
    await server.create(questionnaire as Loose);
  });

  const no = { linkId: 'smokes', answer: [{ valueBoolean: false }] };
  const answer = (linkId: string, ...answers: object[]) => ({ linkId, answer: answers });
  const kid = (...item: object[]) => ({ linkId: 'kid', item });
  const name = answer('name', { valueString: 'Ann' });
  const GOOD: Readonly<Record<string, readonly object[]>> = {
    'what must be answered': [no],
    'all of it': [
      answer('smokes', { valueBoolean: true }),
      answer('packs', { valueInteger: 1 }),
      { linkId: 'hint' },
      answer('mood', coding('bad')),
      answer('pain', coding('head'), { valueString: 'left knee' }),
      answer('color', coding('red')),
      answer('stored', coding('S')),
      answer('elsewhere', coding('anything')),
      answer('score', { valueInteger: 2 }),
      answer('words', { valueString: 'five!' }),
      kid(name, answer('sick', { valueBoolean: false })),
      kid(name, answer('sick', { valueBoolean: true }), answer('what', { valueString: 'cough' })),
      answer(
        'drug',
        { valueString: 'aspirin', item: [answer('dose', { valueQuantity: { value: 100 } })] },
        { valueString: 'opium', item: [answer('why', { valueString: 'pain' })] },
      ),
      { linkId: 'home', item: [answer('stairs', { valueInteger: 3 })] },
    ],
    'an answer that is absent for a reason': [
      {
        linkId: 'smokes',
        answer: [{ _valueBoolean: { extension: [{ url: 'http://example.org/absent', valueCode: 'asked-declined' }] } }],
      },
    ],
  };
  const BAD: Readonly<Record<string, readonly [item: readonly object[], at: string]>> = {
    'a missing answer': [[], 'QuestionnaireResponse'],
    'a question that is not asked': [[no, answer('age', { valueInteger: 3 })], 'QuestionnaireResponse.item[1].linkId'],
    'a question in the wrong place': [
      [no, answer('stairs', { valueInteger: 3 })],
      'QuestionnaireResponse.item[1].linkId',
    ],
    'another order': [[answer('mood', coding('bad')), no], 'QuestionnaireResponse.item[1]'],
    'another type': [[answer('smokes', { valueString: 'no' })], 'QuestionnaireResponse.item[0].answer[0]'],
    'no option': [[no, answer('mood', coding('sad'))], 'QuestionnaireResponse.item[1].answer[0]'],
    'the code of another system': [
      [no, answer('mood', coding('bad', 'x:y'))],
      'QuestionnaireResponse.item[1].answer[0]',
    ],
    'text for a choice': [[no, answer('mood', { valueString: 'bad' })], 'QuestionnaireResponse.item[1].answer[0]'],
    'a coding that an open choice lacks': [
      [no, answer('pain', coding('toe'))],
      'QuestionnaireResponse.item[1].answer[0]',
    ],
    'a code out of a contained value set': [
      [no, answer('color', coding('S'))],
      'QuestionnaireResponse.item[1].answer[0]',
    ],
    'a code out of a stored value set': [
      [no, answer('stored', coding('red'))],
      'QuestionnaireResponse.item[1].answer[0]',
    ],
    'a number that is no option': [
      [no, answer('score', { valueInteger: 3 })],
      'QuestionnaireResponse.item[1].answer[0]',
    ],
    'text that is too long': [
      [no, answer('words', { valueString: 'sixsix' })],
      'QuestionnaireResponse.item[1].answer[0]',
    ],
    'two answers': [[no, answer('mood', coding('bad'), coding('good'))], 'QuestionnaireResponse.item[1].answer[1]'],
    'two items of a question': [
      [no, answer('pain', coding('head')), answer('pain', coding('back'))],
      'QuestionnaireResponse.item[2]',
    ],
    'a group twice': [
      [no, ...[1, 2].map((n) => ({ linkId: 'home', item: [answer('stairs', { valueInteger: n })] }))],
      'QuestionnaireResponse.item[2]',
    ],
    'an answer to a group': [[no, answer('home', { valueString: 'x' })], 'QuestionnaireResponse.item[1].answer[0]'],
    'an answer to a display': [[no, answer('hint', { valueString: 'x' })], 'QuestionnaireResponse.item[1].answer[0]'],
    'an answer that is ruled out': [[no, answer('packs', { valueInteger: 1 })], 'QuestionnaireResponse.item[1]'],
    'one ruled out in its repetition, though not in another': [
      [
        no,
        kid(name, answer('sick', { valueBoolean: true })),
        kid(name, answer('sick', { valueBoolean: false }), answer('what', { valueString: 'cough' })),
      ],
      'QuestionnaireResponse.item[2].item[2]',
    ],
    'a missing answer in a repetition': [
      [no, kid(name), kid(answer('sick', { valueBoolean: true }))],
      'QuestionnaireResponse.item[2]',
    ],
    'one ruled out by the answer it is in': [
      [
        no,
        answer('drug', { valueString: 'opium' }, { valueString: 'tea', item: [answer('why', { valueString: 'x' })] }),
      ],
      'QuestionnaireResponse.item[1].answer[1].item[0]',
    ],
    'what a question contains without its answer': [
      [no, { linkId: 'drug', item: [answer('dose', { valueQuantity: { value: 1 } })] }],
      'QuestionnaireResponse.item[1].item[0]',
    ],
  };
  const response = (item: readonly object[], over: object = {}) => ({
    resourceType: 'QuestionnaireResponse',
    status: 'completed',
    questionnaire: url,
    ...(item.length > 0 && { item }),
    ...over,
  });
  const send = (body: object, headers = {}) => server.send('POST', 'QuestionnaireResponse', { body, headers });

  for (const [what, item] of Object.entries(GOOD)) {
    test(`are kept: ${what}`, async () => {
      const { status, text } = await send(response(item));
      assert.equal(status, 201, text);
    });
  }
  for (const [what, [item, at]] of Object.entries(BAD)) {
    test(`are refused: ${what}`, async () => {
      const reply = await send(response(item));
      assert.equal(reply.status, 422);
      assert.deepEqual(expressionsOf(reply), [at]);
      const said = await server.send('POST', 'QuestionnaireResponse/$validate', { body: response(item) });
      const errors = said.body.issue.filter(({ severity }: Loose) => severity === 'error');
      assert.deepEqual(
        errors.map(({ expression }: Loose) => expression[0]),
        [at],
      );
    });
  }

  test('that are not complete may lack some, and may hold no others', async () => {
    for (const status of ['in-progress', 'stopped']) {
      assert.equal((await send(response([], { status }))).status, 201);
      assert.equal((await send(response([answer('smokes', { valueString: 'no' })], { status }))).status, 422);
    }
    const begun = (await send(response([], { status: 'in-progress' }))).body;
    const done = { ...begun, status: 'completed' };
    assert.equal((await server.send('PUT', `QuestionnaireResponse/${begun.id}`, { body: done })).status, 422);
    const wrong = { ...begun, status: 'entered-in-error', item: [answer('smokes', { valueString: 'no' })] };
    assert.equal((await server.send('PUT', `QuestionnaireResponse/${begun.id}`, { body: wrong })).status, 200);
  });

  test('are found by its url, its version, its id, in their own resource and in their bundle; others are kept with a warning', async () => {
    const { id } = (await server.send('GET', `Questionnaire?url=${url}`)).body.entry[0].resource;
    const bad = [answer('smokes', { valueString: 'no' })];
    const own = {
      ...questionnaire,
      id: 'own',
      url: undefined,
      contained: undefined,
      item: questionnaire.item.slice(0, 3),
    };
    for (const over of [
      {},
      { questionnaire: `${url}|2` },
      { questionnaire: `${url}|` },
      { questionnaire: `Questionnaire/${id}` },
      { questionnaire: `${server.baseUrl}/Questionnaire/${id}` },
      { questionnaire: '#own', contained: [own] },
    ]) {
      assert.equal((await send(response(bad, over))).status, 422, JSON.stringify(over));
    }
    const fresh = 'http://example.org/Questionnaire/fresh';
    const entry = [
      { resource: { ...own, id: undefined, url: fresh }, request: { method: 'POST', url: 'Questionnaire' } },
      { resource: response(bad, { questionnaire: fresh }), request: { method: 'POST', url: 'QuestionnaireResponse' } },
    ];
    const bundle = await server.send('POST', '', { body: { resourceType: 'Bundle', type: 'transaction', entry } });
    assert.equal(bundle.status, 422);

    for (const over of [
      { questionnaire: `${url}|1` },
      { questionnaire: 'Questionnaire/nobody' },
      { questionnaire: 'http://example.org/not-here' },
      { questionnaire: undefined },
    ]) {
      const { status, body } = await send(response(bad, over), { prefer: 'return=OperationOutcome' });
      assert.equal(status, 201, JSON.stringify(over));
      assert.deepEqual(
        body.issue.map(({ severity }: Loose) => severity),
        ['information', 'warning'],
      );
      assert.match(body.issue[1].details.text, /answers are not checked/);
    }
  });

  test('are checked anew when the questionnaire in their own resource changes', async () => {
    const words = (maxLength: number) => ({
      questionnaire: '#own',
      contained: [
        {
          resourceType: 'Questionnaire',
          id: 'own',
          status: 'active',
          item: [{ linkId: 'words', type: 'string', maxLength }],
        },
      ],
    });
    const item = [answer('words', { valueString: 'three' })];
    const { body, status } = await send(response(item, words(5)));
    assert.equal(status, 201);
    const put = (over: object) =>
      server.send('PUT', `QuestionnaireResponse/${body.id}`, { body: response(item, { id: body.id, ...over }) });
    assert.equal((await put(words(2))).status, 422);
    assert.equal((await put(words(6))).status, 200);
  });

  test('tell nothing of the questionnaire to who may not read it', async () => {
    const { id } = await server.create(ADA);
    const secret = 'http://example.org/Questionnaire/secret';
    const asked = { linkId: 'inner', type: 'string', required: true, text: 'How is the secret?' };
    const own = { resourceType: 'Questionnaire', status: 'active', item: [asked] };
    await server.create({ ...own, url: secret } as Loose);
    const post = (scopes: readonly string[], over: object) => {
      const body = response([], { subject: { reference: `Patient/${id}` }, ...over });
      return server.send('POST', 'QuestionnaireResponse', { body, token: server.grant(scopes, id) });
    };
    const writing = 'patient/QuestionnaireResponse.c';
    const blind = await post([writing], { questionnaire: secret });
    assert.equal(blind.status, 422);
    assert.doesNotMatch(blind.text, /inner|How is/);
    assert.match(blind.text, /ask for the scope patient\/Questionnaire\.r/);
    for (const reply of [
      await post([writing, 'patient/Questionnaire.r'], { questionnaire: secret }),
      await post([writing, 'system/Questionnaire.r'], { questionnaire: secret }),
      await post([writing], { questionnaire: '#own', contained: [{ ...own, id: 'own' }] }),
    ]) {
      assert.equal(reply.status, 422);
      assert.match(reply.text, /inner must be answered \(“How is the secret\?”\)/);
    }
  });

  test('cost what they hold, not what they hold times what is asked', async () => {
    const string = (linkId: string, over: object = {}) => ({ linkId, type: 'string', ...over });
    const when = (question: string) => ({ enableWhen: [{ question, operator: '=', answerString: 'never' }] });
    const group = (linkId: string, ...item: object[]) => ({ linkId, type: 'group', repeats: true, item });
    const many = (length: number, of: (n: number) => object) => Array.from({ length }, (_, n) => of(n));
    const repeated = (length: number, ...item: object[]) => many(length, () => ({ linkId: 'g', item }));
    const q = answer('q', { valueString: 'x' });
    const check = async (questions: readonly object[], items: readonly object[]) => {
      const own = { resourceType: 'Questionnaire', id: 'own', status: 'active', item: questions };
      const body = response(items, { questionnaire: '#own', contained: [own] });
      const { text } = await server.send('POST', 'QuestionnaireResponse/$validate', { body });
      return { text };
    };
    const conditional = (length: number) =>
      check([group('g', string('q')), string('last', when('q'))], repeated(length, q));
    const once = await stepsOf('/questionnaire-', () => conditional(2500));
    const eightfold = await stepsOf('/questionnaire-', () => conditional(20_000));
    assert.doesNotMatch(eightfold.result.text, /"severity":"error"/);
    assert.ok(once.steps >= 2500, `${once.steps} steps`);
    assert.ok(eightfold.steps < 10 * once.steps, `${once.steps} steps, then ${eightfold.steps}`);

    const wide = many(1500, (n) => string(`q${n}`));
    const { text } = await check([group('g', string('q'), ...wide)], repeated(1500, q));
    assert.doesNotMatch(text, /"severity":"error"/);
    const demanding = many(1500, (n) => string(`q${n}`, { required: true, ...when('q') }));
    const refused = await check([group('g', string('q'), ...demanding)], repeated(1500, q));
    assert.match(refused.text, /Put fewer repetitions into one response/);
  });
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
