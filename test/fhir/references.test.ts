// How references inside a transaction find what they mean.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  conditionalReferencesIn,
  danglingIn,
  Links,
  localReferences,
  readConditionalReference,
  resolveReferences,
} from '#fhir/references.ts';

const URN = 'urn:uuid:7a6d0d9e-7b1f-4b6c-9f0a-6f4d7e2f8a11';
const OID = 'urn:oid:1.2.3';
const links = new Links();
links.set(URN, { record: 'Patient/1', version: 4 });
links.set(OID, { record: 'Binary/3', version: 1 });
links.set('http://old.example.org/fhir/Patient/9', { record: 'Patient/1', version: 4 });
links.set('Patient/relative', { record: 'Patient/1', version: 4 });
links.set('http://example.org/CodeSystem/c', { record: 'CodeSystem/4', version: 1 });
const found = new Map([['Organization?identifier=a|b', 'Organization/2']]);

const resolved = (body: unknown, type: string, base?: string) => resolveReferences(body, type, { links, found, base });

/** Each a resource type, an element of it, and what becomes of that; undefined where it stays as it is. */
const CASES: readonly [what: string, type: string, given: object, expected?: object][] = [
  ['a reference', 'Observation', { subject: { reference: URN } }, { subject: { reference: 'Patient/1' } }],
  [
    'a UUID in capitals',
    'Observation',
    { subject: { reference: `urn:uuid:${URN.slice(9).toUpperCase()}` } },
    { subject: { reference: 'Patient/1' } },
  ],
  ['a reference in a list', 'Observation', { focus: [{ reference: OID }] }, { focus: [{ reference: 'Binary/3' }] }],
  [
    'a full URL that is relative',
    'Observation',
    { subject: { reference: 'Patient/relative' } },
    { subject: { reference: 'Patient/1' } },
  ],
  [
    'a conditional reference',
    'Patient',
    { managingOrganization: { reference: 'Organization?identifier=a|b' } },
    { managingOrganization: { reference: 'Organization/2' } },
  ],
  [
    'an absolute reference',
    'Observation',
    { subject: { reference: 'http://old.example.org/fhir/Patient/9' } },
    { subject: { reference: 'Patient/1' } },
  ],
  [
    'a reference to a version',
    'Observation',
    { subject: { reference: 'http://old.example.org/fhir/Patient/9/_history/2' } },
    { subject: { reference: 'Patient/1/_history/4' } },
  ],
  [
    'a reference to a part',
    'Observation',
    { subject: { reference: `${URN}#name` } },
    { subject: { reference: 'Patient/1#name' } },
  ],
  [
    'a reference in a contained resource',
    'Observation',
    { contained: [{ resourceType: 'Device', id: 'd', patient: { reference: URN } }] },
    { contained: [{ resourceType: 'Device', id: 'd', patient: { reference: 'Patient/1' } }] },
  ],
  [
    'a reference beside a primitive',
    'Observation',
    { _status: { extension: [{ url: 'urn:x', valueReference: { reference: URN } }] } },
    { _status: { extension: [{ url: 'urn:x', valueReference: { reference: 'Patient/1' } }] } },
  ],
  [
    'an element of type uri',
    'CarePlan',
    { instantiatesUri: [URN, 'urn:x'] },
    { instantiatesUri: ['Patient/1', 'urn:x'] },
  ],
  [
    'an element of type url',
    'DocumentReference',
    { content: [{ attachment: { url: OID } }] },
    { content: [{ attachment: { url: 'Binary/3' } }] },
  ],
  [
    'values of types uri, url, oid and uuid',
    'Basic',
    {
      extension: [
        { url: 'urn:x', valueUri: URN },
        { url: 'urn:x', valueUrl: URN },
        { url: 'urn:x', valueOid: OID },
        { url: 'urn:x', valueUuid: URN },
      ],
    },
    {
      extension: [
        { url: 'urn:x', valueUri: 'Patient/1' },
        { url: 'urn:x', valueUrl: 'Patient/1' },
        { url: 'urn:x', valueOid: 'Binary/3' },
        { url: 'urn:x', valueUuid: 'Patient/1' },
      ],
    },
  ],
  [
    'links and images of a narrative',
    'Patient',
    {
      text: {
        status: 'generated',
        div: `<div><a title="${URN}" href="${URN}#a">${URN}</a><img src='${OID}'/><a href="http://old.example.org/fhir/Patient/9">x</a><a href="?a=1&amp;b=2">y</a><a title=" href='${URN}' a > b" href="${URN}">z</a><!-- <a href="${URN}"> --></div>`,
      },
    },
    {
      text: {
        status: 'generated',
        div: `<div><a title="${URN}" href="Patient/1#a">${URN}</a><img src="Binary/3"/><a href="Patient/1">x</a><a href="?a=1&amp;b=2">y</a><a title=" href='${URN}' a > b" href="Patient/1">z</a><!-- <a href="${URN}"> --></div>`,
      },
    },
  ],
  ['a canonical element', 'CarePlan', { instantiatesCanonical: [URN] }],
  ['a canonical value', 'Basic', { extension: [{ url: 'urn:x', valueCanonical: URN }] }],
  ['the value of an identifier', 'Patient', { identifier: [{ system: 'urn:ietf:rfc:3986', value: URN }] }],
  ['a text that only contains it', 'Observation', { note: [{ text: `see ${URN}` }] }],
  [
    'the name of a code system',
    'Observation',
    { code: { coding: [{ system: 'http://example.org/CodeSystem/c', code: '1' }] } },
  ],
  ['the name of a definition', 'CodeSystem', { url: 'http://example.org/CodeSystem/c' }],
  ['the name of an extension', 'Basic', { extension: [{ url: URN, valueString: 'x' }] }],
  [
    'a reference to something else',
    'Observation',
    { subject: { reference: 'Patient/5' }, focus: [{ reference: '#a' }] },
  ],
  ['a bundle that is kept as a record', 'Bundle', { resourceType: 'Bundle', entry: [{ fullUrl: URN }] }],
  [
    'what is not as it should be',
    'Observation',
    { subject: [[{ reference: 7 }]], status: null, note: 'x', odd: { reference: URN } },
  ],
];

for (const [what, type, given, expected = given] of CASES) {
  test(`${what} is resolved as it should be`, () => assert.deepEqual(resolved(given, type), expected));
}

test('a relative link begins where the full URL of its entry begins', () => {
  const given = { subject: { reference: 'Patient/9' }, focus: [{ reference: 'Patient/9/_history/1' }] };
  assert.deepEqual(resolved(given, 'Observation', 'http://old.example.org/fhir/'), {
    subject: { reference: 'Patient/1' },
    focus: [{ reference: 'Patient/1/_history/4' }],
  });
  assert.deepEqual(resolved(given, 'Observation', 'http://new.example.org/fhir/'), given);
});

test('the values of a patch are resolved by where they are put', () => {
  const given = [
    { op: 'add', path: '/performer/-', value: { reference: URN } },
    { op: 'replace', path: '/subject/reference', value: URN },
    { op: 'add', path: '/code/coding/0/system', value: URN },
    { op: 'test', path: '/note', value: [{ authorReference: { reference: URN } }] },
    { op: 'remove', path: '/focus' },
  ];
  const [performer, subject, system, note, focus] = resolved(given, 'Observation') as Record<string, unknown>[];
  assert.deepEqual(performer!.value, { reference: 'Patient/1' });
  assert.equal(subject!.value, 'Patient/1');
  assert.deepEqual(note!.value, [{ authorReference: { reference: 'Patient/1' } }]);
  assert.deepEqual([system, focus], [given[2], given[4]]);
});

test('the values that a patch puts in a contained resource are resolved, whatever type that has', () => {
  const there = { reference: URN };
  const here = { reference: 'Patient/1' };
  for (const [path, value, expected = value] of [
    ['/contained/0/subject', there, here],
    ['/contained/0/subject/reference', URN, 'Patient/1'],
    ['/contained/-/participant', [{ actor: there, note: URN }], [{ actor: here, note: URN }]],
    ['/contained/0/extension/0/valueReference', there, here],
    ['/contained/-', { subject: there }, { subject: here }],
    ['/contained', [{ resourceType: 'Device', patient: there }], [{ resourceType: 'Device', patient: here }]],
    ['/contained/0/contained/0', { resourceType: 'Device', patient: there }, { resourceType: 'Device', patient: here }],
    ['/contained/0/description', URN],
  ] as const) {
    const [operation] = resolved([{ op: 'add', path, value }], 'Observation') as { value: unknown }[];
    assert.deepEqual(operation!.value, expected, path);
  }
  const entry = [{ op: 'add', path: '/entry/0/resource/subject', value: there }];
  assert.deepEqual(resolved(entry, 'Bundle'), entry);
  const lost = [{ op: 'add', path: '/contained/0/subject', value: { reference: 'urn:uuid:0' } }];
  assert.deepEqual(
    danglingIn(lost, 'Observation', links).map(({ path }) => path),
    ['Observation.[0].value.reference'],
  );
});

test('resolving changes a copy', () => {
  const given = { subject: { reference: URN } };
  resolved(given, 'Observation');
  assert.equal(given.subject.reference, URN);
});

test('conditional references are found once each, with their first place, and only where a reference stands', () => {
  const given = {
    performer: [{ reference: 'Practitioner?identifier=1' }, { reference: 'Practitioner?identifier=1' }],
    note: [{ text: 'Patient?name=x' }],
    subject: { reference: 'Patient/1' },
  };
  assert.deepEqual(
    [...conditionalReferencesIn(given, 'Observation', 'http://here/fhir/R4')],
    [['Practitioner?identifier=1', 'Observation.performer[0].reference']],
  );
  for (const text of ['Practitioner?identifier=1', 'http://here/fhir/R4/Practitioner?identifier=1']) {
    const read = readConditionalReference(text, 'http://here/fhir/R4');
    assert.deepEqual(read, { type: 'Practitioner', criteria: 'identifier=1' }, text);
  }
  for (const text of ['Practitioner/1', 'http://there/fhir/R4/Practitioner?identifier=1']) {
    assert.equal(readConditionalReference(text, 'http://here/fhir/R4'), undefined, text);
  }
});

test('a urn that no entry has is named with the path to it', () => {
  const given = { subject: { reference: URN }, performer: [{ reference: 'urn:uuid:0' }, { reference: 'urn:oid:9' }] };
  const faults = danglingIn(given, 'Observation', links);
  assert.deepEqual(
    faults.map(({ path }) => path),
    ['Observation.performer[0].reference', 'Observation.performer[1].reference'],
  );
  assert.match(faults[0]!.message, /urn:uuid:0/);
});

test('an absolute reference to this server becomes relative, another server’s stays', () => {
  const given = {
    subject: { reference: 'http://here/fhir/R4/Patient/1' },
    focus: [{ reference: 'http://there/fhir/R4/Patient/1' }],
    note: [{ text: 'http://here/fhir/R4/Patient/1' }],
  };
  assert.deepEqual(localReferences(given, 'Observation', 'http://here/fhir/R4'), {
    ...given,
    subject: { reference: 'Patient/1' },
  });
});
