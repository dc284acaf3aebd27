// Search over a test's records, with the server's criteria, order, and limit. Refuses what the server refuses.

import type { Resource } from '@medplum/fhirtypes';
import { Matchable } from '#r4/match.ts';
import { type Criterion, refuse } from '#r4/search-criterion.ts';
import { indexRecord, type RecordIndex } from '#r4/search-index.ts';
import { searchParameter } from '#r4/search-parameters.ts';
import { parseSearch } from '#store/search/request.ts';
import type { SortKey } from '#store/search/sort-key.ts';

const MOST = 1_000;

/**
 * The matching records of `type`, among all that the plugin may search. Sorts by parameters of dates, texts, and quantities.
 *
 * @throws {Refusal} `search.parameter`, even if there are no records
 */
export function searchRecords(type: string, records: readonly Resource[], query: string): Resource[] {
  const { criteria, sort, count, offset } = parseSearch(type, query);
  const asked = new URLSearchParams(query);
  const all = records.map((record) => ({ record, values: new Matchable(record) }));
  const found = all
    .filter((one) => one.record.resourceType === type && criteria.every((criterion) => meets(one, criterion, all)))
    .map(({ record }) => record);
  // From the last key to the first, since a sort keeps the order of equal items.
  if (asked.has('_sort')) for (const key of sort.toReversed()) sortBy(found, key);
  return found.slice(offset, offset + (asked.has('_count') ? count : MOST));
}

interface Searched {
  readonly record: Resource;
  readonly values: Matchable;
}

function meets(one: Searched, criterion: Criterion, all: readonly Searched[]): boolean {
  switch (criterion.kind) {
    case 'chain':
      return criterion.targets.some((target) =>
        all.some(
          (other) => isOf(other, target) && refers(one, criterion.code, other) && meets(other, target.criterion, all),
        ),
      );
    case 'has':
      return all.some(
        (other) =>
          isOf(other, criterion) && refers(other, criterion.code, one) && meets(other, criterion.criterion, all),
      );
    default:
      return one.values.meets([criterion]);
  }
}

function isOf({ record }: Searched, { type }: { readonly type: string }): boolean {
  return record.resourceType === type;
}

function refers({ values }: Searched, code: string, { record }: Searched): boolean {
  return values.tokens.includes(`${code}=${record.resourceType}/${record.id}`);
}

function sortBy(records: Resource[], { parameter: { code }, descending }: SortKey): void {
  const values = new Map(records.map((record) => [record, extremeOf(record, code, descending)]));
  records.sort((a, b) => {
    const [x, y] = [values.get(a), values.get(b)];
    // Records without a value come last in either direction.
    if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined);
    return (x < y ? -1 : x > y ? 1 : 0) * (descending ? -1 : 1);
  });
}

/** The least value when ascending, the greatest when descending. */
function extremeOf(record: Resource, code: string, descending: boolean): string | number | undefined {
  const values = valuesOf(record, code, descending ? 'h' : 'l').sort((a, b) => (a < b ? -1 : 1));
  return descending ? values.at(-1) : values[0];
}

function valuesOf(record: Resource, code: string, bound: 'l' | 'h'): (string | number)[] {
  if (code === '_lastUpdated') return record.meta?.lastUpdated ? [record.meta.lastUpdated] : [];
  const { dates, strings, quantities }: RecordIndex = indexRecord(record);
  const named = ({ p }: { p: string }): boolean => p === code;
  switch (searchParameter(record.resourceType, code)?.type) {
    case 'date':
      return dates.filter(named).flatMap((row) => row[bound] ?? []);
    case 'string':
      return strings.filter(named).map(({ v }) => v);
    case 'quantity':
    case 'number':
      return quantities.filter(named).flatMap((row) => row[bound] ?? []);
    default:
      return refuse('_sort', `a test does not sort ${record.resourceType} records by it`);
  }
}
