// What PostgreSQL can store of values from outside. Every value that a column or index may not accept passes here, both when
// stored and when searched, so that both agree.

import { hash } from 'node:crypto';

/** Limits of PostgreSQL's timestamptz in milliseconds: 4713 BC, and the last year of JavaScript's Date. */
const FIRST = Date.UTC(-4711, 0, 1);
const LAST = 8.64e15;

/** A timestamptz for milliseconds since 1970 UTC; infinite beyond the limits. */
export function databaseTime(ms: number): string {
  if (ms < FIRST) return '-infinity';
  if (!(ms <= LAST)) return 'infinity';
  const text = new Date(ms).toISOString();
  const years = /^([+-]?\d+)(-\d\d-\d\dT.*)$/.exec(text)!;
  const year = Number(years[1]);
  if (year > 0 && year <= 9999) return text;
  // JavaScript has a year 0, and a sign for years without four digits; PostgreSQL uses BC, and reads a sign as a zone.
  return year > 0 ? `${year}${years[2]}` : `${String(1 - year).padStart(4, '0')}${years[2]} BC`;
}

/** The same for an ISO 8601 time as Date writes it. */
export function databaseTimeOf(iso: string): string {
  return /^(?!0000)\d{4}-/.test(iso) ? iso : databaseTime(Date.parse(iso));
}

/** Whether PostgreSQL can read the text as a timestamptz, in the form that PostgreSQL or Date prints. */
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

/** Whether decimal digits fit PostgreSQL's bigint, or with `unsigned` an xid8. */
export function isInt8(digits: string, unsigned = false): boolean {
  return /^\d{1,20}$/.test(digits) && BigInt(digits) <= (unsigned ? MAX_XID8 : MAX_INT8);
}

/**
 * Bytes of a text in an index: a B-tree row takes 2,704 and a GIN key somewhat less, and the record's type, name, and id need
 * some.
 */
const INDEXED_BYTES = 2_300;
/** Bytes of a token's prefix next to the digest of the whole. */
const PREFIX_BYTES = INDEXED_BYTES - 80;

/** A text for the string index, truncated to what an index can hold. */
export function indexedText(text: string): string {
  return beginning(text, INDEXED_BYTES);
}

/** A search token for the index: if too long, its prefix and a digest of the whole. */
export function indexedToken(token: string): string {
  const start = beginning(token, PREFIX_BYTES);
  // A full token can't be mistaken for a shortened one: the separator occurs in no valid text.
  return start === token ? token : `${start}\u0001${hash('sha256', token, 'hex')}`;
}

function beginning(text: string, bytes: number): string {
  // A UTF-16 unit needs at most three bytes.
  if (text.length * 3 <= bytes) return text;
  const whole = Buffer.from(text);
  if (whole.length <= bytes) return text;
  let end = bytes;
  while ((whole[end]! & 0xc0) === 0x80) end--;
  return whole.toString('utf8', 0, end);
}
