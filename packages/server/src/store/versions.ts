// Reads records: current, at a version, over time, and a whole chart as of a version.

import type { Pool } from 'pg';
import type { Actor } from '@chartwire/sdk/internal/kit/event';
import { parseJson } from '@chartwire/sdk/internal/kit/json/parse';
import type { RecordOf } from '@chartwire/sdk/internal/records/chart-record';
import type { StoredVersion } from './contract.ts';
import { inLivingChart } from './living.ts';
import { ANY_ID, ANY_VERSION, EXACT_TIME, readCursor, writeCursor } from './page-cursor.ts';

export interface VersionRow {
  type: string;
  id: string;
  version: number;
  patient: string | null;
  deleted: boolean;
  at: Date;
  content: string | null;
}

export const COLUMNS = 'v.type, v.id, v.version, v.patient, v.deleted, v.at, v.content::text AS content';

/** The current version, including a deleted record's. */
export async function current<T extends string>(
  pool: Pool,
  type: T,
  id: string,
): Promise<StoredVersion<RecordOf<T>> | undefined> {
  const { rows } = await pool.query<VersionRow>({
    name: 'record_current',
    text: `SELECT ${COLUMNS} FROM record r JOIN record_version v USING (type, id, version) WHERE r.type = $1 AND r.id = $2`,
    values: [type, id],
  });
  return rows[0] && versionOf<T>(rows[0]);
}

/** The current versions of existing records, unordered. */
export async function currentAll<T extends string>(
  pool: Pool,
  references: readonly { type: T; id: string }[],
): Promise<StoredVersion<RecordOf<T>>[]> {
  if (references.length === 0) return [];
  const { rows } = await pool.query<VersionRow>({
    name: 'record_current_all',
    text: `SELECT ${COLUMNS} FROM unnest($1::text[], $2::text[]) AS w(type, id)
      JOIN record r USING (type, id) JOIN record_version v USING (type, id, version)`,
    values: [references.map(({ type }) => type), references.map(({ id }) => id)],
  });
  return rows.map(versionOf<T>);
}

export async function version<T extends string>(
  pool: Pool,
  type: T,
  id: string,
  number: number,
): Promise<StoredVersion<RecordOf<T>> | undefined> {
  const { rows } = await pool.query<VersionRow>({
    name: 'record_version',
    text: `SELECT ${COLUMNS} FROM record_version v WHERE type = $1 AND id = $2 AND version = $3`,
    values: [type, id, number],
  });
  return rows[0] && versionOf<T>(rows[0]);
}

/**
 * Newest first: of one record, or of a whole type. `since` is an ISO 8601 instant. `within`: only records that are in that
 * patient's chart and were then; one that moved to another chart belongs only to that one.
 */
export async function history(
  pool: Pool,
  type: string,
  id: string | undefined,
  page: { count: number; before?: string; since?: string; within?: string },
): Promise<{ versions: StoredVersion[]; next?: string }> {
  const [at, before, number] =
    page.before === undefined ? [] : readCursor(page.before, [EXACT_TIME, ANY_ID, ANY_VERSION]);
  const { rows } = await pool.query<VersionRow & { exact: string }>(
    `SELECT ${COLUMNS}, v.at::text AS exact FROM record_version v
      WHERE type = $1 AND ($2::text IS NULL OR id = $2) AND ($3::timestamptz IS NULL OR at >= $3)
        AND ($4::timestamptz IS NULL OR (at, id, version) < ($4, $5, $6::integer)) AND ($8::text IS NULL OR patient = $8 AND NOT EXISTS (
          SELECT FROM record r WHERE r.type = v.type AND r.id = v.id AND r.patient IS DISTINCT FROM $8))
      ORDER BY at DESC, id DESC, version DESC LIMIT $7`,
    [
      type,
      id ?? null,
      page.since ?? null,
      at ?? null,
      before ?? null,
      number ?? null,
      page.count + 1,
      page.within ?? null,
    ],
  );
  const versions = rows.slice(0, page.count).map(versionOf);
  const last = rows[page.count - 1];
  if (rows.length <= page.count || !last) return { versions };
  return { versions, next: writeCursor([last.exact, last.id, String(last.version)]) };
}

/** Every record of a chart as of `chartVersion`. One that moved to another chart belongs only to that one. */
export async function asOf(pool: Pool, patient: string, chartVersion: number): Promise<StoredVersion[]> {
  const { rows } = await pool.query<VersionRow>({
    name: 'chart_as_of',
    text: `SELECT * FROM (
        SELECT DISTINCT ON (v.type, v.id) ${COLUMNS} FROM record_version v
        WHERE v.patient = $1 AND v.chart_version <= $2 ORDER BY v.type, v.id, v.version DESC
      ) AS newest WHERE NOT deleted AND NOT EXISTS (
        SELECT FROM record r WHERE r.type = newest.type AND r.id = newest.id AND r.patient IS DISTINCT FROM $1)`,
    values: [patient, chartVersion],
  });
  return rows.map(versionOf);
}

/** Records of one type as of the moment when a record of the same chart was written at a version, without deleted ones. */
export async function beside<T extends string>(
  pool: Pool,
  written: { type: string; id: string; version: number },
  others: { type: T; ids: readonly string[] },
): Promise<StoredVersion<RecordOf<T>>[]> {
  if (others.ids.length === 0) return [];
  const { rows } = await pool.query<VersionRow>({
    name: 'records_beside',
    text: `SELECT * FROM (
        SELECT DISTINCT ON (v.id) ${COLUMNS} FROM record_version w
        JOIN record_version v ON v.type = $4 AND v.id = ANY($5) AND v.patient = w.patient AND v.chart_version <= w.chart_version
        WHERE w.type = $1 AND w.id = $2 AND w.version = $3 ORDER BY v.id, v.version DESC
      ) AS newest WHERE NOT deleted`,
    values: [written.type, written.id, written.version, others.type, others.ids],
  });
  return rows.map(versionOf<T>);
}

/** The versions of records that changed their `state`, oldest first. The log has their authors. */
export async function stateChanges<T extends string>(
  pool: Pool,
  type: T,
  ids: readonly string[],
): Promise<(StoredVersion<RecordOf<T>> & { readonly by: Actor | null })[]> {
  const { rows } = await pool.query<VersionRow & { actor: Actor | null }>({
    name: 'state_changes',
    text: `SELECT *, (
        SELECT e.actor FROM event e WHERE e.record_id = changed.id AND e.record_type = changed.type
          AND e.record_version = changed.version LIMIT 1
      ) AS actor FROM (
        SELECT ${COLUMNS}, v.content->>'state' AS state,
          lag(v.content->>'state') OVER (PARTITION BY v.id ORDER BY v.version) AS was
        FROM record_version v WHERE v.type = $1 AND v.id = ANY($2)
      ) AS changed WHERE state IS DISTINCT FROM was ORDER BY id, version`,
    values: [type, ids],
  });
  return rows.map((row) => ({ ...versionOf<T>(row), by: row.actor }));
}

/** Records of one type that are not deleted, by id, largest first. */
export async function entriesOf<T extends string>(
  pool: Pool,
  type: T,
  filter: { patient?: string; token?: string; before?: string; limit: number },
): Promise<StoredVersion<RecordOf<T>>[]> {
  const { rows } = await pool.query<VersionRow>({
    name: 'entries_of',
    text: `SELECT ${COLUMNS} FROM record r JOIN record_version v USING (type, id, version)
      WHERE r.type = $1 AND NOT r.deleted AND ($2::text IS NULL OR r.patient = $2)
        AND ($3::text IS NULL OR r.tokens @> ARRAY[$3]) AND ($4::text IS NULL OR r.id < $4)
      ORDER BY r.id DESC LIMIT $5`,
    values: [type, filter.patient ?? null, filter.token ?? null, filter.before ?? null, filter.limit],
  });
  return rows.map(versionOf<T>);
}

/** Records of one type in several charts or with one of several tokens, without deleted patients' charts. */
export async function recordsOf<T extends string>(
  pool: Pool,
  type: T,
  { patients, tokens }: { readonly patients?: readonly string[]; readonly tokens?: readonly string[] },
): Promise<StoredVersion<RecordOf<T>>[]> {
  const { rows } = await pool.query<VersionRow>({
    name: 'records_of',
    text: `SELECT ${COLUMNS} FROM record r JOIN record_version v USING (type, id, version)
      WHERE r.type = $1 AND NOT r.deleted AND ${inLivingChart('r')} AND ($2::text[] IS NULL OR r.patient = ANY($2))
        AND ($3::text[] IS NULL OR r.tokens && $3) ORDER BY r.id`,
    values: [type, patients ?? null, tokens ?? null],
  });
  return rows.map(versionOf<T>);
}

/** A row of a record of type `T`; the store guarantees that each type's records match it. */
export function versionOf<T extends string = string>(row: VersionRow): StoredVersion<RecordOf<T>> {
  const { type, id, patient, deleted } = row;
  let record: RecordOf<T> | undefined;
  return {
    type,
    id,
    version: row.version,
    patient,
    deleted,
    at: row.at.toISOString(),
    text: row.content ?? undefined,
    get record() {
      record ??= row.content === null ? undefined : (parseJson(row.content) as RecordOf<T>);
      return record;
    },
  };
}
