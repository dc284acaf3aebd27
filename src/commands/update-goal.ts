// Update Goal: how far the patient has come with a goal.

import { defineCommand } from '#kit/command-kind.ts';
import { Option } from '#kit/schema.ts';
import { achievementStatus, dueDate, priority, progress } from './goal-fields.ts';

export const UpdateGoal = defineCommand({
  key: 'updateGoal',
  prefix: 'UPDATE_GOAL',
  label: 'Update Goal',
  summary: 'How far the patient has come with a goal.',
  fields: {
    goalStatement: {
      label: 'Goal',
      schema: Option,
      needed: true,
      search: { from: 'chart', type: 'Goal', filter: 'lifecycle-status=proposed,planned,accepted,active,on-hold' },
    },
    dueDate,
    achievementStatus,
    priority,
    progress,
  },
});
