// Diagnose: adds a condition to the patient's list.

import type { Condition } from '@medplum/fhirtypes';
import { defineCommand } from '#kit/command-kind.ts';
import { filled } from '#kit/filled.ts';
import { Option, PartialDate, text } from '#kit/schema.ts';
import { CONDITION_CATEGORY, CONDITION_CLINICAL, CONDITION_VERIFICATION, ICD10CM } from '#kit/systems.ts';
import { codedConcept, concept } from './concepts.ts';
import { refuseOutsideLife } from './days.ts';
import { writeImpression } from './impression.ts';
import { annotations, visitOf } from './visit.ts';

const LISTED = concept(CONDITION_CATEGORY, 'problem-list-item', 'Problem List Item');
const FOUND_IN_VISIT = concept(CONDITION_CATEGORY, 'encounter-diagnosis', 'Encounter Diagnosis');

export const Diagnose = defineCommand(
  {
    key: 'diagnose',
    prefix: 'DIAGNOSE',
    label: 'Diagnose',
    summary: 'A new condition of the patient.',
    fields: {
      diagnose: { label: 'Diagnosis', schema: Option, needed: true, search: { from: 'terms', systems: [ICD10CM] } },
      background: { label: 'Background', schema: text(2048) },
      approximateDateOfOnset: { label: 'Onset', schema: PartialDate },
      todayAssessment: { label: 'Today’s assessment', schema: text(2048) },
    },
  },
  async ({ diagnose, background, approximateDateOfOnset, todayAssessment }, desk) => {
    await refuseOutsideLife(desk, 'approximateDateOfOnset', approximateDateOfOnset);
    const { subject, encounter, author } = visitOf(desk);
    const condition = desk.draft.create(
      filled<Condition>({
        resourceType: 'Condition',
        clinicalStatus: concept(CONDITION_CLINICAL, 'active', 'Active'),
        verificationStatus: concept(CONDITION_VERIFICATION, 'confirmed', 'Confirmed'),
        category: encounter ? [LISTED, FOUND_IN_VISIT] : [LISTED],
        code: codedConcept(desk, 'diagnose', diagnose, ICD10CM),
        subject,
        encounter,
        onsetDateTime: approximateDateOfOnset,
        recordedDate: desk.at,
        recorder: author,
        note: annotations(desk, background),
      }),
    );
    if (todayAssessment === undefined) return;
    writeImpression(desk, {
      condition: filled({ reference: `Condition/${condition.id}`, display: diagnose.text }),
      summary: todayAssessment,
    });
  },
);
