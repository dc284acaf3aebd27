// Requests at the FHIR door: every interaction of its table, every search parameter of every type.

import { INTERACTIONS } from '#fhir/table.ts';
import { RESOURCE_TYPES } from '#r4/resource-types.ts';
import { searchParametersOf } from '#r4/search-parameters.ts';
import { mangled } from './mangle.ts';
import type { Random } from './random.ts';
import { RECORDS } from './records.ts';
import type { Sent } from './request.ts';
import { anything, cursor, instant, NUMBERS, noise, percent, TEXTS } from './values.ts';
import type { Known } from './world.ts';

const BUSY = ['Patient', 'Observation', 'Task', 'Condition', 'Appointment', 'Encounter', 'ValueSet', 'ChargeItem'];
const MODIFIERS = [
  ...[
    'missing',
    'exact',
    'contains',
    'text',
    'not',
    'in',
    'below',
    'above',
    'identifier',
    'of-type',
    'not-in',
    'Patient',
  ],
  ...['constructor', '', ':', 'iterate', 'Nonsense', '__proto__', 'exact:exact'],
];
const PREFIXES = ['', '', '', 'eq', 'ne', 'lt', 'gt', 'le', 'ge', 'sa', 'eb', 'ap', 'xx', 'lteq', 'AP'];
const IDS = [
  '1',
  'x',
  'hostile',
  '-',
  '.',
  '..',
  'A'.repeat(64),
  'A'.repeat(65),
  '%00',
  '%2e%2e',
  '$everything',
  '_history',
  '0',
];

export function fhirRequest(random: Random, known: Known): Sent {
  if (random.once(6)) return bundle(random);
  const { method, path, body } = random.pick(random.once(2) ? OFTEN : INTERACTIONS);
  const [type, id] = targetOf(random, known, body);
  const version = random.pick(['1', '2', ...NUMBERS.map(percent)]);
  const address = path.replace(':type', type).replace(':id', id).replace(':version', version);
  const query = method === 'GET' || !random.once(3) ? searchQuery(random, type) : '';
  const written = body === undefined ? {} : bodyOf(random, body, type, id);
  return {
    method,
    path: `/fhir/R4/${address}${query === '' ? '' : `?${query}`}`,
    ...written,
    headers: { ...headers(random), ...written.headers },
  };
}

const OFTEN = INTERACTIONS.filter(({ name }) => ['search', 'create', 'update', 'patch', 'history-type'].includes(name));

/** Mostly a record that is there. */
function targetOf(random: Random, known: Known, body: string | undefined): [type: string, id: string] {
  if (!random.once(4)) return random.pick(known.references).split('/') as [string, string];
  const id = random.pick([() => 'hostile', () => random.pick(IDS), () => percent(anything(random))])();
  return [typeFor(random, body), id];
}

function typeFor(random: Random, body: string | undefined): string {
  if (random.once(20)) return percent(random.pick(TEXTS));
  if (body === 'resource' && !random.once(8)) return random.pick(RECORDS).resourceType;
  return random.pick(random.once(2) ? BUSY : RESOURCE_TYPES);
}

function bodyOf(random: Random, body: 'resource' | 'patch' | 'form', type: string, id: string): Partial<Sent> {
  if (body === 'form')
    return { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: searchQuery(random, type) };
  if (body === 'patch')
    return { headers: { 'content-type': 'application/json-patch+json' }, body: JSON.stringify(patch(random)) };
  const fitting = RECORDS.filter((record) => record.resourceType === type);
  const record = fitting.length > 0 ? random.pick(fitting) : random.pick(RECORDS);
  const given = { ...mangled(record, random), ...(random.once(2) ? { id: decoded(id) } : {}) };
  return { headers: { 'content-type': 'application/fhir+json' }, body: rawJson(random, given) };
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

/** JSON, at times with what only text can say: numbers out of range, names twice, depth, bytes that are no UTF-8. */
export function rawJson(random: Random, value: unknown): string | Buffer {
  const text = JSON.stringify(value) ?? '';
  if (!random.once(6)) return text;
  return random.pick<() => string | Buffer>([
    () =>
      text.replaceAll(
        /:\d+(\.\d+)?/g,
        () => `:${random.pick(['1e400', '-1e400', '1e-400', '-0', '1E+2', '0.1e1', '9'.repeat(400)])}`,
      ),
    () => `{${text.slice(1, -1)},${text.slice(1, -1)}}`,
    () => text.replace('{', `{"a":${'['.repeat(5000)}${']'.repeat(5000)},`),
    () => text.replace('{', `{"__proto__":{"x":1},`),
    () => text.replace('{', `{"extension":${'[{"extension":'.repeat(90)}[]${'}]'.repeat(90)},`),
    () => text.slice(0, random.below(text.length)),
    () => Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from([0xff, 0xfe]), Buffer.from(text.slice(-1))]),
    () => Buffer.from(text, 'utf16le'),
    () => `\ufeff${text}`,
    () => text.replaceAll('"x"', '"\\ud800"'),
    () => random.pick(['', ' ', 'null', 'true', '0', '""', '[]', '{}', '[[]]', '\0', 'NaN', '{"a":1}}']),
  ])();
}

const POINTERS = [
  ...[
    '',
    '/',
    '//',
    '/~',
    '/~2',
    '/~1',
    '/~0',
    '/-',
    '/name',
    '/name/0',
    '/name/-',
    '/name/-1',
    '/name/1e9',
    '/name/01',
    '/name/99999999',
  ],
  ...[
    '/__proto__',
    '/constructor/prototype',
    '/name/length',
    '/resourceType',
    '/id',
    '/meta',
    '/meta/versionId',
    '/birthDate',
    '/status',
  ],
  ...['/name/0/family', '/%', '/ ', 'name', '/a/b/c/d/e', `/${'a/'.repeat(400)}`, '/contact', '/name/9007199254740993'],
];

function patch(random: Random): unknown {
  const operation = (): unknown => {
    const from = random.pick(POINTERS);
    const value = random.pick([...TEXTS, null, {}, [], 1e308, -0, true, [null], { family: 'x' }, undefined]);
    return {
      op: random.pick(['add', 'remove', 'replace', 'move', 'copy', 'test', 'merge', '', null]),
      path: random.pick(POINTERS),
      from,
      value,
    };
  };
  return random.once(8)
    ? random.pick([null, {}, 'x', 1, [[]], [null]])
    : Array.from({ length: random.below(4) }, operation);
}

export function searchQuery(random: Random, type: string): string {
  const parts = Array.from({ length: 1 + random.below(3) }, () =>
    random.once(4) ? control(random, type) : criterion(random, type),
  );
  if (random.once(40)) parts.push(...Array.from({ length: 60 }, () => criterion(random, type)));
  if (random.once(15))
    parts.push(
      random.pick(['', '=', '&', 'a', '=b', 'name[]=x', 'name[a]=x', '__proto__=x', '__proto__[a]=x', '%', '%00=x']),
    );
  return parts.join('&');
}

function criterion(random: Random, type: string): string {
  const rows = searchParametersOf(type);
  const row = rows.length > 0 ? random.pick(rows) : { code: 'name', type: 'string' };
  let name = row.code;
  if (random.once(6)) name += `:${random.pick(MODIFIERS)}`;
  if (random.once(10))
    name = `${name}.${random.pick(['name', '_id', 'identifier', '_lastUpdated', 'birthdate', 'a.b', '', 'name:contains'])}`;
  if (random.once(14)) {
    const other = random.pick(RESOURCE_TYPES);
    const codes = searchParametersOf(other).map(({ code }) => code);
    name = `_has:${other}:${random.pick(codes)}:${random.pick(codes)}`;
  }
  if (random.once(25)) name = random.pick(TEXTS);
  const many = random.once(12) ? 1 + random.below(random.once(6) ? 1100 : 5) : 1;
  return `${percent(name).replaceAll('%3a', ':')}=${percent(Array.from({ length: many }, () => valueFor(random, row.type)).join(','))}`;
}

function valueFor(random: Random, type: string): string {
  if (random.once(4)) return anything(random);
  switch (type) {
    case 'date':
      return random.pick(PREFIXES) + instant(random);
    case 'number':
      return random.pick(PREFIXES) + random.pick(NUMBERS);
    case 'quantity':
      return `${random.pick(PREFIXES)}${random.pick(NUMBERS)}${random.pick(['', '|', '||', '||kg', '|http://unitsofmeasure.org|kg', '|a|b|c', '|\0|'])}`;
    case 'token':
      return random.pick([
        'a|b',
        '|b',
        'a|',
        '|',
        'a|b|c',
        'true',
        'x',
        'a\\|b',
        `${random.pick(TEXTS)}|${random.pick(TEXTS)}`,
        noise(random, 3000),
      ]);
    case 'reference':
      return random.pick([
        'Patient/1',
        '1',
        'Patient',
        'Patient/',
        'Nonsense/1',
        'http://x/Patient/1',
        'a|b',
        'urn:uuid:1',
        ...TEXTS,
      ]);
    default:
      return random.pick(TEXTS);
  }
}

function control(random: Random, type: string): string {
  const codes = searchParametersOf(type).map(({ code }) => code);
  const code = codes.length > 0 ? random.pick(codes) : 'name';
  return random.pick<() => string>([
    () =>
      `_sort=${percent(random.pick([code, `-${code}`, `--${code}`, `${code},${code}`, `${code}:asc`, '', ',', random.pick(TEXTS), '-_lastUpdated']))}`,
    () => `_count=${percent(random.pick(NUMBERS))}`,
    () => `_offset=${percent(random.pick(NUMBERS))}`,
    () => `_cursor=${percent(random.once(2) ? cursor(random) : anything(random))}`,
    () => `_before=${percent(random.once(2) ? cursor(random) : anything(random))}`,
    () => `_since=${percent(instant(random))}`,
    () => `_elements=${percent(random.pick(['id', 'name,birthDate', '', ',', 'a.b', 'constructor', ...TEXTS]))}`,
    () => `_summary=${percent(random.pick(['true', 'text', 'data', 'count', 'false', 'x', '']))}`,
    () => `_total=${percent(random.pick(['accurate', 'none', 'estimate', 'x']))}`,
    () =>
      `${random.pick(['_include', '_revinclude', '_include:iterate', '_include:recurse', '_include:x'])}=${percent(
        random.pick([
          `${type}:${code}`,
          `${type}:${code}:Patient`,
          '*',
          `${type}:*`,
          'Observation:subject',
          'Provenance:target',
          ':',
          '::',
          ...TEXTS,
        ]),
      )}`,
    () => `_contained=${random.pick(['true', 'false', 'both', 'x'])}`,
    () => `_format=${percent(random.pick(['json', 'xml', 'application/fhir+json', ...TEXTS]))}`,
    () => `_type=${percent(random.pick(['Patient', 'Patient,Observation', ...TEXTS]))}`,
  ])();
}

const HEADER_VALUES = [
  ...[
    '*',
    'W/"1"',
    'W/"99999999999"',
    '"1"',
    '1',
    'W/',
    '"',
    ',',
    ',,,',
    '%00',
    '-1',
    'W/"1e9"',
    '9'.repeat(50),
    ';',
    '=',
    'q=0',
  ],
  ...[
    'Sat, 01 Jan 0000 00:00:00 GMT',
    'Fri, 31 Dec 9999 23:59:60 GMT',
    '0',
    '275761',
    'name=x',
    '_lastUpdated=lt0000',
    '__proto__=x',
  ],
  ...['return=minimal', 'return=representation', 'return=;;;', 'utf-16', '\xff\xfe'],
];

export function headers(random: Random): Record<string, string> {
  if (!random.once(10)) return {};
  const name = random.pick([
    ...[
      'if-match',
      'if-none-match',
      'if-modified-since',
      'if-none-exist',
      'prefer',
      'accept',
      'accept-encoding',
      'content-type',
      'range',
    ],
    ...[
      'idempotency-key',
      'last-event-id',
      'x-forwarded-for',
      'x-forwarded-host',
      'content-encoding',
      'x-csrf-token',
      'cookie',
      'origin',
      'expect',
    ],
  ]);
  return { [name]: random.pick(HEADER_VALUES) };
}

function bundle(random: Random): Sent {
  const url = (): string =>
    random.pick([
      'urn:uuid:1',
      'urn:uuid:2',
      'Patient/1',
      'http://x/Patient/1',
      '',
      '#a',
      'urn:oid:1',
      ...TEXTS.filter((text) => text.length < 50),
    ]);
  const entry = (): unknown => {
    const method = random.pick(['POST', 'PUT', 'GET', 'DELETE', 'PATCH', 'HEAD', '', null]);
    const type = random.pick(BUSY);
    const reference = { reference: url() };
    const record = { ...mangled(random.pick(RECORDS), random), subject: reference, basedOn: [reference] };
    return {
      fullUrl: random.once(8) ? random.pick([null, 1, {}, []]) : url(),
      resource: record,
      request: {
        method,
        url: random.pick([
          type,
          `${type}/hostile`,
          `${type}?${searchQuery(random, type)}`,
          `${type}/1/_history/1`,
          '',
          '/',
          '?',
          ...TEXTS,
        ]),
        ifMatch: random.pick(HEADER_VALUES),
        ...(random.once(2) ? { ifNoneExist: random.pick([...HEADER_VALUES, searchQuery(random, type)]) } : {}),
        ...(random.once(4) ? { ifModifiedSince: instant(random), ifNoneMatch: random.pick(HEADER_VALUES) } : {}),
      },
    };
  };
  const body = {
    resourceType: 'Bundle',
    type: random.pick(['batch', 'transaction', 'batch', 'transaction', 'x']),
    entry: Array.from({ length: random.below(6) }, entry),
  };
  return {
    method: 'POST',
    path: '/fhir/R4',
    headers: { 'content-type': 'application/fhir+json', ...headers(random) },
    body: rawJson(random, body),
  };
}
