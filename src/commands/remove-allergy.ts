// Remove Allergy: an allergy on the list is none, or no longer one.

import { defineCommand } from '#kit/command-kind.ts';
import { Option, text } from '#kit/schema.ts';

export const RemoveAllergy = defineCommand({
  key: 'removeAllergy',
  prefix: 'REMOVE_ALLERGY',
  label: 'Remove Allergy',
  summary: 'An allergy on the patient’s list is none, or no longer one.',
  fields: {
    allergy: {
      label: 'Allergy',
      schema: Option,
      needed: true,
      search: { from: 'chart', type: 'AllergyIntolerance', filter: 'clinical-status=active' },
    },
    narrative: { label: 'Reason', schema: text(512) },
  },
});
