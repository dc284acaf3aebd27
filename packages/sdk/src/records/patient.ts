// Patients.

import { defineRecord } from '#kit/record-kind.ts';

export const Patient = defineRecord({
  prefix: 'PATIENT',
  resource: 'Patient',
  label: 'Patient',
  summary: 'A person with a chart.',
});
