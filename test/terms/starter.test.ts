// The starter tables are right: each code with its text, against the official tables, where CHARTWIRE_SAMPLES has them.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ALLERGENS, ALLERGY_REACTIONS, CVX, HCPCS, ICD10CM, LOINC, RXNORM, SNOMED } from '#kit/systems.ts';
import { ALL_ALLERGENS } from '#substances/allergen-names.ts';
import { drugClass } from '#substances/classes.ts';
import { BRANDS } from '#substances/brands.ts';
import { ingredientsIn, readDrugName } from '#substances/drug-name.ts';
import { INGREDIENTS, ingredientNamed } from '#substances/ingredients.ts';
import { NONE_KNOWN } from '#substances/none-known.ts';
import { REACTIONS, reactionCoding } from '#substances/reactions.ts';
import { currentEditions } from '#terms/editions.ts';
import { importTerms } from '#terms/import.ts';
import { lookup } from '#terms/lookup.ts';
import { searchTerms } from '#terms/search.ts';
import { commonTerms, ensureStarter } from '#terms/starter.ts';
import { SYNONYMS } from '#terms/synonyms.ts';
import { codeSystem } from '#terms/systems.ts';
import { isFlag } from '#terms/term.ts';
import { readFileSync } from 'node:fs';
import { openPlace, type Place } from './place.ts';
import { rowsOf, type TableName, withoutTables } from './official-tables.ts';

/** Lines of a starter table: code, display, flags, also. */
function starter(name: TableName): string[][] {
  const text = readFileSync(new URL(`../../packages/server/src/terms/starter/${name}.tsv`, import.meta.url), 'utf8');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.slice(1).map((line) => line.split('\t'));
}

function assertOfficial(name: TableName, official: ReadonlyMap<string, string>): void {
  const wrong = starter(name).filter(([code, display]) => official.get(code!) !== display);
  assert.deepEqual(wrong, []);
}

const pairs = (rows: readonly string[][], text: number): Map<string, string> =>
  new Map(rows.map((row) => [row[0]!, row[text]!]));

test('every ICD-10-CM code of the starter table is billable and has its official text', { skip: withoutTables }, () => {
  assertOfficial(
    'icd10cm',
    pairs(
      rowsOf('icd10cm').filter(([, billable]) => billable === '1'),
      2,
    ),
  );
});

test('every drug of the starter table is an RxNorm clinical drug with its name', { skip: withoutTables }, () => {
  assertOfficial('rxnorm', pairs(rowsOf('rxnorm'), 1));
});

test('every LOINC code of the starter table has its long common name', { skip: withoutTables }, () => {
  assertOfficial('loinc', pairs(rowsOf('loinc'), 1));
});

test('the starter table has every active CVX code, and no other, with its short name', { skip: withoutTables }, () => {
  const active = rowsOf('cvx').filter(([, , , status]) => status === 'Active');
  assertOfficial('cvx', pairs(active, 1));
  assert.deepEqual(
    starter('cvx')
      .map(([code]) => code)
      .sort(),
    active.map(([code]) => code).sort(),
  );
});

test('every HCPCS code of the starter table has its short text', { skip: withoutTables }, () => {
  assertOfficial('hcpcs', pairs(rowsOf('hcpcs'), 1));
});

test('the codes that synonyms call for exist; conditions are billable', { skip: withoutTables }, () => {
  for (const name of ['icd10cm', 'loinc', 'rxnorm', 'cvx'] as const) {
    const official = new Map(rowsOf(name).map((row) => [row[0], row]));
    for (const synonym of SYNONYMS) {
      for (const code of synonym[name]?.split(' ') ?? []) {
        const row = official.get(code);
        assert.ok(row, `${synonym.says}: there is no ${code} in ${name}`);
        if (name === 'icd10cm') assert.equal(row[1], '1', `${synonym.says}: ${code} is a heading`);
      }
    }
  }
});

test('the starter tables are as large as they should be, without a code twice, with flags that exist', () => {
  const least = { icd10cm: 400, rxnorm: 300, loinc: 200, cvx: 113, hcpcs: 100 };
  for (const name of Object.keys(least) as TableName[]) {
    const rows = starter(name);
    assert.ok(rows.length >= least[name], `${name} has ${rows.length}`);
    assert.equal(new Set(rows.map(([code]) => code)).size, rows.length, `${name} has a code twice`);
    for (const [code, display, flags] of rows) {
      assert.match(code!, codeSystem(name).code);
      assert.ok(display, `${code} has no text`);
      for (const flag of flags!.split(' ').filter(Boolean)) assert.ok(isFlag(flag), `${code}: ${flag}`);
    }
  }
});

test('every drug of the starter table has ingredients that are known, and no allergen is there twice', () => {
  const unknown = starter('rxnorm').filter(([, display]) => {
    const ingredients = ingredientsIn(display!);
    return ingredients.length === 0 || !ingredients.every(ingredientNamed) || !readDrugName(display!).whole;
  });
  assert.deepEqual(unknown, []);
  assert.equal(new Set(ALL_ALLERGENS.map(({ key }) => key)).size, ALL_ALLERGENS.length);
  assert.equal(
    new Set(ALL_ALLERGENS.map(({ coding: { system, code } }) => `${system}|${code}`)).size,
    ALL_ALLERGENS.length,
  );
  const classes = INGREDIENTS.flatMap((one) => one.classes);
  assert.deepEqual(
    classes.filter((key) => !drugClass(key)),
    [],
  );
});

/** Of the last digit of a SNOMED CT identifier, by Verhoeff's scheme: a code that was mistyped hardly ever has it right. */
function hasCheckDigit(code: string): boolean {
  const turned = (digit: number, by: number): number =>
    digit < 5
      ? by < 5
        ? (digit + by) % 5
        : 5 + ((digit + by) % 5)
      : by < 5
        ? 5 + ((digit - by) % 5)
        : (digit - by + 5) % 5;
  const order = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
  const moved = (digit: number, times: number): number => (times === 0 ? digit : moved(order[digit]!, times - 1));
  return (
    Array.from(code, Number)
      .reverse()
      .reduce((sum, digit, place) => turned(sum, moved(digit, place % 8)), 0) === 0
  );
}

test('every code of an allergen or a reaction is one that its system can have', () => {
  assert.ok(hasCheckDigit('716186003') && !hasCheckDigit('716186004') && !hasCheckDigit('761186003'));
  const codings = [
    ...ALL_ALLERGENS.map(({ coding }) => coding),
    ...NONE_KNOWN.flatMap(({ codes }) =>
      codes.filter((code) => /^\d/.test(code)).map((code) => ({ system: SNOMED, code })),
    ),
    ...REACTIONS.flatMap(({ key }) => reactionCoding(key) ?? []),
  ];
  assert.deepEqual(
    codings.filter(
      ({ system, code }) => !codeSystem(system).code.test(code) || (system === SNOMED && !hasCheckDigit(code)),
    ),
    [],
  );
  assert.ok(codings.filter(({ system }) => system === SNOMED).length > 130);
});

test('no ingredient has the code of a product', { skip: withoutTables }, () => {
  const products = new Set(rowsOf('rxnorm').map(([code]) => code));
  assert.deepEqual(
    INGREDIENTS.filter(({ rxcui }) => rxcui !== undefined && products.has(rxcui)),
    [],
  );
});

test('the ingredients of nearly every RxNorm drug can be read from its name', { skip: withoutTables }, () => {
  const unread = rowsOf('rxnorm').filter(([, name]) => ingredientsIn(name!).length === 0);
  assert.ok(unread.length < 175, `${unread.length} of 17,533 cannot`);
});

test('ingredients are read without salts, packages, packs and brands', () => {
  for (const [name, ...ingredients] of [
    ['24 HR metoprolol succinate 25 MG Extended Release Oral Tablet [Toprol]', 'metoprolol'],
    ['amoxicillin 875 MG / clavulanate 125 MG Oral Tablet', 'amoxicillin', 'clavulanate'],
    [
      '{21 (ethinyl estradiol 0.02 MG / levonorgestrel 0.1 MG Oral Tablet) / 7 (inert ingredients 1 MG Oral Tablet) } Pack',
      'ethinyl estradiol',
      'levonorgestrel',
    ],
    ['0.25 MG, 0.5 MG Dose 3 ML semaglutide 0.68 MG/ML Pen Injector', 'semaglutide'],
    ['potassium chloride 20 MEQ Extended Release Oral Tablet', 'potassium chloride'],
    ['ertugliflozin 5 MG Oral Tablet', 'ertugliflozin'],
    ['Amoxicillin 400 mg/5 mL suspension', 'amoxicillin'],
    ['trimethoprim 160 mg/sulfamethoxazole 800 mg tablet', 'trimethoprim', 'sulfamethoxazole'],
    ['sulfamethoxazole-trimethoprim 800 mg-160 mg oral tablet', 'sulfamethoxazole', 'trimethoprim'],
    ['penicillin G procaine 600000 UNT/ML Injection', 'penicillin g', 'procaine'],
    [
      '{14 (lamotrigine 100 MG Oral Tablet [Lamictal]) / 84 (lamotrigine 25 MG Oral Tablet) } Pack [Lamictal Green (Not With Valproate)]',
      'lamotrigine',
    ],
    ['Prenatal multivitamin'],
  ] as const) {
    assert.deepEqual(ingredientsIn(name), ingredients, name);
    assert.equal(readDrugName(name).whole, ingredients.length > 0, name);
  }
  for (const name of [
    'trimethoprim 160 mg/novelamide 800 mg',
    'trimethoprim 160 mg novelamide 800 milligrams',
    'trimethoprim 160 mg with novelamide',
    'trimethoprim 160 mg-novelamide',
    'trimethoprim / novelamide',
    'trimethoprim 160 mg tablet 100 mg',
  ]) {
    assert.deepEqual(readDrugName(name), { ingredients: ['trimethoprim'], whole: false }, name);
  }
});

test('an ingredient in brackets counts, and is not said to be the only one', () => {
  const read = readDrugName('trimethoprim 160 mg [with sulfamethoxazole]');
  assert.deepEqual(read, { ingredients: ['trimethoprim', 'sulfamethoxazole'], whole: false });
});

test('brands are of ingredients that are known', () => {
  assert.deepEqual(
    [...BRANDS.values()].flat().filter((name) => !ingredientNamed(name)),
    [],
  );
});

test('there are synonyms for what everybody abbreviates', () => {
  const said = new Set(SYNONYMS.flatMap(({ says }) => says.split('|')));
  // biome-ignore format: a list
  const expected = [
    'htn', 't2dm', 't1dm', 'copd', 'chf', 'gerd', 'uti', 'ckd', 'afib', 'osa', 'bph', 'ra', 'oa', 'mdd', 'gad', 'adhd', 'dvt',
    'pe', 'cad', 'mi', 'tia', 'cva', 'uri', 'lbp', 'cbc', 'bmp', 'cmp', 'a1c', 'tsh', 'ua', 'psa', 'inr', 'hctz', 'asa', 'apap', 'mtx', 'pcn',
  ];
  assert.deepEqual(
    expected.filter((one) => !said.has(one)),
    [],
  );
  assert.ok(said.size >= 200, `${said.size} of them`);
});

describe('the starter tables in a database', () => {
  let place: Place;
  before(async () => {
    place = await openPlace();
    await ensureStarter(place.terms);
  });
  after(() => place.close());

  test('are there after the first start, and left alone by the next', async () => {
    const first = await currentEditions(place.pool);
    assert.deepEqual(
      first.map(({ system, origin, edition }) => [system, origin, edition]).sort(),
      [ICD10CM, RXNORM, LOINC, CVX, HCPCS, ALLERGENS, ALLERGY_REACTIONS]
        .map((system) => [system, 'starter', 'starter'])
        .sort(),
    );
    await ensureStarter(place.terms);
    assert.deepEqual(await currentEditions(place.pool), first);
  });

  test('are loaded once when two nodes start at a time', async () => {
    const other = await openPlace();
    try {
      await Promise.all([ensureStarter(other.terms), ensureStarter(other.otherNode())]);
      assert.equal((await currentEditions(other.pool)).length, 7);
      const { rows } = await other.pool.query('SELECT count(*)::int AS n FROM term_edition');
      assert.deepEqual(rows, [{ n: 7 }]);
    } finally {
      await other.close();
    }
  });

  test('are replaced when another version of Chartwire brings others', async () => {
    await place.pool.query("UPDATE term_edition SET digest = 'of another version' WHERE system = $1", [CVX]);
    await place.pool.query(
      'DELETE FROM term WHERE code = $1 AND edition = (SELECT id FROM term_edition WHERE system = $2)',
      ['115', CVX],
    );
    assert.equal(await lookup(place.pool, CVX, '115'), undefined);
    await ensureStarter(place.terms);
    assert.equal((await lookup(place.pool, CVX, '115'))?.display, 'Tdap');
  });

  test('give way to an imported edition for good, where their codes stay the common ones', async () => {
    const { pool, terms } = place;
    const lines = [
      'code\tdisplay',
      'I10\tEssential (primary) hypertension',
      'I15.9\tSecondary hypertension, unspecified',
      'I1A.0\tResistant hypertension',
    ];
    await importTerms(terms, { system: 'icd10cm', edition: 'tiny', file: bytes(lines.join('\n')) });
    await ensureStarter(terms);
    const here = (await currentEditions(pool)).find(({ system }) => system === ICD10CM);
    assert.deepEqual([here?.origin, here?.edition, here?.rows], ['import', 'tiny', 3]);
    const hits = await searchTerms(terms, { system: 'icd10cm', query: 'hypertension' });
    assert.deepEqual(
      hits.map(({ code }) => code),
      ['I10', 'I15.9', 'I1A.0'],
    );
    const [byOtherWords] = await searchTerms(terms, { system: 'icd10cm', query: 'high blood' });
    assert.equal(byOtherWords?.code, 'I10', 'the words of the starter table find it in the imported edition');
  });

  test('know which codes are common, by their place', async () => {
    const common = await commonTerms(codeSystem('icd10cm'));
    assert.equal(common.get('I10')?.common, 1);
    assert.equal(common.get('A00.0'), undefined);
  });
});

async function* bytes(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}
