// Resolve Condition: a condition of the patient is over.

import type { Condition } from '@medplum/fhirtypes';
import { defineCommand } from '#kit/command-kind.ts';
import { filled } from '#kit/filled.ts';
import { Option, text } from '#kit/schema.ts';
import { CONDITION_CLINICAL } from '#kit/systems.ts';
import { concept } from './concepts.ts';
import { refuseEnded, refuseMistaken } from './standing.ts';
import { annotations } from './visit.ts';

/** A condition in remission may say already when it abated. */
function abated(condition: Condition): boolean {
  return Object.keys(condition).some((element) => element.startsWith('abatement'));
}

export const ResolveCondition = defineCommand(
  {
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
  },
  async ({ condition: option, rationale }, desk) => {
    const condition = await desk.chosen('Condition', 'condition', option);
    refuseMistaken(desk, 'condition', condition);
    refuseEnded(desk, 'condition', condition);
    await desk.draft.update(
      filled({
        ...condition,
        clinicalStatus: concept(CONDITION_CLINICAL, 'resolved', 'Resolved'),
        ...(!abated(condition) && { abatementDateTime: desk.today }),
        note: [...(condition.note ?? []), ...annotations(desk, rationale)],
      }),
    );
  },
);
