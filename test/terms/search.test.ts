import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ICD10CM, SNOMED } from '#kit/systems.ts';
import { importTerms } from '#terms/import.ts';
import { lookup } from '#terms/lookup.ts';
import { searchTerms, type TermSearch } from '#terms/search.ts';
import { ensureStarter } from '#terms/starter.ts';
import { noteUse } from '#terms/uses.ts';
import { openPlace, type Place } from './place.ts';
import { pathOf, TABLES, type TableName, withoutTables } from './official-tables.ts';

/** Queries of what people type, with the codes that must come first. The starter tables answer them as the full ones do. */
// biome-ignore format: a table is read by its rows
const EXPECTED: readonly [system: TableName | 'allergens' | 'reactions', query: string, ...codes: string[]][] = [
  ['icd10cm', 'hypert', 'I10'],
  ['icd10cm', 'HTN', 'I10'],
  ['icd10cm', 'high blood pressure', 'I10'],
  ['icd10cm', 'type 2 diab', 'E11.9', 'E11.65'],
  ['icd10cm', 'diab typ 2', 'E11.9'],
  ['icd10cm', 't2dm', 'E11.9', 'E11.65'],
  ['icd10cm', 'dm2 ckd', 'E11.22'],
  ['icd10cm', 'diabetic foot ulcer', 'E11.621'],
  ['icd10cm', 'E119', 'E11.9'],
  ['icd10cm', 'e11.9', 'E11.9'],
  ['icd10cm', 'knee pain', 'M25.561', 'M25.562'],
  ['icd10cm', 'pain in the knee', 'M25.561', 'M25.562'],
  ['icd10cm', 'l knee oa', 'M17.12'],
  ['icd10cm', 'ckd 3', 'N18.30', 'N18.31', 'N18.32'],
  ['icd10cm', 'ckd 4', 'N18.4'],
  ['icd10cm', 'copd', 'J44.9', 'J44.1'],
  ['icd10cm', 'gerd', 'K21.9'],
  ['icd10cm', 'uti', 'N39.0'],
  ['icd10cm', 'afib', 'I48.91'],
  ['icd10cm', 'chf', 'I50.9'],
  ['icd10cm', 'osa', 'G47.33'],
  ['icd10cm', 'bph', 'N40.0', 'N40.1'],
  ['icd10cm', 'ra', 'M06.9'],
  ['icd10cm', 'gad', 'F41.1'],
  ['icd10cm', 'depress', 'F32.A'],
  ['icd10cm', 'lbp', 'M54.50'],
  ['icd10cm', 'uri', 'J06.9'],
  ['icd10cm', 'tia', 'G45.9'],
  ['icd10cm', 'heart failure', 'I50.9'],
  ['icd10cm', 'headaches', 'R51.9'],
  ['icd10cm', 'kidney stone', 'N20.0'],
  ['icd10cm', 'ankle sprain', 'S93.401A', 'S93.402A'],
  ['icd10cm', 'hypretension', 'I10'],
  ['icd10cm', 'diabets type 2', 'E11.9'],
  ['icd10cm', 'asthma', 'J45.909'],
  ['icd10cm', 'well child', 'Z00.129'],
  ['rxnorm', 'lisinop 10', '314076'],
  ['rxnorm', 'metformin', '861007', '861004'],
  ['rxnorm', 'metf 500 er', '860975'],
  ['rxnorm', 'levothyroxine 50 mcg', '966221'],
  ['rxnorm', 'amoxicillin 400/5', '308189'],
  ['rxnorm', 'HCTZ', '310798'],
  ['rxnorm', 'asa', '243670'],
  ['rxnorm', 'apap', '198440'],
  ['rxnorm', 'mtx', '105585'],
  ['rxnorm', 'lipitor', '617310'],
  ['rxnorm', 'triamcinolone 0.1% cream', '1014314'],
  ['rxnorm', 'atrovastatin', '617310'],
  ['rxnorm', 'hydrocodone apap', '857002'],
  ['rxnorm', '314076', '314076'],
  ['loinc', 'cbc', '58410-2', '57021-8'],
  ['loinc', 'bmp', '24321-2'],
  ['loinc', 'cmp', '24323-8'],
  ['loinc', 'A1c', '4548-4'],
  ['loinc', 'tsh', '3016-3'],
  ['loinc', 'ua', '24356-8', '24357-6'],
  ['loinc', 'psa', '2857-1'],
  ['loinc', 'inr', '6301-6'],
  ['loinc', 'lipid', '24331-1'],
  ['loinc', '45484', '4548-4'],
  ['loinc', 'chest x-ray', '36643-5'],
  ['loinc', 'mri knee', '24802-1'],
  ['cvx', 'flu', '140', '135'],
  ['cvx', 'tdap', '115'],
  ['cvx', 'shingrix', '187'],
  ['cvx', '3', '03'],
  ['hcpcs', 'annual wellness', 'G0439', 'G0438'],
  ['hcpcs', 'g0438', 'G0438'],
  ['hcpcs', 'kenalog', 'J3301'],
  ['allergens', 'penicillin', 'penicillins', 'penicillin-g'],
  ['allergens', 'pcn', 'penicillins'],
  ['allergens', 'sulfa', 'sulfonamide-antibiotics'],
  ['allergens', 'nsaid', 'nsaids'],
  ['allergens', 'contrast', 'contrast-media'],
  ['allergens', 'peanut', 'peanut'],
  ['allergens', 'bee', 'bee-venom'],
  ['allergens', 'cat', 'cat-dander'],
  ['allergens', 'bactrim', 'sulfamethoxazole', 'trimethoprim'],
  ['allergens', 'nkda', 'no-known-drug-allergies'],
  ['allergens', 'amoxicilin', 'amoxicillin'],
  ['reactions', 'swelling', 'angioedema', 'throat-tightness'],
  ['reactions', 'hives', 'hives'],
];

describe('a search', () => {
  let place: Place;
  before(async () => {
    place = await openPlace();
    await ensureStarter(place.terms);
  });
  after(() => place.close());

  const codes = async (search: Partial<TermSearch> & { query: string }): Promise<string[]> =>
    (await searchTerms(place.terms, { system: 'icd10cm', ...search })).map(({ code }) => code);

  test('gives what is meant first, in the starter tables', async () => {
    for (const [system, query, ...first] of EXPECTED) {
      const found = await codes({ system, query, limit: first.length });
      assert.deepEqual(found, first, `${system}: ${query}`);
    }
  });

  test('of a code begins with the code itself, then the common ones, then the others in order', async () => {
    const found = await codes({ query: 'E11', limit: 100 });
    assert.deepEqual(found.slice(0, 2), ['E11.9', 'E11.65']);
    assert.ok(found.every((code) => code.startsWith('E11')));
    assert.deepEqual(await codes({ query: 'E11.62' }), ['E11.621']);
  });

  test('takes the words in any order, each as the beginning of one', async () => {
    const expected = await codes({ query: 'diabetic kidney type 2' });
    for (const query of ['type 2 diabetic kidney', 'kid diabet 2 typ', '2 kidn typ diabetic']) {
      assert.deepEqual(new Set(await codes({ query })), new Set(expected), query);
    }
    assert.ok(expected.includes('E11.22'));
  });

  test('says what answers the words typed, and what is a guess', async () => {
    // biome-ignore format: a table is read by its rows
    const expected: readonly [system: TableName, query: string, fits: boolean, code?: string][] = [
      ['icd10cm', 'hypert', true, 'I10'],
      ['icd10cm', 'HTN', true, 'I10'],
      ['icd10cm', 'hypretension', false, 'I10'],
      ['icd10cm', 'e11.9', true, 'E11.9'],
      ['icd10cm', 'E11', false, 'E11.9'],
      ['icd10cm', '', false, 'I10'],
      ['loinc', 'strep test', true, '78012-2'],
      ['loinc', 'strep', true, '78012-2'],
      ['rxnorm', 'atrovastatin', false, '617310'],
      ['rxnorm', 'contrast', false],
    ];
    for (const [system, query, fits, code] of expected) {
      const hits = await searchTerms(place.terms, { system, query, limit: 10 });
      if (code) assert.equal(hits[0]?.code, code, query);
      assert.deepEqual([...new Set(hits.map((hit) => hit.fits))], [fits], query);
    }
    const strep = await searchTerms(place.terms, { system: 'loinc', query: 'strep test', prefer: 'laboratory' });
    assert.ok(
      strep.every(({ display }) => display.startsWith('Streptococcus')),
      'no strips of tests',
    );
  });

  test('puts diseases before screening and encounters where they are preferred', async () => {
    for (const [query, code] of [
      ['colon cancer', 'C18.9'],
      ['breast cancer', 'C50.919'],
      ['diabetes', 'E11.9'],
      ['heart attack', 'I21.9'],
      ['stroke', 'I63.9'],
    ] as const) {
      const found = await codes({ query, prefer: 'disease' });
      assert.equal(found[0], code, query);
      const other = found.findIndex((one) => /^[V-Z]/.test(one));
      assert.ok(other < 0 || found.slice(other).every((one) => /^[V-Z]/.test(one)), `${query}: ${found}`);
    }
    assert.equal((await codes({ query: 'screening colon', prefer: 'disease' }))[0], 'Z12.11', 'where one asks for it');
  });

  test('finds nothing where a word is missing, and nothing in a code system that is not here', async () => {
    assert.deepEqual(await codes({ query: 'hypertension xylophone' }), []);
    assert.deepEqual(await codes({ system: SNOMED, query: 'hypertension' }), []);
  });

  test('refuses what is no code system', async () => {
    await assert.rejects(codes({ system: 'icd11', query: 'x' }), { code: 'terms.system' });
  });

  test('gives every hit once, no more than asked for, with system, code, display and flags', async () => {
    const hits = await searchTerms(place.terms, { system: 'loinc', query: 'hep b', limit: 3 });
    assert.equal(hits.length, 3);
    assert.equal(new Set(hits.map(({ code }) => code)).size, 3);
    assert.deepEqual(hits[0], {
      fits: true,
      system: 'http://loinc.org',
      code: '5196-1',
      display: 'Hepatitis B virus surface Ag [Presence] in Serum or Plasma by Immunoassay',
      flags: ['order', 'result', 'laboratory'],
    });
  });

  test('takes only terms with the flags asked for, and none with those that are not wanted', async () => {
    const imaging = await searchTerms(place.terms, { system: 'loinc', query: 'chest', filter: { has: ['imaging'] } });
    assert.ok(imaging.length > 0 && imaging.every(({ flags }) => flags.includes('imaging')));
    const others = await searchTerms(place.terms, { system: 'loinc', query: 'chest', filter: { lacks: ['imaging'] } });
    assert.ok(others.every(({ flags }) => !flags.includes('imaging')));
    const panels = await codes({ system: 'loinc', query: '', filter: { has: ['panel'] }, limit: 3 });
    assert.deepEqual(panels, ['58410-2', '57021-8', '24323-8']);
  });

  test('survives any text', async () => {
    for (const query of [
      "'; DROP TABLE term; --",
      '%_\\',
      '(',
      '\u0000',
      '💊',
      'a'.repeat(5_000),
      ' \t ',
      '::*&|!',
      '1e309',
      'E11.'.repeat(40),
    ]) {
      await codes({ query });
    }
  });

  test('without words gives what is common, and what the site picks before it', async () => {
    assert.deepEqual(await codes({ query: '', limit: 2 }), ['I10', 'E11.9']);
    await noteUse(place.terms, ICD10CM, 'L70.0');
    await noteUse(place.terms, ICD10CM, 'L70.0');
    await noteUse(place.terms, ICD10CM, 'B02.9');
    assert.deepEqual(await codes({ query: '  ', limit: 4 }), ['L70.0', 'B02.9', 'I10', 'E11.9']);
  });

  test('puts what the site picks often before what is more common elsewhere', async () => {
    const rank = async (code: string, terms = place.terms): Promise<number> =>
      (await searchTerms(terms, { system: 'icd10cm', query: 'asthma' })).findIndex((hit) => hit.code === code);
    const before = await rank('J45.50');
    for (let n = 0; n < 40; n++) await noteUse(place.terms, ICD10CM, 'J45.50');
    assert.ok((await rank('J45.50')) < before, 'at once, where it was picked');
    assert.ok((await rank('J45.50', place.otherNode())) < before, 'and on another node');
  });

  test('counts every pick, however many come at once', async () => {
    await Promise.all(Array.from({ length: 40 }, () => noteUse(place.terms, ICD10CM, 'R42')));
    const { rows } = await place.pool.query("SELECT uses FROM term_use WHERE code = 'R42'");
    assert.deepEqual(rows, [{ uses: 40 }]);
  });

  test('a code is looked up however it is written', async () => {
    for (const code of ['E11.9', 'E119', 'e11.9']) {
      assert.equal((await lookup(place.pool, ICD10CM, code))?.code, 'E11.9', code);
    }
    assert.equal((await lookup(place.pool, 'cvx', '3'))?.display, 'MMR');
    assert.equal(await lookup(place.pool, ICD10CM, 'E11.99'), undefined);
    assert.equal(await lookup(place.pool, SNOMED, '38341003'), undefined);
  });
});

describe('a search over the full tables', { skip: withoutTables }, () => {
  let place: Place;
  before(async () => {
    place = await openPlace();
    for (const system of Object.keys(TABLES) as TableName[]) {
      const { rows } = await importTerms(place.terms, { system, file: pathOf(system) });
      assert.equal(rows, TABLES[system].rows, system);
    }
  });
  after(() => place.close());

  test('gives what is meant first', async () => {
    for (const [system, query, ...first] of EXPECTED) {
      if (!Object.hasOwn(TABLES, system)) continue;
      if (!(system in TABLES)) continue;
      const hits = await searchTerms(place.terms, { system, query, limit: first.length });
      assert.deepEqual(
        hits.map(({ code }) => code),
        first,
        `${system}: ${query}`,
      );
    }
  });

  test('gives headings after what is billed, and not at all where they are not wanted', async () => {
    const hits = await searchTerms(place.terms, { system: 'icd10cm', query: 'chronic kidney disease stage 3' });
    assert.deepEqual(
      hits.map(({ code }) => code),
      ['N18.30', 'N18.31', 'N18.32', 'N18.3'],
    );
    const billed = await searchTerms(place.terms, { system: 'icd10cm', query: 'E11', filter: { lacks: ['category'] } });
    assert.equal(billed[0]!.code, 'E11.9');
  });

  test('finds in the words of the classification what is said otherwise', async () => {
    const cases: Record<string, string> = {
      'cellulitis leg': 'L03.115',
      'lung cancer': 'C34.90',
      'fracture distal radius right': 'S52.501A',
      'broken wrist r': 'S62.101A',
      'hepatitis a': 'B15.9',
    };
    for (const [query, code] of Object.entries(cases)) {
      const [hit] = await searchTerms(place.terms, { system: 'icd10cm', query });
      assert.equal(hit?.code, code, query);
    }
  });

  test('does not give a disease for its absence', async () => {
    const hits = await searchTerms(place.terms, { system: 'icd10cm', query: 'heart failure', limit: 10 });
    const without = hits.findIndex(({ code }) => code === 'I11.9');
    assert.ok(without === -1 || without > 3, 'heart disease without heart failure');
  });
});
