// The demo's codes are right: each code with its display, against the official tables, where CHARTWIRE_SAMPLES has them.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { brotliDecompressSync } from 'node:zlib';
import type { Coding } from '@medplum/fhirtypes';
import { MVX } from '#demo/codes/concept.ts';
import { MAKERS } from '#demo/codes/vaccines.ts';
import { demoBundles } from '#demo/index.ts';
import { CVX, ICD10CM, LOINC, RXNORM } from '#kit/systems.ts';
import { samples } from '../support/samples.ts';

const { folder: TERMS, missing: skip } = samples('terms');
const USED = codings(demoBundles({ seed: 1, today: new Date(2026, 5, 10) }));

/** Rows of a table, without its head. */
function table(name: string): string[][] {
  const text = brotliDecompressSync(readFileSync(new URL(`${name}.tsv.br`, TERMS))).toString('utf8');
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'));
}

function codings(value: unknown): Coding[] {
  if (typeof value !== 'object' || value === null) return [];
  const here = 'system' in value && 'code' in value && 'display' in value ? [value as Coding] : [];
  return [...here, ...Object.values(value).flatMap(codings)];
}

function assertKnown(
  system: string,
  known: ReadonlyMap<string, string>,
  except: (code: string) => boolean = () => false,
): void {
  const used = USED.filter((coding) => coding.system === system && !except(coding.code!));
  assert.ok(used.length > 0, `no code of ${system} is used`);
  const wrong = used.filter(({ code, display }) => known.get(code!) !== display);
  assert.deepEqual(wrong, []);
}

test('every ICD-10-CM code is billable and has its official description', { skip }, () => {
  const billable = table('icd10cm-2026').filter(([, flag]) => flag === '1');
  assertKnown(ICD10CM, new Map(billable.map(([code, , description]) => [code!, description!])));
});

test('every drug is an RxNorm clinical drug with its normalized name', { skip }, () => {
  // Allergens are ingredients, which the table of clinical drugs does not hold.
  const ingredients = new Set(['723', '2670', '5640', '10180', '29046']);
  assertKnown(RXNORM, new Map(table('rxnorm-clinical-drugs').map(([code, name]) => [code!, name!])), (code) =>
    ingredients.has(code),
  );
});

test('every LOINC code has its long common name', { skip }, () => {
  // Answers (LA...) have a list of their own.
  assertKnown(LOINC, new Map(table('loinc-subset').map(([code, name]) => [code!, name!])), (code) =>
    code.startsWith('LA'),
  );
});

test('every vaccine is an active CVX code with its short description', { skip }, () => {
  const active = table('cvx').filter(([, , , status]) => status === 'Active');
  assertKnown(CVX, new Map(active.map(([code, short]) => [code!, short!])));
});

test('every vaccine maker is in the MVX table', { skip }, () => {
  const known = new Map(table('mvx').map(([code, name]) => [code!, name!]));
  for (const [code, name] of Object.entries(MAKERS)) assert.equal(known.get(code), name);
  assert.ok(JSON.stringify(demoBundles({ seed: 1, today: new Date() })).includes(MVX));
});
