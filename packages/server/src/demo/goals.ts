// What patient and clinician agreed to reach.

import type { Goal } from '@medplum/fhirtypes';
import { LOINC } from '@chartwire/sdk/internal/kit/systems';
import { fhirDate } from './calendar.ts';
import { ANALYTES, type Analyte } from './codes/analytes.ts';
import { concept, hl7, quantity } from './codes/concept.ts';
import { VITALS, type VitalSign } from './codes/vitals.ts';
import type { Life } from './life.ts';
import type { GoalStory } from './story.ts';

const ACHIEVEMENTS = {
  'in-progress': 'In Progress',
  improving: 'Improving',
  achieved: 'Achieved',
  'not-achieved': 'Not Achieved',
} as const;

export function goals(life: Life): Goal[] {
  return (life.story.goals ?? []).map((story, index) => ({
    resourceType: 'Goal',
    id: life.id('Goal', index),
    lifecycleStatus: story.status,
    achievementStatus: concept(hl7('goal-achievement'), story.achievement, ACHIEVEMENTS[story.achievement]),
    priority: concept(hl7('goal-priority'), 'medium-priority', 'Medium Priority'),
    description: { text: story.text },
    subject: life.patient,
    startDate: fhirDate(life.calendar.workday(story.since)),
    ...target(life, story),
    expressedBy: life.practice.clinician(life.story.clinician),
  }));
}

function target(life: Life, { measure, due }: GoalStory): Pick<Goal, 'target'> {
  const dueDate = due === undefined ? {} : { dueDate: fhirDate(life.calendar.day(due)) };
  if (!measure) return due === undefined ? {} : { target: [dueDate] };
  const { loinc, display, unit, ucum }: Analyte | VitalSign = measure.analyte
    ? ANALYTES[measure.analyte]
    : VITALS[measure.vital];
  const detailQuantity = { ...quantity(measure.below, unit, ucum), comparator: '<' as const };
  return { target: [{ measure: concept(LOINC, loinc, display), detailQuantity, ...dueDate }] };
}
