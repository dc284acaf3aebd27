// Orders to laboratories.

import { defineRecord } from '#kit/record-kind.ts';
import { isLaboratory } from './diagnostic-service.ts';

export const LabOrder = defineRecord({
  prefix: 'LAB_ORDER',
  resource: 'ServiceRequest',
  label: 'Lab order',
  summary: 'A request for laboratory tests.',
  where: 'category is laboratory: SNOMED 108252007, or HL7 v2 table 0074 as for lab reports',
  is: ({ category }) => isLaboratory(category),
});
