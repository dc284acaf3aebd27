// A search over a test's records, by the criteria, the order and the number that the server would go by.

import type { Resource } from '@medplum/fhirtypes';
import { matchesQuery } from '#r4/match.ts';
import { refuse } from '#r4/search-criterion.ts';
import { indexRecord, type RecordIndex } from '#r4/search-index.ts';
import { searchParameter } from '#r4/search-parameters.ts';

const MOST = 1_000;

/** The records, all of one type, that a query finds. It may sort by parameters of dates, texts and quantities. */
export function searchRecords(records: readonly Resource[], query: string): Resource[] {
  const criteria = new URLSearchParams(query);
  const count = Number(criteria.get('_count') ?? MOST);
  const keys = criteria.get('_sort')?.split(',') ?? [];
  for (const control of ['_count', '_sort']) criteria.delete(control);
  const found = records.filter((record) => matchesQuery(record, criteria.toString()));
  // From the last key to the first: a sort keeps the order of what is equal.
  for (const key of keys.reverse()) sortBy(found, key);
  return found.slice(0, Math.min(count, MOST));
}

function sortBy(records: Resource[], key: string): void {
  const descending = key.startsWith('-');
  const code = key.replace(/^-/, '');
  const values = new Map(records.map((record) => [record, extremeOf(record, code, descending)]));
  records.sort((a, b) => {
    const [x, y] = [values.get(a), values.get(b)];
    // Those without a value are last, whichever the direction.
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
