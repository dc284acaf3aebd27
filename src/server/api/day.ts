// Days as people have them: from one midnight to the next, in their time zone.

import { Refusal } from '#kit/errors.ts';

const DAY_MS = 86_400_000;

/** The instants at which the day begins, and the day after `last` does: `[from, to)`. */
export function daysBetween(first: string, last: string, timezone: string): { from: Date; to: Date } {
  const after = new Date(Date.parse(last) + DAY_MS).toISOString().slice(0, 10);
  return { from: midnight(first, timezone), to: midnight(after, timezone) };
}

/** The day that it is now. */
export function today(timezone: string, now = new Date()): string {
  return partsOf(now, timezone).slice(0, 10);
}

/** Whole years from birth to a day; null without a birth date. */
export function ageOn(birthDate: string | undefined, day: string): number | null {
  if (birthDate === undefined) return null;
  const birthday = birthDate.padEnd(10, '-01').slice(4);
  return Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4)) - (day.slice(4) < birthday ? 1 : 0);
}

export function refuseBadZone(timezone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
  } catch {
    throw new Refusal('request.invalid', { reason: 'the timezone is none that is known' }, [
      { path: 'timezone', message: 'is an IANA time zone, such as America/New_York' },
    ]);
  }
}

/** Where a day begins: midnight, or the first moment after it that the zone has. */
function midnight(day: string, timezone: string): Date {
  const wanted = Date.parse(`${day}T00:00:00Z`);
  // The zone's offset is known of an instant only: the first guess gives it, the second corrects a change between.
  let guess = wanted;
  for (let i = 0; i < 2; i++) guess = wanted - (Date.parse(`${partsOf(new Date(guess), timezone)}Z`) - guess);
  return new Date(guess);
}

/** The clock on the wall: `2026-11-28T09:30:00`. */
function partsOf(at: Date, timeZone: string): string {
  const form = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return form.format(at).replace(' ', 'T');
}
