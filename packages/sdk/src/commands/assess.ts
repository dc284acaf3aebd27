// Assess: reviews one of the patient's conditions in this visit.

import { defineCommand } from '#kit/command-kind.ts';
import { filled } from '#kit/filled.ts';
import { choice, Option, text } from '#kit/schema.ts';
import { SNOMED } from '#kit/systems.ts';
import { concept } from './concepts.ts';
import { writeImpression } from './impression.ts';
import { refuseMistaken } from './standing.ts';

const FINDINGS = {
  improved: concept(SNOMED, '268910001', 'Patient’s condition improved'),
  stable: concept(SNOMED, '359746009', 'Patient’s condition stable'),
  deteriorated: concept(SNOMED, '271299001', 'Patient’s condition worsened'),
};

export const Assess = defineCommand(
  {
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
  },
  async ({ condition: option, background, status, narrative }, desk) => {
    const condition = await desk.chosen('Condition', 'condition', option);
    refuseMistaken(desk, 'condition', condition);
    writeImpression(desk, {
      condition: filled({ reference: `Condition/${condition.id}`, display: option.text }),
      background,
      finding: status && FINDINGS[status],
      summary: narrative,
    });
  },
);
