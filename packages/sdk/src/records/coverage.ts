// Coverages: who pays.

import { defineRecord } from '#kit/record-kind.ts';

export const Coverage = defineRecord({
  prefix: 'COVERAGE',
  resource: 'Coverage',
  label: 'Coverage',
  summary: 'An insurance plan or other payer of a patient.',
});
