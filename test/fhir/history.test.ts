// History of a record and of a type: newest first, page by page.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bundle } from '@medplum/fhirtypes';
import { validate } from '#r4/validate.ts';
import { codesOf, startFhirServer } from '../support/fhir-server.ts';

const server = await startFhirServer();

/** Every page from a path on, by its next links. */
async function pages(path: string): Promise<Bundle[]> {
  const found: Bundle[] = [];
  for (let next: string | undefined = path; next !== undefined; ) {
    const { status, body } = await server.send('GET', next);
    assert.equal(status, 200);
    found.push(body);
    next = (body as Bundle).link!.find(({ relation }) => relation === 'next')?.url;
  }
  return found;
}

/** `etag` and method of each entry. */
function stepsOf(bundles: readonly Bundle[]): string[] {
  return bundles.flatMap(({ entry = [] }) =>
    entry.map(({ request, response }) => `${request!.method} ${response!.etag}`),
  );
}

test('the history of a record tells each step of its life, newest first, in pages of the size asked for', async () => {
  const { id } = await server.create({ resourceType: 'Basic', code: { text: 'a' } });
  await server.send('PUT', `Basic/${id}`, { body: { resourceType: 'Basic', id, code: { text: 'b' } } });
  await server.send('DELETE', `Basic/${id}`);
  await server.send('PUT', `Basic/${id}`, { body: { resourceType: 'Basic', id, code: { text: 'c' } } });
  const steps = ['PUT W/"4"', 'DELETE W/"3"', 'PUT W/"2"', 'POST W/"1"'];

  const whole = await pages(`Basic/${id}/_history`);
  assert.deepEqual(stepsOf(whole), steps);
  assert.equal(whole.length, 1);
  assert.deepEqual(validate(whole[0]), []);
  assert.deepEqual(
    whole[0]!.entry!.map(({ resource }) => (resource?.resourceType === 'Basic' ? resource.code.text : undefined)),
    ['c', undefined, 'b', 'a'],
  );

  const paged = await pages(`Basic/${id}/_history?_count=3`);
  assert.deepEqual(stepsOf(paged), steps);
  assert.deepEqual(
    paged.map(({ entry }) => entry!.length),
    [3, 1],
  );
});

test('the history of a type holds every record of it and nothing else, each version once over all pages', async () => {
  for (let i = 0; i < 5; i++) await server.create({ resourceType: 'Location', name: `room ${i}` });
  await server.create({ resourceType: 'Organization', name: 'elsewhere' });
  const paged = await pages('Location/_history?_count=2');
  const ids = paged.flatMap(({ entry = [] }) => entry.map(({ resource }) => resource!.id));
  assert.equal(ids.length, 5);
  assert.equal(new Set(ids).size, 5);
  assert.ok(paged.every(({ entry = [] }) => entry.every(({ resource }) => resource!.resourceType === 'Location')));
});

test('_since leaves out what is older', async () => {
  const { id } = await server.create({ resourceType: 'Device', status: 'active' });
  await new Promise((resolve) => setTimeout(resolve, 5));
  const updated = await server.send('PUT', `Device/${id}`, {
    body: { resourceType: 'Device', id, status: 'inactive' },
  });
  const since = encodeURIComponent(updated.body.meta.lastUpdated);
  assert.deepEqual(stepsOf(await pages(`Device/${id}/_history?_since=${since}`)), ['PUT W/"2"']);
  assert.deepEqual(stepsOf(await pages(`Device/${id}/_history?_since=2999-01-01`)), []);
  assert.equal(stepsOf(await pages(`Device/${id}/_history?_since=2000-01-01T00:00:00+02:00`)).length, 2);
});

for (const query of [
  '_count=0',
  '_count=-1',
  '_count=many',
  '_since=yesterday',
  '_since=2024-13-45',
  '_since=',
  'name=x',
]) {
  test(`a history asked for with ${query} is refused`, async () => {
    const reply = await server.send('GET', `Location/_history?${query}`);
    assert.deepEqual([reply.status, codesOf(reply)], [400, ['search.parameter']]);
  });
}

test('a page that never was is the first page or a refusal, never an error of the server', async () => {
  const reply = await server.send('GET', 'Location/_history?_before=nonsense');
  assert.ok(reply.status < 500);
});
