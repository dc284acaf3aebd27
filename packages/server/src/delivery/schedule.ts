// When a handler with a SCHEDULE is due: cron's five fields, in a time zone with its daylight saving time.

import { Cron } from 'croner';
import { isTimeZone } from '@chartwire/sdk/internal/kit/calendar';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { HandlerInfo } from '#plugin-host/contract.ts';
import type { StoredEvent } from '#store/contract.ts';

type Scheduled = Pick<HandlerInfo, 'schedule' | 'timezone'>;

const MINUTE_MS = 60_000;
/** A TIMEZONE that is whatever the practice's is. */
export const PRACTICE_ZONE = 'practice';

/**
 * Whether an event of the clock is for a handler with this schedule. Every other event is, CRON among them when it was
 * emitted by hand: that is how a task is tried out of its time. A time of day that the change to summer time leaves
 * out is due at the moment of the change, and one that comes twice in autumn is due the first time, unless the
 * schedule names no single hour: every half hour stays every half hour.
 */
export function dueBy({
  schedule,
  timezone,
}: Scheduled): (event: Pick<StoredEvent, 'type' | 'source' | 'target'>, practiceZone?: string) => boolean {
  if (schedule === undefined) return () => true;
  /** The last one made: a practice seldom changes its zone. */
  let made: { readonly zone: string; readonly cron: Cron } | undefined;
  return ({ type, source, target }, practiceZone = 'UTC') => {
    if (type !== 'CRON' || source !== 'clock') return true;
    const zone = timezone === PRACTICE_ZONE ? practiceZone : (timezone ?? 'UTC');
    if (made?.zone !== zone) made = { zone, cron: cronOf(schedule, zone) };
    const minute = Date.parse(target.id);
    return made.cron.nextRun(new Date(minute - MINUTE_MS))?.getTime() === minute;
  };
}

/** Refuses a plugin with a SCHEDULE or a TIMEZONE that says nothing. */
export function refuseBadSchedules(handlers: readonly HandlerInfo[]): void {
  for (const handler of handlers) {
    const reason = faultOf(handler);
    if (reason) throw new Refusal('plugin.load', { reason });
  }
}

function faultOf({ name, schedule, timezone }: HandlerInfo): string | undefined {
  const zone = timezone === PRACTICE_ZONE ? undefined : timezone;
  if (zone !== undefined && !isTimeZone(zone)) {
    return `the TIMEZONE of ${name}, ${JSON.stringify(timezone)}, is no IANA time zone such as America/New_York`;
  }
  if (schedule === undefined) return undefined;
  const said = `the SCHEDULE of ${name}, ${JSON.stringify(schedule)},`;
  try {
    return cronOf(schedule, zone).nextRun() ? undefined : `${said} never comes`;
  } catch {
    return `${said} is not five fields of cron (minute, hour, day of month, month, day of week) such as 0 3 * * *`;
  }
}

function cronOf(schedule: string, timezone = 'UTC'): Cron {
  return new Cron(schedule, { timezone, mode: '5-part', paused: true });
}
