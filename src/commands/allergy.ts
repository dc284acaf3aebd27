// Allergy: the patient reacts to a substance.

import { defineCommand } from '#kit/command-kind.ts';
import { choice, Day, Option, text } from '#kit/schema.ts';
import { RXNORM, SNOMED } from '#kit/systems.ts';

export const Allergy = defineCommand({
  key: 'allergy',
  prefix: 'ALLERGY',
  label: 'Allergy',
  summary: 'An allergy or intolerance of the patient.',
  fields: {
    allergy: {
      label: 'Substance',
      schema: Option,
      needed: true,
      search: { from: 'terms', systems: [RXNORM, SNOMED] },
    },
    severity: { label: 'Severity', schema: choice(['mild', 'moderate', 'severe']) },
    narrative: { label: 'Reaction', schema: text(512) },
    approximateDate: { label: 'Since', schema: Day },
  },
});
