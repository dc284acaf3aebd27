// Events that a plugin was not given in the end: given up, since its handler failed at them or was stopped in a loop, or
// skipped, since somebody chose so or with a loop. Each can be tried again.

import { MailX, RotateCcw, SkipForward } from 'lucide-react';
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

interface Words {
  readonly label: string;
  readonly none: string;
  readonly about: string;
  readonly advice: string;
  readonly verb: string;
  readonly all: string;
}

const WORDS: Readonly<Record<'dead' | 'skipped', Words>> = {
  dead: {
    label: 'Dead letters',
    none: 'No dead letters.',
    about:
      'Events that a handler failed on repeatedly, or that kept a loop going, are kept here. Once you fix the cause, you can retry them.',
    advice: 'Fix the cause first, with an upgrade or a variable. Then retry them.',
    verb: 'Retry',
    all: 'Retry all',
  },
  skipped: {
    label: 'Skipped events',
    none: 'No skipped events.',
    about:
      'Events that were skipped when the plugin was disabled or enabled, or when a loop was stopped, are kept here, so you can still deliver them.',
    advice: 'Skipped when the plugin was disabled or enabled, or when a loop was stopped. They can still be delivered.',
    verb: 'Deliver',
    all: 'Deliver all',
  },
};

export function DeadLetters({ name, state }: { readonly name: string; readonly state: 'dead' | 'skipped' }) {
  const letters = usePages(api.deliveries.list, { query: { state, plugin: name, limit: 100 } });
  const { label, none, about, advice, verb, all } = WORDS[state];
  const changes = [api.deliveries.list.path(), api.plugins.health.path({ params: { name } })];
  const retry = useWrite(
    async (server, chosen: readonly Delivery[]) => {
      // One after the other: events of a chart are tried in its order.
      for (const { id } of chosen) await retried(server, id);
    },
    { changes, onDone: (_, { length }) => tell(`${count(length, 'event')} will be retried now`) },
  );
  /** Where its chart waits for it, the later events go on. */
  const skip = useWrite((server, { id }: Delivery) => server.deliveries.skip({ params: { id } }), {
    changes,
    onDone: () => tell('1 event is skipped'),
  });
  const busy = retry.pending || skip.pending;
  return (
    <Loaded from={letters}>
      {(items) =>
        items.length === 0 ? (
          <Empty icon={MailX} title={none}>
            {about}
          </Empty>
        ) : (
          <>
            <div className="flex items-center justify-between gap-3 border-line border-b px-5 py-2">
              <p className="text-ink-2 text-sm">{advice}</p>
              <Button icon={RotateCcw} busy={busy} onClick={() => retry.send([...items].reverse())}>
                {letters.hasNextPage ? `${verb}: these ${items.length}` : all}
              </Button>
            </div>
            <ul aria-label={label} className="divide-y divide-line">
              {items.map((letter) => (
                <Letter
                  key={letter.id}
                  letter={letter}
                  verb={verb}
                  busy={busy}
                  onSkip={state === 'dead' ? () => skip.send(letter) : undefined}
                  onRetry={() => retry.send([letter])}
                />
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
  letter: { event, type, handler, state, attempts, error, ended, at },
  verb,
  busy,
  onRetry,
  onSkip,
}: {
  readonly letter: Delivery;
  readonly verb: string;
  readonly busy: boolean;
  readonly onRetry: () => void;
  readonly onSkip: (() => void) | undefined;
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
            {attempts > 0 ? `${count(attempts, 'attempt')}, the last ` : state === 'dead' ? 'stopped ' : 'skipped '}
            <Ago time={at} />
          </span>
        </p>
        {error && (
          <div className="mt-1.5">
            <Failure error={error} />
          </div>
        )}
        {ended !== undefined && (
          <p className="mt-1.5 text-ink-2 text-sm">
            {count(ended, 'later event')} of this loop {ended === 1 ? 'was' : 'were'} skipped with it.
          </p>
        )}
      </div>
      <div className="flex gap-2">
        {onSkip && (
          <Button size="sm" icon={SkipForward} busy={busy} onClick={onSkip}>
            Skip
          </Button>
        )}
        <Button size="sm" icon={RotateCcw} busy={busy} onClick={onRetry}>
          {verb}
        </Button>
      </div>
    </li>
  );
}
