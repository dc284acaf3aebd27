// Records that changed while somebody paged through a sorted search. Most stay where they were in its order, and are seen
// there like any; those that moved may have come to where earlier pages were.

import type { Resource } from '@medplum/fhirtypes';
import { parseJson } from '#kit/json/parse.ts';
import { indexRecord } from '#r4/search-index.ts';
import type { Database } from './records.ts';
import type { SortKey } from './sort.ts';

/** Of `rows`, those whose place in the order isn't what it was at a time (ISO 8601). */
export async function movedSince<R extends { readonly id: string; readonly content: string }>(
  db: Database,
  type: string,
  rows: readonly R[],
  sort: readonly SortKey[],
  since: string,
): Promise<R[]> {
  if (rows.length === 0 || sort.some(({ parameter }) => parameter.code === '_lastUpdated')) return [...rows];
  const text = `SELECT DISTINCT ON (v.id) v.id, v.content::text AS content FROM record_version v
    WHERE v.type = $1 AND v.id = ANY($2::text[]) AND v.at <= $3::timestamptz ORDER BY v.id, v.version DESC`;
  const found = (await db.query(text, [type, rows.map(({ id }) => id), since])).rows as Version[];
  const before = new Map(found.map(({ id, content }) => [id, content]));
  return rows.filter(({ id, content }) => placeOf(before.get(id), sort) !== placeOf(content, sort));
}

interface Version {
  readonly id: string;
  /** JSON text; null for a deletion. */
  readonly content: string | null;
}

/** Everything that the keys may take of a record, to be compared. */
function placeOf(content: string | null | undefined, sort: readonly SortKey[]): string {
  if (!content) return '';
  const { tokens, dates, strings, quantities } = indexRecord(parseJson(content) as Resource);
  return JSON.stringify(
    sort.map(({ parameter: { code } }) => [
      tokens.filter((token) => token.startsWith(`${code}=`)).toSorted(),
      ...[dates, strings, quantities].map((values) => values.filter(({ p }) => p === code)),
    ]),
  );
}
