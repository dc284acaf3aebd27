// Vital signs: one event a reading. The panel that groups readings is no reading, and falls to Observation.

import type { Observation } from '@medplum/fhirtypes';
import { defineRecord } from '#kit/record-kind.ts';
import { OBSERVATION_CATEGORY } from '#kit/systems.ts';
import { hasCoding } from './codings.ts';

const VITAL_SIGNS: ReadonlySet<string> = new Set(['vital-signs']);

/** It has members, and no value or component of its own. */
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
