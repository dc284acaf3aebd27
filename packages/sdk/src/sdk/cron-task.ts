// Handlers that run by the clock.

import { type Answer, BaseProtocol } from './handler.ts';

/** Runs at the minutes of SCHEDULE: each once, however many servers there are. */
export abstract class CronTask extends BaseProtocol<'CRON'> {
  static override readonly RESPONDS_TO: readonly 'CRON'[] = ['CRON'];

  /** Five fields of cron: minute, hour, day of month, month, day of week. `0 3 * * *` is three in the morning. */
  static readonly SCHEDULE: string;
  /** IANA time zone of SCHEDULE, with its daylight saving time: `America/New_York`; `practice` for the practice's; UTC without it. */
  static readonly TIMEZONE?: string;

  /**
   * What happens to runs that were missed, because no server ran or the database was away: `skip` (the default) drops
   * them, `latest` makes up for the last one, `all` for each of them, oldest first: at most 100 of the last 7 days. A run
   * that comes late has the minute it was due in `this.event.context.minute`. Runs of a handler never overlap: one that is
   * retried holds back the later ones.
   */
  static readonly CATCH_UP?: 'skip' | 'latest' | 'all';

  /** Does the work of one run, and returns its effects. */
  abstract execute(): Answer | Promise<Answer>;

  override compute(): Answer | Promise<Answer> {
    return this.execute();
  }
}
