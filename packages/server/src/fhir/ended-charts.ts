// A search for records of a patient whose chart was merged into another one finds none of them: they are in that chart. An
// empty answer would read as "no allergies", so it says where they are.

import type { ResourceType } from '@medplum/fhirtypes';
import type { Fault } from '@chartwire/sdk/internal/kit/errors';
import { searchParameter } from '#r4/search-parameters.ts';
import type { Door } from './interaction.ts';

/** A warning for each patient in the query whose chart was merged. */
export async function endedCharts(door: Door, type: ResourceType, query: URLSearchParams): Promise<Fault[]> {
  const named = [...query].flatMap(([name, value]) => patientsIn(type, name, value));
  const survivors = await door.reader.lists.survivors([...new Set(named)]);
  return [...survivors].map(([source, target]) => ({
    path: '',
    message: `The chart of Patient/${source} was merged into the chart of Patient/${target}. Its records are there: search for those of Patient/${target}.`,
    issue: 'informational',
  }));
}

/** Ids: a reference, or an id by itself where the parameter leads to patients. */
function patientsIn(type: ResourceType, name: string, value: string): string[] {
  const [code, modifier] = name.split(':');
  if (modifier !== undefined && modifier !== 'Patient') return [];
  if (!searchParameter(type, code!)?.target?.includes('Patient')) return [];
  return value.split(',').flatMap((one) => /^(?:.*\bPatient\/)?([A-Za-z0-9.-]{1,64})$/.exec(one.trim())?.[1] ?? []);
}
