// How FHIRPath compares two values of a record. https://hl7.org/fhirpath/N1/#equality, #comparison

import { equalJson } from '@chartwire/sdk/internal/kit/json/literals';
import { dateRange } from './date-range.ts';

export function equal(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'object' && typeof b === 'object' && equalJson(a, b));
}

/** Below 0, 0 or above 0; undefined when they cannot be told apart (dates of different precision, other units). */
export function compare(a: unknown, b: unknown, type: string): number | undefined {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') {
    return type === 'date' || type === 'dateTime' || type === 'instant'
      ? compareDates(a, b)
      : a < b
        ? -1
        : a > b
          ? 1
          : 0;
  }
  if (type === 'Quantity') return compareQuantities(a, b);
  return undefined;
}

function compareDates(a: string, b: string): number | undefined {
  const x = dateRange(a);
  const y = dateRange(b);
  if (!x || !y) return undefined;
  if (x.low === y.low && x.high === y.high) return 0;
  if (x.high <= y.low) return -1;
  return x.low >= y.high ? 1 : undefined;
}

interface Measured {
  readonly value?: unknown;
  readonly unit?: unknown;
  readonly system?: unknown;
  readonly code?: unknown;
}

function compareQuantities(a: unknown, b: unknown): number | undefined {
  if (typeof a !== 'object' || typeof b !== 'object') return undefined;
  const x = a as Measured;
  const y = b as Measured;
  const sameUnit = x.code === y.code && x.system === y.system && (x.code !== undefined || x.unit === y.unit);
  return sameUnit && typeof x.value === 'number' && typeof y.value === 'number' ? x.value - y.value : undefined;
}
