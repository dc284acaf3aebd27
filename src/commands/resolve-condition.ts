// Resolve Condition: a condition of the patient is over.

import { defineCommand } from '#kit/command-kind.ts';
import { Option, text } from '#kit/schema.ts';

export const ResolveCondition = defineCommand({
  key: 'resolveCondition',
  prefix: 'RESOLVE_CONDITION',
  label: 'Resolve Condition',
  summary: 'A condition of the patient is over.',
  fields: {
    condition: {
      label: 'Condition',
      schema: Option,
      needed: true,
      search: { from: 'chart', type: 'Condition', filter: 'clinical-status=active,recurrence,relapse' },
    },
    rationale: { label: 'Rationale', schema: text(1024) },
  },
});
