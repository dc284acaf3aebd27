// What runs in the family.

import type { FamilyMemberHistory } from '@medplum/fhirtypes';
import { fhirInstant } from './calendar.ts';
import { concept, hl7, quantity } from './codes/concept.ts';
import { icd10 } from './conditions.ts';
import type { Life } from './life.ts';
import { RELATIONSHIPS } from './person.ts';

export function family(life: Life): FamilyMemberHistory[] {
  return (life.story.relatives ?? []).map(({ role, conditions, deceased }) => ({
    resourceType: 'FamilyMemberHistory',
    id: life.id('FamilyMemberHistory', role),
    status: 'completed',
    patient: life.patient,
    date: fhirInstant(life.visits[0]!.start),
    relationship: concept(hl7('v3-RoleCode'), role, RELATIONSHIPS[role]),
    ...(deceased === undefined ? {} : { deceasedBoolean: deceased }),
    condition: conditions.map(({ code, age }) => ({
      code: icd10(code),
      ...(age === undefined ? {} : { onsetAge: quantity(age, 'years', 'a') }),
    })),
  }));
}
