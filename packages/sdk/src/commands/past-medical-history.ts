// Past Medical History: a condition that the patient had.

import type { Condition } from '@medplum/fhirtypes';
import { Type } from 'typebox';
import { defineCommand } from '#kit/command-kind.ts';
import { filled } from '#kit/filled.ts';
import { Option, PartialDate, text } from '#kit/schema.ts';
import { CONDITION_CATEGORY, CONDITION_CLINICAL, CONDITION_VERIFICATION, ICD10CM, SNOMED } from '#kit/systems.ts';
import { codedConcept, concept } from './concepts.ts';
import { refuseBefore, refuseOutsideLife } from './days.ts';
import { annotations, visitOf } from './visit.ts';

const HISTORY = concept(SNOMED, '417662000', 'History of clinical finding in subject');
const LISTED = concept(CONDITION_CATEGORY, 'problem-list-item', 'Problem List Item');
const RESOLVED = concept(CONDITION_CLINICAL, 'resolved', 'Resolved');
/** Over, with an unknown end. */
const INACTIVE = concept(CONDITION_CLINICAL, 'inactive', 'Inactive');

export const PastMedicalHistory = defineCommand(
  {
    key: 'pastMedicalHistory',
    prefix: 'PAST_MEDICAL_HISTORY',
    label: 'Past Medical History',
    summary: 'A condition the patient had before.',
    fields: {
      pastMedicalHistory: {
        label: 'Condition',
        schema: Option,
        needed: true,
        search: { from: 'terms', systems: [ICD10CM], prefer: 'disease' },
      },
      approximateStartDate: { label: 'From', schema: PartialDate },
      approximateEndDate: { label: 'To', schema: PartialDate },
      showOnConditionList: { label: 'Show on the list of conditions', schema: Type.Boolean() },
      comments: { label: 'Comments', schema: text(1000) },
    },
  },
  async (values, desk) => {
    const { pastMedicalHistory, approximateStartDate: start, approximateEndDate: end } = values;
    await refuseOutsideLife(desk, 'approximateStartDate', start);
    await refuseOutsideLife(desk, 'approximateEndDate', end);
    refuseBefore(desk, 'approximateEndDate', end, start, 'the day it began');
    const { subject, encounter, author } = visitOf(desk);
    desk.draft.create(
      filled<Condition>({
        resourceType: 'Condition',
        clinicalStatus: end ? RESOLVED : INACTIVE,
        verificationStatus: concept(CONDITION_VERIFICATION, 'confirmed', 'Confirmed'),
        category: values.showOnConditionList ? [HISTORY, LISTED] : [HISTORY],
        code: codedConcept(desk, 'pastMedicalHistory', pastMedicalHistory, ICD10CM),
        subject,
        encounter,
        onsetDateTime: start,
        abatementDateTime: end,
        recordedDate: desk.at,
        recorder: author,
        note: annotations(desk, values.comments),
      }),
    );
  },
);
