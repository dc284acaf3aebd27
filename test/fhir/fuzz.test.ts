// Whatever comes in, what goes out is an answer or an OperationOutcome of the sender's fault: never an error of ours.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type Loose, startFhirServer } from '../support/fhir-server.ts';

const server = await startFhirServer();
const ada = await server.create({
  resourceType: 'Patient',
  name: [{ family: 'Lovelace', given: ['Ada'] }],
  birthDate: '1815-12-10',
});
const bound = server.grant(['patient/*.cruds'], ada.id);
const VALID: Loose = {
  resourceType: 'Observation',
  status: 'final',
  category: [
    { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] },
  ],
  code: { coding: [{ system: 'http://loinc.org', code: '29463-7' }], text: 'weight' },
  subject: { reference: `Patient/${ada.id}` },
  effectiveDateTime: '2024-01-01T10:00:00Z',
  valueQuantity: { value: 70.5, unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' },
  component: [{ code: { text: 'x' }, valueString: 'y' }],
  extension: [{ url: 'http://example.org/x', valueBoolean: true }],
};

/** A generator of its own, so that a failure comes back: mulberry32. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
  };
}

const ODD: Loose[] = [
  null,
  true,
  0,
  -1,
  1e308,
  1e-320,
  '',
  ' ',
  'x'.repeat(5000),
  '\u0001',
  '\u2028',
  '2024-02-30',
  '9999-12-31T23:59:60Z',
  '../../etc/passwd',
  "'; DROP TABLE record; --",
  '%00',
  '{{7*7}}',
  'Patient/',
  'Patient/1?x',
  'urn:uuid:',
  '#',
  'http://[',
  {},
  [],
  [[]],
  [null],
  { a: {} },
  { resourceType: 'Patient' },
  { reference: {} },
  { toString: 1, constructor: 2, valueOf: 3 },
  { hasOwnProperty: 'x', length: -1 },
];

/** A copy of `value` with one place in it made odd, dropped, doubled or wrapped. */
function mangle(value: Loose, random: (below: number) => number): Loose {
  const copy = structuredClone(value);
  const places: [Loose, string | number][] = [];
  const visit = (node: Loose): void => {
    for (const key of Object.keys(node)) {
      places.push([node, Array.isArray(node) ? Number(key) : key]);
      if (typeof node[key] === 'object' && node[key] !== null) visit(node[key]);
    }
  };
  visit(copy);
  if (places.length === 0) return copy;
  const [node, key] = places[random(places.length)]!;
  const kind = random(5);
  if (kind === 0) delete node[key];
  else if (kind === 1) node[key] = [node[key], node[key]];
  else if (kind === 2) node[key] = { [String(key)]: node[key] };
  else if (kind === 3) node[`_${key}`] = ODD[random(ODD.length)];
  else node[key] = ODD[random(ODD.length)];
  return copy;
}

/** An answer, or the sender's fault in an OperationOutcome. */
function assertCivil(reply: { status: number; body: Loose; text: string }, what: string): void {
  assert.ok(reply.status < 500, `${what} made ${reply.status} ${reply.text}`);
  if (reply.status >= 400)
    assert.equal(reply.body?.resourceType, 'OperationOutcome', `${what} made ${reply.status} ${reply.text}`);
}

after(() => assert.deepEqual(server.failures, []));

test('mangled records', async () => {
  const random = randomFrom(1);
  for (let round = 0; round < 400; round++) {
    let body = VALID;
    for (let i = random(3); i >= 0; i--) body = mangle(body, random);
    const sending = { body };
    const what = JSON.stringify(body).slice(0, 3000);
    assertCivil(await server.send('POST', 'Observation', sending), `POST ${what}`);
    if (round % 4 === 2)
      assertCivil(await server.send('POST', 'Observation', { ...sending, token: bound }), `bound POST ${what}`);
    if (round % 4 === 0)
      assertCivil(await server.send('PUT', 'Observation/fuzz', { body: { ...body, id: 'fuzz' } }), `PUT ${what}`);
    if (round % 4 === 1) assertCivil(await server.send('POST', 'Observation/$validate', sending), `$validate ${what}`);
  }
});

test('mangled bundles', async () => {
  const random = randomFrom(2);
  const entry = [
    {
      fullUrl: 'urn:uuid:1',
      resource: { resourceType: 'Patient', name: [{ family: 'x' }] },
      request: { method: 'POST', url: 'Patient', ifNoneExist: 'identifier=x' },
    },
    {
      fullUrl: 'urn:uuid:2',
      resource: { ...VALID, subject: { reference: 'urn:uuid:1' } },
      request: { method: 'PUT', url: 'Observation/fuzz2', ifMatch: 'W/"1"' },
    },
    { request: { method: 'GET', url: 'Patient?name=x' } },
    { request: { method: 'DELETE', url: 'Patient/x' } },
  ];
  for (let round = 0; round < 300; round++) {
    let body: Loose = { resourceType: 'Bundle', type: round % 2 === 0 ? 'transaction' : 'batch', entry };
    for (let i = random(3); i >= 0; i--) body = mangle(body, random);
    const reply = await server.send('POST', '', { body });
    assertCivil(reply, JSON.stringify(body).slice(0, 3000));
    for (const { response } of reply.body?.entry ?? []) {
      assert.ok(Number.parseInt(response?.status ?? '200', 10) < 500, JSON.stringify(body).slice(0, 3000));
    }
  }
});

test('mangled patches', async () => {
  const random = randomFrom(3);
  const valid = [
    { op: 'add', path: '/name/0/given/-', value: 'Augusta' },
    { op: 'move', from: '/name/0/given/0', path: '/name/0/given/1' },
    { op: 'replace', path: '/birthDate', value: '1815' },
  ];
  for (let round = 0; round < 200; round++) {
    const body = mangle(valid, random);
    const reply = await server.send('PATCH', `Patient/${ada.id}`, { body, type: 'application/json-patch+json' });
    assertCivil(reply, JSON.stringify(body).slice(0, 3000));
  }
});

const PATHS = [
  'Patient/%',
  'Patient/%00',
  'Patient/%2e%2e%2f',
  'Patient/..%2f..%2fmetadata',
  'Patient/a%20b',
  'Patient/💊',
  `Patient/${'x'.repeat(3000)}`,
  '%00',
  'patient/1',
  'Patient//1',
  '/Patient',
  'Patient/1/',
  'Patient/1/_history/',
  'Patient/1/_history/0',
  'Patient/1/_history/99999999999',
  'Patient/1/_history/-1',
  'Patient/1/_history/1e3',
  'Patient/$everything',
  'Patient/1/$nonsense',
  '$nonsense',
  '_history',
  '_search',
  'metadata/x',
  'constructor',
  '__proto__',
  '__proto__/1',
  'Resource',
  'DomainResource/1',
  'Element',
  'Patient?',
  'Patient?=',
  'Patient?&&&',
  'Patient?_id',
  'Patient?_id=',
  'Patient?_id=%00',
  'Patient?name=%F0%28',
  'Patient?name=%',
  'Patient?_count=1e9',
  'Patient?_count=-5',
  'Patient?_sort=--name',
  'Patient?_sort=constructor',
  'Patient?_include=*',
  'Patient?_include=:::',
  'Patient?_revinclude=Observation',
  'Patient?_has:::=x',
  'Patient?_has:Observation:nonsense:code=x',
  'Patient?name:constructor=x',
  'Patient?constructor=x',
  'Patient?__proto__=x',
  'Patient?birthdate=ge',
  'Patient?birthdate=eq2024-13-99',
  'Patient?_lastUpdated=lt0000-00-00',
  'Patient?birthdate=9999999-01-01',
  'Observation?value-quantity=lt',
  'Observation?value-quantity=1e400|x|y|z',
  'Observation?value-quantity=NaN',
  'Observation?subject=Patient/a/b/c',
  'Observation?subject:Patient=',
  'Observation?subject:Nonsense.name=x',
  'Observation?subject.subject.subject.name=x',
  'Observation?code=a|b|c|d',
  'Observation?code=|',
  'Observation?code=\\',
  "Patient?name='%22;--",
  'Patient?_summary=nonsense',
  'Patient?_total=nonsense',
  'Patient?_elements=',
  'Patient?_cursor=nonsense',
  'Patient?_page=-1',
  'Patient?_offset=-1',
  'Patient?name=%5Cud800',
  `Patient?name=${'x'.repeat(6000)}`,
  `Patient?${'name=a&'.repeat(500)}`,
  `Patient?_id=${'a,'.repeat(2000)}`,
  'Patient/_history?_since=%00',
  'Patient/_history?_before=%00',
  'Patient/_history?_since=0000-01-01',
  'Patient/_history?_since=9999-12-31T23:59:59Z',
  'Patient/_history?_before=WyJ4IiwieSIsMV0',
  'Patient/_history?_before=WyIyMDI0LTAxLTAxIiwiXHUwMDAwIiwxXQ',
  'Patient/_history?_before=WyIyMDI0LTAxLTAxIiwieCIsMWUzMF0',
];

for (const path of PATHS) {
  test(`addresses like ${path.slice(0, 80)}`, async () => {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      const sending = method === 'GET' || method === 'DELETE' ? {} : { body: { resourceType: 'Patient' } };
      if (method === 'DELETE' && path.startsWith('Patient?')) continue;
      assertCivil(await server.send(method, path, sending), `${method} ${path}`);
    }
  });
}

const HEADERS: Record<string, string>[] = [
  { 'if-match': '*' },
  { 'if-match': 'W/' },
  { 'if-match': '"' },
  { 'if-none-match': ',,,' },
  { 'if-modified-since': 'x' },
  { 'if-none-exist': '%' },
  { 'if-none-exist': '%00=x' },
  { 'if-none-exist': '__proto__=x' },
  { prefer: 'return=;;;' },
  { accept: ';q=,/' },
  { 'content-type': ';' },
  { 'content-type': 'application/json; charset=utf-16' },
  { 'content-type': 'application/fhir+json;fhirVersion=3.0' },
  { accept: 'application/fhir+json;fhirVersion=4.0' },
];

for (const headers of HEADERS) {
  test(`headers like ${JSON.stringify(headers)}`, async () => {
    for (const [method, path] of [
      ['GET', `Patient/${ada.id}`],
      ['POST', 'Basic'],
      ['PUT', 'Basic/h'],
    ] as const) {
      const sending = method === 'GET' ? {} : { body: { resourceType: 'Basic', id: 'h', code: { text: 'x' } } };
      assertCivil(await server.send(method, path, { ...sending, headers }), `${method} ${path}`);
    }
  });
}
