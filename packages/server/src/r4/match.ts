// Whether one record meets search criteria, without a database: the same criteria and the same search values as in SQL.

import type { Resource } from '@medplum/fhirtypes';
import { type Criterion, type DateTest, type QuantityTest, refuse } from './search-criterion.ts';
import { indexRecord, type RecordIndex } from './search-index.ts';
import { parseCriterion } from './search-parse.ts';
import { normalise } from './search-text.ts';

/**
 * @param query search parameters as a query string, without `?`; all of them must be met.
 * @throws Refusal `search.parameter` for parameters that are none, or that ask about other records or about the answer.
 */
export function matchesQuery(resource: Resource, query: string): boolean {
  const index = indexRecord(resource);
  return [...new URLSearchParams(query)].every(([name, value]) =>
    meets(resource, index, parseCriterion(resource.resourceType, name, value), name),
  );
}

/** A record to check against many criteria: its search values are read once. */
export class Matchable {
  readonly #resource: Resource;
  readonly #index: RecordIndex;

  /** The record must be valid. */
  constructor(resource: Resource) {
    this.#resource = resource;
    this.#index = indexRecord(resource);
  }

  get tokens(): readonly string[] {
    return this.#index.tokens;
  }

  /** Whether it meets all criteria, none of which is about other records. */
  meets(criteria: readonly Criterion[]): boolean {
    return criteria.every((criterion) => meets(this.#resource, this.#index, criterion, 'given'));
  }
}

/** The criteria of a query string, without `?`. Throws `search.parameter`. */
export function parseQuery(type: string, query: string): Criterion[] {
  return [...new URLSearchParams(query)].map(([name, value]) => parseCriterion(type, name, value));
}

function meets(resource: Resource, index: RecordIndex, criterion: Criterion, name: string): boolean {
  switch (criterion.kind) {
    case 'id':
      return resource.id !== undefined && criterion.ids.includes(resource.id);
    case 'updated': {
      const at = Date.parse(resource.meta?.lastUpdated ?? '');
      return criterion.tests.some((test) => dateMeets({ low: at, high: at + 1 }, test));
    }
    case 'token': {
      const { exact, prefixes } = criterion.test;
      const found = index.tokens.some(
        (token) => exact.includes(token) || prefixes.some((prefix) => token.startsWith(prefix)),
      );
      return found !== criterion.not;
    }
    case 'string':
      return index.strings.some(
        (row) =>
          (row.p === criterion.code && criterion.texts.some((text) => textMeets(row, criterion.match, text))) ||
          (row.p === criterion.words?.code && criterion.words.texts.some((text) => row.v.startsWith(text))),
      );
    case 'date':
      return index.dates.some(
        ({ p, l, h }) =>
          p === criterion.code &&
          criterion.tests.some((test) =>
            dateMeets(
              { low: l === null ? -Infinity : Date.parse(l), high: h === null ? Infinity : Date.parse(h) },
              test,
            ),
          ),
      );
    case 'quantity':
      return index.quantities.some(
        (row) => row.p === criterion.code && criterion.tests.some((test) => quantityMeets(row, test)),
      );
    case 'missing':
      return isMissing(resource, index, criterion.parameter.code) === criterion.missing;
    default:
      return refuse(name, 'it asks about other records');
  }
}

function textMeets(row: { v: string; x: string }, match: 'starts' | 'contains' | 'exact', text: string): boolean {
  if (match === 'exact') return row.x === text;
  return match === 'contains' ? row.v.includes(normalise(text)) : row.v.startsWith(normalise(text));
}

/** https://hl7.org/fhir/R4/search.html#prefix, for half-open spans. */
function dateMeets(held: { low: number; high: number }, { prefix, low, high }: DateTest): boolean {
  const contained = held.low >= low && held.high <= high;
  switch (prefix) {
    case 'eq':
      return contained;
    case 'ne':
      return !contained;
    case 'gt':
      return held.high > high;
    case 'lt':
      return held.low < low;
    case 'ge':
      return held.high > high || contained;
    case 'le':
      return held.low < low || contained;
    case 'sa':
      return held.low >= high;
    case 'eb':
      return held.high <= low;
    case 'ap':
      return held.low < high && held.high > low;
  }
}

function quantityMeets(row: RecordIndex['quantities'][number], test: QuantityTest): boolean {
  if (test.system !== undefined && row.s !== test.system) return false;
  if (test.code !== undefined && row.c !== test.code) return false;
  const l = row.l ?? -Infinity;
  const h = row.h ?? Infinity;
  const contained = l >= test.low && h < test.high;
  switch (test.prefix) {
    case 'eq':
      return contained;
    case 'ne':
      return !contained;
    // Comparisons use the exact number, without its precision range.
    case 'gt':
      return h > test.value;
    case 'lt':
      return l < test.value;
    case 'ge':
      return h >= test.value;
    case 'le':
      return l <= test.value;
    case 'sa':
      return l > test.value;
    case 'eb':
      return h < test.value;
    case 'ap':
      return l <= test.high && h >= test.low;
  }
}

function isMissing(resource: Resource, index: RecordIndex, code: string): boolean {
  if (code === '_id') return resource.id === undefined;
  if (code === '_lastUpdated') return resource.meta?.lastUpdated === undefined;
  const { tokens, dates, strings, quantities } = index;
  return (
    !tokens.some((token) => token.startsWith(`${code}=`)) &&
    ![...dates, ...strings, ...quantities].some(({ p }) => p === code)
  );
}
