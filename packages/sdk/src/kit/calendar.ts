// Days as a place has them: from one midnight to the next on its clocks. A day is text, `2026-08-23`; a time zone an IANA
// name, `America/New_York`.

const DAY_MS = 86_400_000;

/** Days that every time zone has, with the days beside them. */
export const FIRST_DAY = '1000-01-01';
export const LAST_DAY = '9998-12-31';

/** Whether it is a day of the calendar, from `FIRST_DAY` to `LAST_DAY`. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && text >= FIRST_DAY && text <= LAST_DAY && dayExists(text);
}

/** `Europe/Rome`, but no offset, which knows no daylight saving time. */
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

/** The zone of this machine's clock. */
export function systemTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The day it is there at an instant. */
export function dayOf(at: Date, timeZone: string): string {
  return wallClock(at, timeZone).slice(0, 10);
}

/** What the clock on the wall shows, to the second: `2026-11-28T09:30:00`. */
export function wallClock(at: Date, timeZone: string): string {
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  for (const { type, value } of clockOf(timeZone).formatToParts(at)) parts[type] = value;
  const { year = '', month, day, hour, minute, second } = parts;
  return `${year.padStart(4, '0')}-${month}-${day}T${hour}:${minute}:${second}`;
}

/** The first instant of a day. Where clocks skip midnight it begins later; a day that a zone skips begins with the next. */
export function startOfDay(day: string, timeZone: string): Date {
  const { times, gap } = readings(`${day}T00:00:00`, timeZone);
  if (times.length > 0) return new Date(Math.min(...times));
  // Between the two the clock jumps forward once.
  let [before, after] = gap;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (dayOf(new Date(middle), timeZone) < day) before = middle;
    else after = middle;
  }
  return new Date(after);
}

/** The instants at which `first` begins, and the day after `last` does: `[from, to)`. */
export function daysBetween(first: string, last: string, timeZone: string): { from: Date; to: Date } {
  return { from: startOfDay(first, timeZone), to: startOfDay(daysAfter(last, 1), timeZone) };
}

/**
 * The instant at which the clock there shows a time, `09:30` or `09:30:15`. Of a time that comes twice it is the first; one
 * that is skipped is as much later as the clock jumps.
 */
export function instantAt(day: string, time: string, timeZone: string): Date {
  const { times, gap } = readings(`${day}T${time.length === 5 ? `${time}:00` : time}`, timeZone);
  return new Date(times.length > 0 ? Math.min(...times) : gap[1]);
}

/** The day so many days later; earlier with a negative number. */
export function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Whole years from birth to a day; null without a birth date. One who was born in an unknown month or day is the older. */
export function ageOn(birthDate: string | undefined, day: string): number | null {
  if (birthDate === undefined) return null;
  const birthday = birthDate.padEnd(10, '-01').slice(4);
  return Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4)) - (day.slice(4) < birthday ? 1 : 0);
}

/**
 * The instants, in milliseconds, at which the clock shows `wall`: none in a gap, two where it comes twice. And the two
 * between which it would be, with the offset of the day after and with that of the day before.
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

/** Milliseconds by which the clock there is ahead of UTC. */
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
  // Names come from outside, in any case of letters: only so many are remembered.
  if (clocks.size < 1_000) clocks.set(timeZone, clock);
  return clock;
}
