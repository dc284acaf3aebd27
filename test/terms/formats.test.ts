import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusal } from '#kit/errors.ts';
import type { Read } from '#terms/formats/format.ts';
import { FORMATS, formatOf } from '#terms/formats/index.ts';
import { codeSystem } from '#terms/systems.ts';

/** What a file of a code system gives, read as its first line says it should be. */
function read(system: string, text: string): { format: string; reads: Read[] } {
  const lines = text.split('\n');
  const known = codeSystem(system);
  const format = formatOf(known, lines[0]!);
  const reader = format.reader(known);
  const reads = lines.flatMap((line, place) => reader.line(line, place + 1));
  return { format: format.name, reads: [...reads, ...reader.end()] };
}

const terms = (reads: readonly Read[]) => reads.flatMap((one) => ('term' in one ? [one.term] : []));
const faults = (reads: readonly Read[]) =>
  reads.flatMap((one) => ('fault' in one ? [`${one.line}: ${one.fault}`] : []));

const pad = (text: string, width: number): string => text.padEnd(width);

test('the ICD-10-CM order file: codes get their dot, headings are not billed', () => {
  const line = (order: string, code: string, billed: number, short: string, long: string): string =>
    `${order} ${pad(code, 7)} ${billed} ${pad(short, 60)} ${long}`;
  const { format, reads } = read(
    'icd10cm',
    [
      line('00001', 'A00', 0, 'Cholera', 'Cholera'),
      line(
        '00002',
        'A000',
        1,
        'Cholera due to Vibrio cholerae 01, biovar cholerae',
        'Cholera due to Vibrio cholerae 01, biovar cholerae',
      ),
      line(
        '40001',
        'S93401A',
        1,
        'Sprain of unsp ligament of right ankle, init',
        'Sprain of unspecified ligament of right ankle, initial encounter',
      ),
      'a line of something else',
    ].join('\n'),
  );
  assert.equal(format, 'icd10cm-order');
  assert.deepEqual(terms(reads), [
    { code: 'A00', display: 'Cholera', flags: ['category'] },
    { code: 'A00.0', display: 'Cholera due to Vibrio cholerae 01, biovar cholerae', flags: [] },
    { code: 'S93.401A', display: 'Sprain of unspecified ligament of right ankle, initial encounter', flags: [] },
  ]);
  assert.deepEqual(faults(reads), ['4: its columns are not those of an order file']);
});

test('RXNCONSO.RRF: of all names those of ingredients, clinical drugs and packs that RxNorm itself gives and does not suppress', () => {
  const line = (rxcui: string, source: string, type: string, name: string, suppressed = 'N'): string =>
    `${rxcui}|ENG|P|L1|PF|S1|Y|A1|||1|${source}|${type}|X|${name}||${suppressed}|4096|`;
  const { format, reads } = read(
    'rxnorm',
    [
      line('29046', 'RXNORM', 'IN', 'lisinopril'),
      line('314076', 'MTHSPL', 'SCD', 'Lisinopril 10 MG ORAL TABLET'),
      line('314076', 'RXNORM', 'SCD', 'lisinopril 10 MG Oral Tablet'),
      line('104377', 'RXNORM', 'SBD', 'lisinopril 10 MG Oral Tablet [Zestril]'),
      line('749783', 'RXNORM', 'GPCK', '{6 (azithromycin 250 MG Oral Tablet) } Pack'),
      line('750149', 'RXNORM', 'BPCK', '{6 (azithromycin 250 MG Oral Tablet [Zithromax]) } Pack [Z-PAKS]'),
      line('999999', 'RXNORM', 'SCD', 'old drug 1 MG Oral Tablet', 'O'),
    ].join('\n'),
  );
  assert.equal(format, 'rxnorm-rrf');
  assert.deepEqual(
    terms(reads).map(({ code, flags }) => [code, ...flags]),
    [['29046', 'ingredient'], ['314076'], ['104377', 'brand'], ['749783', 'pack'], ['750149', 'brand', 'pack']],
  );
  assert.deepEqual(faults(reads), []);
});

test('Loinc.csv: quotes may hold commas, quotes and line breaks; ranks, orders, panels and status are read', () => {
  const { format, reads } = read(
    'loinc',
    [
      '"LOINC_NUM","COMPONENT","CLASS","CLASSTYPE","DefinitionDescription","STATUS","ORDER_OBS","SHORTNAME","LONG_COMMON_NAME","COMMON_TEST_RANK","COMMON_ORDER_RANK","PanelType","DisplayName"',
      '"2345-7","Glucose","CHEM","1","","ACTIVE","Both","Glucose SerPl-mCnc","Glucose [Mass/volume] in Serum or Plasma","2","12","","Glucose (S/P) [Mass/Vol]"',
      '"24323-8","Comp","PANEL.CHEM","1","A ""panel"", of\ntwo lines","ACTIVE","Order","CMP","Comprehensive metabolic 2000 panel - Serum or Plasma","0","3","Panel",""',
      '"36643-5","Views 2","RAD.XR","2","","ACTIVE","Both","","XR Chest 2 Views","0","0","",""',
      '"1-8","Old","CHEM","1","","DEPRECATED","Observation","","Deprecated Glucose","0","0","",""',
    ].join('\n'),
  );
  assert.equal(format, 'loinc-csv');
  assert.deepEqual(
    terms(reads).map(({ code, flags, common }) => [code, [...flags].sort().join(' '), common]),
    [
      ['2345-7', 'laboratory order result', 1_012],
      ['24323-8', 'laboratory order panel', 1_003],
      ['36643-5', 'imaging order result', undefined],
      ['1-8', 'inactive laboratory result', undefined],
    ],
  );
  assert.equal(terms(reads)[0]!.also, 'Glucose SerPl-mCnc; Glucose (S/P) [Mass/Vol]');
  assert.deepEqual(faults(reads), []);
});

test('the CVX table of CDC: padded fields, the full name as words to find it by', () => {
  const { format, reads } = read(
    'cvx',
    [
      '115       |Tdap|tetanus toxoid, reduced diphtheria toxoid, and acellular pertussis vaccine, adsorbed||Active|False|2010/05/28',
      '08        |Hep B, adolescent or pediatric|hepatitis B vaccine, pediatric or pediatric/adolescent dosage||Active|False|2010/05/28',
      '02        |OPV|trivalent poliovirus vaccine, live, oral||Inactive|False|2010/05/28',
    ].join('\n'),
  );
  assert.equal(format, 'cvx-pipe');
  assert.deepEqual(
    terms(reads).map(({ code, display, flags }) => [code, display, ...flags]),
    [
      ['115', 'Tdap'],
      ['08', 'Hep B, adolescent or pediatric'],
      ['02', 'OPV', 'inactive'],
    ],
  );
  assert.match(terms(reads)[0]!.also!, /pertussis/);
});

test('the HCPCS file of CMS: long descriptions go on in further records, modifiers are left out', () => {
  const record = (head: string, long: string, short = '', ended = ''): string =>
    pad(`${pad(head, 11)}${pad(long, 80)}${pad(short, 28)}`, 284) + ended;
  const { format, reads } = read(
    'hcpcs',
    [
      record('   A1001007', 'Dressing for one wound', 'One wound'),
      record(
        'A0021001003',
        'Ambulance service, outside state per mile, transport (medicaid only)',
        'Outside state ambulance serv',
      ),
      record('A0426002003', 'Ambulance service, advanced life support, non-emergency transport,', 'Als 1'),
      record('A0426002104', 'level 1 (als 1)'),
      record('G0202003003', 'Screening mammography', 'Screening mammography', '20171231'),
    ].join('\n'),
  );
  assert.equal(format, 'hcpcs-fixed');
  assert.deepEqual(
    terms(reads).map(({ code, display, flags }) => [code, display, ...flags]),
    [
      ['A0021', 'Ambulance service, outside state per mile, transport (medicaid only)'],
      ['A0426', 'Ambulance service, advanced life support, non-emergency transport, level 1 (als 1)'],
      ['G0202', 'Screening mammography', 'inactive'],
    ],
  );
});

test('a table: columns by their names, by their order, with tabs or commas', () => {
  const named = read(
    'icd10cm',
    '# a remark\ncode\tbillable\tdescription\tother\nE11\t0\tType 2 diabetes mellitus\tx\nE119\t1\tWithout complications\t',
  );
  assert.deepEqual(terms(named.reads), [
    { code: 'E11', display: 'Type 2 diabetes mellitus', flags: ['category'] },
    { code: 'E11.9', display: 'Without complications', flags: [] },
  ]);
  const bare = read('https://example.org/rooms', 'r1,"Room 1, upstairs"\nr2,Room 2');
  assert.deepEqual(terms(bare.reads), [
    { code: 'r1', display: 'Room 1, upstairs', flags: [] },
    { code: 'r2', display: 'Room 2', flags: [] },
  ]);
  const inactive = read('cvx', 'cvx\tshort\tfull\tstatus\n2\tOPV\ttrivalent poliovirus vaccine\tNever Active');
  assert.deepEqual(terms(inactive.reads), [
    { code: '02', display: 'OPV', flags: ['inactive'], also: 'trivalent poliovirus vaccine' },
  ]);
});

test('a line that is no term is told by its number and a reason that does not quote it', () => {
  const { reads } = read(
    'icd10cm',
    'code\tdisplay\nSmith\tJohn\nI10\t\n\tnothing\nI10\tEssential (primary) hypertension',
  );
  assert.deepEqual(faults(reads), ['2: its code is not one of ICD-10-CM', '3: it has no text', '4: it has no code']);
});

test('a file whose first line fits no format of its code system is refused, and told what would', () => {
  const refused = (run: () => unknown, pattern: RegExp): void => {
    assert.throws(run, (error) => {
      assert.ok(error instanceof Refusal && error.code === 'terms.file');
      assert.match(error.message, pattern);
      return true;
    });
  };
  refused(
    () => formatOf(codeSystem('icd10cm'), '%PDF-1.7'),
    /its first line is not one of ICD-10-CM order file .*, nor of table/,
  );
  refused(() => formatOf(codeSystem('rxnorm'), '314076\tlisinopril', 'rxnorm-rrf'), /18 fields/);
  refused(() => formatOf(codeSystem('rxnorm'), 'x', 'loinc-csv'), /there is no format of that name for RxNorm/);
});

test('every format says how its files look', () => {
  for (const { name, looks } of FORMATS) assert.ok(looks.length > 20, name);
});
