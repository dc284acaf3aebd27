// Handlers that run by the clock.

import { type Answer, BaseProtocol } from './handler.ts';

/** Runs at the minutes of SCHEDULE: each once, however many servers there are. */
export abstract class CronTask extends BaseProtocol<'CRON'> {
  static override readonly RESPONDS_TO: readonly 'CRON'[] = ['CRON'];

  /** Five fields of cron: minute, hour, day of month, month, day of week. `0 3 * * *` is three in the morning. */
  static readonly SCHEDULE: string;
  /** IANA time zone of SCHEDULE, with its daylight saving time: `America/New_York`; `practice` for the practice's; UTC without it. */
  static readonly TIMEZONE?: string;

  /** What is to be done now. */
  abstract execute(): Answer | Promise<Answer>;

  override compute(): Answer | Promise<Answer> {
    return this.execute();
  }
}
