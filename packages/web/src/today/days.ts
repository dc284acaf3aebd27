// Days of the calendar, `2026-05-01`, as the practice has them.

import { dayOf as dayIn, instantAt, wallClock } from '@chartwire/sdk/internal/kit/calendar';
import { instantFrom } from '../ui/instant.ts';
import { practiceZone } from '../ui/zone.ts';

export { daysAfter } from '@chartwire/sdk/internal/kit/calendar';

/** Today, at the practice. */
export function todayHere(now = new Date()): string {
  return dayOf(now);
}

/** The instant of a time of day, `09:30`, of a day. */
export function instantOf(day: string, time: string): string {
  return instantAt(day, time, practiceZone()).toISOString();
}

/** `09:30` of an instant. */
export function timeOf(instant: string): string {
  return wallClock(instantFrom(instant), practiceZone()).slice(11, 16);
}

export function dayOf(at: Date): string {
  return dayIn(at, practiceZone());
}

export function minutesAfter(instant: string, minutes: number): string {
  return new Date(instantFrom(instant).getTime() + minutes * 60_000).toISOString();
}

const LONG = new Intl.DateTimeFormat(undefined, { weekday: 'long', month: 'long', day: 'numeric', timeZone: 'UTC' });

/** `Friday, May 1`. */
export function longDay(day: string): string {
  return LONG.format(new Date(day));
}
