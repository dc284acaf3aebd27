// A search criterion and one record: what matches, what does not, what is refused.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Resource } from '@medplum/fhirtypes';
import { Refusal } from '#kit/errors.ts';
import { matchesQuery } from '#r4/match.ts';
import { numberRange } from '#r4/search-number.ts';

const LOINC = 'http://loinc.org';
const UCUM = 'http://unitsofmeasure.org';
const OBSERVATION: Resource = {
  resourceType: 'Observation',
  id: 'o1',
  meta: { lastUpdated: '2026-03-04T05:06:07.008Z', tag: [{ system: 'http://t', code: 'x' }] },
  status: 'final',
  category: [{ coding: [{ code: 'local' }] }],
  code: { coding: [{ system: LOINC, code: '8480-6', display: 'Systolic pressure' }], text: 'Upper BP' },
  subject: { reference: 'Patient/1' },
  effectiveDateTime: '2026-01-31T08:30:00Z',
  valueQuantity: { value: 5.4, unit: 'mg/dl', system: UCUM, code: 'mg/dL' },
};
const REFERRING: Resource = {
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'x' },
  subject: { identifier: { system: 'http://mrn', value: '7' } },
};
const IDENTIFIED: Resource = {
  resourceType: 'Patient',
  identifier: [{ value: '7', type: { coding: [{ system: 'http://v2', code: 'MR' }], text: 'Medical record' } }],
};
const PATIENT: Resource = {
  resourceType: 'Patient',
  id: 'p1',
  name: [{ family: 'Müller', given: ['Jo, Ann'] }],
  birthDate: '1980-02',
};
const VALUE_SET: Resource = { resourceType: 'ValueSet', status: 'active', url: 'http://acme.org/fhir/ValueSet/1' };

const CRUZ: Resource = {
  resourceType: 'Patient',
  name: [{ family: 'de la Cruz', given: ["O'Brien"] }],
  telecom: [{ system: 'phone', value: '(555) 333-4444' }],
};

const ROWS: readonly [resource: Resource, query: string, matches: boolean][] = [
  [OBSERVATION, '', true],
  [OBSERVATION, '_id=o1', true],
  [OBSERVATION, '_id=o2,o1', true],
  [OBSERVATION, '_id=o2', false],
  [OBSERVATION, '_lastUpdated=2026-03-04', true],
  [OBSERVATION, '_lastUpdated=gt2026-03-04', false],
  // token
  [OBSERVATION, 'code=8480-6', true],
  [OBSERVATION, `code=${LOINC}|8480-6`, true],
  [OBSERVATION, `code=${LOINC}|`, true],
  [OBSERVATION, 'code=http://snomed.info/sct|8480-6', false],
  [OBSERVATION, 'code=http://snomed.info/sct|', false],
  [OBSERVATION, 'code=|8480-6', false],
  [OBSERVATION, 'category=|local', true],
  [OBSERVATION, 'category=local', true],
  [OBSERVATION, 'code=1,8480-6', true],
  [OBSERVATION, 'code=1&code=8480-6', false],
  [OBSERVATION, 'code:not=8480-6', false],
  [OBSERVATION, 'code:not=1', true],
  [OBSERVATION, 'code:text=systolic', true],
  [OBSERVATION, 'code:text=upper', true],
  [OBSERVATION, 'code:text=pressure', false],
  [OBSERVATION, 'status=final', true],
  [OBSERVATION, 'status=http://hl7.org/fhir/observation-status|final', true],
  [OBSERVATION, 'status=http://hl7.org/fhir/other|final', false],
  [OBSERVATION, 'status=|final', true],
  [OBSERVATION, 'status:not=final,amended', false],
  [OBSERVATION, '_tag=http://t|x', true],
  [OBSERVATION, 'encounter:missing=true', true],
  [OBSERVATION, 'encounter:missing=false', false],
  [OBSERVATION, 'code:missing=false', true],
  [OBSERVATION, 'value-quantity:missing=false', true],
  [OBSERVATION, 'value-date:missing=true', true],
  [IDENTIFIED, 'identifier:of-type=http://v2|MR|7', true],
  [IDENTIFIED, 'identifier:of-type=http://v2|MR|8', false],
  [IDENTIFIED, 'identifier:text=medical', true],
  // reference
  [OBSERVATION, 'subject=Patient/1', true],
  [OBSERVATION, 'subject=1', true],
  [OBSERVATION, 'subject:Patient=1', true],
  [OBSERVATION, 'subject:Group=1', false],
  [OBSERVATION, 'subject=Patient/1/_history/7', true],
  [OBSERVATION, 'patient=1', true],
  [OBSERVATION, 'subject=Group/1', false],
  [REFERRING, 'subject:identifier=http://mrn|7', true],
  [REFERRING, 'subject:identifier=7', true],
  [REFERRING, 'subject:identifier=http://mrn|', true],
  [REFERRING, 'subject:identifier=http://other|7', false],
  [REFERRING, 'subject=7', false],
  [REFERRING, 'subject:missing=false', true],
  [{ ...REFERRING, subject: { display: 'Ann' } }, 'subject:missing=false', true],
  // date
  [OBSERVATION, 'date=2026', true],
  [OBSERVATION, 'date=2026-01-31T08:30', true],
  [OBSERVATION, 'date=2026-01-31T08:30:00Z', true],
  [OBSERVATION, 'date=2026-01-31T09:30:00%2B01:00', true],
  [OBSERVATION, 'date=2026-01-31T09:30:00+01:00', true],
  [OBSERVATION, 'date=2026-02', false],
  [OBSERVATION, 'date=ne2026-02', true],
  [OBSERVATION, 'date=gt2026-01-31', false],
  [OBSERVATION, 'date=ge2026-01-31', true],
  [OBSERVATION, 'date=gt2026-01-30', true],
  [OBSERVATION, 'date=lt2026-01-31T08:30:01Z', true],
  [OBSERVATION, 'date=lt2026-01-31', false],
  [OBSERVATION, 'date=le2026-01-31', true],
  [OBSERVATION, 'date=sa2026-01-30', true],
  [OBSERVATION, 'date=eb2026-02', true],
  [OBSERVATION, 'date=ge2026-01-01&date=lt2026-02-01', true],
  [PATIENT, 'birthdate=1980-02-03', false],
  [PATIENT, 'birthdate=ap1980-02-03', true],
  // quantity
  [OBSERVATION, 'value-quantity=5.4', true],
  [OBSERVATION, 'value-quantity=5', true],
  [OBSERVATION, 'value-quantity=5.0', false],
  [OBSERVATION, 'value-quantity=5.40', true],
  [OBSERVATION, `value-quantity=5.4|${UCUM}|mg/dL`, true],
  [OBSERVATION, 'value-quantity=5.4||mg/dl', true],
  [OBSERVATION, 'value-quantity=5.4||mg/dL', true],
  [OBSERVATION, 'value-quantity=5.4||g', false],
  [OBSERVATION, 'value-quantity=gt5.4', false],
  [OBSERVATION, 'value-quantity=ge5.4', true],
  [OBSERVATION, 'value-quantity=lt5.5', true],
  [OBSERVATION, 'value-quantity=ap5', true],
  [OBSERVATION, 'value-quantity=ap4', false],
  [OBSERVATION, 'value-quantity=ne5.4', false],
  [OBSERVATION, 'value-quantity=54e-1', true],
  // string
  [PATIENT, 'family=mul', true],
  [PATIENT, 'family=MÜLLER', true],
  [PATIENT, 'family=uller', false],
  [PATIENT, 'family:contains=LLE', true],
  [PATIENT, 'family:exact=Müller', true],
  [PATIENT, 'family:exact=müller', false],
  [PATIENT, 'name=smith,mull', true],
  [PATIENT, 'given=jo\\, a', true],
  [PATIENT, 'given=jo, a', true],
  [PATIENT, 'given=jo\\, b', false],
  // any word of a name, and the digits of a telephone number
  [CRUZ, 'name=Cruz', true],
  [CRUZ, 'family=la cruz', true],
  [CRUZ, 'name=obrien', true],
  [CRUZ, 'name=ruz', false],
  [CRUZ, 'phone=5553334444', true],
  [CRUZ, 'phone:not=5553334444', false],
  [CRUZ, 'phone=333', false],
  // uri
  [VALUE_SET, 'url=http://acme.org/fhir/ValueSet/1', true],
  [VALUE_SET, 'url=http://acme.org/fhir', false],
  [VALUE_SET, 'url:below=http://acme.org/fhir', true],
  [VALUE_SET, 'url:below=http://acme.org/fhir/', true],
  [VALUE_SET, 'url:below=http://acme.org/fh', false],
  [VALUE_SET, 'url:above=http://acme.org/fhir/ValueSet/1/x', true],
  [VALUE_SET, 'url:above=http://acme.org/fhir', false],
];

for (const [resource, query, expected] of ROWS) {
  test(`${resource.resourceType}?${query} ${expected ? 'matches' : 'does not match'}`, () => {
    assert.equal(matchesQuery(resource, query), expected);
  });
}

const REFUSED: readonly [query: string, reason: RegExp][] = [
  ['colour=red', /not a search parameter of Observation/],
  ['code:sounds-like=x', /modifier is not supported/],
  ['code:in=http://v', /value set/],
  ['code=', /empty/],
  ['code=a,,b', /empty/],
  ['code=a|b|c', /\[system\]\|\[code\]/],
  ['date=yesterday', /not a date/],
  ['date=2026-13', /not a date/],
  ['date=2026-02-30', /not a date/],
  ['date=2026-02-03T24:00:00Z', /not a date/],
  ['date:exact=2026', /modifier is not supported/],
  ['value-quantity=big', /not a number/],
  ['value-quantity=1|a|b|c', /\[number\]/],
  ['code:missing=maybe', /true or false/],
  ['subject:Practitioner=1', /cannot refer to Practitioner/],
  ['code-value-quantity=8480-6$5', /composite/],
  ['subject:Patient.name=x', /other records/],
  ['subject.general-practitioner.name=x', /other records/],
  ['subject.general-practitioner.colour=x', /no type it refers to/],
  ['subject:Patient.general-practitioner:Practitioner.name.x=x', /name is not a reference/],
  ['has-member.has-member.has-member.has-member.has-member.code=x', /more than 4 records/],
  [`focus.${'subject.'.repeat(3)}_id=x`, /too many types/],
  ['code.name=x', /not a reference/],
  ['subject.colour=x', /no type it refers to/],
  ['_has:Observation=x', /written/],
  ['_text=x', /not a search parameter/],
  [`code=${'x,'.repeat(1000)}x`, /more than 1000/],
];

for (const [query, reason] of REFUSED) {
  test(`Observation?${query.slice(0, 60)} is refused`, () => {
    assert.throws(
      () => matchesQuery(OBSERVATION, query),
      (error) => error instanceof Refusal && error.code === 'search.parameter' && reason.test(error.message),
    );
  });
}

test('the name of a parameter that is no name is not repeated', () => {
  assert.throws(
    () => matchesQuery(PATIENT, 'John Smith=1'),
    (error) => error instanceof Refusal && !error.message.includes('John'),
  );
});

const NUMBERS: readonly [text: string, low: number, high: number][] = [
  ['100', 99.5, 100.5],
  ['100.00', 99.995, 100.005],
  ['5.4', 5.35, 5.45],
  ['-5.4', -5.45, -5.35],
  ['1e2', 50, 150],
  ['0', -0.5, 0.5],
];

for (const [text, low, high] of NUMBERS) {
  test(`the precision of ${text} spans ${low} to ${high}`, () => {
    assert.deepEqual(numberRange(text), { value: Number(text), low, high });
  });
}

test('what is no number has no range', () => {
  for (const text of ['', 'x', '1,5', '0x10', 'NaN', 'Infinity', '1e9999', ' 1'])
    assert.equal(numberRange(text), undefined, text);
});
