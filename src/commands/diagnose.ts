// Diagnose: a condition is found and goes on the patient's list.

import { defineCommand } from '#kit/command-kind.ts';
import { Day, Option, text } from '#kit/schema.ts';
import { ICD10CM } from '#kit/systems.ts';

export const Diagnose = defineCommand({
  key: 'diagnose',
  prefix: 'DIAGNOSE',
  label: 'Diagnose',
  summary: 'A new condition of the patient.',
  fields: {
    diagnose: { label: 'Diagnosis', schema: Option, needed: true, search: { from: 'terms', systems: [ICD10CM] } },
    background: { label: 'Background', schema: text(2048) },
    approximateDateOfOnset: { label: 'Onset', schema: Day },
    todayAssessment: { label: 'Today’s assessment', schema: text(2048) },
  },
});
