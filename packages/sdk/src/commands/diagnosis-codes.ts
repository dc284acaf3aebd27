// The conditions an order is for, as ICD-10-CM codes.

import { Type } from 'typebox';
import { Option } from '#kit/schema.ts';
import { ICD10CM } from '#kit/systems.ts';

/** At most `maxItems` of them. */
export function diagnosisCodes(maxItems: number) {
  return {
    label: 'Indications',
    schema: Type.Array(Option, { maxItems }),
    search: { from: 'terms', systems: [ICD10CM] },
  } as const;
}
