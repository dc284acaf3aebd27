// The stories use this machine's clock; a practice may be elsewhere.

import { instantAt, systemTimeZone, wallClock } from '@chartwire/sdk/internal/kit/calendar';

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** The same with each instant at the hour there that it has on this machine. */
export function movedTo<T>(timeZone: string, value: T): T {
  const text = JSON.stringify(value, (_name, one: unknown) => {
    if (typeof one !== 'string' || !INSTANT.test(one)) return one;
    const [day, time] = wallClock(new Date(one), systemTimeZone()).split('T') as [string, string];
    return instantAt(day, time, timeZone).toISOString();
  });
  return JSON.parse(text) as T;
}
