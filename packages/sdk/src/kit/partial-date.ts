// Dates as precise as they are known: a day, `1998-05-14`, a month, `1998-05`, or a year, `1998`. A less precise date covers all
// its days.

import { dayOf, daysAfter } from './calendar.ts';

const PARTIAL = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;

export function isPartialDate(text: string): boolean {
  return PARTIAL.test(text) && text >= '0001' && Number.isFinite(Date.parse(text)) && existsAsWritten(text);
}

/** Some parsers read February 30 as a day in March. */
function existsAsWritten(text: string): boolean {
  return new Date(text).toISOString().startsWith(text);
}

/** The earliest day that it covers. For a time, the day as written. */
export function firstDay(date: string): string {
  return date.slice(0, 10).padEnd(7, '-01').padEnd(10, '-01');
}

/** The latest day that it covers. For a time, the day as written. */
export function lastDay(date: string): string {
  if (date.length >= 10) return date.slice(0, 10);
  const [year, month] = date.split('-').map(Number) as [number, number?];
  const next = new Date(0);
  next.setUTCFullYear(year, month ?? 12, 1);
  return daysAfter(next.toISOString().slice(0, 10), -1);
}

/** Converts a FHIR date, dateTime, or instant to a local date. Less precise dates are kept. */
export function dateIn(timeZone: string, written: string): string {
  if (!written.includes('T')) return written;
  const at = new Date(written.replace(/:60(?=[.Z+-])/, ':59'));
  return Number.isNaN(at.getTime()) ? written.slice(0, 10) : dayOf(at, timeZone);
}

// biome-ignore format: a list of names
const MONTHS = [
  'january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december',
];

/**
 * Reads a date as people write it: `1998`, `5/1998`, `May 1998`, `5/14/1998`, `14 May 1998`, `1998-05-14`. Undefined if it isn't
 * a date. If both numbers could be the month, `monthFirst` decides.
 */
export function readPartialDate(text: string, { monthFirst = true } = {}): string | undefined {
  const words = text.toLowerCase().match(/\d+|[a-z]+/g) ?? [];
  if (words.length === 0 || words.length > 3 || /[^\w\s./,-]/.test(text)) return undefined;
  const date = fromWords(words, monthFirst);
  return date !== undefined && isPartialDate(date) ? date : undefined;
}

function fromWords(words: readonly string[], monthFirst: boolean): string | undefined {
  const year = words.find((word) => /^\d{4}$/.test(word));
  if (year === undefined) return undefined;
  const others = words.filter((word) => word !== year);
  const named = others.find((word) => monthNumber(word) !== undefined);
  if (others.some((word) => word !== named && !/^\d{1,2}$/.test(word))) return undefined;
  const numbers = others.filter((word) => word !== named).map(Number);
  if (named !== undefined) return dateOf(year, monthNumber(named)!, numbers[0]);
  const [first, second] = numbers;
  if (first === undefined) return words.length === 1 ? year : undefined;
  if (second === undefined) return dateOf(year, first, undefined);
  // Year first is read as ISO 8601.
  const isMonthFirst = words[0] === year || second > 12 || (monthFirst && first <= 12);
  return isMonthFirst ? dateOf(year, first, second) : dateOf(year, second, first);
}

/** Accepts the name of the month, or at least its first three letters. */
function monthNumber(word: string): number | undefined {
  const at = word.length < 3 ? -1 : MONTHS.findIndex((month) => month.startsWith(word));
  return at < 0 ? undefined : at + 1;
}

function dateOf(year: string, month: number, day: number | undefined): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  return day === undefined ? `${year}-${two(month)}` : `${year}-${two(month)}-${two(day)}`;
}

/** `1998`, `May 1998`, `May 14, 1998`: words that `readPartialDate` reads as the same date. */
export function partialDateText(date: string): string {
  const [year, month, day] = date.split('-');
  if (month === undefined) return date;
  const name = MONTHS[Number(month) - 1]!;
  const short = name.charAt(0).toUpperCase() + name.slice(1, 3);
  return day === undefined ? `${short} ${year}` : `${short} ${Number(day)}, ${year}`;
}

/** The same for any text: if it isn't a date, it is returned unchanged. */
export function dateText(written: string): string {
  return isPartialDate(written) ? partialDateText(written) : written.slice(0, 40);
}
