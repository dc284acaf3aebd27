// The plugin in the sandbox it also runs in on a server.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openPlugin, type TestPlugin } from 'chartwire/testing';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));

let plugin: TestPlugin;
before(async () => {
  plugin = await openPlugin(FOLDER);
});
after(() => plugin.close());

const diagnosis = (code: string, system = 'http://hl7.org/fhir/sid/icd-10-cm') => ({
  value: code,
  text: code,
  coding: [{ system, code }],
});

/** What is hidden of these on 23 August 2026 for somebody born then. */
async function hidden(
  birthDate: string | undefined,
  results = ['Z00.00', 'J45.909', 'F03.90'].map((code) => diagnosis(code)),
) {
  plugin.put({ resourceType: 'Patient', id: 'p1', birthDate });
  const at = '2026-08-23T10:00:00.000Z';
  const { effects, error } = await plugin.deliver('DIAGNOSE__DIAGNOSE__POST_SEARCH', {
    patient: 'p1',
    at,
    context: { results },
  });
  assert.equal(error, null);
  return effects;
}

const HIDE = [{ type: 'HIDE', payload: { values: ['Z00.00', 'F03.90'] } }];

test('a child is offered no diagnoses of adults', async () => {
  assert.deepEqual(await hidden('2019-02-03'), HIDE);
});

test('who is 15 is a child until the day of being 16', async () => {
  assert.deepEqual(await hidden('2010-08-24'), HIDE);
  assert.deepEqual(await hidden('2010-08-23'), []);
});

test('of a birth date without its day, the first day counts', async () => {
  assert.deepEqual(await hidden('2011'), HIDE);
  assert.deepEqual(await hidden('2010-09'), HIDE);
  assert.deepEqual(await hidden('2010-08'), []);
  assert.deepEqual(await hidden('2010'), []);
});

test('for an adult, and for who was born nobody knows when, the search is as it was', async () => {
  assert.deepEqual(await hidden('1971-09-30'), []);
  assert.deepEqual(await hidden(undefined), []);
});

test('what children have too, and codes of other systems, stay', async () => {
  const results = [diagnosis('J45.909'), diagnosis('Z68.52'), diagnosis('F03', 'http://snomed.info/sct')];
  assert.deepEqual(await hidden('2019-02-03', results), []);
});
