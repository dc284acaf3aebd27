// How a plugin is, in a word: whether it is given events, and whether what it is given works out.

import { Badge, type Tone } from '../ui/badge.tsx';
import type { Health, Plugin } from './shapes.ts';

const STATE: Readonly<Record<Plugin['state'], readonly [text: string, tone: Tone]>> = {
  live: ['live', 'ok'],
  disabled: ['disabled', 'neutral'],
  quarantined: ['quarantined', 'danger'],
  failed: ['does not load', 'danger'],
};

export function PluginState({ plugin: { state, reason } }: { readonly plugin: Plugin }) {
  const [text, tone] = STATE[state];
  return (
    <Badge tone={tone} {...(reason && { title: reason })}>
      {text}
    </Badge>
  );
}

/** What should be looked at; nothing when all is well. */
export function Troubles({ health }: { readonly health: Health }) {
  const { queue, requests, strikes, leftOut, runs } = health;
  const owed = queue.waiting + queue.behind;
  const quiet = queue.dead + requests.dead + owed + strikes + leftOut.length === 0;
  if (quiet && runs.hour.failed === 0) return null;
  return (
    <span className="inline-flex flex-wrap gap-1">
      {queue.dead > 0 && <Badge tone="danger">{count(queue.dead, 'dead letter')}</Badge>}
      {requests.dead > 0 && <Badge tone="danger">{count(requests.dead, 'failed request')}</Badge>}
      {owed > 0 && <Badge tone="warn">{owed} to be tried again</Badge>}
      {strikes > 0 && <Badge tone="warn">{count(strikes, 'strike')}</Badge>}
      {leftOut.length > 0 && <Badge tone="warn">{count(leftOut.length, 'handler')} not asked for a while</Badge>}
      {quiet && <Badge tone="warn">{runs.hour.failed} failed in the last hour</Badge>}
    </span>
  );
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
