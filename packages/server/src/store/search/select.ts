// A search request as SQL: the page of matches, their number, and the included records.

import type { CriterionOptions } from '#r4/search-criterion.ts';
import type { LogSnapshot, SearchReach } from '../contract.ts';
import { conditions, existing, type Rows, reached } from './condition.ts';
import type { Cursor } from './cursor.ts';
import { orderAtEnd, parseSearch, type SearchRequest } from './request.ts';
import { comesAfter, orderBy, orderingOf } from './sort.ts';
import { type Statement, Values } from './statement.ts';

export type SearchOptions = CriterionOptions & SearchReach;

/** The columns that every statement here returns. */
export const COLUMNS = `r.type, r.id, r.version, r.patient, v.content::text AS content,
  to_char(r.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS updated`;
export const VERSION = 'JOIN record_version v ON v.type = r.type AND v.id = r.id AND v.version = r.version';

/** A row with these columns. */
export interface Row {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly patient: string | null;
  /** JSON text. */
  readonly content: string;
  readonly updated: string;
}

/** The statement for a page of matches: one more than requested, if there are more. */
export function compileSearch(type: string, query: string, options: SearchOptions = {}): Statement {
  return selectPage(parseSearch(type, query, options), options);
}

export function selectPage(request: SearchRequest, reach: SearchReach): Statement {
  const values = new Values();
  return page(request, matching(request, reach, values), values);
}

/** Records changed since the first page of a search, ordered by id. */
export interface Changed {
  readonly since: LogSnapshot;
  /** Position to start after. */
  readonly after: Cursor | undefined;
  /** Records that were already shown. */
  readonly except: readonly string[];
  readonly count: number;
}

/** Records created since aren't included: they appear in sort order. */
export function selectChanged(request: SearchRequest, reach: SearchReach, changed: Changed): Statement {
  const values = new Values();
  const { since, after, except, count } = changed;
  const where = `${matching(request, reach, values)} AND r.id = ANY(ARRAY(
      SELECT e.record_id FROM event e WHERE ${unseen(since, values)} AND e.record_type = ${values.add(request.type)}
    )) AND r.version > 1 AND NOT r.id = ANY(${values.add(except)}::text[])`;
  return page({ ...request, sort: orderAtEnd(request.type), after, offset: 0, count }, where, values);
}

/** The transaction of event `e` isn't visible in the snapshot. */
export function unseen({ epoch, text }: LogSnapshot, values: Values): string {
  const [ofEpoch, snapshot] = [`${values.add(epoch)}::integer`, `${values.add(text)}::pg_snapshot`];
  // The first condition is for the index.
  return `(e.epoch, e.xid) >= (${ofEpoch}, pg_snapshot_xmin(${snapshot}))
    AND (e.epoch > ${ofEpoch} OR NOT pg_visible_in_snapshot(e.xid, ${snapshot}))`;
}

/** Returns each row's sort values in `keys`, for the next page's cursor, and on the first page what it sees. */
function page(request: SearchRequest, where: string, values: Values): Statement {
  const { sort, after } = request;
  const orderings = sort.map((key) => orderingOf(key, request.type, values));
  const names = orderings.map((_, index) => `r.k${index}`);
  const columns = orderings.map(({ expression }, index) => `, ${expression} AS k${index}`).join('');
  const rows = `SELECT r.type, r.id, r.version, r.patient, r.updated_at${columns} FROM record r WHERE ${where}`;
  const limit = `LIMIT ${values.add(request.count + 1)} OFFSET ${values.add(request.offset)}`;
  const ordered = (keys: readonly string[]): string =>
    [...orderings.map((ordering, index) => orderBy(keys[index]!, ordering)), 'r.id'].join(', ');
  const inPlace = orderings.map(({ expression, column }, index) => (column ? expression : `k${index}`));
  // Computes keys that aren't columns once per row: OFFSET keeps PostgreSQL from doing it in every comparison.
  const found =
    after && !orderings.every(({ column }) => column)
      ? `SELECT * FROM (${rows} OFFSET 0) r WHERE ${comesAfter(names, orderings, after, values)} ORDER BY ${ordered(names)}`
      : `${rows}${after ? ` AND ${comesAfter(inPlace, orderings, after, values)}` : ''} ORDER BY ${ordered(
          asksOthers(request) ? inPlace.map(asSum) : inPlace,
        )}`;
  const seen = after ? '' : ', (SELECT epoch FROM instance) AS epoch, pg_current_snapshot()::text AS snapshot';
  // Selects the page first and its content afterwards, so that sorted rows are narrow.
  const text = `WITH r AS MATERIALIZED (
    ${found} ${limit}
  ) SELECT ${COLUMNS}, ARRAY[${names.map((name) => `${name}::text`).join(', ')}] AS keys${seen} FROM r ${VERSION} ORDER BY ${ordered(names)}`;
  return { text, values: values.all };
}

/**
 * PostgreSQL can't estimate conditions on other records: it would scan the type in order of change, hoping to find a page of
 * matches soon. A sum isn't an indexed column, so it finds the matches first and then sorts them.
 */
function asSum(key: string): string {
  return key === 'r.updated_at' ? "r.updated_at + interval '0'" : key;
}

function asksOthers({ criteria }: SearchRequest): boolean {
  return criteria.some(({ kind }) => kind === 'chain' || kind === 'has');
}

export function selectCount(request: SearchRequest, reach: SearchReach): Statement {
  const values = new Values();
  return {
    text: `SELECT count(*)::int AS count FROM record r WHERE ${matching(request, reach, values)}`,
    values: values.all,
  };
}

function matching({ type, criteria }: SearchRequest, reach: SearchReach, values: Values): string {
  const rows: Rows = { alias: 'r', type, reach };
  return [existing(rows, values), ...conditions(criteria, rows, values), ...reached(reach, rows, values)].join(' AND ');
}
