// Days and times as people here write them; the exact one in the tip.

const DAY = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'short', day: 'numeric' });
const DAY_UTC = new Intl.DateTimeFormat(undefined, {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  timeZone: 'UTC',
});
const MONTH_UTC = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'short', timeZone: 'UTC' });
const CLOCK = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const RELATIVE = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

/** A FHIR date, dateTime or instant as a day: `1970`, `Mar 1970` and `Mar 4, 1970` as exact as it was given. */
export function dayText(date: string | undefined | null): string {
  if (!date) return '';
  if (/^\d{4}$/.test(date)) return date;
  if (/^\d{4}-\d{2}$/.test(date)) return MONTH_UTC.format(new Date(`${date}-01`));
  // A day without a time is the same day everywhere.
  if (/^\d{4}-\d{2}-\d{2}$/.test(date)) return DAY_UTC.format(new Date(date));
  return DAY.format(new Date(date));
}

export function clockText(time: string): string {
  return CLOCK.format(new Date(time));
}

export function exactText(time: string): string {
  return EXACT.format(new Date(time));
}

const STEPS = [
  ['minute', 60],
  ['hour', 3_600],
  ['day', 86_400],
] as const;

/** `3 minutes ago`, `yesterday`; a day where it is longer than a week ago. */
export function agoText(time: string, now = Date.now()): string {
  const seconds = (new Date(time).getTime() - now) / 1_000;
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
