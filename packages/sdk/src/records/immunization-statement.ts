// Immunizations reported by the patient, not given here.

import { defineRecord } from '#kit/record-kind.ts';

export const ImmunizationStatement = defineRecord({
  prefix: 'IMMUNIZATION_STATEMENT',
  resource: 'Immunization',
  label: 'Immunization statement',
  summary: 'A vaccination that the patient or another source reports.',
  where: 'primarySource is false',
  is: ({ primarySource }) => primarySource === false,
});
