// Audit rows for disclosures: one row per patient, for any number of records.

import type { AuditRow } from './row.ts';

/** A version of a record that was disclosed or written. */
export interface Disclosed {
  readonly type: string;
  readonly id: string;
  readonly version?: number;
  /** Its patient; null outside any chart. */
  readonly patient: string | null;
}

/** What all rows of one access share. */
export type AccessRow = Omit<AuditRow, 'type' | 'record' | 'version' | 'patient' | 'records'>;

/** What an access says about its own subject. */
export interface About {
  readonly type?: string;
  readonly id?: string;
  readonly patients?: readonly string[];
}

/** One row for each patient in `about` or `disclosed`, and one for records outside any chart; at least one. */
export function rowsOf(access: AccessRow, about: About, disclosed: readonly Disclosed[]): AuditRow[] {
  const byPatient = Map.groupBy(disclosed, ({ patient }) => patient);
  for (const patient of about.patients ?? []) if (!byPatient.has(patient)) byPatient.set(patient, []);
  if (byPatient.size === 0) byPatient.set(null, []);
  return Array.from(byPatient, ([patient, records]) => ({ ...access, ...named(about, records), patient }));
}

/** The records in a row: the subject or the only one; all others as a list. */
function named(
  { type, id }: About,
  records: readonly Disclosed[],
): Pick<AuditRow, 'type' | 'record' | 'version' | 'records'> {
  const [only, ...others] = records;
  const single = others.length === 0 ? only : undefined;
  if (single && (id === undefined || (single.type === type && single.id === id))) {
    return { type: single.type, record: single.id, version: single.version ?? null, records: null };
  }
  return { type: type ?? null, record: id ?? null, version: null, records: only ? listOf(records) : null };
}

function listOf(records: readonly Disclosed[]): AuditRow['records'] {
  const byType = Map.groupBy(records, ({ type }) => type);
  return Object.fromEntries(Array.from(byType, ([type, some]) => [type, [...new Set(some.map(versionOf))]]));
}

function versionOf({ id, version }: Disclosed): string {
  return version === undefined ? id : `${id}@${version}`;
}
