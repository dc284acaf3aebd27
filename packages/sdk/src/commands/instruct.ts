// Instruct: instructions for the patient.

import type { CommunicationRequest } from '@medplum/fhirtypes';
import { defineCommand } from '#kit/command-kind.ts';
import { filled } from '#kit/filled.ts';
import { Option, text } from '#kit/schema.ts';
import { COMMUNICATION_CATEGORY, SNOMED } from '#kit/systems.ts';
import { concept, conceptOf } from './concepts.ts';
import { visitOf } from './visit.ts';

const INSTRUCTION = concept(COMMUNICATION_CATEGORY, 'instruction', 'Instruction');

export const Instruct = defineCommand(
  {
    key: 'instruct',
    prefix: 'INSTRUCT',
    label: 'Instruct',
    summary: 'Instructions for the patient: a code, words, or both.',
    fields: {
      coding: {
        label: 'Instruction',
        schema: Option,
        needed: { unless: ['narrative'] },
        search: { from: 'terms', systems: [SNOMED], words: 'narrative' },
      },
      narrative: { label: 'In words', schema: text(4000) },
    },
  },
  ({ coding, narrative }, desk) => {
    const { subject, encounter, author } = visitOf(desk);
    const instruction = coding && conceptOf(coding, SNOMED);
    const words = [instruction?.text, narrative].filter((one) => one !== undefined);
    desk.draft.create(
      filled<CommunicationRequest>({
        resourceType: 'CommunicationRequest',
        status: 'active',
        // R4 has only the category and the text for instructions to a patient.
        category: instruction ? [INSTRUCTION, instruction] : [INSTRUCTION],
        subject,
        encounter,
        payload: words.map((contentString) => ({ contentString })),
        authoredOn: desk.at,
        requester: author,
        recipient: [subject],
        sender: author,
      }),
    );
  },
);
