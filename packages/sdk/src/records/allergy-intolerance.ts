// Allergies and intolerances.

import { defineRecord } from '#kit/record-kind.ts';

export const AllergyIntolerance = defineRecord({
  prefix: 'ALLERGY_INTOLERANCE',
  resource: 'AllergyIntolerance',
  label: 'Allergy or intolerance',
  summary: 'A patient reacts, or is thought to react, to a substance.',
});
