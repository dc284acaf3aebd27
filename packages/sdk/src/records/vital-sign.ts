// Vital signs: one event per reading. The panel that groups readings isn't one, and counts as an Observation.

import type { Observation } from '@medplum/fhirtypes';
import { defineRecord } from '#kit/record-kind.ts';
import { OBSERVATION_CATEGORY } from '#kit/systems.ts';
import { hasCoding } from './codings.ts';

const VITAL_SIGNS: ReadonlySet<string> = new Set(['vital-signs']);

/** It has members, but no value or component. */
function isPanel(observation: Observation): boolean {
  const valued = Object.keys(observation).some((key) => key.startsWith('value'));
  return Boolean(observation.hasMember?.length) && !valued && !observation.component?.length;
}

export const VitalSign = defineRecord({
  prefix: 'VITAL_SIGN',
  resource: 'Observation',
  label: 'Vital sign',
  summary: 'One reading: a blood pressure, a weight, a temperature.',
  where: 'category is `vital-signs`; a panel that only groups readings is not one itself',
  is: (observation) => hasCoding(observation.category, OBSERVATION_CATEGORY, VITAL_SIGNS) && !isPanel(observation),
});
