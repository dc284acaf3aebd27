// What the plugin does, run in the sandbox that the server uses.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Patient } from 'chartwire/sdk';
import { openPlugin, type TestPlugin } from 'chartwire/testing';

let plugin: TestPlugin;
before(async () => {
  plugin = await openPlugin(`${import.meta.dirname}/..`);
});
after(() => plugin.close());

const patient: Patient = { resourceType: 'Patient', id: 'ada', name: [{ family: 'Lovelace', given: ['Ada'] }] };

test('a new patient is welcomed with one task', async () => {
  const { effects, error } = await plugin.deliver('PATIENT_CREATED', { record: patient });
  assert.equal(error, null);
  assert.deepEqual(effects, [
    {
      type: 'CREATE_TASK',
      payload: { title: 'Call the new patient to say welcome', patient: 'ada', labels: ['welcome'] },
    },
  ]);
});

test('nobody is asked to call a patient who has died', async () => {
  const { effects } = await plugin.deliver('PATIENT_CREATED', { record: { ...patient, deceasedBoolean: true } });
  assert.deepEqual(effects, []);
});
