// Reason for Visit: why the patient comes.

import { defineCommand } from '#kit/command-kind.ts';
import { parseReference } from '#kit/ids.ts';
import { Option, text } from '#kit/schema.ts';
import { ICD10CM, SNOMED } from '#kit/systems.ts';
import { conceptOf } from './concepts.ts';

export const ReasonForVisit = defineCommand(
  {
    key: 'reasonForVisit',
    prefix: 'REASON_FOR_VISIT',
    label: 'Reason for Visit',
    summary: 'Why the patient comes: a code, words, or both.',
    fields: {
      coding: {
        label: 'Reason',
        schema: Option,
        needed: { unless: ['comment'] },
        search: { from: 'terms', systems: [SNOMED, ICD10CM], words: 'narrative' },
      },
      comment: { label: 'Comment', schema: text(2048) },
    },
  },
  // In a note without a visit, only the command has the reason.
  async ({ coding, comment }, desk) => {
    const id = parseReference(desk.encounter?.reference)?.id;
    const encounter = id && (await desk.draft.read('Encounter', id));
    if (!encounter) return;
    const reason = coding ? conceptOf(coding, SNOMED, ICD10CM) : {};
    await desk.draft.update({
      ...encounter,
      id,
      reasonCode: [...(encounter.reasonCode ?? []), { ...reason, text: comment ?? reason.text }],
    });
  },
);
