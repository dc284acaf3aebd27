// Past Medical History: a condition the patient had.

import { Type } from 'typebox';
import { defineCommand } from '#kit/command-kind.ts';
import { Day, Option, text } from '#kit/schema.ts';
import { ICD10CM } from '#kit/systems.ts';

export const PastMedicalHistory = defineCommand({
  key: 'pastMedicalHistory',
  prefix: 'PAST_MEDICAL_HISTORY',
  label: 'Past Medical History',
  summary: 'A condition the patient had before.',
  fields: {
    pastMedicalHistory: {
      label: 'Condition',
      schema: Option,
      needed: true,
      search: { from: 'terms', systems: [ICD10CM] },
    },
    approximateStartDate: { label: 'From', schema: Day },
    approximateEndDate: { label: 'To', schema: Day },
    showOnConditionList: { label: 'Show on the list of conditions', schema: Type.Boolean() },
    comments: { label: 'Comments', schema: text(1000) },
  },
});
