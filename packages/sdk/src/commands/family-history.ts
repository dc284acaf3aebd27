// Family History: a condition of a relative.

import type { FamilyMemberHistory } from '@medplum/fhirtypes';
import { defineCommand } from '#kit/command-kind.ts';
import { filled } from '#kit/filled.ts';
import { choice, Option, text } from '#kit/schema.ts';
import { ICD10CM } from '#kit/systems.ts';
import { codedConcept } from './concepts.ts';
import { annotations, visitOf } from './visit.ts';

const ROLES = 'http://terminology.hl7.org/CodeSystem/v3-RoleCode';
// biome-ignore format: a list of codes
const RELATIVES = [
  'MTH', 'FTH', 'SIS', 'BRO', 'DAUC', 'SONC', 'GRMTH', 'GRFTH', 'MGRMTH', 'MGRFTH', 'PGRMTH', 'PGRFTH', 'AUNT', 'UNCLE',
  'COUSN', 'FAMMEMB',
] as const;

export const FamilyHistory = defineCommand(
  {
    key: 'familyHistory',
    prefix: 'FAMILY_HISTORY',
    label: 'Family History',
    summary: 'A condition of a relative.',
    fields: {
      familyHistory: {
        label: 'Condition',
        schema: Option,
        needed: true,
        search: { from: 'terms', systems: [ICD10CM], prefer: 'disease' },
      },
      relative: { label: 'Relative', schema: choice(RELATIVES, 'a code of HL7 v3 RoleCode'), needed: true },
      note: { label: 'Note', schema: text(1000) },
    },
  },
  ({ familyHistory, relative, note }, desk) => {
    desk.draft.create<FamilyMemberHistory>({
      resourceType: 'FamilyMemberHistory',
      status: 'completed',
      patient: visitOf(desk).subject,
      date: desk.at,
      relationship: { coding: [{ system: ROLES, code: relative }] },
      condition: [
        filled({
          code: codedConcept(desk, 'familyHistory', familyHistory, ICD10CM),
          note: annotations(desk, note),
        }),
      ],
    });
  },
);
