// Requests that a plugin queued to other systems and that weren't answered: to be sent, given up, or skipped.

import { Globe, RotateCcw, SkipForward } from 'lucide-react';
import { Link } from 'wouter';
import { api } from '../api/client.ts';
import { usePages } from '../api/queries.ts';
import { useWrite } from '../api/write.ts';
import { Failure } from '../events/failure.tsx';
import { Badge, type Tone } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { More } from '../ui/more.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { Ago, exactText } from '../ui/time.tsx';
import { tell } from '../ui/toast.tsx';
import { count } from './plugin-state.tsx';
import type { OutgoingRequest } from './shapes.ts';

export function Requests({ name }: { readonly name: string }) {
  // What a request comes to is an event about it.
  const requests = usePages(
    api.outgoing.list,
    { query: { plugin: name, limit: 100 } },
    { hears: { types: ['HttpRequest'] } },
  );
  const changes = [api.outgoing.list.path(), api.plugins.health.path({ params: { name } })];
  const retry = useWrite((server, { id }: OutgoingRequest) => server.outgoing.retry({ params: { id } }), {
    changes,
    onDone: () => tell('1 request will be sent now'),
  });
  const skip = useWrite((server, { id }: OutgoingRequest) => server.outgoing.skip({ params: { id } }), {
    changes,
    onDone: () => tell('1 request is skipped'),
  });
  return (
    <Loaded from={requests}>
      {(items) =>
        items.length === 0 ? (
          <Empty icon={Globe} title="No requests waiting, given up, or skipped.">
            Requests that the plugin sends to other systems are listed here until they’re answered. You can retry those
            that were given up, and send those that were skipped.
          </Empty>
        ) : (
          <>
            <ul aria-label="Requests" className="divide-y divide-line">
              {items.map((request) => (
                <Request
                  key={request.id}
                  request={request}
                  busy={retry.pending || skip.pending}
                  onRetry={() => retry.send(request)}
                  onSkip={() => skip.send(request)}
                />
              ))}
            </ul>
            <More of={requests} />
          </>
        )
      }
    </Loaded>
  );
}

const STATES: Readonly<Record<OutgoingRequest['state'], readonly [text: string, tone: Tone]>> = {
  pending: ['waiting', 'warn'],
  sending: ['sending', 'info'],
  done: ['answered', 'ok'],
  dead: ['given up', 'danger'],
  skipped: ['skipped', 'neutral'],
};

function Request({
  request: { method, url, tag, handler, event, state, attempts, nextAt, error, queuedAt },
  busy,
  onRetry,
  onSkip,
}: {
  readonly request: OutgoingRequest;
  readonly busy: boolean;
  readonly onRetry: () => void;
  readonly onSkip: () => void;
}) {
  const [text, tone] = STATES[state];
  return (
    <li className="flex items-start gap-4 px-5 py-3">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-2 text-sm">
          <Badge tone={tone}>{text}</Badge>
          <span className="break-all font-medium">
            {method} {url}
          </span>
          {tag !== null && <span className="text-ink-2">{tag}</span>}
        </p>
        <p className="mt-1 flex flex-wrap gap-x-2 text-ink-3 text-xs">
          <Link href={`/events/${event}`} className="text-accent-text hover:underline">
            <span className="text-plugin-text">{handler}</span> queued it <Ago time={queuedAt} />
          </Link>
          <span>{count(attempts.length, 'attempt')}</span>
          {nextAt !== null && attempts.length > 0 && <span>next at {exactText(nextAt)}</span>}
        </p>
        {error && (
          <div className="mt-1.5">
            <Failure error={error} />
          </div>
        )}
      </div>
      <div className="flex gap-2">
        {state === 'dead' && (
          <Button size="sm" icon={SkipForward} busy={busy} onClick={onSkip}>
            Skip
          </Button>
        )}
        {(state === 'dead' || state === 'skipped' || (state === 'pending' && attempts.length > 0)) && (
          <Button size="sm" icon={RotateCcw} busy={busy} onClick={onRetry}>
            {state === 'skipped' ? 'Send' : 'Retry'}
          </Button>
        )}
      </div>
    </li>
  );
}
