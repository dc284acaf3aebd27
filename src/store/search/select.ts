// A search request as SQL: the page of matches, their number, and the records that go along.

import type { CriterionOptions } from '#r4/search-criterion.ts';
import type { SearchParameter } from '#r4/search-parameters.ts';
import type { SearchReach } from '../contract.ts';
import { conditions, existing, type Rows, reached } from './condition.ts';
import { parseSearch, type SearchRequest, type SortKey } from './request.ts';
import { type Statement, Values } from './statement.ts';

export type SearchOptions = CriterionOptions & SearchReach;

/** What every statement here returns of a record. */
export const COLUMNS = `r.type, r.id, r.version, r.patient, v.content,
  to_char(r.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS updated`;
export const VERSION = 'JOIN record_version v ON v.type = r.type AND v.id = r.id AND v.version = r.version';

/** The statement of a page of matches: one more than asked for, if there are more. */
export function compileSearch(type: string, query: string, options: SearchOptions = {}): Statement {
  return selectPage(parseSearch(type, query, options), options);
}

export function selectPage(request: SearchRequest, reach: SearchReach): Statement {
  const values = new Values();
  const where = matching(request, reach, values);
  const after = request.after
    ? ` AND (r.updated_at, r.id) > (${values.add(request.after.at)}::timestamptz, ${values.add(request.after.id)})`
    : '';
  const keys = request.sort.map((key, i) => ({ ...sortKey(key, request.type, values), name: `k${i}` }));
  const columns = keys.map(({ expression, name }) => `, ${expression} AS ${name}`).join('');
  const order = keys.map(({ name, direction }) => `${name} ${direction}`);
  const inner = order.length > 0 ? order : [asksOthers(request) ? "r.updated_at + interval '0'" : 'r.updated_at'];
  const outer = order.length > 0 ? order : ['r.updated_at'];
  // The page first, its content after: what is sorted is narrow.
  const text = `WITH r AS MATERIALIZED (
    SELECT r.type, r.id, r.version, r.patient, r.updated_at${columns} FROM record r WHERE ${where}${after}
      ORDER BY ${inner.join(', ')}, r.id LIMIT ${values.add(request.count + 1)} OFFSET ${values.add(request.offset)}
  ) SELECT ${COLUMNS} FROM r ${VERSION} ORDER BY ${outer.join(', ')}, r.id`;
  return { text, values: values.all };
}

/**
 * What other records must be like PostgreSQL cannot estimate: it would read the type in order of change, hoping to meet
 * a page of matches soon. A sum is no column of an index, so the matches are found first and then put in order.
 */
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

/** The least value when ascending, the greatest when descending; records without a value last. */
function sortKey(
  { parameter, descending }: SortKey,
  type: string,
  values: Values,
): { expression: string; direction: string } {
  return {
    expression: sortExpression(parameter, descending, type, values),
    direction: descending ? 'DESC NULLS LAST' : 'ASC NULLS LAST',
  };
}

function sortExpression(parameter: SearchParameter, descending: boolean, type: string, values: Values): string {
  const { code } = parameter;
  if (code === '_id') return 'r.id';
  if (code === '_lastUpdated') return 'r.updated_at';
  const pick = descending ? 'max' : 'min';
  const column = descending ? 'high' : 'low';
  const from = (table: string, value: string) =>
    `(SELECT ${pick}(s.${value}) FROM ${table} s WHERE s.type = ${values.add(type)} AND s.id = r.id AND s.param = ${values.add(code)})`;
  switch (parameter.type) {
    case 'string':
      return from('search_string', 'value');
    case 'date':
      return from('search_date', column);
    case 'number':
    case 'quantity':
      return from('search_quantity', column);
    default: {
      // Tokens by their code, references and URIs as they are.
      const prefix = values.add(parameter.type === 'token' ? `${code}=|` : `${code}=`);
      return `(SELECT ${pick}(t COLLATE "C") FROM unnest(r.tokens) AS t WHERE starts_with(t, ${prefix}))`;
    }
  }
}
