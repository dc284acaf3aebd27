// Immunizations given here.

import { defineRecord } from '#kit/record-kind.ts';

export const Immunization = defineRecord({
  prefix: 'IMMUNIZATION',
  resource: 'Immunization',
  label: 'Immunization',
  summary: 'A vaccination, recorded by who gave it.',
  where: 'primarySource is not false',
});
