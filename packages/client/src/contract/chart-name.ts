// A patient's chart, named by whose it is. Twins may share a name: the number tells them apart.

import { type Static, Type } from 'typebox';
import { FhirId, orNull } from './parameters.ts';

export const ChartName = Type.Object({
  id: FhirId,
  name: orNull(Type.String()),
  number: orNull(Type.String({ description: 'The medical record number, or another identifier where there is none.' })),
});
export type ChartName = Static<typeof ChartName>;
