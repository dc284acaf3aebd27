// What a plugin is: how it fares, what it responds to, what it may do, whom it may call.

import { useState } from 'react';
import { Card, Facts } from '../ui/page.tsx';
import { Skeleton } from '../ui/states.tsx';
import { exactText } from '../ui/time.tsx';
import { Handlers } from './handlers.tsx';
import { Latency } from './latency.tsx';
import { Outcomes } from './outcomes.tsx';
import { count, Troubles } from './plugin-state.tsx';
import { receivedText, scopeText } from './scope-words.ts';
import type { Health, Plugin } from './shapes.ts';
import { tableOf } from '../table-of.ts';

export function Overview({ plugin, health }: { readonly plugin: Plugin; readonly health: Health | undefined }) {
  const { description, handlers, scopes, receives, network, installedAt, updatedAt } = plugin;
  return (
    <div className="grid min-h-full content-start items-start gap-4 bg-canvas p-4 xl:grid-cols-2">
      <div className="flex min-w-0 flex-col gap-4">
        {health ? <Fares health={health} /> : <Skeleton />}
        <Card title="About">
          <div className="flex flex-col gap-3 p-3">
            {description && <p className="text-sm">{description}</p>}
            <Facts
              facts={[
                ['Installed', exactText(installedAt)],
                updatedAt !== installedAt && ['Changed', exactText(updatedAt)],
              ]}
            />
          </div>
        </Card>
      </div>
      <div className="flex min-w-0 flex-col gap-4">
        <Card title="Responds to" count={handlers.length}>
          <div className="p-3">
            <Handlers handlers={handlers} plugin={plugin.name} />
          </div>
        </Card>
        <Card title="Permissions" count={scopes.length}>
          <ul className="flex flex-col gap-1 p-3 text-sm">
            {scopes.map((scope) => (
              <li key={scope} className="flex flex-wrap items-baseline justify-between gap-x-3">
                {scopeText(scope)}
                <span className="font-mono text-2xs text-ink-3">{scope}</span>
              </li>
            ))}
            {scopes.length === 0 && <li className="text-ink-3">It can’t read or change any records.</li>}
          </ul>
        </Card>
        <Card title="Data it receives" count={receives.length}>
          <ul className="flex flex-col gap-1 p-3 text-sm">
            {receives.map((type) => (
              <li key={type}>{receivedText(type)}</li>
            ))}
            {receives.length === 0 && <li className="text-ink-3">No records: its events carry none.</li>}
          </ul>
        </Card>
        <Card title="Network access" count={network.length}>
          <ul className="flex flex-col gap-1 p-3 text-sm">
            {network.map((host) => (
              <li key={host} className="break-all font-mono text-xs">
                {host}
              </li>
            ))}
            {network.length === 0 && <li className="text-ink-3">None.</li>}
          </ul>
        </Card>
      </div>
    </div>
  );
}

const SPANS = [
  ['hour', 'Last hour'],
  ['day', 'Last day'],
] as const;

function Fares({ health }: { readonly health: Health }) {
  const [span, setSpan] = useState<'hour' | 'day'>('day');
  const runs = health.runs[span];
  return (
    <Card
      title="Health"
      actions={
        <fieldset className="flex gap-1">
          <legend className="sr-only">Time span</legend>
          {SPANS.map(([key, label]) => (
            <button
              key={key}
              type="button"
              aria-pressed={span === key}
              onClick={() => setSpan(key)}
              className="h-6 rounded-md px-2 font-medium text-ink-3 text-xs hover:bg-hover aria-pressed:bg-accent-soft aria-pressed:text-accent-text"
            >
              {label}
            </button>
          ))}
        </fieldset>
      }
    >
      <div className="flex flex-col gap-3 p-3">
        <Troubles health={health} />
        <Outcomes runs={runs} />
        <Latency runs={runs} />
        <Facts
          facts={[
            ['Behind by', lagText(health.lag)],
            health.requests.pending > 0 && ['Requests to send', health.requests.pending],
            health.queue.skipped > 0 && ['Skipped', health.queue.skipped],
            ['Runs', health.where && <Place key="where" where={health.where} />],
            ...health.leftOut.map(
              ({ name, until }) => [name.replace('/', ' · '), `paused until ${exactText(until)}`] as const,
            ),
          ]}
        />
      </div>
    </Card>
  );
}

function lagText({ events, seconds }: Health['lag']): string {
  return events === 0 ? 'nothing: it’s up to date' : `${count(events, 'event')}, the oldest from ${agoText(seconds)}`;
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** In the largest unit that fits. */
function agoText(seconds: number): string {
  const [unit, length] = UNITS.find(([, long]) => seconds >= long) ?? ['second', 1];
  return `${count(Math.floor(seconds / length), unit)} ago`;
}

/** Where its calls run, in words, and until when. */
const PLACES: Readonly<Record<string, readonly [text: string, explanation: string]>> = tableOf({
  main: ['with trusted plugins', 'It ran 100 times in a row without a problem.'],
  probation: [
    'on probation',
    'It’s new or changed, or it recently crashed, ran too long, or used too much memory. It works normally, but in a process apart from trusted plugins. After 100 runs in a row without a problem, it joins them.',
  ],
  quarantined: [
    'stopped: quarantined',
    'It failed repeatedly in ways that affect other plugins. It doesn’t run for a while, then resumes automatically.',
  ],
});

function Place({ where }: { readonly where: string }) {
  const [text, explanation] = PLACES[where] ?? [where, ''];
  return (
    <>
      {text}
      <span className="block max-w-prose text-ink-3 text-xs">{explanation}</span>
    </>
  );
}
