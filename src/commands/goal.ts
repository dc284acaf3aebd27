// Goal: something the patient wants to reach.

import { defineCommand } from '#kit/command-kind.ts';
import { Day, text } from '#kit/schema.ts';
import { achievementStatus, dueDate, priority, progress } from './goal-fields.ts';

export const Goal = defineCommand({
  key: 'goal',
  prefix: 'GOAL',
  label: 'Goal',
  summary: 'What the patient wants to reach, and by when.',
  fields: {
    goalStatement: { label: 'Goal', schema: text(1024), needed: true },
    startDate: { label: 'Start', schema: Day, needed: true, initial: 'today' },
    dueDate,
    achievementStatus,
    priority,
    progress,
  },
});
