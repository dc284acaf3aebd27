// The fields that Goal, Update Goal and Close Goal share.

import { choice, Day, text } from '#kit/schema.ts';

export const dueDate = { label: 'Due', schema: Day } as const;

/** http://terminology.hl7.org/CodeSystem/goal-achievement */
export const achievementStatus = {
  label: 'Achievement',
  schema: choice([
    'in-progress',
    'improving',
    'worsening',
    'no-change',
    'achieved',
    'sustaining',
    'not-achieved',
    'no-progress',
    'not-attainable',
  ]),
} as const;

/** http://terminology.hl7.org/CodeSystem/goal-priority */
export const priority = {
  label: 'Priority',
  schema: choice(['high-priority', 'medium-priority', 'low-priority']),
} as const;

export const progress = { label: 'Progress', schema: text(2048) } as const;
