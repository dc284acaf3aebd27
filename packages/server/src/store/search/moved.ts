// Records that changed while a client paged through a sorted search. Most keep their place and are found there; those that moved
// may now be where earlier pages were.

import type { Resource } from '@medplum/fhirtypes';
import { parseJson } from '@chartwire/sdk/internal/kit/json/parse';
import { indexRecord } from '#r4/search-index.ts';
import type { LogSnapshot } from '../contract.ts';
import { unseen } from './select.ts';
import type { SortKey } from './sort-key.ts';
import { type Database, Values } from './statement.ts';

/** Which of `rows` have been at another place since a snapshot, even if they are back. */
export async function movedSince<R extends { readonly id: string; readonly content: string }>(
  db: Database,
  type: string,
  rows: readonly R[],
  sort: readonly SortKey[],
  since: LogSnapshot,
): Promise<R[]> {
  if (rows.length === 0 || sort.some(({ parameter }) => parameter.code === '_lastUpdated')) return [...rows];
  const values = new Values();
  const ofType = values.add(type);
  const text = `SELECT v.id, v.content::text AS content FROM (
      SELECT e.record_id AS id, min(e.record_version) AS version FROM event e
        WHERE ${unseen(since, values)} AND e.record_type = ${ofType}
          AND e.record_id = ANY(${values.add(rows.map(({ id }) => id))}::text[]) GROUP BY e.record_id
    ) changed JOIN record_version v ON v.type = ${ofType} AND v.id = changed.id AND v.version >= changed.version - 1`;
  const versions = (await db.query(text, [...values.all])).rows as Version[];
  const places = Map.groupBy(versions, ({ id }) => id);
  return rows.filter(({ id, content }) => {
    const place = placeOf(content, sort);
    return places.get(id)?.some((version) => placeOf(version.content, sort) !== place);
  });
}

interface Version {
  readonly id: string;
  /** JSON text; null for a deletion. */
  readonly content: string | null;
}

/** Everything that sort keys use of a record, for comparison. */
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
