// Goal: something the patient wants to reach.

import type { Goal as R4Goal } from '@medplum/fhirtypes';
import { defineCommand } from '#kit/command-kind.ts';
import { filled } from '#kit/filled.ts';
import { PartialDate, text } from '#kit/schema.ts';
import { refuseBefore } from './days.ts';
import { achieved, achievementStatus, dueDate, priority, progress, ranked } from './goal-fields.ts';
import { annotations, visitOf } from './visit.ts';

export const Goal = defineCommand(
  {
    key: 'goal',
    prefix: 'GOAL',
    label: 'Goal',
    summary: 'What the patient wants to reach, and by when.',
    fields: {
      goalStatement: { label: 'Goal', schema: text(1024), needed: true },
      startDate: { label: 'Start', schema: PartialDate, needed: true, initial: 'today' },
      dueDate,
      achievementStatus,
      priority,
      progress,
    },
  },
  (values, desk) => {
    refuseBefore(desk, 'dueDate', values.dueDate, values.startDate, 'the start of the goal');
    const { subject, author } = visitOf(desk);
    desk.draft.create(
      filled<R4Goal>({
        resourceType: 'Goal',
        lifecycleStatus: 'active',
        achievementStatus: values.achievementStatus && achieved(values.achievementStatus),
        priority: values.priority && ranked(values.priority),
        description: { text: values.goalStatement },
        subject,
        startDate: values.startDate,
        target: values.dueDate ? [{ dueDate: values.dueDate }] : [],
        statusDate: desk.today,
        expressedBy: author,
        note: annotations(desk, values.progress),
      }),
    );
  },
);
