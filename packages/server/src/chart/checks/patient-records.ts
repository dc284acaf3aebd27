// The records of a patient as a unit of work will leave them.

import type { ExtractResource, ResourceType } from '@medplum/fhirtypes';
import type { ChartDraft } from '../draft.ts';
import { ownerOf } from '../entry.ts';

/** Of one type: stored records, with drafted changes. `query`: further FHIR search parameters. */
export async function recordsOf<T extends ResourceType>(
  draft: ChartDraft,
  type: T,
  patient: string,
  query = '',
): Promise<ExtractResource<T>[]> {
  const stored = await draft.search(type, `patient=Patient/${patient}&_count=1000${query}`);
  const drafted = draft.records.filter((record) => record.type === type);
  const found: ExtractResource<T>[] = [];
  for (const id of new Set([...stored, ...drafted].map((one) => one.id!))) {
    const record = await draft.read(type, id);
    if (record && ownerOf(record) === patient) found.push(record);
  }
  return found;
}
