// Update Goal: the patient's progress with a goal.

import { defineCommand } from '#kit/command-kind.ts';
import { filled } from '#kit/filled.ts';
import { Option } from '#kit/schema.ts';
import { refuseBefore } from './days.ts';
import { achieved, achievementStatus, dueDate, dueOn, openGoal, priority, progress, ranked } from './goal-fields.ts';
import { annotations } from './visit.ts';

export const UpdateGoal = defineCommand(
  {
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
  },
  async ({ goalStatement, dueDate, achievementStatus, priority, progress }, desk) => {
    const goal = await openGoal(desk, goalStatement);
    if (!dueDate && !achievementStatus && !priority && !progress) {
      throw desk.refused('progress', 'Say what is new: a due date, an achievement, a priority or some progress.');
    }
    refuseBefore(desk, 'dueDate', dueDate, goal.startDate, 'the start of the goal');
    await desk.draft.update(
      filled({
        ...goal,
        ...(achievementStatus && { achievementStatus: achieved(achievementStatus) }),
        ...(priority && { priority: ranked(priority) }),
        ...(dueDate && { target: dueOn(goal, dueDate) }),
        note: [...(goal.note ?? []), ...annotations(desk, progress)],
      }),
    );
  },
);
