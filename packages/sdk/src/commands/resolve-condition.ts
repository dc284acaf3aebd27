// Resolve Condition: a condition of the patient is over.

import type { Condition } from '@medplum/fhirtypes';
import { defineCommand } from '#kit/command-kind.ts';
import { filled } from '#kit/filled.ts';
import { Option, PartialDate, text } from '#kit/schema.ts';
import { CONDITION_CLINICAL } from '#kit/systems.ts';
import { concept } from './concepts.ts';
import { refuseBefore, refuseOutsideLife } from './days.ts';
import { refuseEnded, refuseMistaken } from './standing.ts';
import { annotations } from './visit.ts';

/** Removes its previous end, in any form. */
function withoutAbatement<C extends Condition>(condition: C): C {
  return Object.fromEntries(Object.entries(condition).filter(([element]) => !isAbatement(element))) as C;
}

/** A condition in remission may already have an abatement date. */
function abated(condition: Condition): boolean {
  return Object.keys(condition).some(isAbatement);
}

function isAbatement(element: string): boolean {
  return /^_?abatement/.test(element);
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
      approximateEndDate: { label: 'Ended', schema: PartialDate },
      rationale: { label: 'Rationale', schema: text(1024) },
    },
  },
  async ({ condition: option, approximateEndDate: end, rationale }, desk) => {
    const condition = await desk.chosen('Condition', 'condition', option);
    refuseMistaken(desk, 'condition', condition);
    refuseEnded(desk, 'condition', condition);
    await refuseOutsideLife(desk, 'approximateEndDate', end);
    refuseBefore(desk, 'approximateEndDate', end, condition.onsetDateTime, 'the day it began');
    await desk.draft.update(
      filled({
        ...(end ? withoutAbatement(condition) : condition),
        clinicalStatus: concept(CONDITION_CLINICAL, 'resolved', 'Resolved'),
        ...(end ? { abatementDateTime: end } : !abated(condition) && { abatementDateTime: desk.today }),
        note: [...(condition.note ?? []), ...annotations(desk, rationale)],
      }),
    );
  },
);
