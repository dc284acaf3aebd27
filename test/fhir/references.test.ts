// How references inside a transaction find what they mean.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  conditionalReferencesIn,
  danglingIn,
  localReferences,
  readConditionalReference,
  resolveReferences,
} from '#fhir/references.ts';

const URN = 'urn:uuid:7a6d0d9e-7b1f-4b6c-9f0a-6f4d7e2f8a11';
const LINKS = new Map([
  [URN, 'Patient/1'],
  ['http://old.example.org/fhir/Patient/9', 'Patient/1'],
  ['Organization?identifier=a|b', 'Organization/2'],
]);

const CASES = [
  ['a reference', { subject: { reference: URN } }, { subject: { reference: 'Patient/1' } }],
  ['a reference in a list', { basedOn: [{ reference: URN }] }, { basedOn: [{ reference: 'Patient/1' }] }],
  [
    'a conditional reference',
    { x: { reference: 'Organization?identifier=a|b' } },
    { x: { reference: 'Organization/2' } },
  ],
  [
    'an absolute reference',
    { x: { reference: 'http://old.example.org/fhir/Patient/9' } },
    { x: { reference: 'Patient/1' } },
  ],
  ['a canonical element', { instantiatesCanonical: [URN] }, { instantiatesCanonical: ['Patient/1'] }],
  ['a uri element', { instantiatesUri: URN }, { instantiatesUri: 'Patient/1' }],
  ['a value of type uri', { valueUri: URN }, { valueUri: 'Patient/1' }],
  ['the value of an identifier', { identifier: [{ value: URN }] }, { identifier: [{ value: URN }] }],
  ['the address of an attachment', { content: { url: URN } }, { content: { url: URN } }],
  [
    'a text that only contains it',
    { text: { div: `<a>${URN}</a>` }, note: `see ${URN}` },
    { text: { div: `<a>${URN}</a>` }, note: `see ${URN}` },
  ],
  ['a reference to something else', { x: { reference: 'Patient/5' } }, { x: { reference: 'Patient/5' } }],
  [
    'a bundle that is kept as a record',
    { resourceType: 'Bundle', entry: [{ fullUrl: URN }] },
    { resourceType: 'Bundle', entry: [{ fullUrl: URN }] },
  ],
  ['numbers, booleans and nulls', { a: 1, b: false, c: [null] }, { a: 1, b: false, c: [null] }],
] as const;

for (const [what, given, expected] of CASES) {
  test(`${what} is resolved as it should be`, () => {
    assert.deepEqual(resolveReferences(given, LINKS), expected);
  });
}

test('a relative reference begins where the full URL of its entry begins', () => {
  const given = { subject: { reference: 'Patient/9' } };
  assert.deepEqual(resolveReferences(given, LINKS, 'http://old.example.org/fhir/'), {
    subject: { reference: 'Patient/1' },
  });
  assert.deepEqual(resolveReferences(given, LINKS, 'http://new.example.org/fhir/'), given);
});

test('resolving changes a copy', () => {
  const given = { subject: { reference: URN } };
  resolveReferences(given, LINKS);
  assert.equal(given.subject.reference, URN);
});

test('conditional references are found once each, and only where a reference stands', () => {
  const given = {
    performer: [{ reference: 'Practitioner?identifier=1' }, { reference: 'Practitioner?identifier=1' }],
    note: 'Patient?name=x',
    subject: { reference: 'Patient/1' },
  };
  assert.deepEqual(conditionalReferencesIn(given), ['Practitioner?identifier=1']);
  assert.deepEqual(readConditionalReference('Practitioner?identifier=1'), {
    type: 'Practitioner',
    criteria: 'identifier=1',
  });
  assert.equal(readConditionalReference('Practitioner/1'), undefined);
});

test('a urn that no entry has is named with the path to it', () => {
  const given = { subject: { reference: URN }, performer: [{ reference: 'urn:uuid:0' }] };
  assert.deepEqual(
    danglingIn(given, LINKS).map(({ path }) => path),
    ['performer[0].reference'],
  );
});

test('an absolute reference to this server becomes relative, another server’s stays', () => {
  const given = {
    a: { reference: 'http://here/fhir/R4/Patient/1' },
    b: { reference: 'http://there/fhir/R4/Patient/1' },
  };
  assert.deepEqual(localReferences(given, 'http://here/fhir/R4'), {
    a: { reference: 'Patient/1' },
    b: { reference: 'http://there/fhir/R4/Patient/1' },
  });
});
