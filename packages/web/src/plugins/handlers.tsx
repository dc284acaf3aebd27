// What the handlers of a plugin respond to: each by its name, with the events in words.

import { eventByType } from '@chartwire/sdk/internal/events/catalogue';
import { eventText } from '../events/event-words.ts';
import { Badge } from '../ui/badge.tsx';
import type { Plugin } from './shapes.ts';

const KINDS = { notice: null, gate: 'gate before', ask: 'during a search' } as const;

export function Handlers({ handlers }: Pick<Plugin, 'handlers'>) {
  if (handlers.length === 0) return <p className="text-ink-3 text-sm">No handlers</p>;
  return (
    <ul className="divide-y divide-line rounded-md border border-line">
      {handlers.map(({ name, respondsTo, schedule, timezone }) => (
        <li key={name} className="px-3 py-2 text-sm">
          <p className="font-medium text-plugin-text">{name}</p>
          {schedule ? (
            <p className="text-ink-2">
              At <span className="font-mono text-xs">{schedule}</span> {timezone && `in ${timezone}`}
            </p>
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
        </li>
      ))}
    </ul>
  );
}

function Kind({ type }: { readonly type: string }) {
  const kind = KINDS[eventByType(type)?.kind ?? 'notice'];
  return kind && <Badge tone="info">{kind}</Badge>;
}
