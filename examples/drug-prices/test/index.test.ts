// The plugin in the sandbox it also runs in on a server.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openPlugin, type TestPlugin } from 'chartwire/testing';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';

let plugin: TestPlugin;
before(async () => {
  plugin = await openPlugin(FOLDER);
});
after(() => plugin.close());

test('every drug is annotated, with its price or that there is none', async () => {
  const results = [
    { value: '314077', text: 'lisinopril 20 MG Oral Tablet', coding: [{ system: RXNORM, code: '314077' }] },
    { value: '205326', text: 'lisinopril 30 MG Oral Tablet', coding: [{ system: RXNORM, code: '205326' }] },
    { value: 'tea', text: 'Tea of the house' },
  ];
  const { effects, error } = await plugin.deliver('PRESCRIBE__PRESCRIBE__POST_SEARCH', { context: { results } });
  assert.equal(error, null);
  assert.deepEqual(effects, [
    { type: 'ANNOTATE', payload: { value: '314077', annotation: '$4.50 for 30 days' } },
    { type: 'ANNOTATE', payload: { value: '205326', annotation: 'no price' } },
    { type: 'ANNOTATE', payload: { value: 'tea', annotation: 'no price' } },
  ]);
});

test('where nothing was found it says nothing', async () => {
  const { effects, error } = await plugin.deliver('PRESCRIBE__PRESCRIBE__POST_SEARCH', { context: { results: [] } });
  assert.deepEqual([effects, error], [[], null]);
});
