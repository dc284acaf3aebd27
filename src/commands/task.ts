// Task: somebody is to do something.

import { Type } from 'typebox';
import { defineCommand } from '#kit/command-kind.ts';
import { choice, Day, Option, reference, text } from '#kit/schema.ts';

export const Task = defineCommand({
  key: 'task',
  prefix: 'TASK',
  label: 'Task',
  summary: 'Something to be done by somebody.',
  fields: {
    title: { label: 'Title', schema: text(1000), needed: true },
    assignTo: {
      label: 'Assigned to',
      schema: Option,
      needed: true,
      search: { from: 'records', types: ['Practitioner', 'CareTeam', 'Organization'] },
    },
    dueDate: { label: 'Due', schema: Day },
    priority: { label: 'Priority', schema: choice(['stat', 'urgent', 'routine']) },
    comment: { label: 'Comment', schema: text(4000) },
    labels: { label: 'Labels', schema: Type.Array(text(50), { maxItems: 20, uniqueItems: true }) },
    linkedItems: {
      label: 'Linked records',
      schema: Type.Array(reference([], 'as ServiceRequest/1'), { maxItems: 20 }),
    },
  },
});
