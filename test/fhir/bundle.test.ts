// Batches and transactions: what refers to what, in which order, all or none against each by itself.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bundle, BundleEntry, Resource } from '@medplum/fhirtypes';
import { validate } from '#r4/validate.ts';
import { codesOf, expressionsOf, type Loose, startFhirServer } from '../support/fhir-server.ts';
import { seenIn } from '../support/seen.ts';

const server = await startFhirServer();

const bundle = (type: 'batch' | 'transaction', ...entry: BundleEntry[]): Bundle => ({
  resourceType: 'Bundle',
  type,
  entry,
});
const transact = (...entry: BundleEntry[]) => server.send('POST', '', { body: bundle('transaction', ...entry) });
const post = (resource: Loose, fullUrl?: string, ifNoneExist?: string): BundleEntry => ({
  ...(fullUrl === undefined ? {} : { fullUrl }),
  resource,
  request: { method: 'POST', url: resource.resourceType, ...(ifNoneExist === undefined ? {} : { ifNoneExist }) },
});
const put = (resource: Loose, url = `${resource.resourceType}/${resource.id}`): BundleEntry => ({
  resource,
  request: { method: 'PUT', url },
});
const get = (url: string): BundleEntry => ({ request: { method: 'GET', url } });
const remove = (url: string): BundleEntry => ({ request: { method: 'DELETE', url } });
const jsonPatch = (url: string, operations: unknown): BundleEntry => ({
  resource: {
    resourceType: 'Binary',
    contentType: 'application/json-patch+json',
    data: Buffer.from(JSON.stringify(operations)).toString('base64'),
  },
  request: { method: 'PATCH', url },
});

const patient = (value: string): Loose => ({
  resourceType: 'Patient',
  identifier: [{ system: 'http://example.org/mrn', value }],
});
const weight = (subject: string): Loose => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'weight' },
  subject: { reference: subject },
});
const URN = (n: number): string => `urn:uuid:00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

const statuses = (body: Loose): string[] => body.entry.map(({ response }: Loose) => response.status);
const idIn = (entry: Loose): string => entry.response.location.split('/').at(-3);

test('entries of a transaction refer to each other by urn, in either direction', async () => {
  const reply = await transact(
    post(
      { ...weight(URN(1)), hasMember: [{ reference: URN(3) }], performer: [{ reference: URN(2), display: URN(2) }] },
      URN(4),
    ),
    post(patient('urn-1'), URN(1)),
    post({ resourceType: 'Practitioner' }, URN(2)),
    post(weight(URN(1)), URN(3)),
  );
  assert.equal(reply.status, 200, reply.text);
  assert.deepEqual(validate(reply.body), []);
  assert.equal(reply.body.type, 'transaction-response');
  assert.deepEqual(statuses(reply.body), Array(4).fill('201 Created'));
  const [panel, ada, doctor, member] = reply.body.entry.map(idIn);
  const { body } = await server.send('GET', `Observation/${panel}`);
  assert.deepEqual(body.subject, { reference: `Patient/${ada}` });
  assert.deepEqual(body.hasMember, [{ reference: `Observation/${member}` }]);
  assert.equal(body.performer[0].reference, `Practitioner/${doctor}`);
  assert.equal((await seenIn(server.chart).current('Observation', panel))!.patient, ada);
});

test('a transaction resolves references within another server’s address', async () => {
  const there = 'http://old.example.org/fhir';
  const reply = await transact(
    post(patient('moved'), `${there}/Patient/9`),
    post(weight('Patient/9'), `${there}/Observation/1`),
    post(weight(`${there}/Patient/9`), `${there}/Observation/2`),
  );
  assert.equal(reply.status, 200, reply.text);
  const [ada, ...weights] = reply.body.entry.map(idIn);
  for (const id of weights) {
    assert.equal((await server.send('GET', `Observation/${id}`)).body.subject.reference, `Patient/${ada}`);
  }
});

test('a transaction resolves conditional references, to what is there and to what it creates itself', async () => {
  const there = await server.create(patient('there'));
  const reply = await transact(
    post(weight('Patient?identifier=http://example.org/mrn|there')),
    post(weight('Patient?identifier=http%3A%2F%2Fexample.org%2Fmrn%7Cnew')),
    post(patient('new'), URN(1), 'identifier=http://example.org/mrn|new'),
  );
  assert.equal(reply.status, 200, reply.text);
  const [first, second, created] = reply.body.entry.map(idIn);
  assert.equal((await server.send('GET', `Observation/${first}`)).body.subject.reference, `Patient/${there.id}`);
  assert.equal((await server.send('GET', `Observation/${second}`)).body.subject.reference, `Patient/${created}`);
});

test('conditional references are resolved last, against all that the transaction leaves', async () => {
  const moved = await server.create(patient('before'));
  const gone = await server.create(patient('gone'));
  const reply = await transact(
    post({
      ...weight('Patient?identifier=http://example.org/mrn|after'),
      encounter: { reference: 'Encounter?identifier=visit-1' },
    }),
    post(weight(`${server.baseUrl}/Patient/${moved.id}`)),
    post({
      resourceType: 'Encounter',
      identifier: [{ value: 'visit-1' }],
      status: 'finished',
      class: { code: 'AMB' },
      subject: { reference: 'Patient?identifier=http://example.org/mrn|gone&active=true' },
    }),
    put({ ...patient('after'), id: moved.id }),
    post({ ...patient('gone'), active: true }),
    remove(`Patient/${gone.id}`),
  );
  assert.equal(reply.status, 200, reply.text);
  const [first, second, visit, , made] = reply.body.entry.slice(0, 5).map(idIn);
  const read = async (reference: string) => (await server.send('GET', reference)).body;
  const { subject, encounter } = await read(`Observation/${first}`);
  assert.deepEqual([subject.reference, encounter.reference], [`Patient/${moved.id}`, `Encounter/${visit}`]);
  assert.equal((await read(`Observation/${second}`)).subject.reference, `Patient/${moved.id}`);
  assert.equal((await read(`Encounter/${visit}`)).subject.reference, `Patient/${made}`);
  const before = await transact(
    post(weight('Patient?identifier=http://example.org/mrn|after')),
    put({ ...patient('elsewhere'), id: moved.id }),
  );
  assert.deepEqual([before.status, codesOf(before)], [422, ['record.reference']]);
});

test('a FHIRPath Patch in a bundle is resolved like any other entry', async () => {
  const { id } = await server.create(weight(`Patient/${(await server.create(patient('patched'))).id}`));
  const operation = (path: string, ...part: Loose[]): Loose => ({
    name: 'operation',
    part: [{ name: 'type', valueCode: 'add' }, { name: 'path', valueString: path }, ...part],
  });
  const patch: Loose = {
    resourceType: 'Parameters',
    parameter: [
      operation(
        'Observation',
        { name: 'name', valueString: 'performer' },
        { name: 'value', valueReference: { reference: URN(1) } },
      ),
      operation(
        'Observation',
        { name: 'name', valueString: 'specimen' },
        { name: 'value', valueReference: { reference: `${server.baseUrl}/Specimen?identifier=s-1` } },
      ),
    ],
  };
  const reply = await transact(
    { resource: patch, request: { method: 'PATCH', url: `Observation/${id}` } },
    post({ resourceType: 'Practitioner' }, URN(1)),
    post({ resourceType: 'Specimen', identifier: [{ value: 's-1' }] }),
  );
  assert.equal(reply.status, 200, reply.text);
  const { body } = await server.send('GET', `Observation/${id}`);
  const [, doctor, specimen] = reply.body.entry.map(idIn);
  assert.deepEqual(body.performer, [{ reference: `Practitioner/${doctor}` }]);
  assert.deepEqual(body.specimen, { reference: `Specimen/${specimen}` });
});

test('a reference that fails is told with its entry, its element and what it says', async () => {
  for (const _ of [1, 2]) await server.create(patient('double'));
  const failing = [
    ['Patient?identifier=http://example.org/mrn|none', 422, 'record.reference'],
    ['Patient?identifier=http://example.org/mrn|double', 412, 'record.multiple-matches'],
    [URN(9), 422, 'record.reference'],
    ['urn:oid:1.2.3', 422, 'record.reference'],
    ['Patient/nobody', 422, 'record.reference'],
  ] as const;
  for (const [reference, status, code] of failing) {
    const reply = await transact(post({ resourceType: 'Basic', code: { text: 'x' } }), post(weight(reference)));
    assert.deepEqual([reply.status, codesOf(reply)], [status, [code]], reference);
    assert.deepEqual(expressionsOf(reply), ['Bundle.entry[1].resource.subject.reference'], reference);
    assert.ok(reply.body.issue[0].diagnostics.includes(reference), reply.text);
  }
});

test('links of every kind are resolved, versions to the ones that the transaction leaves', async () => {
  const there = await server.create(patient('versioned'));
  const oid = 'urn:oid:2.16.840.1.113883.4.642.1.1';
  const reply = await transact(
    post({ resourceType: 'Binary', contentType: 'text/plain', data: 'aGVsbG8=' }, URN(1)),
    { ...put({ ...there, active: true }), fullUrl: `${server.baseUrl}/Patient/${there.id}` },
    post(
      {
        resourceType: 'DocumentReference',
        status: 'current',
        text: { status: 'generated', div: `<div><a href="${URN(1)}">the letter</a></div>` },
        subject: { reference: `${server.baseUrl}/Patient/${there.id}/_history/1` },
        content: [{ attachment: { url: URN(1) } }],
        relatesTo: [{ code: 'appends', target: { reference: oid } }],
      },
      URN(2),
    ),
    post({ resourceType: 'DocumentReference', status: 'current', content: [{ attachment: { url: 'urn:x' } }] }, oid),
  );
  assert.equal(reply.status, 200, reply.text);
  const [binary, , letter, appended] = reply.body.entry.map(idIn);
  const { body } = await server.send('GET', `DocumentReference/${letter}`);
  assert.equal(body.subject.reference, `Patient/${there.id}/_history/2`);
  assert.equal(body.content[0].attachment.url, `Binary/${binary}`);
  assert.equal(body.text.div, `<div><a href="Binary/${binary}">the letter</a></div>`);
  assert.equal(body.relatesTo[0].target.reference, `DocumentReference/${appended}`);
});

test('criteria of an entry find what other entries make, in whichever order they come', async () => {
  const criteria = 'identifier=http://example.org/mrn|once';
  const created = await transact(
    post(patient('once'), URN(1), criteria),
    post(patient('once'), URN(2)),
    post(weight(URN(1))),
  );
  assert.equal(created.status, 200, created.text);
  assert.deepEqual(statuses(created.body), ['200 OK', '201 Created', '201 Created']);
  const { body } = await server.send('GET', `Observation/${idIn(created.body.entry[2])}`);
  assert.equal(body.subject.reference, `Patient/${idIn(created.body.entry[1])}`);
  const overlapping = await transact(
    put(patient('both'), 'Patient?identifier=http://example.org/mrn|both'),
    post(patient('both')),
  );
  assert.deepEqual([overlapping.status, codesOf(overlapping)], [400, ['bundle.invalid']]);
  assert.match(overlapping.text, /same record as entry 1/);
});

test('a conditional create in a transaction links its urn to the record that is there', async () => {
  const there = await server.create(patient('known'));
  const criteria = 'identifier=http://example.org/mrn|known';
  const reply = await transact(post(patient('known'), URN(1), criteria), post(weight(URN(1)), URN(2)));
  assert.deepEqual(statuses(reply.body), ['200 OK', '201 Created']);
  const { body } = await server.send('GET', `Observation/${idIn(reply.body.entry[1])}`);
  assert.equal(body.subject.reference, `Patient/${there.id}`);
});

test('two equal conditional creates in one transaction make one record', async () => {
  const criteria = 'identifier=http://example.org/mrn|twins';
  const reply = await transact(post(patient('twins'), URN(1), criteria), post(patient('twins'), URN(2), criteria));
  assert.deepEqual(statuses(reply.body), ['201 Created', '200 OK']);
  assert.equal(idIn(reply.body.entry[0]), idIn(reply.body.entry[1]));
});

test('a patch of a transaction refers to its entries from within a contained resource too', async () => {
  const contained = [{ resourceType: 'Observation', id: 'o', status: 'final', code: { text: 'x' } }];
  const { id } = await server.create({ resourceType: 'Basic', code: { text: 'x' }, contained } as Resource);
  const patch = (urn: string) =>
    jsonPatch(`Basic/${id}`, [{ op: 'add', path: '/contained/0/subject', value: { reference: urn } }]);
  const dangling = await transact(patch(URN(1)));
  assert.deepEqual([dangling.status, codesOf(dangling)], [422, ['record.reference']], dangling.text);
  const reply = await transact(patch(URN(1)), post(patient('of a contained one'), URN(1)));
  assert.equal(reply.status, 200, reply.text);
  const { body } = await server.send('GET', `Basic/${id}`);
  assert.equal(body.contained[0].subject.reference, `Patient/${idIn(reply.body.entry[1])}`);
});

test('a transaction does every kind of thing, in its own order, and answers in the order it was asked', async () => {
  const kept = await server.create({ resourceType: 'Basic', code: { text: 'kept' } });
  const gone = await server.create({ resourceType: 'Basic', code: { text: 'gone' } });
  const patched = await server.create({ resourceType: 'Basic', code: { text: 'patched' } });
  const reply = await transact(
    get(`Basic/${kept.id}`),
    jsonPatch(`Basic/${patched.id}`, [{ op: 'replace', path: '/code/text', value: 'patched!' }]),
    put({ ...kept, code: { text: 'kept!' } }),
    post({ resourceType: 'Basic', code: { text: 'new' } }),
    remove(`Basic/${gone.id}`),
    get('Basic/made-here'),
    put({ resourceType: 'Basic', id: 'made-here', code: { text: 'made' } }),
    get(`Basic?_id=${gone.id}`),
  );
  assert.equal(reply.status, 200, reply.text);
  assert.deepEqual(statuses(reply.body), [
    '200 OK',
    '200 OK',
    '200 OK',
    '201 Created',
    '204 No Content',
    '200 OK',
    '201 Created',
    '200 OK',
  ]);
  assert.equal(reply.body.entry[0].resource.code.text, 'kept!');
  assert.equal(reply.body.entry[5].resource.code.text, 'made');
  assert.equal(reply.body.entry[7].resource.entry, undefined);
  assert.equal((await server.send('GET', `Basic/${patched.id}`)).body.code.text, 'patched!');
  assert.equal((await server.send('GET', `Basic/${gone.id}`)).status, 410);
  const { response, fullUrl } = reply.body.entry[2];
  assert.deepEqual([response.etag, response.location], ['W/"2"', `${server.baseUrl}/Basic/${kept.id}/_history/2`]);
  assert.equal(fullUrl, `${server.baseUrl}/Basic/${kept.id}`);
  assert.ok(response.lastModified);
});

test('a conditional update in a transaction creates or changes, and its urn means the record either way', async () => {
  const criteria = 'Patient?identifier=http://example.org/mrn|upsert';
  const entries = (active: boolean): BundleEntry[] => [
    { ...put({ ...patient('upsert'), active }, criteria), fullUrl: URN(1) },
    post(weight(URN(1)), URN(2)),
  ];
  const first = await transact(...entries(true));
  const second = await transact(...entries(false));
  assert.deepEqual(
    [statuses(first.body), statuses(second.body)],
    [
      ['201 Created', '201 Created'],
      ['200 OK', '201 Created'],
    ],
  );
  const { body } = await server.send('GET', `Observation/${idIn(second.body.entry[1])}`);
  assert.equal(body.subject.reference, `Patient/${idIn(first.body.entry[0])}`);
});

test('what is deleted in a transaction no longer matches its conditional creates', async () => {
  const there = await server.create(patient('replaced'));
  const reply = await transact(
    post(patient('replaced'), URN(1), 'identifier=http://example.org/mrn|replaced'),
    remove(`Patient/${there.id}`),
  );
  assert.deepEqual(statuses(reply.body), ['201 Created', '204 No Content']);
});

test('Prefer decides whether the answers of writes hold the records', async () => {
  const sent = bundle('transaction', post({ resourceType: 'Basic', code: { text: 'x' } }));
  for (const [prefer, shown, told] of [
    ['return=minimal', false, false],
    ['return=representation', true, false],
    ['return=OperationOutcome', false, true],
  ] as const) {
    const { body } = await server.send('POST', '', { body: sent, headers: { prefer } });
    assert.deepEqual(
      [body.entry[0].resource !== undefined, body.entry[0].response.outcome !== undefined],
      [shown, told],
      prefer,
    );
  }
});

const BASIC: Loose = { resourceType: 'Basic', id: 'bystander', code: { text: 'never written' } };
const SPOILERS: [string, BundleEntry, number, string, string][] = [
  [
    'an invalid record',
    post({ resourceType: 'Patient', gender: 'blue' }),
    422,
    'record.invalid',
    'Bundle.entry[1].resource.gender',
  ],
  [
    'a body of another type',
    { resource: patient('x'), request: { method: 'POST', url: 'Task' } },
    400,
    'record.identity',
    'Bundle.entry[1]',
  ],
  ['no body', { request: { method: 'POST', url: 'Task' } }, 400, 'request.malformed', 'Bundle.entry[1]'],
  ['no request', { resource: patient('x') }, 400, 'bundle.invalid', 'Bundle.entry[1]'],
  ['an address that leads nowhere', get('Nowhere/at/all/here/x'), 400, 'bundle.invalid', 'Bundle.entry[1]'],
  ['an unknown type', post({ resourceType: 'Alien' }), 404, 'record.unknown-type', 'Bundle.entry[1]'],
  ['a dangling urn', post(weight(URN(9))), 422, 'record.reference', 'Bundle.entry[1].resource.subject.reference'],
  [
    'a conditional reference to nothing',
    post(weight('Patient?identifier=nothing')),
    422,
    'record.reference',
    'Bundle.entry[1].resource.subject.reference',
  ],
  [
    'a conditional reference without criteria',
    post(weight('Patient?_count=1')),
    400,
    'search.parameter',
    'Bundle.entry[1].resource.subject.reference',
  ],
  [
    'a patch that does not fit',
    jsonPatch('Basic/never', [{ op: 'remove', path: '/x' }]),
    404,
    'record.not-found',
    'Bundle.entry[1]',
  ],
  [
    'a patch that is none',
    { resource: patient('x'), request: { method: 'PATCH', url: 'Basic/never' } },
    400,
    'bundle.invalid',
    'Bundle.entry[1]',
  ],
  [
    'a patch that is not UTF-8',
    {
      resource: {
        resourceType: 'Binary',
        contentType: 'application/json-patch+json',
        data: Buffer.from('[{"op":"replace","path":"/code/text","value":"M\xfcller"}]', 'latin1').toString('base64'),
      },
      request: { method: 'PATCH', url: 'Basic/never' },
    },
    400,
    'request.malformed',
    'Bundle.entry[1]',
  ],
  ['a read of nothing', get('Basic/never'), 404, 'record.not-found', 'Bundle.entry[1]'],
  ['a search that cannot be', get('Basic?no-such-parameter=1'), 400, 'search.parameter', 'Bundle.entry[1]'],
  ['a second write of one record', put(BASIC), 400, 'bundle.invalid', 'Bundle.entry[1]'],
  [
    'a version that is not there',
    { ...put({ ...BASIC, id: 'b' }), request: { method: 'PUT', url: 'Basic/b', ifMatch: 'W/"3"' } },
    412,
    'record.version-mismatch',
    'Bundle.entry[1]',
  ],
  ...(['ifMatch', 'ifNoneMatch', 'ifModifiedSince', 'ifNoneExist'] as const).map((name): (typeof SPOILERS)[number] => [
    `an ${name} that is not text`,
    { ...put({ ...BASIC, id: 'b' }), request: { method: 'PUT', url: 'Basic/b', [name]: 99 } },
    400,
    'bundle.invalid',
    `Bundle.entry[1].request.${name}`,
  ]),
  [
    'a patient that does not exist',
    post(weight('Patient/nobody')),
    422,
    'record.reference',
    'Bundle.entry[1].resource.subject.reference',
  ],
];

for (const [what, spoiler, status, code, expression] of SPOILERS) {
  test(`a transaction with ${what} writes nothing and says which entry it was`, async () => {
    const reply = await transact(put(BASIC), spoiler);
    assert.deepEqual([reply.status, codesOf(reply)], [status, [code]], reply.text);
    assert.deepEqual(expressionsOf(reply), [expression]);
    assert.equal((await server.send('GET', 'Basic/bystander')).status, 404);
  });

  test(`a batch with ${what} does the rest`, async () => {
    if (what.includes('urn') || what.includes('conditional reference')) return;
    const id = `batched-${SPOILERS.findIndex(([name]) => name === what)}`;
    const spoiled =
      what === 'a second write of one record' ? post({ resourceType: 'Patient', gender: 'blue' }) : spoiler;
    const reply = await server.send('POST', '', { body: bundle('batch', spoiled, put({ ...BASIC, id })) });
    assert.equal(reply.status, 200, reply.text);
    const [refused, done] = reply.body.entry;
    assert.match(refused.response.status, /^4\d\d /);
    assert.equal(refused.response.outcome.resourceType, 'OperationOutcome');
    assert.equal(done.response.status, '201 Created');
    assert.equal((await server.send('GET', `Basic/${id}`)).status, 200);
  });
}

test('a transaction that deletes what it reads is refused', async () => {
  const { id } = await server.create({ resourceType: 'Basic', code: { text: 'x' } });
  const reply = await transact(get(`Basic/${id}`), remove(`Basic/${id}`));
  assert.deepEqual(
    [reply.status, codesOf(reply), expressionsOf(reply)],
    [410, ['record.deleted'], ['Bundle.entry[0]']],
  );
  assert.equal((await server.send('GET', `Basic/${id}`)).status, 200);
});

test('every invalid record of a transaction is named with all its faults', async () => {
  const reply = await transact(
    post({ resourceType: 'Patient', gender: 'blue', birthDate: 'x' }),
    post(patient('fine')),
    post({ resourceType: 'Observation', status: 'odd', code: { text: 'x' } }),
  );
  assert.deepEqual(expressionsOf(reply).sort(), [
    'Bundle.entry[0].resource.birthDate',
    'Bundle.entry[0].resource.gender',
    'Bundle.entry[2].resource.status',
  ]);
});

test('a batch reads, searches and writes, entry by entry', async () => {
  const there = await server.create(patient('batch'));
  const reply = await server.send('POST', '', {
    body: bundle(
      'batch',
      get(`Patient/${there.id}`),
      get('Patient?identifier=http://example.org/mrn|batch'),
      get('Patient/nobody'),
      post(patient('b2')),
    ),
  });
  assert.deepEqual(validate(reply.body), []);
  assert.equal(reply.body.type, 'batch-response');
  assert.deepEqual(statuses(reply.body), ['200 OK', '200 OK', '404 Not Found', '201 Created']);
  assert.deepEqual(reply.body.entry[0].resource, there);
  assert.equal(reply.body.entry[1].resource.entry[0].resource.id, there.id);
});

const NO_BUNDLES: Loose[] = [
  undefined,
  {},
  [],
  { resourceType: 'Patient' },
  { resourceType: 'Bundle' },
  { resourceType: 'Bundle', type: 'searchset' },
  { resourceType: 'Bundle', type: 'transaction', entry: {} },
  { resourceType: 'Bundle', type: 'batch', entry: 'x' },
];
for (const body of NO_BUNDLES) {
  test(`${JSON.stringify(body)} is no bundle to process`, async () => {
    const reply = await server.send('POST', '', { body });
    assert.deepEqual([reply.status, codesOf(reply)], [400, ['bundle.invalid']]);
  });
}

test('an empty bundle is answered with an empty bundle', async () => {
  for (const type of ['batch', 'transaction'] as const) {
    const reply = await server.send('POST', '', { body: { resourceType: 'Bundle', type } });
    assert.deepEqual([reply.status, reply.body], [200, { resourceType: 'Bundle', type: `${type}-response` }]);
  }
});

test('a bundle that is kept as a record keeps its own links', async () => {
  const kept: Resource = {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [
      { fullUrl: URN(1), resource: { resourceType: 'Basic', code: { text: 'x' }, subject: { reference: URN(1) } } },
    ],
  };
  const reply = await transact(post(kept, URN(2)), post(patient('p'), URN(1)));
  assert.equal(reply.status, 200, reply.text);
  const { body } = await server.send('GET', `Bundle/${idIn(reply.body.entry[0])}`);
  assert.deepEqual(body.entry, kept.entry);
});
