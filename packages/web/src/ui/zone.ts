// The practice's time zone: days and times are shown as they are there, wherever the browser is.

import { isTimeZone, systemTimeZone } from '@chartwire/sdk/internal/kit/calendar';

let zone = systemTimeZone();

/** Known once somebody is signed in. One that this browser doesn't know is left alone. */
export function holdZone(timeZone: string): void {
  if (isTimeZone(timeZone)) zone = timeZone;
}

export function practiceZone(): string {
  return zone;
}

/** Whether this browser's clock shows another time than the practice's at an instant. */
export function isElsewhere(at = new Date()): boolean {
  return CLOCK.format(at) !== formatFor(CLOCK_PARTS, systemTimeZone()).format(at);
}

/** A format of moments there. */
export function there(options: Intl.DateTimeFormatOptions): { readonly format: (at: Date) => string } {
  return { format: (at) => formatFor(options, zone).format(at) };
}

const CLOCK_PARTS = { dateStyle: 'short', timeStyle: 'short' } as const;
const CLOCK = there(CLOCK_PARTS);

/** Of each options the last format made: the zone seldom changes. */
const formats = new WeakMap<object, { readonly timeZone: string; readonly format: Intl.DateTimeFormat }>();

function formatFor(options: Intl.DateTimeFormatOptions, timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(options);
  if (known?.timeZone === timeZone) return known.format;
  const format = new Intl.DateTimeFormat(undefined, { ...options, timeZone });
  formats.set(options, { timeZone, format });
  return format;
}
