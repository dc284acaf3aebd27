// What PostgreSQL can hold of the values that come from outside. Every value that a column or an index can't take as it
// is passes here on its way in and on its way into a search, so that both see the same.

import { hash } from 'node:crypto';

/** Milliseconds of PostgreSQL's first and last timestamptz: 4713 BC, and the last year that JavaScript's Date has too. */
const FIRST = Date.UTC(-4711, 0, 1);
const LAST = 8.64e15;

/** A moment for a timestamptz, given as milliseconds since 1970 UTC. Past either end of the calendar it is infinite. */
export function databaseTime(ms: number): string {
  if (ms < FIRST) return '-infinity';
  if (!(ms <= LAST)) return 'infinity';
  const text = new Date(ms).toISOString();
  const years = /^([+-]?\d+)(-\d\d-\d\dT.*)$/.exec(text)!;
  const year = Number(years[1]);
  if (year > 0 && year <= 9999) return text;
  // JavaScript counts a year 0 and signs what has not four digits; PostgreSQL says BC, and takes a sign for a zone.
  return year > 0 ? `${year}${years[2]}` : `${String(1 - year).padStart(4, '0')}${years[2]} BC`;
}

/** The same for a moment in ISO 8601, as Date writes it. */
export function databaseTimeOf(iso: string): string {
  return /^(?!0000)\d{4}-/.test(iso) ? iso : databaseTime(Date.parse(iso));
}

/** Whether a timestamptz can be read from a text in the form in which PostgreSQL or Date prints one. */
export function isDatabaseTime(text: string): boolean {
  if (/^-?infinity$/.test(text)) return true;
  const parts =
    /^(\d{4,6})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.\d{1,6})?(?:Z|[+-](\d\d)(?::(\d\d)){0,2})( BC)?$/.exec(text);
  if (!parts) return false;
  const [year, month, day, hour, minute, second, zone = 0, zoneMinute = 0] = parts.slice(1, 9).map(Number);
  if (hour! > 23 || minute! > 59 || second! > 59 || zone > 14 || zoneMinute > 59) return false;
  const last = parts[9] ? 4712 : 275_759;
  return (
    year! >= 1 && year! <= last && month! >= 1 && month! <= 12 && day! >= 1 && day! <= daysIn(year!, month!, !!parts[9])
  );
}

function daysIn(year: number, month: number, before: boolean): number {
  const date = new Date(0);
  date.setUTCFullYear(before ? 1 - year : year, month, 0);
  return date.getUTCDate();
}

const MAX_INT8 = 2n ** 63n - 1n;
const MAX_XID8 = 2n ** 64n - 1n;

/** Whether decimal digits are a bigint of PostgreSQL, or with `unsigned` an xid8. */
export function isInt8(digits: string, unsigned = false): boolean {
  return /^\d{1,20}$/.test(digits) && BigInt(digits) <= (unsigned ? MAX_XID8 : MAX_INT8);
}

/**
 * Bytes of a text in an index: a B-tree takes 2,704 for a row of it and a GIN somewhat less for a key, and type, name and
 * id of the record need theirs.
 */
const INDEXED_BYTES = 2_300;
/** Of those, what is left of a token beside the digest of the whole. */
const PREFIX_BYTES = INDEXED_BYTES - 80;

/** A text as the index of strings has it: its beginning, where it is longer than an index can hold. */
export function indexedText(text: string): string {
  return beginning(text, INDEXED_BYTES);
}

/** A search token as the index has it: one that is too long keeps its beginning, and the digest of all of it. */
export function indexedToken(token: string): string {
  const start = beginning(token, PREFIX_BYTES);
  // A token in full is never taken for a shortened one: no valid text has the character between.
  return start === token ? token : `${start}\u0001${hash('sha256', token, 'hex')}`;
}

function beginning(text: string, bytes: number): string {
  // No character of JavaScript's needs more than three.
  if (text.length * 3 <= bytes) return text;
  const whole = Buffer.from(text);
  if (whole.length <= bytes) return text;
  let end = bytes;
  while ((whole[end]! & 0xc0) === 0x80) end--;
  return whole.toString('utf8', 0, end);
}
