// History of Present Illness: what brought the patient here. It is a narrative, read in its note, so the commit writes no record.

import { defineCommand } from '#kit/command-kind.ts';
import { text } from '#kit/schema.ts';

export const Hpi = defineCommand({
  key: 'hpi',
  prefix: 'HISTORY_OF_PRESENT_ILLNESS',
  label: 'History of Present Illness',
  summary: 'What brought the patient here, as it happened.',
  fields: {
    narrative: { label: 'Narrative', schema: text(20_000), needed: true },
  },
});
