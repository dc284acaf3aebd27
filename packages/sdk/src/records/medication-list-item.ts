// What a patient takes.

import { defineRecord } from '#kit/record-kind.ts';

export const MedicationListItem = defineRecord({
  prefix: 'MEDICATION_LIST_ITEM',
  resource: 'MedicationStatement',
  label: 'Medication list item',
  summary: 'A medication on the patient’s list, taken now or before.',
});
