// When a handler with a SCHEDULE is due: cron's five fields, in a time zone with its daylight saving time.

import { Cron } from 'croner';
import { isTimeZone } from '@chartwire/sdk/internal/kit/calendar';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { HandlerInfo } from '#plugin-host/contract.ts';
import type { StoredEvent } from '#store/contract.ts';
import type { Subscription } from './subscriptions.ts';

type Scheduled = Pick<HandlerInfo, 'schedule' | 'timezone'>;
type ClockEvent = Pick<StoredEvent, 'type' | 'source' | 'target' | 'detail'>;

const MINUTE_MS = 60_000;
/** A TIMEZONE that is whatever the practice's is. */
export const PRACTICE_ZONE = 'practice';

/**
 * Whether an event of the clock is for the handler `id` with this schedule. One that names its handlers is for those; a minute that was over before its plugin was
 * enabled is for nobody. Every other event is, CRON among them when it was
 * emitted by hand: that is how a task is tried out of its time. A time of day that the change to summer time leaves
 * out is due at the moment of the change, and one that comes twice in autumn is due the first time, unless the
 * schedule names no single hour: every half hour stays every half hour.
 */
export function dueBy({
  id,
  schedule,
  timezone,
  enabledAt,
}: Scheduled & Pick<Subscription, 'id' | 'enabledAt'>): (event: ClockEvent, practiceZone?: string) => boolean {
  const enabledSince = Date.parse(enabledAt);
  /** The last one made: a practice seldom changes its zone. */
  let made: { readonly zone: string; readonly cron: Cron } | undefined;
  return ({ type, source, target, detail }, practiceZone = 'UTC') => {
    if (type !== 'CRON') return true;
    const named = detail.handlers;
    if (Array.isArray(named)) return named.includes(id);
    if (schedule === undefined || source !== 'clock') return true;
    const zone = zoneOf(timezone, practiceZone);
    if (made?.zone !== zone) made = { zone, cron: cronOf(schedule, zone) };
    const minute = Date.parse(target.id);
    if (minute + MINUTE_MS <= enabledSince) return false;
    return made.cron.nextRun(new Date(minute - MINUTE_MS))?.getTime() === minute;
  };
}

/** The next times at which a handler with a schedule is due, in ISO 8601. */
export function nextRuns(
  { schedule, timezone }: Scheduled,
  practiceZone: string,
  after: Date,
  count: number,
): string[] {
  if (schedule === undefined) return [];
  const cron = cronOf(schedule, zoneOf(timezone, practiceZone));
  return cron.nextRuns(count, after).map((at) => at.toISOString());
}

/** Runs of one handler that are made up for at most. */
const MOST_RUNS = 100;
/** Milliseconds: what was missed before is not made up for. */
const LONGEST_GAP_MS = 7 * 24 * 60 * MINUTE_MS;

/** The minutes after `from` and before `to` at which a handler was due and that it makes up for, oldest first. */
export function missedRuns(
  { schedule, timezone, catchUp = 'skip' }: Scheduled & Pick<HandlerInfo, 'catchUp'>,
  practiceZone: string,
  { from, to }: { readonly from: number; readonly to: number },
): number[] {
  if (schedule === undefined || catchUp === 'skip') return [];
  const cron = cronOf(schedule, zoneOf(timezone, practiceZone));
  const missed: number[] = [];
  let at = cron.nextRun(new Date(Math.max(from, to - LONGEST_GAP_MS)));
  for (; at && at.getTime() < to; at = cron.nextRun(at)) {
    missed.push(at.getTime());
    if (missed.length > MOST_RUNS) missed.shift();
  }
  return catchUp === 'latest' ? missed.slice(-1) : missed;
}

function zoneOf(timezone: string | undefined, practiceZone: string): string {
  return timezone === PRACTICE_ZONE ? practiceZone : (timezone ?? 'UTC');
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
