// Reason for Visit: why the patient comes.

import { defineCommand } from '#kit/command-kind.ts';
import { Option, text } from '#kit/schema.ts';
import { ICD10CM, SNOMED } from '#kit/systems.ts';

export const ReasonForVisit = defineCommand({
  key: 'reasonForVisit',
  prefix: 'REASON_FOR_VISIT',
  label: 'Reason for Visit',
  summary: 'Why the patient comes: a code, words, or both.',
  fields: {
    coding: {
      label: 'Reason',
      schema: Option,
      needed: { unless: ['comment'] },
      search: { from: 'terms', systems: [SNOMED, ICD10CM] },
    },
    comment: { label: 'Comment', schema: text(2048) },
  },
});
