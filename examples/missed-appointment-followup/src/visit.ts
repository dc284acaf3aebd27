// What the task's comment says of the visit.

import type { CodeableConcept, HumanName } from 'chartwire/sdk';

/** What is known of it. */
export interface Visit {
  /** Why it was called off. */
  readonly why?: string;
  readonly start?: string;
  readonly provider?: HumanName;
  readonly place?: string;
  readonly reason?: CodeableConcept;
}

/** One line each; what is not known is left out. */
export function inWords({ why, start, provider, place, reason }: Visit, timeZone = 'UTC'): string {
  const visit = [
    start && `on ${localTime(start, timeZone)}`,
    provider && `with ${nameOf(provider)}`,
    place && `at ${place}`,
  ];
  return [
    ['The visit was', ...visit.filter(Boolean)].join(' '),
    reason && `Reason for visit: ${reason.text ?? reason.coding?.[0]?.display}`,
    why && `Canceled because: ${why}`,
  ]
    .filter(Boolean)
    .join('\n');
}

/** `Tuesday, September 1, 2026 at 09:00`, by the clock of the practice. */
function localTime(instant: string, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-US', {
    dateStyle: 'full',
    timeStyle: 'short',
    hourCycle: 'h23',
    timeZone,
  });
  return format.format(new Date(instant));
}

function nameOf({ text, prefix = [], given = [], family }: HumanName): string {
  return text ?? [...prefix, ...given, family].filter(Boolean).join(' ');
}
