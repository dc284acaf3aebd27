// Reports of imaging.

import { defineRecord } from '#kit/record-kind.ts';
import { isImaging } from './diagnostic-service.ts';

export const ImagingReport = defineRecord({
  prefix: 'IMAGING_REPORT',
  resource: 'DiagnosticReport',
  label: 'Imaging report',
  summary: 'What imaging showed, with its conclusion and its documents.',
  where:
    'category is RAD of HL7 v2 table 0074, one of its imaging siblings (CT, NMR, RUS ...), or radiology by LOINC or SNOMED',
  is: ({ category }) => isImaging(category),
});
