// Days in a time zone, from midnight to midnight. A day is text, `2026-08-23`; a time zone an IANA name, `America/New_York`.

const DAY_MS = 86_400_000;

/** The range of days that every time zone can represent, including the adjacent days. */
export const FIRST_DAY = '1000-01-01';
export const LAST_DAY = '9998-12-31';

/** Whether text is a calendar day from `FIRST_DAY` to `LAST_DAY`. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && text >= FIRST_DAY && text <= LAST_DAY && dayExists(text);
}

/** Accepts `Europe/Rome`, but not an offset, which has no daylight saving time. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    clockOf(name);
    return true;
  } catch {
    return false;
  }
}

function dayExists(day: string): boolean {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const at = new Date(Date.UTC(year, month - 1, date));
  return at.getUTCMonth() === month - 1 && at.getUTCDate() === date;
}

/** The time zone of this machine. */
export function systemTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The local day at an instant. */
export function dayOf(at: Date, timeZone: string): string {
  return wallClock(at, timeZone).slice(0, 10);
}

/** The local time, to the second: `2026-11-28T09:30:00`. */
export function wallClock(at: Date, timeZone: string): string {
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  for (const { type, value } of clockOf(timeZone).formatToParts(at)) parts[type] = value;
  const { year = '', month, day, hour, minute, second } = parts;
  return `${year.padStart(4, '0')}-${month}-${day}T${hour}:${minute}:${second}`;
}

/** The first instant of a day. If clocks skip midnight it starts later; a day that the zone skips starts with the next one. */
export function startOfDay(day: string, timeZone: string): Date {
  const { times, gap } = readings(`${day}T00:00:00`, timeZone);
  if (times.length > 0) return new Date(Math.min(...times));
  // The clock jumps forward once between the two.
  let [before, after] = gap;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (dayOf(new Date(middle), timeZone) < day) before = middle;
    else after = middle;
  }
  return new Date(after);
}

/** The half-open range `[from, to)` from the start of `first` to the end of `last`. */
export function daysBetween(first: string, last: string, timeZone: string): { from: Date; to: Date } {
  return { from: startOfDay(first, timeZone), to: startOfDay(daysAfter(last, 1), timeZone) };
}

/**
 * The instant of a local time, `09:30` or `09:30:15`. For a time that occurs twice, the first; a skipped time is moved later by
 * the length of the gap.
 */
export function instantAt(day: string, time: string, timeZone: string): Date {
  const { times, gap } = readings(`${day}T${time.length === 5 ? `${time}:00` : time}`, timeZone);
  return new Date(times.length > 0 ? Math.min(...times) : gap[1]);
}

/** The day that many days later, or earlier if negative. */
export function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/**
 * Age in whole years on a day; null without a birth date. If the month or day of birth is unknown, assumes the earliest, so the
 * greater age.
 */
export function ageOn(birthDate: string | undefined, day: string): number | null {
  if (birthDate === undefined) return null;
  const birthday = birthDate.padEnd(10, '-01').slice(4);
  return Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4)) - (day.slice(4) < birthday ? 1 : 0);
}

/**
 * The instants, in milliseconds, at which the clock shows `wall`: none in a gap, two when it occurs twice. Also the two
 * candidates from the next day's offset and the previous day's.
 */
function readings(wall: string, timeZone: string): { times: number[]; gap: readonly [number, number] } {
  const asUtc = Date.parse(`${wall}Z`);
  // No zone changes its clocks twice within two days.
  const [before, after] = [asUtc - DAY_MS, asUtc + DAY_MS].map((at) => asUtc - offsetAt(at, timeZone)) as [
    number,
    number,
  ];
  const times = [...new Set([before, after])].filter((at) => wallClock(new Date(at), timeZone) === wall);
  return { times, gap: [after, before] };
}

/** Milliseconds by which local time is ahead of UTC. */
function offsetAt(at: number, timeZone: string): number {
  return Date.parse(`${wallClock(new Date(at), timeZone)}Z`) - at;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  // Names come from callers, in any letter case, so the cache is limited.
  if (clocks.size < 1_000) clocks.set(timeZone, clock);
  return clock;
}
