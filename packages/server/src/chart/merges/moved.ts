// A record as it is in another chart: every reference to the one patient names the other. Nothing else of it changes.

import { copyJson, fromEntriesOf, keepLiterals } from '@chartwire/sdk/internal/kit/json/literals';
import { type ChartRecord, isEntry } from '@chartwire/sdk/internal/records/chart-record';
import { relinked } from '#r4/links.ts';

/** FHIR ids of the patients: whose chart it leaves, and whose it comes to. */
export interface Move {
  readonly source: string;
  readonly target: string;
}

export function movedRecord(record: ChartRecord, move: Move): ChartRecord {
  if (!isEntry(record)) {
    return relinked(record, record.resourceType, ({ text, kind }) =>
      kind === 'reference' ? movedReference(text, move) : text,
    ) as ChartRecord;
  }
  const copy = copyJson(record);
  const patient = copy.patient === move.source ? move.target : copy.patient;
  if (copy.resourceType === 'Note') return { ...copy, patient };
  return { ...copy, patient, fields: movedFields(copy.fields, move) };
}

/** A version of the other patient was never meant: a reference to a version becomes one to the patient. */
function movedReference(text: string, { source, target }: Move): string {
  const [record] = text.split('/_history/');
  return record === `Patient/${source}` ? `Patient/${target}` : text;
}

/** A field holds a reference as a text of its own; what somebody wrote is another text, even if it names a patient. */
function movedFields<T>(value: T, move: Move): T {
  if (typeof value === 'string') return movedReference(value, move) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => movedFields(item, move));
    return keepLiterals(items, value) as T;
  }
  return fromEntriesOf(
    value,
    Object.entries(value).map(([key, child]) => [key, movedFields(child, move)]),
  ) as T;
}
