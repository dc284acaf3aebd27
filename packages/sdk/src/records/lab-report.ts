// Reports of laboratories.

import { defineRecord } from '#kit/record-kind.ts';
import { isLaboratory } from './diagnostic-service.ts';

export const LabReport = defineRecord({
  prefix: 'LAB_REPORT',
  resource: 'DiagnosticReport',
  label: 'Lab report',
  summary: 'Results of a laboratory; its values are the Observations it refers to.',
  where:
    'category is LAB of HL7 v2 table 0074, one of its laboratory siblings (CH, HM, MB ...), or laboratory by LOINC or SNOMED',
  is: ({ category }) => isLaboratory(category),
});
