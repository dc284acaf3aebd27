// Medication Statement: what the patient says to be taking.

import { defineCommand } from '#kit/command-kind.ts';
import { Option, text } from '#kit/schema.ts';
import { RXNORM } from '#kit/systems.ts';

export const MedicationStatement = defineCommand({
  key: 'medicationStatement',
  prefix: 'MEDICATION_STATEMENT',
  label: 'Medication Statement',
  summary:
    'A medication the patient takes, whoever prescribed it. One that no code system knows is an option without a coding.',
  fields: {
    medication: { label: 'Medication', schema: Option, needed: true, search: { from: 'terms', systems: [RXNORM] } },
    sig: { label: 'Sig', schema: text(1000) },
  },
});
