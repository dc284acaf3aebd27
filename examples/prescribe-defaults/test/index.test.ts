// The plugin in the sandbox it also runs in on a server.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ContextOf, Practitioner } from 'chartwire/sdk';
import { openPlugin, type TestPlugin } from 'chartwire/testing';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const EVENT = 'PRESCRIBE_COMMAND__POST_ORIGINATE';
const URL_OF_SUPERVISOR = 'https://chartwire.org/fhir/StructureDefinition/supervising-provider';

const practitioner = (id: string, reference?: string): Practitioner => ({
  resourceType: 'Practitioner',
  id,
  ...(reference && { extension: [{ url: URL_OF_SUPERVISOR, valueReference: { reference } }] }),
});

let plugin: TestPlugin;
before(async () => {
  const records = [practitioner('assistant', 'Practitioner/doctor'), practitioner('doctor')];
  plugin = await openPlugin(FOLDER, { records: [...records, practitioner('odd', 'Organization/clinic')] });
});
after(() => plugin.close());

const ASSISTANT = { value: 'assistant', text: 'Helen Park' };

/** What the plugin answers to a command with these fields. */
async function answer(context: Partial<ContextOf<typeof EVENT>>) {
  const { effects, error } = await plugin.deliver(EVENT, { context });
  assert.equal(error, null);
  return effects;
}

test('the supervisor of the prescriber is filled in, and nothing else', async () => {
  assert.deepEqual(await answer({ fields: { prescriber: ASSISTANT, sig: 'one a day' } }), [
    { type: 'EDIT_COMMAND', payload: { command: 'command', fields: { supervisingProvider: 'doctor' } } },
  ]);
});

test('a supervisor that somebody named stays', async () => {
  const supervisingProvider = { value: 'other', text: 'David Osei' };
  assert.deepEqual(await answer({ fields: { prescriber: ASSISTANT, supervisingProvider } }), []);
});

for (const [who, fields] of [
  ['without a prescriber', {}],
  ['of a prescriber whom nobody supervises', { prescriber: { value: 'doctor', text: 'David Osei' } }],
  ['of a prescriber who is not there', { prescriber: { value: 'gone', text: 'Nobody' } }],
  ['of a prescriber supervised by no practitioner', { prescriber: { value: 'odd', text: 'Odd' } }],
] as const) {
  test(`a command ${who} is left alone`, async () => {
    assert.deepEqual(await answer({ fields }), []);
  });
}

test('a command that was committed at once is left alone', async () => {
  const command = { id: 'command', key: 'prescribe', state: 'committed', version: 1 } as const;
  assert.deepEqual(await answer({ command, fields: { prescriber: ASSISTANT } }), []);
});
