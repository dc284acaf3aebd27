// Instructions given to patients.

import { defineRecord } from '#kit/record-kind.ts';
import { COMMUNICATION_CATEGORY } from '#kit/systems.ts';
import { hasCoding } from './codings.ts';

const INSTRUCTION: ReadonlySet<string> = new Set(['instruction']);

export const Instruction = defineRecord({
  prefix: 'INSTRUCTION',
  resource: 'CommunicationRequest',
  label: 'Instruction',
  summary: 'Instructions given to a patient.',
  where: 'category is `instruction`',
  is: ({ category }) => hasCoding(category, COMMUNICATION_CATEGORY, INSTRUCTION),
});
