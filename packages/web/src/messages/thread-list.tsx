// Everybody who wrote or was written to, those who wait for an answer in front of one's eyes.

import { MessageSquare } from 'lucide-react';
import { useLocation } from 'wouter';
import { api } from '../api/client.ts';
import { usePages } from '../api/queries.ts';
import { Badge } from '../ui/badge.tsx';
import { classes } from '../ui/classes.ts';
import { Entry } from '../ui/entry.tsx';
import { ListRow } from '../ui/list-row.tsx';
import { More } from '../ui/more.tsx';
import { Empty, Loaded, Skeleton } from '../ui/states.tsx';
import { Ago } from '../ui/time.tsx';
import type { Thread } from './shapes.ts';

export function ThreadList({
  only,
  chosen,
}: {
  readonly only: 'unread' | 'unanswered' | '';
  readonly chosen: string | undefined;
}) {
  const [, go] = useLocation();
  const threads = usePages(
    api.messages.threads,
    { query: { ...(only && { only }), limit: 100 } },
    { hears: { types: ['Communication', 'Patient'] } },
  );
  return (
    <Loaded from={threads} skeleton={<Skeleton lines={8} />}>
      {(items) =>
        items.length === 0 ? (
          <Empty icon={MessageSquare} title={only ? 'No messages are waiting for an answer.' : 'No messages yet.'}>
            {only
              ? 'All threads are under “All”.'
              : 'Start one with “New message”. Messages from patients appear here too.'}
          </Empty>
        ) : (
          <>
            <ul aria-label="Threads">
              {items.map((thread) => (
                <Entry key={thread.patient.id} of={thread} type="Thread">
                  {() => (
                    <ThreadRow
                      thread={thread}
                      chosen={thread.patient.id === chosen}
                      onOpen={() => go(`/messages/${thread.patient.id}`)}
                    />
                  )}
                </Entry>
              ))}
            </ul>
            <More of={threads} />
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
    <ListRow chosen={chosen} onOpen={onOpen}>
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
        {unread > 0 ? <Badge tone="accent">{unread} new</Badge> : unanswered && <Badge tone="warn">unanswered</Badge>}
      </div>
    </ListRow>
  );
}
