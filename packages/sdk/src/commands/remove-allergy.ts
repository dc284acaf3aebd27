// Remove Allergy: an allergy on the list was a mistake, or no longer applies.

import { defineCommand } from '#kit/command-kind.ts';
import { filled } from '#kit/filled.ts';
import { Option, text } from '#kit/schema.ts';
import { ALLERGY_CLINICAL } from '#kit/systems.ts';
import { concept } from './concepts.ts';
import { refuseEnded, refuseMistaken } from './standing.ts';
import { annotations } from './visit.ts';

export const RemoveAllergy = defineCommand(
  {
    key: 'removeAllergy',
    prefix: 'REMOVE_ALLERGY',
    label: 'Remove Allergy',
    summary: 'An allergy on the patient’s list is none, or no longer one.',
    fields: {
      allergy: {
        label: 'Allergy',
        schema: Option,
        needed: true,
        search: { from: 'chart', type: 'AllergyIntolerance', filter: 'clinical-status=active' },
      },
      narrative: { label: 'Reason', schema: text(512) },
    },
  },
  async ({ allergy: option, narrative }, desk) => {
    const allergy = await desk.chosen('AllergyIntolerance', 'allergy', option);
    refuseMistaken(desk, 'allergy', allergy);
    refuseEnded(desk, 'allergy', allergy);
    await desk.draft.update(
      filled({
        ...allergy,
        // Not `resolved`, which means a tested re-exposure, and not refuted: it only no longer counts.
        clinicalStatus: concept(ALLERGY_CLINICAL, 'inactive', 'Inactive'),
        note: [...(allergy.note ?? []), ...annotations(desk, narrative)],
      }),
    );
  },
);
