// A chart as a page reads it: its newest records of many types at once, and its timeline. One statement each, so that everything
// shown is consistent.

import type { Resource } from '@medplum/fhirtypes';
import type { Pool } from 'pg';
import type { ChartRecord } from '@chartwire/sdk/internal/records/chart-record';
import { ANY_ID, ANY_TYPE, EXACT_TIME, readCursor, writeCursor } from './page-cursor.ts';

/** Which records of a type. */
export interface Wanted {
  readonly type: string;
  /** Search parameters for the record's date: the latest of their values counts, or else the day it was written. */
  readonly dates: readonly string[];
  /** Search tokens, of which a record must have one. */
  readonly tokens?: readonly string[];
}

export interface ChartRecords {
  readonly version: number;
  /** In the order requested, newest first. */
  readonly records: ReadonlyMap<string, Resource[]>;
  /** Types with more records than requested. */
  readonly cut: readonly string[];
}

/** The date of record `r` from the search index; `w.dates` has the parameters. */
const WHEN = `coalesce(
  (SELECT max(s.low) FROM search_date s WHERE s.type = r.type AND s.id = r.id AND s.param = ANY(w.dates) AND isfinite(s.low)),
  (SELECT f.at FROM record_version f WHERE f.type = r.type AND f.id = r.id AND f.version = 1))`;

/** Up to `most` records of each type; undefined for an unknown patient. */
export async function readChart(
  pool: Pool,
  patient: string,
  wanted: readonly Wanted[],
  most: number,
): Promise<ChartRecords | undefined> {
  const { rows } = await pool.query<{ version: number; type: string | null; content: Resource }>({
    name: 'read_chart',
    text: `SELECT c.version::float8 AS version, n.type, n.content FROM chart c LEFT JOIN LATERAL (
        SELECT w.place, k.type, k.at, k.id, v.content
        FROM json_to_recordset($2) AS w(place integer, type text, dates text[], tokens text[])
        CROSS JOIN LATERAL (
          SELECT r.type, r.id, r.version, ${WHEN} AS at FROM record r
          WHERE r.patient = c.patient AND r.type = w.type AND NOT r.deleted
            AND (w.tokens IS NULL OR r.tokens && w.tokens)
          ORDER BY at DESC, r.id DESC LIMIT $3
        ) k JOIN record_version v ON v.type = k.type AND v.id = k.id AND v.version = k.version
      ) n ON true WHERE c.patient = $1 ORDER BY n.place, n.at DESC, n.id DESC`,
    values: [patient, JSON.stringify(wanted.map((one, place) => ({ place, ...one }))), most + 1],
  });
  if (!rows[0]) return undefined;
  const records = new Map(wanted.map(({ type }): [string, Resource[]] => [type, []]));
  for (const { type, content } of rows) if (type !== null) records.get(type)!.push(content);
  const cut = [...records].flatMap(([type, found]) => (found.splice(most).length > 0 ? [type] : []));
  return { version: rows[0].version, records, cut };
}

/** A record at its place in time. */
export interface Moment {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  /** ISO 8601. */
  readonly at: string;
  readonly record: ChartRecord;
}

/** Which records of a type a timeline shows. */
export interface Shown extends Omit<Wanted, 'tokens'> {
  /** Records with one of these tokens are left out. */
  readonly without: readonly string[];
  /**
   * Also left out: records that another valid record of the chart shows. By its type, the token's prefix before the id; for a
   * command `made=Observation/`.
   */
  readonly told?: Readonly<Record<string, string>>;
  /** Also left out: records with a token that begins with one of these, since the record they name is shown instead. */
  readonly naming?: readonly string[];
}

/** Newest first, all types together. */
export async function readTimeline(
  pool: Pool,
  patient: string,
  shown: readonly Shown[],
  page: { after?: string; limit: number },
): Promise<{ items: Moment[]; next: string | null }> {
  const [at, type, id] = page.after === undefined ? [] : readCursor(page.after, [EXACT_TIME, ANY_TYPE, ANY_ID]);
  const { rows } = await pool.query<Omit<Moment, 'at' | 'record'> & { at: Date; exact: string; content: ChartRecord }>({
    name: 'read_timeline',
    // Looked up once for the whole chart; one lookup per record would take seconds in a large chart.
    text: `WITH told AS MATERIALIZED (
        SELECT t.type, substr(token, length(t.prefix) + 1) AS id
        FROM json_to_recordset($7) AS t(type text, by text, prefix text)
        JOIN record b ON b.patient = $1 AND b.type = t.by AND NOT b.deleted AND NOT b.tokens && '{status=|entered-in-error}'
        CROSS JOIN LATERAL unnest(b.tokens) AS token WHERE starts_with(token, t.prefix)
      )
      SELECT k.type, k.id, k.version, k.at, k.at::text AS exact, v.content FROM (
        SELECT r.type, r.id, r.version, ${WHEN} AS at
        FROM json_to_recordset($2) AS w(type text, dates text[], without text[], naming text[])
        JOIN record r ON r.patient = $1 AND r.type = w.type AND NOT r.deleted AND NOT r.tokens && w.without
        WHERE (r.type, r.id) NOT IN (SELECT told.type, told.id FROM told)
          AND (w.naming IS NULL OR NOT EXISTS (SELECT FROM unnest(r.tokens) AS token, unnest(w.naming) AS prefix
            WHERE starts_with(token, prefix)))
      ) k JOIN record_version v USING (type, id, version)
      WHERE $3::timestamptz IS NULL OR (k.at, k.type, k.id) < ($3, $4, $5)
      ORDER BY k.at DESC, k.type DESC, k.id DESC LIMIT $6`,
    values: [
      patient,
      JSON.stringify(shown),
      at ?? null,
      type ?? null,
      id ?? null,
      page.limit + 1,
      JSON.stringify(shown.flatMap(tellersOf)),
    ],
  });
  const last = rows[page.limit - 1];
  const items = rows.slice(0, page.limit).map(({ content, exact, ...row }) => ({
    ...row,
    at: row.at.toISOString(),
    record: content,
  }));
  return { items, next: rows.length > page.limit && last ? writeCursor([last.exact, last.type, last.id]) : null };
}

function tellersOf({ type, told = {} }: Shown): { type: string; by: string; prefix: string }[] {
  return Object.entries(told).map(([by, prefix]) => ({ type, by, prefix }));
}
