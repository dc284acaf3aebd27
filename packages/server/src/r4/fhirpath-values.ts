// How FHIRPath compares two values of a record. https://hl7.org/fhirpath/N1/#equality, #comparison

import { equalJson } from '@chartwire/sdk/internal/kit/json/literals';
import { dateRange } from './date-range.ts';
import { Unsupported } from './fhirpath-parse.ts';
import { INTEGERS, PRIMITIVES } from './primitives.ts';

/** What the values of a FHIR type are to FHIRPath. */
export type Kind = 'text' | 'date' | 'time' | 'boolean' | 'integer' | 'decimal' | 'quantity' | 'complex' | 'unknown';

const DATES: ReadonlySet<string> = new Set(['date', 'dateTime', 'instant']);
const QUANTITIES: ReadonlySet<string> = new Set([
  'Quantity',
  'Age',
  'Distance',
  'Duration',
  'Count',
  'MoneyQuantity',
  'SimpleQuantity',
]);

/** The type of a value of which only the JSON is known. */
export const UNTYPED = '*';

export function kindOf(type: string): Kind {
  if (type === UNTYPED) return 'unknown';
  if (type === 'boolean' || type === 'decimal' || type === 'time') return type;
  if (DATES.has(type)) return 'date';
  if (INTEGERS.has(type)) return 'integer';
  if (QUANTITIES.has(type)) return 'quantity';
  return PRIMITIVES.has(type) ? 'text' : 'complex';
}

/** A value with the type of its branch. */
export interface Item {
  readonly value: unknown;
  readonly type: string;
}

/** Whether it is a primitive that has no value, but extensions. */
export function isBare({ value, type }: Item): boolean {
  return typeof value === 'object' && PRIMITIVES.has(type);
}

/** Undefined for dates that are equal as far as one of them goes. @throws Unsupported for what only units could tell. */
export function equal(a: Item, b: Item): boolean | undefined {
  if (isBare(a) && isBare(b)) throw new Unsupported('comparing elements without values');
  if (isBare(a) || isBare(b)) return false;
  const x = kindOf(a.type);
  const y = kindOf(b.type);
  if (isNumber(x) && isNumber(y)) return a.value === b.value;
  if (x === 'unknown' || y === 'unknown') throw new Unsupported('comparing what has no type');
  if (x !== y) return equalKinds(x, y);
  switch (x) {
    case 'date':
      return equalDates(String(a.value), String(b.value));
    case 'quantity':
      return compareQuantities(a.value, b.value) === 0;
    case 'complex':
      return equalObjects(a.value, b.value);
    default:
      return a.value === b.value;
  }
}

function isNumber(kind: Kind): boolean {
  return kind === 'integer' || kind === 'decimal';
}

/** Never equal, but a text may have been meant as a date, a number as a quantity. */
function equalKinds(a: Kind, b: Kind): false {
  const kinds = new Set([a, b]);
  if (kinds.has('date') && kinds.has('text'))
    throw new Unsupported("comparing a date with a text: write it @2020-12-31, without '");
  if (kinds.has('date') && kinds.has('time')) throw new Unsupported('comparing a date with a time');
  if (kinds.has('time') && kinds.has('text')) throw new Unsupported('comparing a time with a text');
  if ((kinds.has('date') || kinds.has('time')) && (isNumber(a) || isNumber(b))) {
    throw new Unsupported('comparing a date or time with a number');
  }
  if (kinds.has('quantity') && (isNumber(a) || isNumber(b) || kinds.has('text'))) {
    throw new Unsupported('comparing a quantity with what is none: name its value');
  }
  return false;
}

function equalDates(a: string, b: string): boolean | undefined {
  const order = compareDates(a, b);
  return order === undefined ? undefined : order === 0;
}

/** Objects that differ in a date or in a unit only may still be equal. */
function equalObjects(a: unknown, b: unknown): boolean {
  if (equalJson(a, b)) return true;
  return mayBeEqual(a, b) ? undecided() : false;
}

/** @throws Unsupported */
export function undecided(): never {
  throw new Unsupported('comparing elements that hold dates or quantities: name what to compare');
}

function mayBeEqual(a: unknown, b: unknown): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a === b || (isDateLike(a) && isDateLike(b));
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (isMeasured(a) && isMeasured(b)) return true;
  const one = a as Record<string, unknown>;
  const other = b as Record<string, unknown>;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && mayBeEqual(one[key], other[key]))
  );
}

export function isMeasured(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'value' in value && typeof value.value === 'number';
}

/** Not `8867-4`, a code of LOINC. */
export function isDateLike(text: string): boolean {
  return /^\d{4}(?:-\d{2}(?:-\d{2}(?:T.*)?)?)?$/.test(text);
}

/** Below 0, 0, or above 0; undefined for dates that can't be ordered. @throws Unsupported for values without an order */
export function compare(a: Item, b: Item): number | undefined {
  if (isBare(a) || isBare(b)) return undefined;
  const x = kindOf(a.type);
  const y = kindOf(b.type);
  if (isNumber(x) && isNumber(y)) return Number(a.value) - Number(b.value);
  if (x !== y) throw new Unsupported(`the order of ${a.type} and ${b.type}`);
  if (x === 'text') return order(String(a.value), String(b.value));
  if (x === 'date') return compareDates(String(a.value), String(b.value));
  if (x === 'quantity') return compareQuantities(a.value, b.value);
  throw new Unsupported(`the order of ${a.type}`);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A day has no time zone: it begins fourteen hours before that of UTC at the earliest, and ends twelve after it. */
const EARLIEST = 14 * 3_600_000;
const LATEST = 12 * 3_600_000;

function compareDates(a: string, b: string): number | undefined {
  const x = dateRange(a);
  const y = dateRange(b);
  if (!x || !y) throw new Unsupported('comparing what is no date');
  const timed = [a, b].map((text) => text.includes('T'));
  if (timed[0] && timed[1]) return x.low - y.low;
  if (timed[0] === timed[1]) {
    if (x.low === y.low && x.high === y.high) return 0;
    return x.high <= y.low ? -1 : x.low >= y.high ? 1 : undefined;
  }
  const [day, moment, sign] = timed[0] ? [y, x, -1] : [x, y, 1];
  if (day.high + LATEST <= moment.low) return -sign;
  if (day.low - EARLIEST > moment.low) return sign;
  throw new Unsupported('comparing a day with a time of that day');
}

interface Measured {
  readonly value?: unknown;
  readonly unit?: unknown;
  readonly system?: unknown;
  readonly code?: unknown;
  readonly comparator?: unknown;
}

function compareQuantities(a: unknown, b: unknown): number {
  const x = a as Measured;
  const y = b as Measured;
  const isPlain = [x, y].every((one) => typeof one.value === 'number' && one.comparator === undefined);
  const isSameUnit = x.code === y.code && x.system === y.system && (x.code !== undefined || x.unit === y.unit);
  if (isPlain && isSameUnit) return Number(x.value) - Number(y.value);
  throw new Unsupported('comparing quantities of different units');
}

/** Whether a union holds one of them only. */
export function isSame(a: Item, b: Item): boolean {
  if (equalJson(a.value, b.value) && kindOf(a.type) === kindOf(b.type)) return true;
  if (isBare(a) || isBare(b)) return false;
  const [x, y] = [kindOf(a.type), kindOf(b.type)];
  return (x === y || (isNumber(x) && isNumber(y))) && equal(a, b) === true;
}
