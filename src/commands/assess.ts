// Assess: a condition of the patient is looked at again in this visit.

import { defineCommand } from '#kit/command-kind.ts';
import { choice, Option, text } from '#kit/schema.ts';

export const Assess = defineCommand({
  key: 'assess',
  prefix: 'ASSESS',
  label: 'Assess',
  summary: 'How a condition of the patient is doing.',
  fields: {
    condition: {
      label: 'Condition',
      schema: Option,
      needed: true,
      search: {
        from: 'chart',
        type: 'Condition',
        filter: 'clinical-status=active,recurrence,relapse',
        selected: 'ASSESS_COMMAND__CONDITION_SELECTED',
      },
    },
    background: { label: 'Background', schema: text(2048) },
    status: { label: 'Status', schema: choice(['improved', 'stable', 'deteriorated']) },
    narrative: { label: 'Today’s assessment', schema: text(2048) },
  },
});
