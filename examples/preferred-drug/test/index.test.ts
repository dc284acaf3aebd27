// The plugin in the sandbox it also runs in on a server.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openPlugin, type TestPlugin } from 'chartwire/testing';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const SEARCHES = ['MEDICATION_STATEMENT__MEDICATION__POST_SEARCH', 'PRESCRIBE__PRESCRIBE__POST_SEARCH'] as const;

let plugin: TestPlugin;
before(async () => {
  plugin = await openPlugin(FOLDER, { variables: { PREFERRED: '314077 617312', CHIP: 'on our list' } });
});
after(() => plugin.close());

/** An option that a search found. */
function drug(code: string, text: string, system = 'http://www.nlm.nih.gov/research/umls/rxnorm') {
  return { value: code, text, coding: [{ system, code, display: text }] };
}

const LISINOPRIL_10 = drug('314076', 'lisinopril 10 MG Oral Tablet');
const LISINOPRIL_20 = drug('314077', 'lisinopril 20 MG Oral Tablet');
const ATORVASTATIN = drug('617312', 'atorvastatin 10 MG Oral Tablet');

for (const search of SEARCHES) {
  test(`${search}: the preferred drug comes first, with a chip`, async () => {
    const { effects, error } = await plugin.deliver(search, { context: { results: [LISINOPRIL_10, LISINOPRIL_20] } });
    assert.equal(error, null);
    assert.deepEqual(effects, [
      { type: 'PROMOTE', payload: { values: ['314077'] } },
      { type: 'ANNOTATE', payload: { value: '314077', annotation: 'on our list' } },
    ]);
  });
}

test('several come in the order of preference', async () => {
  const results = [ATORVASTATIN, LISINOPRIL_10, LISINOPRIL_20];
  const { effects } = await plugin.deliver('PRESCRIBE__PRESCRIBE__POST_SEARCH', { context: { results } });
  assert.deepEqual(effects[0], { type: 'PROMOTE', payload: { values: ['314077', '617312'] } });
  assert.equal(effects.length, 3);
});

test('where nothing is preferred, or nothing was found, it says nothing', async () => {
  const ofAnotherSystem = drug('314077', 'something else', 'http://hl7.org/fhir/sid/ndc');
  for (const results of [[LISINOPRIL_10], [ofAnotherSystem], [{ value: '314077', text: 'without a code' }], []]) {
    const { effects, error } = await plugin.deliver('PRESCRIBE__PRESCRIBE__POST_SEARCH', { context: { results } });
    assert.deepEqual([effects, error], [[], null]);
  }
});
