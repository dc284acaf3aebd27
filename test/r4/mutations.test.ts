// Records with something changed at random: never an exception, and what is found valid can be indexed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Resource } from '@medplum/fhirtypes';
import { indexRecord, patientOf } from '#r4/search-index.ts';
import { validate } from '#r4/validate.ts';
import { syntheaRecords, withoutSynthea } from './synthea.ts';

const RECORDS: readonly object[] = [
  {
    resourceType: 'Patient',
    id: '1',
    text: { status: 'generated', div: '<div>a</div>' },
    identifier: [{ system: 'http://mrn', value: '1', type: { coding: [{ system: 'http://v2', code: 'MR' }] } }],
    name: [
      {
        family: 'A',
        given: ['B'],
        _given: [{ id: 'x', extension: [{ url: 'http://example.org/x', valueCode: 'y' }] }],
      },
    ],
    telecom: [{ system: 'phone', value: '1' }],
    birthDate: '1980',
    address: [{ city: 'X', line: ['Y'], period: { start: '2020' } }],
    contained: [{ resourceType: 'Organization', id: 'o', name: 'O' }],
    managingOrganization: { reference: '#o' },
  },
  {
    resourceType: 'Observation',
    status: 'final',
    category: [{ coding: [{ code: 'vital-signs' }] }],
    code: { coding: [{ system: 'http://loinc.org', code: '8480-6' }], text: 'x' },
    subject: { reference: 'Patient/1' },
    effectivePeriod: { start: '2026-01-01', end: '2026-01-02' },
    valueQuantity: { value: 1, unit: 'mg', system: 'http://unitsofmeasure.org', code: 'mg' },
    component: [{ code: { text: 'y' }, valueRange: { low: { value: 1 }, high: { value: 2 } } }],
  },
  {
    resourceType: 'Questionnaire',
    status: 'draft',
    item: [
      {
        linkId: '1',
        type: 'group',
        item: [{ linkId: '2', type: 'choice', answerOption: [{ valueCoding: { code: 'a' } }] }],
      },
    ],
  },
  {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      {
        fullUrl: 'urn:uuid:7a671e2f-aa13-4cad-9ecc-577dfdfb1bdb',
        resource: { resourceType: 'Patient' },
        request: { method: 'POST', url: 'Patient' },
      },
    ],
  },
];

const JUNK: readonly unknown[] = [
  null,
  undefined,
  '',
  ' ',
  'x',
  '\u0000',
  0,
  -1,
  1.5,
  1e308,
  true,
  [],
  {},
  [[]],
  [null],
  [{}],
  { a: 1 },
  { coding: 7 },
  { coding: [7] },
  { reference: 7 },
  { extension: [] },
  '2026-99-99',
  'Patient/1',
  '#o',
  '<div>',
];

function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Every place of a record: the object or array, and the key in it. */
function places(
  value: unknown,
  found: [holder: Record<string, unknown>, key: string][] = [],
): [Record<string, unknown>, string][] {
  if (typeof value !== 'object' || value === null) return found;
  for (const key of Object.keys(value)) {
    found.push([value as Record<string, unknown>, key]);
    places((value as Record<string, unknown>)[key], found);
  }
  return found;
}

function mutate(record: object, next: (below: number) => number): unknown {
  const copy: unknown = structuredClone(record);
  for (let changes = 1 + next(3); changes > 0; changes--) {
    const all = places(copy);
    const [holder, key] = all[next(all.length)]!;
    const [other, from] = all[next(all.length)]!;
    const kind = next(4);
    if (kind === 0) delete holder[key];
    else if (kind === 1) holder[key] = structuredClone(other[from]);
    else if (kind === 2) holder[from] = structuredClone(holder[key]);
    else holder[key] = structuredClone(JUNK[next(JUNK.length)]);
  }
  return copy;
}

function judgeAll(records: readonly object[], rounds: number): { valid: number; invalid: number } {
  const next = generator(7);
  const counts = { valid: 0, invalid: 0 };
  for (let i = 0; i < rounds; i++) {
    const mutant = mutate(records[i % records.length]!, next);
    const faults = validate(mutant);
    for (const { path, message } of faults) assert.ok(typeof path === 'string' && message.endsWith('.'), message);
    if (faults.length === 0) {
      indexRecord(mutant as Resource);
      patientOf(mutant as Resource);
      counts.valid++;
    } else counts.invalid++;
  }
  return counts;
}

test('ten thousand changed records', () => {
  const { valid, invalid } = judgeAll(RECORDS, 10_000);
  assert.ok(valid > 300 && invalid > 5000, `${valid} valid, ${invalid} invalid`);
});

test('changed records of Synthea', { skip: withoutSynthea }, () => {
  const { valid, invalid } = judgeAll(syntheaRecords(), 5000);
  assert.ok(valid > 100 && invalid > 2000, `${valid} valid, ${invalid} invalid`);
});
