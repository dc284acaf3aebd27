// From what was handed out to the rows that say so: one row a patient, however many records there were.

import type { AuditRow } from './row.ts';

/** A version of a record that somebody was given, or wrote. */
export interface Disclosed {
  readonly type: string;
  readonly id: string;
  readonly version?: number;
  /** Whose chart it's in; null outside any chart. */
  readonly patient: string | null;
}

/** What is the same for all rows of one access. */
export type AccessRow = Omit<AuditRow, 'type' | 'record' | 'version' | 'patient' | 'records'>;

/** What an access was about, as far as it says so itself. */
export interface About {
  readonly type?: string;
  readonly id?: string;
  readonly patients?: readonly string[];
}

/** One row for each patient that `about` or `disclosed` names, and one for what is outside any chart; one in any case. */
export function rowsOf(access: AccessRow, about: About, disclosed: readonly Disclosed[]): AuditRow[] {
  const byPatient = Map.groupBy(disclosed, ({ patient }) => patient);
  for (const patient of about.patients ?? []) if (!byPatient.has(patient)) byPatient.set(patient, []);
  if (byPatient.size === 0) byPatient.set(null, []);
  return Array.from(byPatient, ([patient, records]) => ({ ...access, ...named(about, records), patient }));
}

/** What one row says of records: the one that the access was about, or the only one; the others as a list. */
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
