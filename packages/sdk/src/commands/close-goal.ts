// Close Goal: a goal is reached or abandoned.

import { defineCommand } from '#kit/command-kind.ts';
import { filled } from '#kit/filled.ts';
import { Option } from '#kit/schema.ts';
import { achieved, achievementStatus, openGoal, progress } from './goal-fields.ts';
import { annotations } from './visit.ts';

/** Any other achievement means that the goal is abandoned. */
const REACHED: ReadonlySet<string> = new Set(['achieved', 'sustaining']);

export const CloseGoal = defineCommand(
  {
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
  },
  async ({ goalStatement, achievementStatus, progress }, desk) => {
    const goal = await openGoal(desk, goalStatement);
    await desk.draft.update(
      filled({
        ...goal,
        lifecycleStatus: REACHED.has(achievementStatus) ? ('completed' as const) : ('cancelled' as const),
        achievementStatus: achieved(achievementStatus),
        statusDate: desk.today,
        note: [...(goal.note ?? []), ...annotations(desk, progress)],
      }),
    );
  },
);
