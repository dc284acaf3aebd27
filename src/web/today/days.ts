// Days of the calendar, `2026-05-01`, as whoever looks at the page has them.

import { instantFrom } from '../ui/time.tsx';

/** Today, here. */
export function todayHere(now = new Date()): string {
  return dayOf(now);
}

export function daysAfter(day: string, days: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  return dayOf(new Date(year, month - 1, date + days));
}

/** The instant of a time of day, `09:30`, of a day. */
export function instantOf(day: string, time: string): string {
  return new Date(`${day}T${time}`).toISOString();
}

/** `09:30` of an instant. */
export function timeOf(instant: string): string {
  const at = instantFrom(instant);
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}

export function dayOf(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

export function minutesAfter(instant: string, minutes: number): string {
  return new Date(instantFrom(instant).getTime() + minutes * 60_000).toISOString();
}

const LONG = new Intl.DateTimeFormat(undefined, { weekday: 'long', month: 'long', day: 'numeric' });

/** `Friday, May 1`. */
export function longDay(day: string): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  return LONG.format(new Date(year, month - 1, date));
}

const two = (number: number): string => String(number).padStart(2, '0');
