// Events that were given up for a plugin, since its handler failed at them again and again: why, and another try.

import { MailX, RotateCcw } from 'lucide-react';
import { Link } from 'wouter';
import { type Client, Problem } from '@chartwire/client/internal/client/index';
import { api } from '../api/client.ts';
import { usePages } from '../api/queries.ts';
import { useWrite } from '../api/write.ts';
import { eventText } from '../events/event-words.ts';
import { Failure } from '../events/failure.tsx';
import type { Delivery } from '../events/shapes.ts';
import { Button } from '../ui/button.tsx';
import { More } from '../ui/more.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { Ago } from '../ui/time.tsx';
import { tell } from '../ui/toast.tsx';
import { count } from './plugin-state.tsx';

export function DeadLetters({ name }: { readonly name: string }) {
  const letters = usePages(api.deliveries.list, { query: { state: 'dead', plugin: name, limit: 100 } });
  const retry = useWrite(
    async (server, chosen: readonly Delivery[]) => {
      // One after the other: events of a chart are tried in its order.
      for (const { id } of chosen) await retried(server, id);
    },
    {
      changes: [api.deliveries.list.path(), api.plugins.health.path({ params: { name } })],
      onDone: (_, { length }) => tell(`${count(length, 'event')} will be tried now`),
    },
  );
  return (
    <Loaded from={letters}>
      {(items) =>
        items.length === 0 ? (
          <Empty icon={MailX} title="Nothing was given up.">
            An event at which a handler fails again and again is put aside here, so that later ones go on. Once the
            cause is mended, it can be tried again.
          </Empty>
        ) : (
          <>
            <div className="flex items-center justify-between gap-3 border-line border-b px-5 py-2">
              <p className="text-ink-2 text-sm">
                Mend the cause first, by an upgrade or a variable; then have them tried again.
              </p>
              <Button icon={RotateCcw} busy={retry.pending} onClick={() => retry.send([...items].reverse())}>
                {letters.hasNextPage ? `Try these ${items.length} again` : 'Try all again'}
              </Button>
            </div>
            <ul aria-label="Dead letters" className="divide-y divide-line">
              {items.map((letter) => (
                <Letter key={letter.id} letter={letter} busy={retry.pending} onRetry={() => retry.send([letter])} />
              ))}
            </ul>
            <More of={letters} />
          </>
        )
      }
    </Loaded>
  );
}

/** One that is no longer dead needs no other try. */
async function retried(server: Client, id: string): Promise<void> {
  try {
    await server.deliveries.retry({ params: { id } });
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'delivery.not-found')) throw error;
  }
}

function Letter({
  letter: { event, type, handler, attempts, error, at },
  busy,
  onRetry,
}: {
  readonly letter: Delivery;
  readonly busy: boolean;
  readonly onRetry: () => void;
}) {
  return (
    <li className="flex items-start gap-4 px-5 py-3">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-2 text-sm">
          <Link href={`/events/${event}`} className="font-medium text-accent-text hover:underline">
            {eventText(type)}
          </Link>
          <span className="text-plugin-text">{handler}</span>
          <span className="text-ink-3 text-xs">
            {count(attempts, 'attempt')}, the last <Ago time={at} />
          </span>
        </p>
        {error && (
          <div className="mt-1.5">
            <Failure error={error} />
          </div>
        )}
      </div>
      <Button size="sm" icon={RotateCcw} busy={busy} onClick={onRetry}>
        Try again
      </Button>
    </li>
  );
}
