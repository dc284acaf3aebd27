// Which address leads to which interaction, in bundles as over HTTP, and the order of a transaction.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEntry } from '#fhir/bundle/entries.ts';
import { inOrder } from '#fhir/bundle/order.ts';
import { interactionAt } from '#fhir/table.ts';

const ADDRESSES = [
  ['GET', 'Patient/1', 'read'],
  ['GET', 'Patient/_history', 'history-type'],
  ['GET', 'Patient/1/_history', 'history-instance'],
  ['GET', 'Patient/1/_history/2', 'vread'],
  ['GET', 'Patient/1/$everything', 'everything'],
  ['GET', 'Patient', 'search'],
  ['POST', 'Patient', 'create'],
  ['POST', 'Patient/_search', 'search by form'],
  ['POST', 'Patient/$validate', 'validate'],
  ['PUT', 'Patient', 'conditional update'],
  ['PUT', 'Patient/1', 'update'],
  ['PATCH', 'Patient/1', 'patch'],
  ['DELETE', 'Patient/1', 'delete'],
  ['DELETE', 'Patient', 'conditional delete'],
  ['POST', 'Patient/1', undefined],
  ['GET', 'Patient/1/2/3/4', undefined],
  ['TRACE', 'Patient', undefined],
] as const;

for (const [method, path, name] of ADDRESSES) {
  test(`${method} ${path} is ${name ?? 'nothing'}`, () => {
    assert.equal(interactionAt(method, path)?.interaction.name, name);
  });
}

const entry = (method: string, url: string) => ({
  request: { method, url },
  resource: { resourceType: 'Binary', contentType: 'application/json-patch+json', data: 'W10=' },
});

test('a transaction deletes, creates, changes, then reads; entries of one kind keep their order', () => {
  const given = [
    entry('GET', 'Patient/1'),
    entry('PUT', 'Patient/2'),
    entry('POST', 'Patient'),
    entry('PATCH', 'Patient/3'),
    entry('DELETE', 'Patient/4'),
    entry('POST', 'Task'),
  ];
  const ordered = inOrder(given.map((one, index) => readEntry(one, index, 'http://x/fhir/R4')));
  assert.deepEqual(
    ordered.map(({ index }) => index),
    [4, 2, 5, 1, 3, 0],
  );
});

test('an entry may name its address relative to the base, from it, or with a slash', () => {
  for (const url of ['Patient?name=a', '/Patient?name=a', 'http://x/fhir/R4/Patient?name=a']) {
    const { interaction, request } = readEntry(entry('GET', url), 0, 'http://x/fhir/R4');
    assert.deepEqual([interaction.name, request.type, String(request.query)], ['search', 'Patient', 'name=a']);
  }
});

const BROKEN = [
  null,
  1,
  [],
  {},
  { request: null },
  { request: {} },
  { request: { method: 'GET' } },
  { request: { method: 'GET', url: 5 } },
  entry('GET', ''),
  entry('GET', 'http://elsewhere/Patient/1'),
  entry('POST', 'Patient/_search'),
  entry('GET', 'Nonsense/1'),
  { request: { method: 'PATCH', url: 'Patient/1' }, resource: { resourceType: 'Patient' } },
];

for (const [index, given] of BROKEN.entries()) {
  test(`an entry like ${JSON.stringify(given)} is refused`, () => {
    assert.throws(() => readEntry(given, index, 'http://x/fhir/R4'), { name: 'Refusal' });
  });
}
