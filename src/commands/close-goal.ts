// Close Goal: a goal is reached or given up.

import { defineCommand } from '#kit/command-kind.ts';
import { Option } from '#kit/schema.ts';
import { achievementStatus, progress } from './goal-fields.ts';

export const CloseGoal = defineCommand({
  key: 'closeGoal',
  prefix: 'CLOSE_GOAL',
  label: 'Close Goal',
  summary: 'A goal is reached or given up.',
  fields: {
    goalStatement: {
      label: 'Goal',
      schema: Option,
      needed: true,
      search: { from: 'chart', type: 'Goal', filter: 'lifecycle-status=proposed,planned,accepted,active,on-hold' },
    },
    achievementStatus: { ...achievementStatus, needed: true },
    progress,
  },
});
