// Merged charts: what a merge must move, where moved records came from, and which charts are one.

import type { Pool } from 'pg';
import type { RecordOf } from '@chartwire/sdk/internal/records/chart-record';
import type { Held, MergeWrite, StoredVersion } from './contract.ts';
import type { Reader } from './snapshot.ts';
import { COLUMNS, currentAll, type VersionRow, versionOf } from './versions.ts';

/** A merge in effect. The versions are those of both charts after it. */
export type StoredMerge = Omit<MergeWrite, 'undo' | 'spans'>;

export class Merges {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** The merge that ended a chart; undefined if there is none. */
  async of(source: string): Promise<StoredMerge | undefined> {
    const { rows } = await this.#pool.query<Row>({
      name: 'merge_of',
      text: `SELECT ${MERGE} FROM patient_merge WHERE source = $1`,
      values: [source],
    });
    return rows[0] && mergeOf(rows[0]);
  }

  /** Merges into a chart, newest first. */
  async into(target: string): Promise<StoredMerge[]> {
    const { rows } = await this.#pool.query<Row>({
      name: 'merges_into',
      text: `SELECT ${MERGE} FROM patient_merge WHERE target = $1 ORDER BY at DESC, source`,
      values: [target],
    });
    return rows.map(mergeOf);
  }

  /** Where patients' records are now: for merged charts, the chart at the end of the chain. */
  async survivors(patients: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (patients.length === 0) return new Map();
    const { rows } = await this.#pool.query<{ source: string; target: string }>({
      name: 'merge_survivors',
      text: 'SELECT source, merged_into(source) AS target FROM patient_merge WHERE source = ANY($1)',
      values: [patients],
    });
    return new Map(rows.map(({ source, target }) => [source, target]));
  }

  /** Current versions of records, including deleted ones. */
  current<T extends string>(
    references: readonly { readonly type: T; readonly id: string }[],
  ): Promise<StoredVersion<RecordOf<T>>[]> {
    return currentAll(this.#pool, references);
  }

  /** The version of a chart; 0 if it doesn't exist. */
  async chartVersion(patient: string): Promise<number> {
    const { rows } = await this.#pool.query<{ version: number }>({
      name: 'chart_version',
      text: 'SELECT version::float8 AS version FROM chart WHERE patient = $1',
      values: [patient],
    });
    return rows[0]?.version ?? 0;
  }

  /** The version up to which nothing but undone merges happened in a chart, from a given version on. */
  async unchangedUpTo(patient: string, chartVersion: number): Promise<number> {
    const { rows } = await this.#pool.query<{ before: number; after: number }>({
      name: 'undone_spans',
      text: `SELECT version_before::float8 AS before, version_after::float8 AS after FROM undone_merge
        WHERE chart = $1 AND version_before >= $2 ORDER BY version_before`,
      values: [patient, chartVersion],
    });
    return rows.reduce((version, { before, after }) => (before === version ? after : version), chartVersion);
  }

  /** The charts of record versions, and the chart version at which each was written. Leaves out records outside charts. */
  async chartsOf(written: readonly Held[]): Promise<{ patient: string; chartVersion: number }[]> {
    const { rows } = await this.#pool.query<{ patient: string; chartVersion: number }>({
      name: 'charts_of_versions',
      text: `SELECT DISTINCT v.patient, v.chart_version::float8 AS "chartVersion"
        FROM unnest($1::text[], $2::text[], $3::integer[]) AS w(type, id, version)
        JOIN record_version v USING (type, id, version) WHERE v.patient IS NOT NULL`,
      values: [written.map(({ type }) => type), written.map(({ id }) => id), written.map(({ version }) => version)],
    });
    return rows;
  }

  /** Number of records of each type in a chart, without its patient. */
  async counts(patient: string): Promise<Record<string, number>> {
    const { rows } = await this.#pool.query<{ type: string; count: number }>({
      name: 'chart_counts',
      text: `SELECT r.type, count(*)::integer AS count FROM record r
        WHERE r.patient = $1 AND NOT r.deleted AND r.type <> 'Patient' GROUP BY r.type ORDER BY r.type`,
      values: [patient],
    });
    return Object.fromEntries(rows.map(({ type, count }) => [type, count]));
  }

  /** The current records of a chart without its patient, in the order written. */
  async recordsOf(patient: string, types?: readonly string[]): Promise<StoredVersion[]> {
    const { rows } = await this.#pool.query<VersionRow>({
      name: 'chart_records',
      text: `SELECT ${COLUMNS} FROM record r JOIN record_version v USING (type, id, version)
        WHERE r.patient = $1 AND NOT r.deleted AND r.type <> 'Patient' AND ($2::text[] IS NULL OR r.type = ANY($2))
        ORDER BY v.at, v.type, v.id`,
      values: [patient, types ?? null],
    });
    return rows.map(versionOf);
  }

  /** Records outside a chart that refer to its patient. */
  async recordsNaming(
    token: string,
    { source, target }: Pick<MergeWrite, 'source' | 'target'>,
  ): Promise<StoredVersion[]> {
    const { rows } = await this.#pool.query<VersionRow>({
      name: 'records_naming',
      text: `SELECT ${COLUMNS} FROM record r JOIN record_version v USING (type, id, version) WHERE ${NAMING} ORDER BY v.type, v.id`,
      values: [[token], source, target],
    });
    return rows.map(versionOf);
  }

  async countNaming(token: string, { source, target }: Pick<MergeWrite, 'source' | 'target'>): Promise<number> {
    const { rows } = await this.#pool.query<{ count: number }>({
      name: 'count_naming',
      text: `SELECT count(*)::integer AS count FROM record r WHERE ${NAMING}`,
      values: [[token], source, target],
    });
    return rows[0]!.count;
  }

  /** What one unit of work wrote into a chart, in its current version. */
  async writtenAt(patient: string, chartVersion: number): Promise<Held[]> {
    const { rows } = await this.#pool.query<Held>({
      name: 'written_at',
      text: 'SELECT type, id, version FROM record_version WHERE patient = $1 AND chart_version = $2',
      values: [patient, chartVersion],
    });
    return rows;
  }

  /** Versions of records, unordered; nonexistent ones are absent. */
  async versions(wanted: readonly Held[]): Promise<StoredVersion[]> {
    const { rows } = await this.#pool.query<VersionRow>({
      name: 'versions_all',
      text: `SELECT ${COLUMNS} FROM unnest($1::text[], $2::text[], $3::integer[]) AS w(type, id, version)
        JOIN record_version v USING (type, id, version)`,
      values: [wanted.map(({ type }) => type), wanted.map(({ id }) => id), wanted.map(({ version }) => version)],
    });
    return rows.map(versionOf);
  }

  /** What happened in a chart after a version: the first few, oldest first. */
  async since(patient: string, chartVersion: number): Promise<{ type: string; at: string }[]> {
    const { rows } = await this.#pool.query<{ type: string; at: Date }>({
      name: 'chart_since',
      text: `SELECT type, at FROM event WHERE patient = $1 AND chart_version > $2 ORDER BY epoch, xid, seq LIMIT 3`,
      values: [patient, chartVersion],
    });
    return rows.map(({ type, at }) => ({ type, at: at.toISOString() }));
  }

  /** For records of a type in a chart: which of them originated in another chart, and whose it was. */
  async origins(type: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (ids.length === 0) return new Map();
    const { rows } = await this.#pool.query<{ id: string; patient: string }>({
      name: 'record_origins',
      text: `SELECT f.id, f.patient FROM record r JOIN record_version f ON f.type = r.type AND f.id = r.id AND f.version = 1
        WHERE r.type = $1 AND r.id = ANY($2) AND f.patient <> r.patient`,
      values: [type, ids],
    });
    return new Map(rows.map(({ id, patient }) => [id, patient]));
  }
}

/** A patient and all patients whose charts were merged into theirs, directly or indirectly. */
export async function everyIdOf(reader: Reader, patient: string): Promise<string[]> {
  const { rows } = await reader.query<{ id: string }>({
    name: 'merge_ids',
    text: `WITH RECURSIVE one AS (
        SELECT $1::text AS id UNION SELECT m.source FROM one JOIN patient_merge m ON m.target = one.id
      ) SELECT id FROM one`,
    values: [patient],
  });
  return rows.map(({ id }) => id);
}

/** A chart where a patient's records are or were because of a merge, with the period. */
export interface Stay {
  readonly chart: string;
  /** ISO 8601 with microseconds. `to` is exclusive, and null if they are still there. */
  readonly from: string;
  readonly to: string | null;
}

/** The stays of a patient's records in other charts, including indirect and undone merges. */
export async function staysOf(reader: Reader, patient: string): Promise<Stay[]> {
  const { rows } = await reader.query<Stay>({
    name: 'merge_stays',
    text: `WITH RECURSIVE merged AS (
        SELECT source, target, at, 'infinity'::timestamptz AS until FROM patient_merge
        UNION ALL SELECT source, target, merged_at, undone_at FROM undone_merge WHERE chart = source
      ), stay AS (
        SELECT $1::text AS chart, '-infinity'::timestamptz AS since, 'infinity'::timestamptz AS until
        UNION SELECT m.target, greatest(s.since, m.at), least(s.until, m.until)
        FROM stay s JOIN merged m ON m.source = s.chart AND m.at < s.until AND m.until > s.since
      ) SELECT chart, since::text AS from, nullif(until, 'infinity')::text AS to FROM stay WHERE chart <> $1`,
    values: [patient],
  });
  return rows;
}

/** The two patients are written anyway; nothing is written into the chart of a deleted or merged patient. */
const NAMING = `r.tokens && $1 AND NOT r.deleted AND r.patient IS DISTINCT FROM $2 AND NOT (r.type = 'Patient' AND r.id = $3)
  AND NOT EXISTS (SELECT FROM patient_merge m WHERE m.source = r.patient)
  AND NOT EXISTS (SELECT FROM record p WHERE p.type = 'Patient' AND p.id = r.patient AND p.deleted)`;

const MERGE = `source, target, at, by, reason, source_version::float8 AS "sourceVersion",
  target_version::float8 AS "targetVersion", elsewhere`;

type Row = Omit<StoredMerge, 'at'> & { readonly at: Date };

function mergeOf(row: Row): StoredMerge {
  return { ...row, at: row.at.toISOString() };
}
