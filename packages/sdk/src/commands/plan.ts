// Plan: what to do. It is a narrative, read in its note, so the commit writes no record.

import { defineCommand } from '#kit/command-kind.ts';
import { text } from '#kit/schema.ts';

export const Plan = defineCommand({
  key: 'plan',
  prefix: 'PLAN',
  label: 'Plan',
  summary: 'What to do.',
  fields: {
    narrative: { label: 'Narrative', schema: text(20_000), needed: true },
  },
});
