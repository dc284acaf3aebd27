// Reports as they arrive: what waits to be reviewed, and what was, the latest first.

import type { Resource } from '@medplum/fhirtypes';
import { inLivingChart } from './living.ts';
import { ANY_ID, ANY_TYPE, EXACT_TIME, readCursor, writeCursor } from './page-cursor.ts';
import type { Reader } from './snapshot.ts';

export interface ReportQuery {
  readonly types: readonly string[];
  readonly patient: string | null;
  /** Tokens of which a report must have one. */
  readonly having?: readonly string[];
  /** Tokens of which it must have none. */
  readonly lacking: readonly string[];
  readonly after?: string;
  readonly limit: number;
}

export interface FoundReport {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly patient: string | null;
  /** When it was last written. */
  readonly changedAt: Date;
  readonly resource: Resource;
}

/** Of charts only: what is of nobody yet waits in the inbox. */
export async function findReports(
  reader: Reader,
  query: ReportQuery,
): Promise<{ items: FoundReport[]; next: string | null }> {
  const [at, type, id] = query.after === undefined ? [] : readCursor(query.after, [EXACT_TIME, ANY_TYPE, ANY_ID]);
  const { rows } = await reader.query<FoundReport & { exact: string }>({
    name: 'find_reports',
    // Each type by itself: so each is read in the order of its index, and no further than the page goes.
    text: `SELECT n.type, n.id, n.version, n.patient, n.updated_at AS "changedAt", n.updated_at::text AS exact, v.content AS resource
      FROM unnest($1::text[]) AS w(type) CROSS JOIN LATERAL (
        SELECT r.type, r.id, r.version, r.patient, r.updated_at FROM record r
        WHERE r.type = w.type AND NOT r.deleted AND r.patient IS NOT NULL AND ${inLivingChart('r')}
          AND ($2::text IS NULL OR r.patient = $2)
          AND ($3::text[] IS NULL OR r.tokens && $3) AND NOT r.tokens && $4
          AND ($5::timestamptz IS NULL OR (r.updated_at, r.type, r.id) < ($5, $6, $7))
        ORDER BY r.updated_at DESC, r.id DESC LIMIT $8
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
    ],
  });
  const last = rows[query.limit - 1];
  const items = rows.slice(0, query.limit).map(({ exact: _, ...report }) => report);
  return { items, next: rows.length > query.limit && last ? writeCursor([last.exact, last.type, last.id]) : null };
}
