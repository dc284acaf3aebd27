// The plugin in the sandbox it also runs in on a server.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Observation, Quantity } from 'chartwire/sdk';
import { openPlugin } from 'chartwire/testing';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const ICD10CM = 'http://hl7.org/fhir/sid/icd-10-cm';

const loinc = (code: string) => ({ coding: [{ system: 'http://loinc.org', code }] });
const mmHg = (value: number): Quantity => ({ value, unit: 'mmHg' });

function observation(id: string, code: string, day: string, more: Partial<Observation>): Observation {
  const subject = { reference: 'Patient/patient' };
  return {
    resourceType: 'Observation',
    id,
    status: 'final',
    code: loinc(code),
    subject,
    effectiveDateTime: day,
    ...more,
  };
}

const RECORDS = [
  observation('bp', '85354-9', '2026-08-23T09:00:00Z', {
    component: [
      { code: loinc('8462-4'), valueQuantity: mmHg(82) },
      { code: loinc('8480-6'), valueQuantity: mmHg(128) },
    ],
  }),
  observation('a1c-older', '4548-4', '2026-02-01', { valueQuantity: { value: 8.1, unit: '%' } }),
  observation('a1c', '4548-4', '2026-05-01', { valueQuantity: { value: 7.2, unit: '%' } }),
  observation('a1c-mistaken', '4548-4', '2026-06-01', {
    status: 'entered-in-error',
    valueQuantity: { value: 72, unit: '%' },
  }),
  observation('ldl', '18262-6', '2026-05-01', { dataAbsentReason: { text: 'The sample was lost.' } }),
];

/** What the plugin answers when a condition with this code is picked. */
async function picked(code: string, fields = {}, system = ICD10CM) {
  await using plugin = await openPlugin(FOLDER, { records: RECORDS });
  const option = { value: 'c1', text: code, coding: [{ system, code }] };
  const { effects, error } = await plugin.deliver('ASSESS_COMMAND__CONDITION_SELECTED', {
    context: { option, fields },
  });
  assert.equal(error, null);
  return effects;
}

const edited = (narrative: string) => ({
  type: 'EDIT_COMMAND',
  payload: { command: 'command', fields: { narrative } },
});
const logged = (message: string) => ({ type: 'LOG', payload: { message } });

test('the narrative begins with the last reading, and the log says so', async () => {
  assert.deepEqual(await picked('I10'), [
    edited('Last blood pressure 128/82 mmHg on 2026-08-23.'),
    logged('Began the narrative with the last blood pressure.'),
  ]);
  const [edit] = await picked('E11.9');
  assert.deepEqual(edit, edited('Last hemoglobin A1c 7.2 % on 2026-05-01.'));
});

test('a narrative that is there stays', async () => {
  assert.deepEqual(await picked('I10', { narrative: 'Much better.' }), [logged('There is a narrative already.')]);
});

test('without a reading, or without its value, there is a line in the log alone', async () => {
  assert.deepEqual(await picked('N18.31'), [logged('There is no glomerular filtration rate to begin with.')]);
  assert.deepEqual(await picked('E78.5'), [logged('There is no LDL cholesterol to begin with.')]);
});

test('so it is for a condition that no reading follows, and for one coded otherwise', async () => {
  const nothing = [logged('The condition that was picked is followed by no reading.')];
  assert.deepEqual(await picked('F32.9'), nothing);
  assert.deepEqual(await picked('I10', {}, 'http://example.org/codes'), nothing);
});
