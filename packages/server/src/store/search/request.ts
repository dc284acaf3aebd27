// A parsed search: its criteria, and the form of its answer. https://hl7.org/fhir/R4/search.html#results

import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { isResourceType } from '#r4/resource-types.ts';
import { type Criterion, type CriterionOptions, refuse } from '#r4/search-criterion.ts';
import { type SearchParameter, searchParameter, searchParametersOf } from '#r4/search-parameters.ts';
import { parseCriterion } from '#r4/search-parse.ts';
import { readElements, readSummary } from '#r4/subset.ts';
import { type Cursor, readCursor } from './cursor.ts';
import type { SortKey } from './sort-key.ts';

export interface SearchRequest {
  readonly type: string;
  readonly criteria: readonly Criterion[];
  /** Never empty: defaults to the order of change. */
  readonly sort: readonly SortKey[];
  readonly count: number;
  readonly offset: number;
  readonly after: Cursor | undefined;
  readonly includes: readonly Include[];
  readonly summary: 'true' | 'text' | 'data' | 'count' | undefined;
  readonly elements: readonly string[] | undefined;
  readonly total: boolean;
}

/** Records to include: those that a type refers to by parameters, or (`reverse`) that refer to it. */
export interface Include {
  readonly reverse: boolean;
  /** The referring type. */
  readonly type: string;
  readonly parameters: readonly SearchParameter[];
  /** The referenced type, if restricted. */
  readonly target: string | undefined;
  /** Applies to included records as well as matches. */
  readonly iterate: boolean;
}

const DEFAULT_COUNT = 50;
const MAX_COUNT = 1000;
const MAX_OFFSET = 100_000;
const MAX_SORT_KEYS = 5;
/** More than any form has fields; each is a condition for the database to plan. */
const MAX_PARAMETERS = 50;
/** For all criteria together, since each becomes one or more values of the statement. */
const MAX_VALUES = 1000;

/** Parameters that control the answer. */
export const CONTROL =
  /^_(?:sort|count|offset|cursor|summary|elements|total|contained|(?:include|revinclude)(?::iterate|:recurse)?)$/;

/** Handled by the APIs; they don't affect the results. */
const IGNORED: ReadonlySet<string> = new Set(['_format', '_pretty']);

/**
 * Parses a search.
 * @param query a URL query string without `?`
 * @throws {Refusal} `search.parameter`, or `record.unknown-type`
 */
export function parseSearch(type: string, query: string, options: CriterionOptions = {}): SearchRequest {
  if (!isResourceType(type))
    throw new Refusal('record.unknown-type', { type: /^\w{1,64}$/.test(type) ? type : 'The type' });
  const controls = new Map<string, string[]>();
  const criteria: Criterion[] = [];
  const parameters = [...new URLSearchParams(query)].filter(([name]) => !IGNORED.has(name));
  refuseTooMany(parameters);
  for (const [name, value] of parameters) {
    const control = CONTROL.test(name);
    if (control) controls.set(name, [...(controls.get(name) ?? []), value]);
    else criteria.push(parseCriterion(type, name, value, options));
  }
  const one = (name: string): string | undefined => controls.get(name)?.at(-1);
  const sort = (one('_sort') ?? '_lastUpdated').split(',').map((key) => sortKey(type, key));
  if (sort.length > MAX_SORT_KEYS) refuse('_sort', `it has more than ${MAX_SORT_KEYS} keys`);
  if ((one('_contained') ?? 'false') !== 'false') refuse('_contained', 'contained records are not searched');
  const count = whole('_count', one('_count'), DEFAULT_COUNT);
  return {
    type,
    criteria,
    sort,
    count: Math.min(count, MAX_COUNT),
    offset: offset(one('_offset')),
    after: one('_cursor') === undefined ? undefined : readCursor(one('_cursor')!, sort, orderAtEnd(type)),
    includes: [...controls].flatMap(([name, values]) => values.flatMap((value) => include(type, name, value))),
    summary: count === 0 ? 'count' : readSummary(one('_summary')),
    elements: readElements(one('_elements')),
    total: total(one('_total')),
  };
}

function refuseTooMany(parameters: readonly [name: string, value: string][]): void {
  if (parameters.length > MAX_PARAMETERS) refuse('(all)', `there are more than ${MAX_PARAMETERS} of them`);
  const values = parameters.reduce((sum, [, value]) => sum + value.split(',').length, 0);
  if (values > MAX_VALUES) refuse('(all)', `they have more than ${MAX_VALUES} values`);
}

function whole(name: string, value: string | undefined, otherwise: number): number {
  if (value === undefined) return otherwise;
  return /^\d{1,9}$/.test(value) ? Number(value) : refuse(name, 'it is a whole number');
}

function offset(value: string | undefined): number {
  const number = whole('_offset', value, 0);
  return number <= MAX_OFFSET ? number : refuse('_offset', `it is ${MAX_OFFSET} at most; narrow the search instead`);
}

function total(value: string | undefined): boolean {
  if (value === undefined || value === 'none') return false;
  return value === 'accurate' || value === 'estimate' || refuse('_total', 'it is none, estimate or accurate');
}

/** Sort order of the records at the end of a search, which keep their place if they change again. */
export function orderAtEnd(type: string): readonly SortKey[] {
  return [sortKey(type, '_id')];
}

function sortKey(type: string, key: string): SortKey {
  const code = key.replace(/^-/, '');
  const parameter =
    searchParameter(type, code) ?? refuse('_sort', `it names what is not a search parameter of ${type}`);
  if (parameter.type === 'composite' || parameter.type === 'special') {
    refuse('_sort', `parameters of type ${parameter.type} have no order`);
  }
  return { parameter, descending: key.startsWith('-') };
}

// ── _include and _revinclude

function include(type: string, name: string, value: string): Include[] {
  const [control, modifier] = name.split(':');
  if (control !== '_include' && control !== '_revinclude') return [];
  const iterate = modifier !== undefined;
  const reverse = control === '_revinclude';
  if (value === '*') {
    if (reverse) refuse(name, 'name a type: [type]:*');
    return [{ reverse, type, parameters: references(type), target: undefined, iterate }];
  }
  const [from, code, target, ...rest] = value.split(':');
  if (!isResourceType(from) || code === undefined || rest.length > 0) {
    return refuse(name, 'it is written [type]:[parameter] or [type]:[parameter]:[target type]');
  }
  if (target !== undefined && !isResourceType(target)) refuse(name, 'the target is not a resource type');
  const parameters = code === '*' ? references(from) : references(from).filter((parameter) => parameter.code === code);
  if (parameters.length === 0) refuse(name, `it names what is not a reference parameter of ${from}`);
  return [{ reverse, type: from, parameters, target, iterate }];
}

function references(type: string): SearchParameter[] {
  return searchParametersOf(type).filter((parameter) => parameter.type === 'reference');
}
