// Goal, Update Goal, Close Goal.

import { DOCTOR, P1, TODAY } from '../practice.ts';
import { type Case, hl7, type RefusalCase, record } from './case.ts';

export const GOALS: readonly Case[] = [
  {
    command: 'goal',
    rule: 'is an active goal, due when it says',
    fields: {
      goalStatement: 'Sleep eight hours',
      startDate: '2026-08-01',
      dueDate: '2026-12-01',
      achievementStatus: 'in-progress',
      priority: 'high-priority',
      progress: 'Six hours now',
    },
    writes: [
      {
        resourceType: 'Goal',
        lifecycleStatus: 'active',
        subject: P1,
        description: { text: 'Sleep eight hours' },
        startDate: '2026-08-01',
        target: [{ dueDate: '2026-12-01' }],
        achievementStatus: hl7('goal-achievement', 'in-progress'),
        priority: hl7('goal-priority', 'high-priority'),
        expressedBy: DOCTOR,
        note: [{ text: 'Six hours now' }],
      },
    ],
    events: ['GOAL_CREATED'],
  },
  {
    command: 'goal',
    rule: 'starts today unless it says otherwise',
    fields: { goalStatement: 'Sleep eight hours' },
    writes: [{ resourceType: 'Goal', startDate: TODAY }],
    events: ['GOAL_CREATED'],
  },
  {
    command: 'updateGoal',
    rule: 'changes what it names and leaves the rest',
    fields: { goalStatement: record('walk'), dueDate: '2026-10-01', achievementStatus: 'improving', progress: 'Half' },
    writes: [
      {
        resourceType: 'Goal',
        id: 'walk',
        lifecycleStatus: 'active',
        target: [{ detailString: 'a mile', dueDate: '2026-10-01' }],
        achievementStatus: hl7('goal-achievement', 'improving'),
        note: [{ text: 'Half' }],
      },
    ],
    events: ['GOAL_UPDATED'],
  },
  {
    command: 'closeGoal',
    rule: 'completes a goal that is reached',
    fields: { goalStatement: record('walk'), achievementStatus: 'achieved', progress: 'Every day' },
    writes: [
      {
        resourceType: 'Goal',
        id: 'walk',
        lifecycleStatus: 'completed',
        statusDate: TODAY,
        achievementStatus: hl7('goal-achievement', 'achieved'),
        note: [{ text: 'Every day' }],
      },
    ],
    events: ['GOAL_UPDATED'],
  },
  {
    command: 'closeGoal',
    rule: 'cancels a goal that is given up',
    fields: { goalStatement: record('walk'), achievementStatus: 'not-attainable' },
    writes: [{ resourceType: 'Goal', id: 'walk', lifecycleStatus: 'cancelled' }],
    events: ['GOAL_UPDATED'],
  },
];

export const GOAL_REFUSALS: readonly RefusalCase[] = [
  {
    command: 'goal',
    rule: 'a due date before the start',
    fields: { goalStatement: 'Sleep', startDate: '2026-08-02', dueDate: '2026-08-01' },
    at: 'dueDate',
    says: /before the start/,
  },
  {
    command: 'updateGoal',
    rule: 'a due date before the start of the goal',
    fields: { goalStatement: record('walk'), dueDate: '2026-05-31' },
    at: 'dueDate',
    says: /before the start/,
  },
  {
    command: 'updateGoal',
    rule: 'an update that says nothing',
    fields: { goalStatement: record('walk') },
    at: 'progress',
    says: /what is new/,
  },
  {
    command: 'updateGoal',
    rule: 'a goal of another patient',
    fields: { goalStatement: record('foreign'), progress: 'Half' },
    at: 'goalStatement',
    says: /another patient/,
  },
  {
    command: 'closeGoal',
    rule: 'a goal that is closed',
    fields: { goalStatement: record('closed'), achievementStatus: 'achieved' },
    at: 'goalStatement',
    says: /is completed/,
  },
];
