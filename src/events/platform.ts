// Events that follow from no record and no command.

import type { EventKind } from '#kit/event.ts';

export const PLATFORM_EVENTS = [
  {
    type: 'CRON',
    kind: 'notice',
    summary: 'A minute has passed.',
    occurs: 'The clock: once a minute, at its beginning. CronTask picks the minutes of its schedule out of these.',
    target: 'Clock',
  },
] as const satisfies readonly {
  type: string;
  kind: EventKind;
  summary: string;
  occurs: string;
  target: string;
}[];

/** Contexts of the platform's events. */
export interface PlatformContexts {
  CRON: {
    /** The minute, in ISO 8601 UTC: `2026-08-23T10:00:00.000Z`. The target's id is the same. */
    readonly minute: string;
  };
}
