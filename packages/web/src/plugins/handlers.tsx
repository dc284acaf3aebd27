// What the handlers of a plugin respond to: each by its name, with the events in words.

import { Play } from 'lucide-react';
import { eventByType } from '@chartwire/sdk/internal/events/catalogue';
import { api } from '../api/client.ts';
import { useWrite } from '../api/write.ts';
import { eventText } from '../events/event-words.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { exactText } from '../ui/time.tsx';
import { tell } from '../ui/toast.tsx';
import type { Plugin } from './shapes.ts';

const KINDS = { notice: null, gate: 'gate before', ask: 'during a search' } as const;

/** `plugin`: its name where it is installed, so that a handler with a schedule can be run. */
export function Handlers({ handlers, plugin }: Pick<Plugin, 'handlers'> & { readonly plugin?: string }) {
  if (handlers.length === 0) return <p className="text-ink-3 text-sm">No handlers</p>;
  return (
    <ul className="divide-y divide-line rounded-md border border-line">
      {handlers.map(({ name, respondsTo, schedule, timezone, catchUp = 'skip', nextRuns, hearsOwn }) => (
        <li key={name} className="px-3 py-2 text-sm">
          <p className="font-medium text-plugin-text">{name}</p>
          {schedule ? (
            <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 text-ink-2">
              <div>
                <p>
                  At <span className="font-mono text-xs">{schedule}</span> {zoneText(timezone)}
                </p>
                <p className="text-ink-3 text-xs">{MISSED[catchUp]}</p>
                {nextRuns && <p>Next: {nextRuns.map(exactText).join(' · ')}</p>}
              </div>
              {plugin !== undefined && nextRuns && <RunNow plugin={plugin} handler={name} />}
            </div>
          ) : (
            <ul>
              {respondsTo.map((type) => (
                <li key={type} className="flex flex-wrap items-baseline gap-x-2 text-ink-2">
                  {eventText(type)}
                  <Kind type={type} />
                  <span className="break-all font-mono text-2xs text-ink-3">{type}</span>
                </li>
              ))}
            </ul>
          )}
          {hearsOwn && <p className="text-ink-3 text-xs">Also responds to its own effects</p>}
        </li>
      ))}
    </ul>
  );
}

function RunNow({ plugin, handler }: { readonly plugin: string; readonly handler: string }) {
  const run = useWrite((server) => server.plugins.run({ params: { name: plugin, handler } }), {
    changes: [
      api.plugins.executions.path({ params: { name: plugin } }),
      api.plugins.health.path({ params: { name: plugin } }),
    ],
    onDone: () => tell(`${handler} is running`, { about: 'See Executions for the result.' }),
  });
  return (
    <Button size="sm" icon={Play} busy={run.pending} onClick={() => run.send()}>
      Run now
    </Button>
  );
}

/** What happens to runs that were missed while no server ran. */
const MISSED = {
  skip: 'Skips missed runs',
  latest: 'Makes up for the last missed run',
  all: 'Makes up for missed runs, at most 100 of the last 7 days',
} as const;

function zoneText(timezone = 'UTC'): string {
  return timezone === 'practice' ? 'in the practice’s time zone' : `in ${timezone.replaceAll('_', ' ')}`;
}

function Kind({ type }: { readonly type: string }) {
  const kind = KINDS[eventByType(type)?.kind ?? 'notice'];
  return kind && <Badge tone="info">{kind}</Badge>;
}
