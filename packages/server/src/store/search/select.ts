// A search request as SQL: the page of matches, their number, and the records that go along.

import type { CriterionOptions } from '#r4/search-criterion.ts';
import type { LogSnapshot, SearchReach } from '../contract.ts';
import { conditions, existing, type Rows, reached } from './condition.ts';
import type { Cursor } from './cursor.ts';
import { orderAtEnd, parseSearch, type SearchRequest } from './request.ts';
import { comesAfter, orderBy, orderingOf } from './sort.ts';
import { type Statement, Values } from './statement.ts';

export type SearchOptions = CriterionOptions & SearchReach;

/** What every statement here returns of a record. */
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

/** The statement of a page of matches: one more than asked for, if there are more. */
export function compileSearch(type: string, query: string, options: SearchOptions = {}): Statement {
  return selectPage(parseSearch(type, query, options), options);
}

export function selectPage(request: SearchRequest, reach: SearchReach): Statement {
  const values = new Values();
  return page(request, matching(request, reach, values), values);
}

/** Records that changed since the first page of a search was made, in the order of their ids. */
export interface Changed {
  readonly since: LogSnapshot;
  /** Behind which of them to begin. */
  readonly after: Cursor | undefined;
  /** Those that need not be shown again. */
  readonly except: readonly string[];
  readonly count: number;
}

/** What is new since then isn't changed: it comes where the order has it. */
export function selectChanged(request: SearchRequest, reach: SearchReach, changed: Changed): Statement {
  const values = new Values();
  const { since, after, except, count } = changed;
  const where = `${matching(request, reach, values)} AND r.id = ANY(ARRAY(
      SELECT e.record_id FROM event e WHERE ${unseen(since, values)} AND e.record_type = ${values.add(request.type)}
    )) AND r.version > 1 AND NOT r.id = ANY(${values.add(except)}::text[])`;
  return page({ ...request, sort: orderAtEnd(request.type), after, offset: 0, count }, where, values);
}

/** That the transaction of event `e` was not seen by a snapshot. */
export function unseen({ epoch, text }: LogSnapshot, values: Values): string {
  const [ofEpoch, snapshot] = [`${values.add(epoch)}::integer`, `${values.add(text)}::pg_snapshot`];
  // The first of both is there for the index.
  return `(e.epoch, e.xid) >= (${ofEpoch}, pg_snapshot_xmin(${snapshot}))
    AND (e.epoch > ${ofEpoch} OR NOT pg_visible_in_snapshot(e.xid, ${snapshot}))`;
}

/** The keys of each row go along in `keys`, for the cursor of the next page, and with the first page what it sees. */
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
  // Keys that no column holds are worked out once a row: OFFSET keeps PostgreSQL from doing it in every comparison.
  const found =
    after && !orderings.every(({ column }) => column)
      ? `SELECT * FROM (${rows} OFFSET 0) r WHERE ${comesAfter(names, orderings, after, values)} ORDER BY ${ordered(names)}`
      : `${rows}${after ? ` AND ${comesAfter(inPlace, orderings, after, values)}` : ''} ORDER BY ${ordered(
          asksOthers(request) ? inPlace.map(asSum) : inPlace,
        )}`;
  const seen = after ? '' : ', (SELECT epoch FROM instance) AS epoch, pg_current_snapshot()::text AS snapshot';
  // The page first, its content after: what is sorted is narrow.
  const text = `WITH r AS MATERIALIZED (
    ${found} ${limit}
  ) SELECT ${COLUMNS}, ARRAY[${names.map((name) => `${name}::text`).join(', ')}] AS keys${seen} FROM r ${VERSION} ORDER BY ${ordered(names)}`;
  return { text, values: values.all };
}

/**
 * What other records must be like PostgreSQL cannot estimate: it would read the type in order of change, hoping to meet
 * a page of matches soon. A sum is no column of an index, so the matches are found first and then put in order.
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
