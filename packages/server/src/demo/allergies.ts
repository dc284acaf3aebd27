// Allergies of the patient, or "asked, and none known".

import type { AllergyIntolerance } from '@medplum/fhirtypes';
import { SNOMED } from '@chartwire/sdk/internal/kit/systems';
import { fhirDate, fhirInstant } from './calendar.ts';
import { ALLERGENS, NO_KNOWN_ALLERGY, REACTIONS } from './codes/allergens.ts';
import { concept, hl7 } from './codes/concept.ts';
import type { Life } from './life.ts';
import type { AllergyStory } from './story.ts';

export function allergies(life: Life): AllergyIntolerance[] {
  const { story } = life;
  if (story.allergies.length === 0) return [noneKnown(life)];
  return story.allergies.map((allergy) => one(life, allergy));
}

function one(life: Life, { to, reaction, severity, intolerance, since }: AllergyStory): AllergyIntolerance {
  const allergen = ALLERGENS[to];
  const { code, display } = REACTIONS[reaction];
  const day = life.calendar.day(since);
  return {
    ...common(life, to),
    type: intolerance ? 'intolerance' : 'allergy',
    category: [allergen.category],
    criticality: severity === 'severe' ? 'high' : 'low',
    code: concept(allergen.system, allergen.code, allergen.display, titled(to)),
    onsetDateTime: fhirDate(day),
    recordedDate: fhirInstant(day),
    reaction: [{ manifestation: [concept(SNOMED, code, display)], severity }],
  };
}

function noneKnown(life: Life): AllergyIntolerance {
  const { code, display } = NO_KNOWN_ALLERGY;
  return {
    ...common(life, 'none'),
    code: concept(SNOMED, code, display, 'No known allergies'),
    recordedDate: fhirInstant(life.visits[0]!.start),
  };
}

function common(life: Life, name: string) {
  return {
    resourceType: 'AllergyIntolerance',
    id: life.id('AllergyIntolerance', name),
    clinicalStatus: concept(hl7('allergyintolerance-clinical'), 'active', 'Active'),
    verificationStatus: concept(hl7('allergyintolerance-verification'), 'confirmed', 'Confirmed'),
    patient: life.patient,
    recorder: life.practice.clinician(life.story.clinician),
  } as const;
}

function titled(word: string): string {
  return word[0]!.toUpperCase() + word.slice(1);
}
