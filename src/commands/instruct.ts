// Instruct: the patient is told what to do.

import { defineCommand } from '#kit/command-kind.ts';
import { Option, text } from '#kit/schema.ts';
import { SNOMED } from '#kit/systems.ts';

export const Instruct = defineCommand({
  key: 'instruct',
  prefix: 'INSTRUCT',
  label: 'Instruct',
  summary: 'What the patient is told to do: a code, words, or both.',
  fields: {
    coding: {
      label: 'Instruction',
      schema: Option,
      needed: { unless: ['narrative'] },
      search: { from: 'terms', systems: [SNOMED] },
    },
    narrative: { label: 'In words', schema: text(4000) },
  },
});
