// Notes that wait for a signature beside the one they have: those that wait for whoever looks, and those they asked for.

import { Hourglass, PenLine, Undo2 } from 'lucide-react';
import { useLocation } from 'wouter';
import type { Waiting } from '@chartwire/client/internal/contract/note-signatures';
import { api } from '../api/client.ts';
import { usePages } from '../api/queries.ts';
import { useSession } from '../api/session.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Badge } from '../ui/badge.tsx';
import { More } from '../ui/more.tsx';
import { Card, Page } from '../ui/page.tsx';
import { Empty, Loaded, Skeleton } from '../ui/states.tsx';
import { moveOrOpen } from '../ui/table.tsx';
import { Ago, dayText } from '../ui/time.tsx';

const HEARS = { types: ['Note'] };

export default function CosignPage() {
  const { user } = useSession();
  return (
    <Page title="Co-sign" about="Notes waiting for a co-signature">
      <div className="flex flex-col gap-4 p-5">
        <Card title="Waiting for your signature">
          {user.practitioner === null ? (
            <Empty icon={PenLine} title="Your user isn’t linked to a practitioner.">
              To receive co-signature requests, ask an administrator to link it.
            </Empty>
          ) : (
            <List query={{ of: 'me' }} whose="mine">
              <Empty icon={PenLine} title="Nothing is waiting for you.">
                Notes that you’re asked to co-sign appear here.
              </Empty>
            </List>
          )}
        </Card>
        <Card title="Waiting for others">
          <List query={{ by: 'me' }} whose="theirs">
            <Empty icon={Hourglass} title="You aren’t waiting for anyone.">
              Notes that you sent for a co-signature appear here until they’re signed, or if they’re returned.
            </Empty>
          </List>
        </Card>
      </div>
    </Page>
  );
}

function List({
  query,
  whose,
  children,
}: {
  readonly query: { readonly of?: 'me'; readonly by?: 'me' };
  readonly whose: 'mine' | 'theirs';
  /** Where there are none. */
  readonly children: React.ReactNode;
}) {
  const found = usePages(api.notes.cosignatureRequests.list, { query }, { hears: HEARS });
  return (
    <Loaded from={found} skeleton={<Skeleton lines={3} />}>
      {(items) =>
        items.length === 0 ? (
          children
        ) : (
          <>
            <ul>
              {items.map((item) => (
                <Row key={item.request.id} item={item} whose={whose} />
              ))}
            </ul>
            <More of={found} label="More" />
          </>
        )
      }
    </Loaded>
  );
}

function Row({
  item: { note, patient, request },
  whose,
}: {
  readonly item: Waiting;
  readonly whose: 'mine' | 'theirs';
}) {
  const [, go] = useLocation();
  const open = (): void => go(`/patients/${patient.id}/notes/${note.id}`);
  const name = patient.name ?? 'A patient';
  const returned = request.state === 'returned';
  const supervisor = request.of.display ?? request.of.practitioner;
  const words = returned ? request.ended?.reason : request.message;
  return (
    <li
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the row is where its keys work
      tabIndex={0}
      data-row
      onClick={open}
      onKeyDown={(event) => moveOrOpen(event, open)}
      className="flex cursor-pointer items-start gap-3 border-line border-b px-4 py-2.5 last:border-0 hover:bg-hover focus-visible:outline-offset-[-2px]"
    >
      <Avatar name={name} />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-sm">
          <span className="font-medium">{name}</span>
          {patient.birthDate && <span className="text-ink-3 text-xs tabular">born {dayText(patient.birthDate)}</span>}
          <span className="text-ink-2">{note.title}</span>
          {note.state === 'open' && <Badge tone="warn">unlocked, being changed</Badge>}
          {returned && (
            <Badge tone="warn" icon={Undo2}>
              returned
            </Badge>
          )}
        </p>
        <p className="text-ink-3 text-xs">
          {whose === 'mine' ? (
            <>asked by {request.by.display ?? request.by.id}</>
          ) : returned ? (
            <>returned by {request.ended?.by.display ?? supervisor}</>
          ) : (
            <>waits for {supervisor}</>
          )}
        </p>
        {words && <p className="mt-0.5 line-clamp-2 text-ink-2 text-sm">“{words}”</p>}
      </div>
      <span className="shrink-0 text-ink-3 text-xs">
        <Ago time={request.ended?.at ?? request.at} />
      </span>
    </li>
  );
}
