// Many writers at once: conditions hold, nothing is lost, nobody waits for ever.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codesOf, type Loose, type Reply, startFhirServer } from '../support/fhir-server.ts';

const server = await startFhirServer();

/** Far beyond what any of it takes: only a deadlock reaches it. */
const ENDS = { timeout: 180_000 };

const times = <T>(n: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: n }, (_, index) => work(index)));
const patient = (value: string): Loose => ({
  resourceType: 'Patient',
  identifier: [{ system: 'http://example.org/mrn', value }],
});
const tally = (replies: readonly Reply[]): Record<string, number> =>
  Object.fromEntries(
    Object.entries(Object.groupBy(replies, ({ status }) => String(status))).map(([status, all]) => [
      status,
      all!.length,
    ]),
  );

test('twenty equal conditional creates at once make one record', ENDS, async () => {
  const headers = { 'if-none-exist': 'identifier=http://example.org/mrn|one' };
  const replies = await times(20, () => server.send('POST', 'Patient', { body: patient('one'), headers }));
  assert.deepEqual(tally(replies), { 200: 19, 201: 1 });
  assert.equal(new Set(replies.map(({ body }) => body.id)).size, 1);
});

test(
  'equal criteria in other words, by header, by address and in transactions, still make one record',
  ENDS,
  async () => {
    const [a, b] = [
      'identifier=http://example.org/mrn|two&active=true',
      'active=true&identifier=http%3A%2F%2Fexample.org%2Fmrn%7Ctwo',
    ];
    const body = { ...patient('two'), active: true };
    const entry = [{ resource: body, request: { method: 'POST', url: 'Patient', ifNoneExist: a } }];
    await times(15, (index) =>
      [
        () => server.send('POST', 'Patient', { body, headers: { 'if-none-exist': index % 2 === 0 ? a : b } }),
        () => server.send('PUT', `Patient?${b}`, { body }),
        () => server.send('POST', '', { body: { resourceType: 'Bundle', type: 'transaction', entry } }),
      ][index % 3]!(),
    );
    const found = await server.send('GET', 'Patient?identifier=http://example.org/mrn|two&_summary=count');
    assert.equal(found.body.total, 1);
  },
);

test('forty different conditional creates at once all come to an end', ENDS, async () => {
  const replies = await times(40, (index) =>
    server.send('POST', 'Patient', {
      body: patient(`many-${index}`),
      headers: { 'if-none-exist': `identifier=http://example.org/mrn|many-${index}` },
    }),
  );
  assert.deepEqual(tally(replies), { 201: 40 });
});

test('of two updates with the same If-Match one goes through', ENDS, async () => {
  for (let round = 0; round < 10; round++) {
    const created: Loose = await server.create(patient(`race-${round}`));
    const replies = await times(2, (index) =>
      server.send('PUT', `Patient/${created.id}`, {
        body: { ...created, active: index === 0 },
        headers: { 'if-match': 'W/"1"' },
      }),
    );
    const [won, lost] = replies.sort((one, other) => one.status - other.status) as [Reply, Reply];
    assert.equal(won.status, 200);
    assert.ok(lost.status === 409 || lost.status === 412, lost.text);
    assert.match(codesOf(lost)[0]!, /record\.(conflict|version-mismatch)/);
    assert.equal((await server.send('GET', `Patient/${created.id}`)).body.meta.versionId, '2');
  }
});

test('patches at once without If-Match are all kept', ENDS, async () => {
  const created = await server.create(patient('patched'));
  const replies = await times(6, (index) =>
    server.send('PATCH', `Patient/${created.id}`, {
      body: [{ op: 'add', path: '/identifier/-', value: { value: `p${index}` } }],
      type: 'application/json-patch+json',
    }),
  );
  assert.deepEqual(tally(replies), { 200: 6 });
  const { body } = await server.send('GET', `Patient/${created.id}`);
  assert.equal(body.identifier.length, 7);
  assert.equal(body.meta.versionId, '7');
});

test('creates under the same client id at once make one record, updated', ENDS, async () => {
  const replies = await times(5, (index) =>
    server.send('PUT', 'Patient/same-id', { body: { ...patient(`same-${index}`), id: 'same-id' } }),
  );
  assert.ok(replies.every(({ status }) => status < 300));
  const history = await server.send('GET', 'Patient/same-id/_history');
  assert.equal(history.body.entry.length, 5);
  assert.equal(replies.filter(({ status }) => status === 201).length, 1);
});

test(
  'of observations sent while their patient is deleted, each is before the deletion or refused as one that comes after',
  ENDS,
  async () => {
    const { body: made } = await server.send('POST', 'Patient', { body: patient('going') });
    const body = {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'Temperature' },
      subject: { reference: `Patient/${made.id}` },
    };
    const replies = await times(16, (index) =>
      index === 8
        ? server.send('DELETE', `Patient/${made.id}`)
        : server.send('POST', 'Observation', { body, headers: { prefer: 'return=minimal' } }),
    );
    const late = await server.send('POST', 'Observation', { body });
    assert.equal(late.status, 422);
    const refused = replies.filter(({ status }) => status === 422);
    assert.ok(refused.every((reply) => codesOf(reply).join() === codesOf(late).join()));
    const kept = tally(replies)[201] ?? 0;
    assert.equal(kept + refused.length, 15);
    const found = await server.send('GET', `Observation?patient=${made.id}&_summary=count`);
    assert.equal(found.body.total, kept);
  },
);
