// Days and times as people here write them, in the practice's time zone; the exact one in the tip.

import { there } from './zone.ts';
import { instantFrom } from './instant.ts';

const DAY = there({ year: 'numeric', month: 'short', day: 'numeric' });
const DAY_UTC = new Intl.DateTimeFormat(undefined, {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  timeZone: 'UTC',
});
const MONTH_UTC = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'short', timeZone: 'UTC' });
const CLOCK = there({ hour: 'numeric', minute: '2-digit' });
const EXACT = there({ dateStyle: 'medium', timeStyle: 'medium' });
const RELATIVE = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

/** In a format; what is no time as it is written. */
function timeText(format: { readonly format: (at: Date) => string }, date: Date, written: string): string {
  return Number.isNaN(date.getTime()) ? written.slice(0, 40) : format.format(date);
}

/** A FHIR date, dateTime or instant as a day: `1970`, `Mar 1970` and `Mar 4, 1970` as exact as it was given. */
export function dayText(date: string | undefined | null): string {
  if (!date) return '';
  if (/^\d{4}$/.test(date)) return date;
  if (/^\d{4}-\d{2}$/.test(date)) return timeText(MONTH_UTC, new Date(`${date}-01`), date);
  // A day without a time is the same day everywhere.
  if (/^\d{4}-\d{2}-\d{2}$/.test(date)) return timeText(DAY_UTC, new Date(date), date);
  return timeText(DAY, instantFrom(date), date);
}

export function clockText(time: string): string {
  return timeText(CLOCK, instantFrom(time), '');
}

export function exactText(time: string): string {
  return timeText(EXACT, instantFrom(time), time);
}

const STEPS = [
  ['minute', 60],
  ['hour', 3_600],
  ['day', 86_400],
] as const;

/** `3 minutes ago`, `yesterday`; a day where it is longer than a week ago. */
function agoText(time: string, now = Date.now()): string {
  const seconds = (instantFrom(time).getTime() - now) / 1_000;
  if (Number.isNaN(seconds)) return dayText(time);
  if (Math.abs(seconds) < 45) return 'just now';
  if (Math.abs(seconds) > 7 * 86_400) return dayText(time);
  const [unit, size] = [...STEPS].reverse().find(([, size]) => Math.abs(seconds) >= size) ?? STEPS[0];
  return RELATIVE.format(Math.round(seconds / size), unit);
}

export function Ago({ time }: { readonly time: string }) {
  return (
    <time dateTime={time} title={exactText(time)}>
      {agoText(time)}
    </time>
  );
}

export function Day({ date }: { readonly date: string | undefined | null }) {
  return date ? (
    <time dateTime={date} title={date.length > 10 ? exactText(date) : undefined}>
      {dayText(date)}
    </time>
  ) : null;
}
