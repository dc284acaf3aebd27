// Stop Medication: the patient takes a medication no longer.

import { defineCommand } from '#kit/command-kind.ts';
import { Option, text } from '#kit/schema.ts';

export const StopMedication = defineCommand({
  key: 'stopMedication',
  prefix: 'STOP_MEDICATION',
  label: 'Stop Medication',
  summary: 'The patient takes a medication no longer.',
  fields: {
    medication: {
      label: 'Medication',
      schema: Option,
      needed: true,
      search: { from: 'chart', type: 'MedicationStatement', filter: 'status=active' },
    },
    rationale: { label: 'Rationale', schema: text(1024) },
  },
});
