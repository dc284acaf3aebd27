// Media types: JSON in and out, everything else refused in words.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codesOf, startFhirServer } from '../support/fhir-server.ts';

const server = await startFhirServer();
const BASIC = { resourceType: 'Basic', code: { text: 'x' } } as const;

for (const type of [
  'application/fhir+json',
  'application/json',
  'application/fhir+json; charset=utf-8',
  'application/json+fhir',
]) {
  test(`a body of ${type} is taken`, async () => {
    assert.equal((await server.send('POST', 'Basic', { body: BASIC, type })).status, 201);
  });
}

for (const type of [
  'application/fhir+xml',
  'application/xml',
  'text/plain',
  'application/json-patch+json',
  'application/x-www-form-urlencoded',
]) {
  test(`a record as ${type} is refused with 415`, async () => {
    const reply = await server.send('POST', 'Basic', { raw: '{}', type });
    assert.deepEqual([reply.status, codesOf(reply)], [415, ['request.media-type']]);
    assert.match(reply.body.issue[0].diagnostics, /application\/fhir\+json/);
  });
}

test('a patch is refused as anything but a JSON Patch', async () => {
  const { id } = await server.create(BASIC);
  for (const type of ['application/json', 'application/fhir+json']) {
    const reply = await server.send('PATCH', `Basic/${id}`, { body: [], type });
    assert.deepEqual([reply.status, codesOf(reply)], [415, ['request.media-type']]);
  }
});

test('an answer in XML is refused with 406, however it is asked for', async () => {
  for (const [path, accept] of [
    ['Basic', 'application/fhir+xml'],
    ['Basic?_format=xml', '*/*'],
    ['metadata?_format=application/fhir%2Bxml', '*/*'],
  ] as const) {
    const reply = await server.send('GET', path, { headers: { accept } });
    assert.deepEqual([reply.status, codesOf(reply)], [406, ['request.accept']], path);
  }
  const form = { raw: '_format=xml', type: 'application/x-www-form-urlencoded' };
  assert.equal((await server.send('POST', 'Basic/_search', form)).status, 406);
  const before = await server.count('Basic');
  const write = await server.send('POST', 'Basic', { body: BASIC, headers: { accept: 'application/fhir+xml' } });
  assert.equal(write.status, 406);
  assert.equal(await server.count('Basic'), before);
});

test('a body over the limit is refused with 413', async () => {
  const reply = await server.send('POST', 'Basic', { raw: `"${'x'.repeat(9 * 1024 * 1024)}"` });
  assert.deepEqual([reply.status, codesOf(reply)], [413, ['request.too-large']]);
});
