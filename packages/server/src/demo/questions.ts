// What the patient was asked: scores of questionnaires, and tobacco.

import type { Observation } from '@medplum/fhirtypes';
import { LOINC, OBSERVATION_CATEGORY } from '@chartwire/sdk/internal/kit/systems';
import { concept, quantity } from './codes/concept.ts';
import { SCORES, TOBACCO, TOBACCO_ANSWERS } from './codes/vitals.ts';
import { along, during, type KeptVisit, type Life, round } from './life.ts';

export function questions(life: Life): Observation[] {
  return [...scores(life), ...tobacco(life)];
}

function scores(life: Life): Observation[] {
  const asked = Object.entries(life.story.scores ?? {}) as [keyof typeof SCORES, readonly number[]][];
  return asked.flatMap(([name, trend]) =>
    life.visits.map((visit, index) => ({
      ...common(life, visit, name),
      category: [concept(OBSERVATION_CATEGORY, 'survey', 'Survey')],
      code: concept(LOINC, SCORES[name].loinc, SCORES[name].display),
      valueQuantity: quantity(round(along(trend, index, life.visits.length), 0), 'score', '{score}'),
    })),
  );
}

function tobacco(life: Life): Observation[] {
  const { tobacco: status } = life.story;
  if (!status) return [];
  const { code, display } = TOBACCO_ANSWERS[status];
  return [
    {
      ...common(life, life.lastVisit, 'tobacco'),
      category: [concept(OBSERVATION_CATEGORY, 'social-history', 'Social History')],
      code: concept(LOINC, TOBACCO.loinc, TOBACCO.display),
      valueCodeableConcept: concept(LOINC, code, display),
    },
  ];
}

function common(life: Life, visit: KeptVisit, name: string): Omit<Observation, 'code'> {
  return {
    resourceType: 'Observation',
    id: life.id('Observation', `${visit.encounter.reference} ${name}`),
    status: 'final',
    subject: life.patient,
    encounter: visit.encounter,
    effectiveDateTime: during(visit, 8),
    performer: [life.practice.clinician(visit.clinician ?? life.story.clinician)],
  };
}
