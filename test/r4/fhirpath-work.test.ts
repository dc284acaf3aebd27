// An evaluation has a budget, and looks values up in sets that agree with how they are compared.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile, compileGiven } from '#r4/fhirpath.ts';
import { valuesOf } from '#r4/fhirpath-branch.ts';
import { Distinct, isAmong, Members } from '#r4/fhirpath-identity.ts';
import { isEqual } from '#r4/fhirpath-members.ts';
import { Unsupported } from '#r4/fhirpath-parse.ts';
import { type Item, isSame, UNTYPED } from '#r4/fhirpath-values.ts';
import { TooMuchWork, Work } from '#r4/fhirpath-work.ts';

const LONG = 'x'.repeat(200_000);
const MANY = 2_000;
const numbers = Array.from({ length: MANY }, (_, index) => index);

const PATIENT = {
  resourceType: 'Patient',
  active: true,
  gender: LONG,
  name: [{ family: LONG, given: numbers.map(String) }],
  _birthDate: { extension: numbers.map((at) => ({ url: 'http://example.org/x', valueInteger: at })) },
  contact: numbers.map((at) => ({ name: { family: `${at}` } })),
  communication: [{ language: { coding: numbers.map((at) => ({ code: `c${at}` })) } }],
  contained: numbers.map((at) => ({ resourceType: 'Organization', id: `${at}` })),
  managingOrganization: { reference: '#none' },
  maritalStatus: Object.fromEntries([...numbers.map((at) => [`property${at}`, at]), ['text', 'x']]),
};

/** Each costs more than a few hundred visits; the rest of the expression costs few. */
const GIVEN = [
  'contact.exists()',
  'name.given.first()',
  'name.given.tail().empty()',
  'birthDate.extension.count()',
  "birthDate.extension('http://example.org/y')",
  "contact.where(name.family = 'x')",
  'contact.all(name.exists())',
  "name.family = 'x'",
  "'x' != name.family",
  'name.family < gender',
  "name.family & 'x'",
  "name.family + 'x'",
  "name.family.startsWith('x')",
  "name.family.contains('xxy')",
  'name.family.substring(1)',
  'name.family.toString()',
  'name.family.toInteger()',
  "'x' in name.given",
  "name.given contains 'x'",
  'managingOrganization.where(resolve() is Organization)',
  'communication.language = communication.language',
  `(${numbers.slice(0, 200).join(' | ')}).where($this > 1)`,
  Array(150).fill('true').join(' and '),
];

const OWN = [
  "name.family.matches('y')",
  'name.given.isDistinct()',
  'name.given.select($this)',
  'descendants().family',
  '(name.given | name.family).count()',
  'communication.language.coding.intersect(%resource.communication.language.coding)',
  "'x' in %resource.name.given",
  '%rootResource.contained.id contains name.family',
  '%resource is Patient and contact.name.exists()',
];

for (const [compiled, expressions] of [
  [compileGiven, GIVEN],
  [compile, [...GIVEN, ...OWN]],
] as const) {
  for (const expression of expressions) {
    test(`${compiled.name}: ${expression.slice(0, 80)} spends what it visits`, () => {
      const run = (most: number) =>
        valuesOf(compiled(expression, 'Patient', 'Patient'))(PATIENT, {
          resource: PATIENT,
          root: PATIENT,
          work: new Work(most),
        });
      assert.throws(() => run(140), TooMuchWork);
      run(200_000);
    });
  }
}

test('each value of a choice is looked for among the properties that are there', () => {
  const extension = { url: 'x', ...Object.fromEntries(numbers.map((at) => [`property${at}`, at])), valueString: 'y' };
  const scope = { resource: extension, root: extension, work: new Work(500) };
  assert.throws(() => valuesOf(compileGiven('value', 'Extension', 'Patient'))(extension, scope), TooMuchWork);
});

const ITEMS: readonly Item[] = [
  ...['a', 'b', '', '2020-01', '1'].map((value) => ({ type: 'string', value })),
  { type: 'code', value: 'a' },
  { type: 'uri', value: '2020-01' },
  ...[1, 2, 0].map((value) => ({ type: 'integer', value })),
  ...[1, 1.5, -0].map((value) => ({ type: 'decimal', value })),
  ...[true, false].map((value) => ({ type: 'boolean', value })),
  { type: 'time', value: '10:00:00' },
  { type: 'time', value: '10:00:01' },
  ...['2020-01', '2020-01-01', '2020', '2020-01-02'].map((value) => ({ type: 'date', value })),
  ...['2020-01-01T10:00:00Z', '2020-01-01T11:00:00+01:00'].map((value) => ({ type: 'dateTime', value })),
  ...[
    { value: 1, code: 'g', system: 'u' },
    { value: 1, unit: 'kg' },
    { unit: 'kg', value: 1 },
  ].map((value) => ({ type: 'Quantity', value })),
  ...[
    { system: 'u', code: 'a' },
    { code: 'a', system: 'u' },
    { system: 'u', code: '8867-4' },
    { system: 'u', code: '9279-1' },
    { system: 'u', code: '2020' },
    { system: 'u', code: '2021-02-03' },
    { code: 'a' },
  ].map((value) => ({ type: 'Coding', value })),
  { type: 'Identifier', value: { code: 'a' } },
  { type: 'Money', value: { value: 1, currency: 'EUR' } },
  { type: 'Money', value: { value: 2, currency: 'EUR' } },
  { type: 'Range', value: { low: { value: 1 }, high: { value: 2 } } },
  { type: 'Range', value: { high: { value: 2, unit: 'g' }, low: { value: 1 } } },
  { type: 'Period', value: { start: '2020', end: '2021' } },
  { type: 'Period', value: { end: '2021-01', start: '2020' } },
  { type: 'HumanName', value: { given: ['a', 'b'] } },
  { type: 'HumanName', value: { given: ['b', 'a'] } },
  { type: 'string', value: { id: 'bare' } },
  { type: 'date', value: { id: 'bare' } },
  { type: UNTYPED, value: 'a' },
  { type: UNTYPED, value: { code: 'a' } },
];

function outcome(test: () => boolean): boolean | 'refused' {
  try {
    return test();
  } catch (error) {
    if (error instanceof Unsupported) return 'refused';
    throw error;
  }
}

test('a set and a comparison one by one agree', () => {
  const wrong: unknown[] = [];
  const isAmongThem = (item: Item, members: readonly Item[]) =>
    outcome(() => new Members(members, undefined, 0).has(item, undefined, isEqual));
  for (const item of ITEMS) {
    const equalTo = ITEMS.map((one) => outcome(() => isAmong(item, [one], undefined, isEqual)));
    for (const [i, one] of ITEMS.entries()) {
      if (isAmongThem(item, [one]) !== equalTo[i]) wrong.push([item, one]);
      for (const few of [0, 1, 8]) {
        const isNew = outcome(() => {
          const seen = new Distinct(few);
          seen.add(one, undefined);
          return seen.add(item, undefined);
        });
        if (isNew !== outcome(() => !isSame(item, one))) wrong.push(['distinct', few, item, one]);
      }
      for (const [j, other] of ITEMS.entries()) {
        // Where one is equal and one can't be compared, either is right.
        const either = [equalTo[i], equalTo[j]];
        const found = isAmongThem(item, [one, other]);
        if (!either.includes(found) || (found === false && either.some((each) => each !== false))) {
          wrong.push([item, one, other]);
        }
      }
    }
  }
  assert.deepEqual(wrong, []);
});
