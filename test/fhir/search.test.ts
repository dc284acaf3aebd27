// Search at the door: searchset bundles, links, paging, forms. What each parameter means is proved with the store.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { validate } from '#r4/validate.ts';
import { codesOf, type Loose, resourcesOf, startFhirServer } from '../support/fhir-server.ts';

const server = await startFhirServer();

const ada = await server.create({ resourceType: 'Patient', name: [{ family: 'Lovelace' }], gender: 'female' });
const alan = await server.create({ resourceType: 'Patient', name: [{ family: 'Turing' }], gender: 'male' });
const weights: Loose[] = [];
for (let kg = 60; kg < 65; kg++) {
  const subject = { reference: `Patient/${ada.id}` };
  const valueQuantity = { value: kg, unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' };
  const code = { coding: [{ system: 'http://loinc.org', code: '29463-7' }] };
  weights.push(
    await server.create({
      resourceType: 'Observation',
      status: 'final',
      code,
      subject,
      valueQuantity,
      effectiveDateTime: `2024-01-0${kg - 59}`,
    }),
  );
}

const idsOf = (body: Loose): string[] => resourcesOf(body).map(({ id }) => id);

test('a search answers with a valid searchset: links, full URLs, and why each entry is in it', async () => {
  const { status, body } = await server.send('GET', 'Patient?family=Lovelace');
  assert.equal(status, 200);
  assert.deepEqual(validate(body), []);
  assert.equal(body.type, 'searchset');
  assert.deepEqual(body.link, [{ relation: 'self', url: `${server.baseUrl}/Patient?family=Lovelace` }]);
  assert.deepEqual(body.entry, [
    { fullUrl: `${server.baseUrl}/Patient/${ada.id}`, resource: ada, search: { mode: 'match' } },
  ]);
});

test('a search that finds nothing has no entries', async () => {
  const { body } = await server.send('GET', 'Patient?family=Nobody');
  assert.equal(body.entry, undefined);
});

test('the next link leads through all pages, each record once', async () => {
  const seen: string[] = [];
  let pages = 0;
  for (let next: string | undefined = 'Observation?code=29463-7&_count=2&_sort=date'; next; pages++) {
    const { body } = await server.send('GET', next);
    seen.push(...idsOf(body));
    next = body.link.find(({ relation }: Loose) => relation === 'next')?.url;
  }
  assert.equal(pages, 3);
  assert.deepEqual(
    seen,
    weights.map(({ id }) => id),
  );
});

test('a search by form means the same as one by address, and both together', async () => {
  const type = 'application/x-www-form-urlencoded';
  const form = await server.send('POST', 'Patient/_search', { raw: 'gender=female', type });
  assert.deepEqual(idsOf(form.body), [ada.id]);
  const both = await server.send('POST', 'Patient/_search?gender=female', { raw: 'family=Turing', type });
  assert.deepEqual(idsOf(both.body), []);
  const empty = await server.send('POST', 'Patient/_search?gender=male', { type });
  assert.deepEqual(idsOf(empty.body), [alan.id]);
});

test('what is included says so, and is not counted among the matches', async () => {
  const { body } = await server.send('GET', 'Observation?_include=Observation:subject&_total=accurate&_count=2');
  const modes = body.entry.map(({ resource, search }: Loose) => `${resource.resourceType} ${search.mode}`);
  assert.deepEqual(modes, ['Observation match', 'Observation match', 'Patient include']);
  assert.equal(body.total, 5);
});

test('a reference may be asked for by its absolute address here', async () => {
  const { body } = await server.send('GET', `Observation?subject=${server.baseUrl}/Patient/${ada.id}&_summary=count`);
  assert.equal(body.total, 5);
});

test('_summary=count gives the number alone', async () => {
  const { body } = await server.send('GET', `Observation?subject=Patient/${ada.id}&_summary=count`);
  assert.deepEqual([body.total, body.entry], [5, undefined]);
});

test('_format and _pretty are not taken for search parameters', async () => {
  const { status, text } = await server.send('GET', 'Patient?family=Turing&_format=json&_pretty=true');
  assert.equal(status, 200);
  assert.match(text, /\n {2}"type": "searchset"/);
});

for (const query of [
  'no-such-parameter=1',
  'gender:nonsense=male',
  'birthdate=yesterday',
  '_count=many',
  '_lastUpdated=%00',
]) {
  test(`a search by ${query} is refused, not ignored`, async () => {
    const reply = await server.send('GET', `Patient?${query}`);
    assert.deepEqual([reply.status, codesOf(reply)], [400, ['search.parameter']], reply.text);
  });
}
