// The time span of a FHIR date of any precision: 2026-02 is all of February. https://hl7.org/fhir/R4/search.html#date

/** Half-open, in milliseconds since 1970 UTC. */
export interface DateRange {
  readonly low: number;
  readonly high: number;
}

const PARTS = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/;

/** Undefined if it isn't a date. Without a time zone it is UTC. Minutes without seconds are allowed in searches. */
export function dateRange(text: string): DateRange | undefined {
  const parts = PARTS.exec(text);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone] = parts;
  const y = Number(year);
  if (month === undefined) return range(utc(y, 0, 1), utc(y + 1, 0, 1));
  const m = Number(month) - 1;
  if (m > 11) return undefined;
  if (day === undefined) return range(utc(y, m, 1), utc(y, m + 1, 1));
  const d = Number(day);
  if (d < 1 || utc(y, m, d) >= utc(y, m + 1, 1)) return undefined;
  if (hour === undefined) return range(utc(y, m, d), utc(y, m, d + 1));
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second ?? 0) > 60 || !isZone(zone)) return undefined;
  // A leap second is the last of its minute.
  const seconds = Math.min(59, Number(second ?? 0));
  const low =
    utc(y, m, d) +
    ((Number(hour) * 60 + Number(minute)) * 60 + seconds) * 1000 +
    Math.floor(Number(`0${fraction ?? ''}`) * 1000) -
    offset(zone);
  // Finer than a millisecond is kept as its millisecond.
  const width =
    fraction === undefined ? (second === undefined ? 60_000 : 1000) : 10 ** Math.max(0, 4 - fraction.length);
  return range(low, low + width);
}

/**
 * The first moment of a date, in milliseconds since 1970 UTC; undefined if it isn't a date. Unlike Date.parse, accepts leap
 * seconds.
 */
export function instantOf(text: string): number | undefined {
  return dateRange(text)?.low;
}

function range(low: number, high: number): DateRange | undefined {
  return Number.isFinite(low) && Number.isFinite(high) ? { low, high } : undefined;
}

/** Unlike Date.UTC, does not take the years 0 to 99 for the twentieth century. */
function utc(year: number, month: number, day: number): number {
  return year > 99 ? Date.UTC(year, month, day) : new Date(0).setUTCFullYear(year, month, day);
}

/** FHIR has zones up to fourteen hours from UTC. */
function isZone(zone: string | undefined): boolean {
  return zone === undefined || zone === 'Z' || (Number(zone.slice(4)) < 60 && Math.abs(offset(zone)) <= 14 * 3_600_000);
}

function offset(zone: string | undefined): number {
  if (!zone || zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return (zone[0] === '-' ? -minutes : minutes) * 60_000;
}
