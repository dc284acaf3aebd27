// What the patient has, and had.

import type { Condition, Reference } from '@medplum/fhirtypes';
import { CONDITION_CLINICAL, ICD10CM } from '@chartwire/sdk/internal/kit/systems';
import { fhirDate, fhirInstant } from './calendar.ts';
import { concept, hl7 } from './codes/concept.ts';
import { ICD10, type Icd10 } from './codes/conditions.ts';
import type { Life } from './life.ts';

export function conditions(life: Life): Condition[] {
  return life.story.conditions.map(({ code, since, until, note }) => {
    const onset = life.calendar.day(since);
    const end = until === undefined ? undefined : life.calendar.day(until);
    const visit = life.visitOn(life.calendar.workday(since));
    return {
      resourceType: 'Condition',
      id: life.id('Condition', code),
      clinicalStatus: end
        ? concept(CONDITION_CLINICAL, 'resolved', 'Resolved')
        : concept(CONDITION_CLINICAL, 'active', 'Active'),
      verificationStatus: concept(hl7('condition-ver-status'), 'confirmed', 'Confirmed'),
      category: [
        end
          ? concept(hl7('condition-category'), 'encounter-diagnosis', 'Encounter Diagnosis')
          : concept(hl7('condition-category'), 'problem-list-item', 'Problem List Item'),
      ],
      code: icd10(code),
      subject: life.patient,
      ...(visit ? { encounter: visit.encounter } : {}),
      onsetDateTime: fhirDate(onset),
      ...(end ? { abatementDateTime: fhirDate(end) } : {}),
      recordedDate: fhirInstant(visit?.start ?? onset),
      recorder: life.practice.clinician(life.story.clinician),
      ...(note ? { note: [{ text: note }] } : {}),
    };
  });
}

export function icd10(code: Icd10) {
  return concept(ICD10CM, code, ICD10[code], ICD10[code]);
}

/** The patient's own record of a condition, when there is one. */
export function conditionOf(life: Life, code: Icd10): Reference<Condition> | undefined {
  return life.story.conditions.some((condition) => condition.code === code)
    ? { reference: `Condition/${life.id('Condition', code)}`, display: ICD10[code] }
    : undefined;
}
