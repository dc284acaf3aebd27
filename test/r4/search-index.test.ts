// What a record is found by, one row a datatype; and whose chart it is in.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Resource } from '@medplum/fhirtypes';
import { RESOURCE_TYPES } from '#r4/resource-types.ts';
import { branchesOf, indexRecord, patientOf } from '#r4/search-index.ts';
import { searchParametersOf } from '#r4/search-parameters.ts';
import { converter } from '#r4/search-values.ts';
import { syntheaRecords, withoutSynthea } from './synthea.ts';

/** The tokens of a record under some parameters, sorted. */
function tokens(resource: object, ...codes: string[]): string[] {
  return indexRecord(resource as Resource)
    .tokens.filter((token) => codes.some((code) => token.startsWith(`${code}=`) || token.startsWith(`${code}:`)))
    .sort();
}

const OBSERVATION = { resourceType: 'Observation', status: 'final', code: { text: 'x' } };

const TOKENS: readonly [rule: string, resource: object, code: string, expected: string[]][] = [
  ['a code has no system of its own', OBSERVATION, 'status', ['status=|final']],
  [
    'a coding is found with its system and without',
    { ...OBSERVATION, code: { coding: [{ system: 'http://loinc.org', code: '8480-6' }] } },
    'code',
    ['code=http://loinc.org|8480-6', 'code=|8480-6'],
  ],
  [
    'a coding without a system is told apart',
    { ...OBSERVATION, code: { coding: [{ code: 'bp' }] } },
    'code',
    ['code=-|bp', 'code=|bp'],
  ],
  ['a boolean', { resourceType: 'Patient', active: true }, 'active', ['active=|true']],
  ['what is said by existing', { resourceType: 'Patient', deceasedDateTime: '2020' }, 'deceased', ['deceased=|true']],
  [
    'an identifier, also by its type',
    {
      resourceType: 'Patient',
      identifier: [{ system: 'http://mrn', value: '7', type: { coding: [{ system: 'http://v2', code: 'MR' }] } }],
    },
    'identifier',
    ['identifier:of-type=http://v2|MR|7', 'identifier=http://mrn|7', 'identifier=|7'],
  ],
  [
    'a telecom by its value, and only under the parameter of its system',
    { resourceType: 'Patient', telecom: [{ system: 'email', value: 'a@b.org' }] },
    'email',
    ['email=email|a@b.org', 'email=|a@b.org'],
  ],
  [
    'not under that of another system',
    { resourceType: 'Patient', telecom: [{ system: 'email', value: 'a@b.org' }] },
    'phone',
    [],
  ],
  [
    'a tag',
    { ...OBSERVATION, meta: { tag: [{ system: 'http://t', code: 'x' }] } },
    '_tag',
    ['_tag=http://t|x', '_tag=|x'],
  ],
  [
    'a profile',
    { ...OBSERVATION, meta: { profile: ['http://p/1|2.0'] } },
    '_profile',
    ['_profile=http://p/1', '_profile=http://p/1|2.0'],
  ],
  ['a reference', { ...OBSERVATION, subject: { reference: 'Patient/1' } }, 'subject', ['subject=Patient/1']],
  [
    'a reference to a version',
    { ...OBSERVATION, subject: { reference: 'Patient/1/_history/3' } },
    'subject',
    ['subject=Patient/1'],
  ],
  [
    'a reference to another server, which is not one of ours',
    { ...OBSERVATION, subject: { reference: 'https://example.org/fhir/Patient/1' } },
    'subject',
    ['subject=https://example.org/fhir/Patient/1'],
  ],
  [
    'a reference by identifier',
    { ...OBSERVATION, subject: { identifier: { system: 'http://mrn', value: '7' } } },
    'subject',
    ['subject:identifier=http://mrn|7', 'subject:identifier=|7', 'subject='],
  ],
  [
    'a reference only to the type a parameter asks for',
    { ...OBSERVATION, subject: { reference: 'Group/1' } },
    'patient',
    [],
  ],
  [
    'a canonical, with its version and without',
    { resourceType: 'QuestionnaireResponse', status: 'completed', questionnaire: 'http://q/1|2' },
    'questionnaire',
    ['questionnaire=http://q/1', 'questionnaire=http://q/1|2'],
  ],
  ['a URL', { resourceType: 'ValueSet', status: 'active', url: 'http://v/1' }, 'url', ['url=http://v/1']],
  ['a choice of another type is not met', { ...OBSERVATION, valueQuantity: { value: 1 } }, 'value-concept', []],
];

for (const [rule, resource, code, expected] of TOKENS) {
  test(`tokens: ${rule}`, () => assert.deepEqual(tokens(resource, code), expected));
}

const DATES: readonly [rule: string, effective: object, low: string | null, high: string | null][] = [
  ['a year', { effectiveDateTime: '2025' }, '2025-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z'],
  ['a month', { effectiveDateTime: '2024-02' }, '2024-02-01T00:00:00.000Z', '2024-03-01T00:00:00.000Z'],
  ['a day', { effectiveDateTime: '2024-12-31' }, '2024-12-31T00:00:00.000Z', '2025-01-01T00:00:00.000Z'],
  [
    'a second, in another zone',
    { effectiveDateTime: '2024-02-29T23:30:00-02:00' },
    '2024-03-01T01:30:00.000Z',
    '2024-03-01T01:30:01.000Z',
  ],
  [
    'milliseconds',
    { effectiveInstant: '2024-02-29T23:30:00.25Z' },
    '2024-02-29T23:30:00.250Z',
    '2024-02-29T23:30:00.260Z',
  ],
  [
    'finer than milliseconds',
    { effectiveInstant: '2024-02-29T23:30:00.123456Z' },
    '2024-02-29T23:30:00.123Z',
    '2024-02-29T23:30:00.124Z',
  ],
  [
    'a leap second',
    { effectiveInstant: '2016-12-31T23:59:60Z' },
    '2016-12-31T23:59:59.000Z',
    '2017-01-01T00:00:00.000Z',
  ],
  [
    'a period',
    { effectivePeriod: { start: '2024-01', end: '2024-02' } },
    '2024-01-01T00:00:00.000Z',
    '2024-03-01T00:00:00.000Z',
  ],
  ['a period without end', { effectivePeriod: { start: '2024-01-05' } }, '2024-01-05T00:00:00.000Z', null],
  ['a period without start', { effectivePeriod: { end: '2024-01-05' } }, null, '2024-01-06T00:00:00.000Z'],
  [
    'what is scheduled',
    { effectiveTiming: { event: ['2024-03-02', '2024-01-02'] } },
    '2024-01-02T00:00:00.000Z',
    '2024-03-03T00:00:00.000Z',
  ],
  [
    'the bounds of what is repeated',
    { effectiveTiming: { repeat: { boundsPeriod: { start: '2024' } } } },
    '2024-01-01T00:00:00.000Z',
    null,
  ],
];

for (const [rule, effective, l, h] of DATES) {
  test(`dates: ${rule}`, () => {
    assert.deepEqual(indexRecord({ ...OBSERVATION, ...effective } as Resource).dates, [{ p: 'date', l, h }]);
  });
}

test('strings: each part of a name, folded, beside what was written', () => {
  const { strings } = indexRecord({ resourceType: 'Patient', name: [{ family: 'Öberg  Nuñez', given: ['ÅSA'] }] });
  assert.deepEqual(
    strings.filter(({ p }) => p === 'name'),
    [
      { p: 'name', v: 'oberg nunez', x: 'Öberg  Nuñez' },
      { p: 'name', v: 'asa', x: 'ÅSA' },
    ],
  );
});

test('strings: the text and the displays of a concept, once each, for :text', () => {
  const code = {
    text: 'Blood pressure',
    coding: [
      { code: 'a', display: 'BP' },
      { code: 'b', display: 'BP' },
    ],
  };
  const { strings } = indexRecord({ ...OBSERVATION, code } as Resource);
  assert.deepEqual(
    strings.filter(({ p }) => p === 'code').map(({ x }) => x),
    ['BP', 'Blood pressure'],
  );
});

const UCUM = 'http://unitsofmeasure.org';
const QUANTITIES: readonly [rule: string, value: object, expected: object[]][] = [
  [
    'a value with its code',
    { valueQuantity: { value: 5.4, system: UCUM, code: 'mg' } },
    [{ l: 5.4, h: 5.4, s: UCUM, c: 'mg' }],
  ],
  [
    'the unit too, where it differs from the code',
    { valueQuantity: { value: 120, unit: 'mmHg', system: UCUM, code: 'mm[Hg]' } },
    [
      { l: 120, h: 120, s: UCUM, c: 'mm[Hg]' },
      { l: 120, h: 120, c: 'mmHg' },
    ],
  ],
  ['less than', { valueQuantity: { value: 3, comparator: '<', unit: 'g' } }, [{ l: null, h: 3, c: 'g' }]],
  ['at least', { valueQuantity: { value: 3, comparator: '>=', unit: 'g' } }, [{ l: 3, h: null, c: 'g' }]],
  ['no value', { valueQuantity: { unit: 'g' } }, []],
];

for (const [rule, value, expected] of QUANTITIES) {
  test(`quantities: ${rule}`, () => {
    const { quantities } = indexRecord({ ...OBSERVATION, ...value } as Resource);
    const found = quantities
      .filter(({ p }) => p === 'value-quantity')
      .map(({ p: _, ...rest }) => JSON.parse(JSON.stringify(rest)) as object);
    assert.deepEqual(found, expected);
  });
}

test('numbers and money', () => {
  const risk = indexRecord({
    resourceType: 'RiskAssessment',
    status: 'final',
    subject: { reference: 'Patient/1' },
    prediction: [{ probabilityDecimal: 0.3 }],
  });
  assert.deepEqual(risk.quantities, [{ p: 'probability', l: 0.3, h: 0.3 }]);
  const invoice = indexRecord({ resourceType: 'Invoice', status: 'issued', totalNet: { value: 9.5, currency: 'EUR' } });
  assert.deepEqual(invoice.quantities, [{ p: 'totalnet', l: 9.5, h: 9.5, s: 'urn:iso:std:iso:4217', c: 'EUR' }]);
});

test('every search parameter of R4 finds something it can be searched by, but for these', () => {
  const none: string[] = [];
  const passedOver = new Set<string>();
  for (const type of RESOURCE_TYPES) {
    for (const parameter of searchParametersOf(type)) {
      if (parameter.type === 'composite') continue;
      const branches = branchesOf(type, parameter);
      if (!branches.some((branch) => converter(parameter.type, branch.type))) none.push(`${type}.${parameter.code}`);
      for (const branch of branches) {
        if (!converter(parameter.type, branch.type)) passedOver.add(`${parameter.type} of ${branch.type}`);
      }
    }
  }
  assert.deepEqual(none, ['Location.near']);
  assert.deepEqual([...passedOver].sort(), [
    'date of Age',
    'date of Range',
    'date of string',
    'number of Range',
    'quantity of SampledData',
    'reference of Attachment',
  ]);
});

test('a record with nothing to be found by', () => {
  assert.deepEqual(indexRecord({ resourceType: 'Patient' }), {
    tokens: ['deceased=|false'],
    dates: [],
    strings: [],
    quantities: [],
  });
});

const PATIENTS: readonly [rule: string, resource: object, patient: string | null][] = [
  [
    'a patient is in its own chart',
    { resourceType: 'Patient', id: '1', link: [{ other: { reference: 'Patient/2' } }] },
    '1',
  ],
  [
    'the subject of an observation',
    { ...OBSERVATION, subject: { reference: 'Patient/1' }, performer: [{ reference: 'Patient/2' }] },
    '1',
  ],
  [
    'who performed it, when that is all there is',
    { ...OBSERVATION, performer: [{ reference: 'Practitioner/3' }, { reference: 'Patient/2' }] },
    '2',
  ],
  [
    'the beneficiary of a coverage, not its subscriber',
    {
      resourceType: 'Coverage',
      status: 'active',
      subscriber: { reference: 'Patient/2' },
      beneficiary: { reference: 'Patient/1' },
      payor: [{ reference: 'Organization/1' }],
    },
    '1',
  ],
  [
    'whom a task is for',
    {
      resourceType: 'Task',
      status: 'requested',
      intent: 'order',
      focus: { reference: 'Patient/2' },
      for: { reference: 'Patient/1' },
    },
    '1',
  ],
  [
    'who takes part in an appointment',
    {
      resourceType: 'Appointment',
      status: 'booked',
      participant: [
        { actor: { reference: 'Practitioner/1' }, status: 'accepted' },
        { actor: { reference: 'Patient/1' }, status: 'accepted' },
      ],
    },
    '1',
  ],
  [
    'a device, which the compartment definition leaves out',
    { resourceType: 'Device', patient: { reference: 'Patient/1' } },
    '1',
  ],
  ['a reference to a version', { ...OBSERVATION, subject: { reference: 'Patient/1/_history/4' } }, '1'],
  [
    'a patient of another server is in no chart here',
    { ...OBSERVATION, subject: { reference: 'https://example.org/fhir/Patient/1' } },
    null,
  ],
  ['a group is no patient', { ...OBSERVATION, subject: { reference: 'Group/1' } }, null],
  ['a practitioner is in no chart', { resourceType: 'Practitioner', id: '1' }, null],
  [
    'an organization is in no chart',
    { resourceType: 'Organization', id: '1', partOf: { reference: 'Organization/2' } },
    null,
  ],
];

for (const [rule, resource, patient] of PATIENTS) {
  test(`patientOf: ${rule}`, () => assert.equal(patientOf(resource as Resource), patient));
}

test('each clinical record of Synthea is in the chart of its patient', { skip: withoutSynthea }, () => {
  const outside = new Set(['Organization', 'Practitioner']);
  for (const record of syntheaRecords()) {
    assert.equal(patientOf(record) === null, outside.has(record.resourceType), `${record.resourceType}/${record.id}`);
  }
});
