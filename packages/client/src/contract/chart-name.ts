// A patient's chart as a heading names it. The record number tells apart twins with the same name.

import { type Static, Type } from 'typebox';
import { FhirId, orNull } from './parameters.ts';

export const ChartName = Type.Object({
  id: FhirId,
  name: orNull(Type.String()),
  number: orNull(Type.String({ description: 'The medical record number, or another identifier where there is none.' })),
});
export type ChartName = Static<typeof ChartName>;
