// Everybody who wrote or was written to, those who wait for an answer in front of one's eyes.

import { MessageSquare } from 'lucide-react';
import { useLocation } from 'wouter';
import { usePages } from '../api/queries.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { Empty, Loaded, Skeleton } from '../ui/states.tsx';
import { moveOrOpen } from '../ui/table.tsx';
import { Ago } from '../ui/time.tsx';
import type { Thread } from './shapes.ts';

export function ThreadList({ only, chosen }: { readonly only: string; readonly chosen: string | undefined }) {
  const [, go] = useLocation();
  const threads = usePages<Thread>('/api/messages', { only, limit: 100 }, { hears: { types: ['Communication'] } });
  return (
    <Loaded from={threads} skeleton={<Skeleton lines={8} />}>
      {(items) =>
        items.length === 0 ? (
          <Empty icon={MessageSquare} title={only ? 'Nobody waits for an answer.' : 'No messages yet.'}>
            {only
              ? 'All threads are under “All”.'
              : 'Write the first one: “New message”. What a patient writes comes here too.'}
          </Empty>
        ) : (
          <>
            <ul aria-label="Threads">
              {items.map((thread) => (
                <ThreadRow
                  key={thread.patient.id}
                  thread={thread}
                  chosen={thread.patient.id === chosen}
                  onOpen={() => go(`/messages/${thread.patient.id}`)}
                />
              ))}
            </ul>
            {threads.hasNextPage && (
              <div className="p-3 text-center">
                <Button busy={threads.isFetchingNextPage} onClick={() => void threads.fetchNextPage()}>
                  Earlier ones
                </Button>
              </div>
            )}
          </>
        )
      }
    </Loaded>
  );
}

function ThreadRow({
  thread: { patient, unread, unanswered, last },
  chosen,
  onOpen,
}: {
  readonly thread: Thread;
  readonly chosen: boolean;
  readonly onOpen: () => void;
}) {
  return (
    <li
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the row is where its keys work
      tabIndex={0}
      data-row
      aria-current={chosen || undefined}
      onClick={onOpen}
      onKeyDown={(event) => moveOrOpen(event, onOpen)}
      className={classes(
        'cursor-pointer border-line border-b px-4 py-2.5 hover:bg-hover focus-visible:outline-offset-[-2px]',
        chosen && 'bg-accent-soft',
      )}
    >
      <div className="flex items-baseline gap-2">
        <span className={classes('min-w-0 flex-1 truncate text-sm', unread > 0 ? 'font-semibold' : 'font-medium')}>
          {patient.name ?? 'No name'}
        </span>
        <span className="shrink-0 text-ink-3 text-xs">
          <Ago time={last.at} />
        </span>
      </div>
      <div className="flex items-center gap-2">
        <p className="min-w-0 flex-1 truncate text-ink-3 text-sm">
          {!last.fromPatient && 'You: '}
          {last.text}
        </p>
        {unread > 0 ? <Badge tone="accent">{unread} new</Badge> : unanswered && <Badge tone="warn">not answered</Badge>}
      </div>
    </li>
  );
}
