// Reports as they arrive: those to review, and those reviewed, latest first.

import type { Resource } from '@medplum/fhirtypes';
import { inLivingChart } from './living.ts';
import { ANY_ID, ANY_TYPE, EXACT_TIME, readCursor, writeCursor } from './page-cursor.ts';
import type { Reader } from './snapshot.ts';

export interface ReportQuery {
  readonly types: readonly string[];
  readonly patient: string | null;
  /** Tokens of which a report or document must have one. */
  readonly having?: readonly string[];
  /** Tokens of which it must have none. */
  readonly lackingMarks?: readonly string[];
  /** Marks of which an Observation must have one. */
  readonly marks: readonly string[];
  /** Tokens that exclude an item from the list. */
  readonly lacking: readonly string[];
  readonly after?: string;
  readonly limit: number;
}

export interface FoundReport {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly patient: string | null;
  /** Time of its last change. */
  readonly changedAt: Date;
  readonly resource: Resource;
}

/** Our own parameter in the string index: marks an Observation that waits for a review, or had one. */
export const REVIEW_MARK = '_review';

function listed(from: string, which: string): string {
  return `SELECT r.type, r.id, r.version, r.patient, r.updated_at FROM ${from}
          WHERE ${which} AND NOT r.deleted AND r.patient IS NOT NULL AND ${inLivingChart('r')}
            AND ($2::text IS NULL OR r.patient = $2) AND NOT r.tokens && $4
            AND ($5::timestamptz IS NULL OR (r.updated_at, r.type, r.id) < ($5, $6, $7))
          ORDER BY r.updated_at DESC, r.id DESC LIMIT $8`;
}

/** Only of charts: unmatched documents wait in the inbox. */
export async function findReports(
  reader: Reader,
  query: ReportQuery,
): Promise<{ items: FoundReport[]; next: string | null }> {
  const [at, type, id] = query.after === undefined ? [] : readCursor(query.after, [EXACT_TIME, ANY_TYPE, ANY_ID]);
  const { rows } = await reader.query<FoundReport & { exact: string }>({
    name: 'find_reports',
    // Each type separately, so that each is read in index order, and only as far as the page goes. For Observations only the few
    // with a mark.
    text: `WITH marked AS MATERIALIZED (
        SELECT s.id FROM search_string s
        WHERE s.type = 'Observation' AND s.param = '${REVIEW_MARK}' AND s.value = ANY($9) AND 'Observation' = ANY($1)
      )
      SELECT n.type, n.id, n.version, n.patient, n.updated_at AS "changedAt", n.updated_at::text AS exact, v.content AS resource
      FROM (
        SELECT m.* FROM unnest($1::text[]) AS w(type) CROSS JOIN LATERAL (
          ${listed('record r', "r.type = w.type AND w.type <> 'Observation' AND ($3::text[] IS NULL OR r.tokens && $3) AND NOT r.tokens && $10")}
        ) m
        UNION ALL (${listed("marked k JOIN record r ON r.type = 'Observation' AND r.id = k.id", 'true')})
      ) n JOIN record_version v ON v.type = n.type AND v.id = n.id AND v.version = n.version
      ORDER BY n.updated_at DESC, n.type DESC, n.id DESC LIMIT $8`,
    values: [
      query.types,
      query.patient,
      query.having ?? null,
      query.lacking,
      at ?? null,
      type ?? null,
      id ?? null,
      query.limit + 1,
      query.marks,
      query.lackingMarks ?? [],
    ],
  });
  const last = rows[query.limit - 1];
  const items = rows.slice(0, query.limit).map(({ exact: _, ...report }) => report);
  return { items, next: rows.length > query.limit && last ? writeCursor([last.exact, last.type, last.id]) : null };
}
