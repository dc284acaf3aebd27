// Searches against PostgreSQL, on a practice small enough to see through.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Refusal } from '#kit/errors.ts';
import { matchesQuery } from '#r4/match.ts';
import type { SearchPage } from '#store/contract.ts';
import { compileSearch } from '#store/search.ts';
import { type Identified, type SearchableStore, searchableStore } from './search-records.ts';

const LOINC = 'http://loinc.org';
const UCUM = 'http://unitsofmeasure.org';

function patient(id: string, family: string, given: string, birthDate: string, doctor?: string): Identified {
  return {
    resourceType: 'Patient',
    id,
    identifier: [{ system: 'http://mrn', value: `mrn-${id}` }],
    active: true,
    name: [{ family, given: [given] }],
    birthDate,
    generalPractitioner: doctor === undefined ? undefined : [{ reference: doctor }],
  };
}

function observation(
  id: string,
  subject: string,
  code: string,
  effectiveDateTime: string,
  value: number,
  unit: string,
): Identified {
  return {
    resourceType: 'Observation',
    id,
    status: 'final',
    code: { coding: [{ system: LOINC, code }], text: code === 'bp' ? 'Blood pressure' : 'Weight' },
    subject: { reference: subject },
    performer: [{ reference: 'Practitioner/dr' }],
    effectiveDateTime,
    valueQuantity: { value, unit, system: UCUM, code: unit },
  };
}

const RECORDS: readonly Identified[] = [
  { resourceType: 'Organization', id: 'clinic', name: 'Clinic_100%' },
  { resourceType: 'Practitioner', id: 'dr', name: [{ family: 'House' }] },
  {
    resourceType: 'PractitionerRole',
    id: 'role',
    practitioner: { reference: 'Practitioner/dr' },
    organization: { reference: 'Organization/clinic' },
  },
  patient('a', 'Ångström', 'Ada', '1980-02-29', 'Practitioner/dr'),
  patient('b', 'Bell', 'Bob', '1990', 'Organization/clinic'),
  patient('c', 'Curie', 'Ada', '2000-12'),
  observation('o1', 'Patient/a', 'bp', '2026-01-01T10:00:00Z', 120, 'mm[Hg]'),
  observation('o2', 'Patient/a', 'wt', '2026-01-02T10:00:00Z', 70.5, 'kg'),
  observation('o3', 'Patient/b', 'bp', '2026-01-03', 140, 'mm[Hg]'),
  observation('o4', 'Patient/c', 'wt', '2025-12-31T23:30:00-05:00', 55, 'kg'),
  {
    resourceType: 'Observation',
    id: 'o5',
    status: 'preliminary',
    code: { text: 'Something' },
    subject: { reference: 'Group/g' },
  },
  { resourceType: 'ValueSet', id: 'v', status: 'active', url: 'http://acme.org/fhir/ValueSet/1' },
  {
    resourceType: 'Task',
    id: 't1',
    status: 'requested',
    intent: 'order',
    for: { reference: 'Patient/a' },
    focus: { reference: 'Observation/o1' },
  },
];

describe('a search', () => {
  let practice: SearchableStore;
  before(async () => {
    practice = await searchableStore();
    await practice.put(RECORDS.slice(0, 6), '2026-02-01T00:00:00.000Z');
    await practice.put(RECORDS.slice(6), '2026-02-02T00:00:00.000Z');
  });
  after(() => practice.close());

  const ROWS: readonly [type: string, query: string, ids: string[]][] = [
    ['Patient', '', ['a', 'b', 'c']],
    ['Patient', '_format=json&_pretty=true', ['a', 'b', 'c']],
    ['Patient', '_id=a,c,nobody', ['a', 'c']],
    ['Patient', 'name=ada', ['a', 'c']],
    ['Patient', 'name=angstrom', ['a']],
    ['Patient', 'name=ada&birthdate=lt1990', ['a']],
    ['Patient', 'name:exact=Ada,Bob', ['a', 'b', 'c']],
    ['Patient', 'family:contains=ell', ['b']],
    ['Patient', 'identifier=http://mrn|mrn-b', ['b']],
    ['Patient', 'identifier=http://mrn|', ['a', 'b', 'c']],
    ['Patient', 'birthdate=1990-06', []],
    ['Patient', 'birthdate=ge1990', ['b', 'c']],
    ['Patient', 'general-practitioner=Practitioner/dr', ['a']],
    ['Patient', 'general-practitioner=dr', ['a']],
    ['Patient', 'general-practitioner=dr,clinic', ['a', 'b']],
    ['Patient', 'general-practitioner:missing=true', ['c']],
    ['Patient', 'general-practitioner:missing=false', ['a', 'b']],
    ['Patient', 'death-date:missing=true', ['a', 'b', 'c']],
    ['Patient', '_lastUpdated=2026-02-01', ['a', 'b', 'c']],
    ['Patient', '_lastUpdated=gt2026-02-01', []],
    // characters that mean something to LIKE
    ['Organization', 'name:contains=_100%25', ['clinic']],
    ['Organization', 'name:contains=c%25', []],
    ['Organization', 'name=clinic_', ['clinic']],
    ['Observation', 'status:not=final', ['o5']],
    ['Observation', 'code=bp', ['o1', 'o3']],
    ['Observation', `code=${LOINC}|bp,${LOINC}|wt`, ['o1', 'o2', 'o3', 'o4']],
    ['Observation', 'code:text=blood', ['o1', 'o3']],
    ['Observation', 'code:missing=false', ['o1', 'o2', 'o3', 'o4', 'o5']],
    ['Observation', 'date=2026-01-01', ['o1', 'o4']],
    ['Observation', 'date=gt2026-01-02', ['o3']],
    ['Observation', 'date=2026-01-03T10:00:00Z', []],
    ['Observation', 'value-quantity=gt100', ['o1', 'o3']],
    ['Observation', `value-quantity=71|${UCUM}|kg`, ['o2']],
    ['Observation', `value-quantity=71.0|${UCUM}|kg`, []],
    ['Observation', `value-quantity=70.5|${UCUM}|kg`, ['o2']],
    ['Observation', 'value-quantity=lt100||kg', ['o2', 'o4']],
    ['ValueSet', 'url=http://acme.org/fhir/ValueSet/1', ['v']],
    ['ValueSet', 'url:below=http://acme.org/fhir', ['v']],
    // about other records
    ['Observation', 'subject:Patient.name=ada', ['o1', 'o2', 'o4']],
    ['Observation', 'patient.name=ada', ['o1', 'o2', 'o4']],
    ['Observation', 'patient.identifier=http://mrn|mrn-b', ['o3']],
    ['Observation', 'patient.birthdate=lt1985', ['o1', 'o2']],
    ['Observation', 'patient.name=nobody', []],
    ['Observation', 'performer.name=house', ['o1', 'o2', 'o3', 'o4']],
    ['Observation', 'patient._id=a&code=bp', ['o1']],
    ['Patient', '_has:Observation:patient:code=wt', ['a', 'c']],
    ['Patient', '_has:Observation:patient:value-quantity=gt100', ['a', 'b']],
    ['Patient', '_has:Observation:patient:code=wt&name=curie', ['c']],
    // and further on from there
    ['Observation', 'patient.general-practitioner:Practitioner.name=house', ['o1', 'o2']],
    ['Observation', 'patient.general-practitioner.name=nobody', []],
    ['Patient', '_has:Observation:patient:performer.name=house', ['a', 'b', 'c']],
    ['Patient', '_has:Observation:patient:performer:Practitioner.name=nobody', []],
    ['Organization', '_has:Patient:general-practitioner:_has:Observation:patient:code=bp', ['clinic']],
    ['Observation', 'patient:Patient._has:Observation:patient:code=wt&code=bp', ['o1']],
  ];

  for (const [type, query, expected] of ROWS) {
    test(`${type}?${query} finds ${expected.join(', ') || 'nothing'}`, async () => {
      assert.deepEqual(await practice.ids(type, query), expected);
    });
  }

  const REFUSED: readonly [type: string, query: string, code: string][] = [
    ['Nothing', '', 'record.unknown-type'],
    ['Patient', 'colour=red', 'search.parameter'],
    ['Patient', '_sort=colour', 'search.parameter'],
    ['Patient', '_sort:iterate=name', 'search.parameter'],
    ['Observation', '_sort=code-value-quantity', 'search.parameter'],
    ['Patient', '_count=many', 'search.parameter'],
    ['Patient', '_offset=-1', 'search.parameter'],
    ['Patient', '_offset=100000000', 'search.parameter'],
    ['Patient', '_cursor=x', 'search.parameter'],
    ['Patient', '_summary=maybe', 'search.parameter'],
    ['Patient', '_total=some', 'search.parameter'],
    ['Patient', '_contained=true', 'search.parameter'],
    ['Patient', '_include=name', 'search.parameter'],
    ['Patient', '_include=Patient:name', 'search.parameter'],
    ['Patient', '_include=Patient:general-practitioner:Nothing', 'search.parameter'],
    ['Patient', '_revinclude=*', 'search.parameter'],
    ['Patient', '_has:PractitionerRole:practitioner:active=true', 'search.parameter'],
    ['Patient', '_filter=x', 'search.parameter'],
  ];

  for (const [type, query, code] of REFUSED) {
    test(`${type}?${query} is refused`, async () => {
      await assert.rejects(
        practice.store.search(type, query),
        (error) => error instanceof Refusal && error.code === code,
      );
    });
  }

  async function order(type: string, query: string): Promise<string[]> {
    return (await practice.store.search(type, query)).matches.map(({ id }) => id!);
  }

  test('_sort orders by each type of parameter, records without a value last', async () => {
    assert.deepEqual(await order('Patient', '_sort=family'), ['a', 'b', 'c']);
    assert.deepEqual(await order('Patient', '_sort=-family'), ['c', 'b', 'a']);
    assert.deepEqual(await order('Patient', '_sort=given,-birthdate'), ['c', 'a', 'b']);
    assert.deepEqual(await order('Observation', '_sort=date'), ['o4', 'o1', 'o2', 'o3', 'o5'].sort(byDate));
    assert.deepEqual(await order('Observation', '_sort=-value-quantity'), ['o3', 'o1', 'o2', 'o4', 'o5']);
    assert.deepEqual(await order('Observation', '_sort=code,-_id'), ['o3', 'o1', 'o4', 'o2', 'o5']);
    assert.deepEqual(await order('Observation', '_sort=subject,_id'), ['o5', 'o1', 'o2', 'o3', 'o4']);
    assert.deepEqual(await order('Patient', '_sort=-_lastUpdated,-_id'), ['c', 'b', 'a']);
  });

  const DATES = [
    '2026-01-01T10:00:00Z',
    '2026-01-02T10:00:00Z',
    '2026-01-03T00:00:00Z',
    '2026-01-01T04:30:00Z',
    '9999',
  ];
  function byDate(a: string, b: string): number {
    return DATES[Number(a[1]) - 1]! < DATES[Number(b[1]) - 1]! ? -1 : 1;
  }

  async function paged(type: string, query: string): Promise<string[]> {
    const seen: string[] = [];
    for (let next: string | undefined = query; next !== undefined; ) {
      const page: SearchPage = await practice.store.search(type, next);
      assert.ok(page.matches.length > 0 && page.matches.length <= 2);
      seen.push(...page.matches.map(({ id }) => id!));
      next = page.next;
    }
    return seen;
  }

  test('pages: every record once, in a stable order, sorted or not', async () => {
    for (const [type, query] of [
      ['Observation', ''],
      ['Observation', 'status=final,preliminary'],
      ['Observation', 'patient.name=ada'],
      ['Observation', '_sort=-date'],
      ['Observation', '_sort=date'],
      ['Observation', '_sort=status'],
      ['Observation', '_sort=-status,-value-quantity'],
      ['Observation', '_sort=value-quantity'],
      ['Observation', '_sort=code,-_id'],
      ['Observation', '_sort=-subject,date'],
      ['Observation', '_sort=-_lastUpdated'],
      ['Observation', 'patient.name=ada&_sort=-_lastUpdated,_id'],
      ['Patient', '_sort=family'],
      ['Patient', '_sort=-given,-birthdate'],
      ['Patient', '_sort=general-practitioner,-_id'],
      ['Patient', '_sort=death-date'],
      ['Patient', '_sort=-death-date,-_id'],
    ] as const) {
      const whole = await order(type, query);
      for (const count of [1, 2]) assert.deepEqual(await paged(type, `${query}&_count=${count}`), whole, `${query}`);
    }
  });

  test('_offset skips matches on the first page that is asked for, and not on those after', async () => {
    const whole = await order('Observation', '_sort=date');
    assert.deepEqual(await paged('Observation', '_sort=date&_offset=1&_count=2'), whole.slice(1));
  });

  test('_summary=count, _count=0 and _total=accurate tell the number of all matches', async () => {
    assert.deepEqual(await practice.store.search('Observation', '_summary=count&code=bp'), {
      matches: [],
      included: [],
      located: { matches: [], included: [] },
      total: 2,
    });
    assert.equal((await practice.store.search('Observation', '_count=0')).total, 5);
    const page = await practice.store.search('Observation', '_total=accurate&_count=1');
    assert.deepEqual([page.total, page.matches.length], [5, 1]);
    assert.equal((await practice.store.search('Observation', '')).total, undefined);
  });

  test('_elements and _summary leave what is asked for and what is mandatory, and say so', async () => {
    const [elements] = (await practice.store.search('Observation', '_id=o1&_elements=subject,value')).matches;
    assert.deepEqual(Object.keys(elements!).sort(), [
      'code',
      'id',
      'meta',
      'resourceType',
      'status',
      'subject',
      'valueQuantity',
    ]);
    assert.equal(elements!.meta!.tag![0]!.code, 'SUBSETTED');
    const [summary] = (await practice.store.search('Patient', '_id=a&_summary=true')).matches;
    assert.deepEqual(Object.keys(summary!).sort(), [
      'active',
      'birthDate',
      'id',
      'identifier',
      'meta',
      'name',
      'resourceType',
    ]);
  });

  async function included(type: string, query: string, options: { within?: string } = {}): Promise<string[]> {
    const { included: records } = await practice.store.search(type, query, options);
    return records.map(({ resourceType, id }) => `${resourceType}/${id}`).sort();
  }

  test('_include brings what matches refer to, once, and nothing that is a match', async () => {
    assert.deepEqual(await included('Observation', '_include=Observation:subject'), [
      'Patient/a',
      'Patient/b',
      'Patient/c',
    ]);
    assert.deepEqual(
      await included('Observation', 'code=bp&_include=Observation:patient&_include=Observation:performer'),
      ['Patient/a', 'Patient/b', 'Practitioner/dr'],
    );
    assert.deepEqual(await included('Observation', '_id=o1&_include=Observation:*'), ['Patient/a', 'Practitioner/dr']);
    assert.deepEqual(await included('Observation', '_id=o1&_include=*'), ['Patient/a', 'Practitioner/dr']);
    assert.deepEqual(await included('Patient', '_include=Patient:general-practitioner:Organization'), [
      'Organization/clinic',
    ]);
    assert.deepEqual(await included('Observation', '_id=o5&_include=Observation:subject'), []);
  });

  test('_include:iterate goes on from what was included', async () => {
    const query =
      '_id=t1&_include=Task:focus&_include:iterate=Observation:patient&_include:iterate=Patient:general-practitioner';
    assert.deepEqual(await included('Task', query), ['Observation/o1', 'Patient/a', 'Practitioner/dr']);
    assert.deepEqual(await included('Task', '_id=t1&_include=Task:focus&_include=Observation:patient'), [
      'Observation/o1',
    ]);
  });

  test('_revinclude brings what refers to the matches', async () => {
    assert.deepEqual(await included('Patient', '_id=a&_revinclude=Observation:subject'), [
      'Observation/o1',
      'Observation/o2',
    ]);
    assert.deepEqual(await included('Patient', '_id=a&_revinclude=Task:*&_revinclude:iterate=Task:*'), ['Task/t1']);
    assert.deepEqual(
      await included(
        'Practitioner',
        '_revinclude=PractitionerRole:practitioner&_include:iterate=PractitionerRole:organization',
      ),
      ['Organization/clinic', 'PractitionerRole/role'],
    );
  });

  test('within one chart nothing of another is found, counted, included or asked about', async () => {
    const within = 'a';
    assert.deepEqual(await practice.ids('Observation', '', { within }), ['o1', 'o2']);
    assert.deepEqual(await practice.ids('Patient', '', { within }), ['a']);
    assert.deepEqual(await practice.ids('Patient', '_id=b', { within }), []);
    assert.equal((await practice.store.search('Observation', '_summary=count', { within })).total, 2);
    assert.deepEqual(await practice.ids('Observation', 'patient.name=ada', { within }), ['o1', 'o2']);
    assert.deepEqual(await practice.ids('Patient', '_has:Observation:patient:code=wt', { within: 'b' }), []);
    assert.deepEqual(
      await included('Observation', '_include=Observation:subject&_include=Observation:performer', { within }),
      ['Patient/a'],
    );
    assert.deepEqual(await included('Patient', '_revinclude=Observation:subject', { within }), [
      'Observation/o1',
      'Observation/o2',
    ]);
  });

  test('a deleted record is not found, not included, and cannot be asked about', async () => {
    const own = await searchableStore();
    try {
      await own.put(RECORDS);
      await own.delete('Patient', 'a');
      assert.deepEqual(await own.ids('Patient', ''), ['b', 'c']);
      assert.deepEqual(await own.ids('Patient', 'name=ada'), ['c']);
      assert.deepEqual(await own.ids('Observation', 'patient.name=ada'), ['o4']);
      assert.deepEqual((await own.store.search('Observation', '_id=o1&_include=Observation:subject')).included, []);
      await own.delete('Observation', 'o4');
      assert.deepEqual(await own.ids('Patient', '_has:Observation:patient:code=wt'), []);
    } finally {
      await own.close();
    }
  });

  test('what is searched for is a value of the statement, never its text', () => {
    const hostile = `'; DROP TABLE record; --`;
    const query = new URLSearchParams([
      ['name', hostile],
      ['family:exact', hostile],
      ['given:contains', hostile],
      ['identifier', `${hostile}|${hostile}`],
      ['general-practitioner', hostile],
      ['_id', hostile],
      ['_has:Observation:patient:code', hostile],
      ['general-practitioner:Practitioner.name', hostile],
    ]);
    const { text, values } = compileSearch('Patient', String(query), { within: hostile });
    assert.ok(!text.includes('DROP'), text);
    assert.ok(values.flat().some((value) => String(value).includes('DROP')));
  });

  test('SQL and memory agree on every row of the table that memory can answer', async () => {
    const stored = new Map<string, Identified[]>();
    for (const type of new Set(RECORDS.map(({ resourceType }) => resourceType))) {
      stored.set(type, (await practice.store.search(type, '')).matches as Identified[]);
    }
    for (const [type, query] of ROWS.filter(([, name]) => !/[._]has|patient\.|performer\.|Patient\./.test(name))) {
      const plain = query.replace(/_format=json&_pretty=true/, '');
      const inMemory = stored.get(type)!.filter((record) => matchesQuery(record, plain));
      assert.deepEqual(await practice.ids(type, query), inMemory.map(({ id }) => id).sort(), `${type}?${query}`);
    }
  });
});
