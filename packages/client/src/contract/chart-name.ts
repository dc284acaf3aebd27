// A patient's chart, named by whose it is.

import { type Static, Type } from 'typebox';
import { FhirId, orNull } from './parameters.ts';

export const ChartName = Type.Object({ id: FhirId, name: orNull(Type.String()) });
export type ChartName = Static<typeof ChartName>;
