// A record in another chart: each reference to the old patient becomes one to the new. Nothing else changes.

import { copyJson, fromEntriesOf, keepLiterals } from '@chartwire/sdk/internal/kit/json/literals';
import { type ChartRecord, isEntry } from '@chartwire/sdk/internal/records/chart-record';
import { relinked } from '#r4/links.ts';

/** FHIR ids of the patients: the chart it leaves, and the chart it enters. */
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

/** A reference to a version becomes one to the patient, since the other patient's versions were never meant. */
function movedReference(text: string, { source, target }: Move): string {
  const [record] = text.split('/_history/');
  return record === `Patient/${source}` ? `Patient/${target}` : text;
}

/** A field contains a reference as its entire text; user text that mentions a patient is left alone. */
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
