// Handlers that run on a schedule.

import { type Answer, BaseProtocol } from './handler.ts';

/** A handler that runs at the times of SCHEDULE: once per time, however many servers run. */
export abstract class CronTask extends BaseProtocol<'CRON'> {
  static override readonly RESPONDS_TO: readonly 'CRON'[] = ['CRON'];

  /** A cron expression with five fields: minute, hour, day of month, month, day of week. `0 3 * * *` is 3 a.m. every day. */
  static readonly SCHEDULE: string;
  /**
   * IANA time zone of SCHEDULE, with its daylight saving time: `America/New_York`, or `practice` for the practice's. Defaults to
   * UTC.
   */
  static readonly TIMEZONE?: string;

  /**
   * What happens to runs that were missed, because no server ran or the database was away: `skip` (the default) drops
   * them, `latest` makes up for the last one, `all` for each of them, oldest first: at most 100 of the last 7 days. A run
   * that comes late has the minute it was due in `this.event.context.minute`. Runs of a handler never overlap: a run that is
   * retried holds back the later ones.
   */
  static readonly CATCH_UP?: 'skip' | 'latest' | 'all';

  /** Runs at each scheduled time and returns effects. */
  abstract execute(): Answer | Promise<Answer>;

  override compute(): Answer | Promise<Answer> {
    return this.execute();
  }
}
