// Why a record is here, in one sentence: who or which plugin made it, because of what, and what that goes back to.

import type { Resource } from '@medplum/fhirtypes';
import { CircleHelp } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { eventByType } from '@chartwire/sdk/internal/events/catalogue';
import { parseReference } from '@chartwire/sdk/internal/kit/ids';
import { api } from '../api/client.ts';
import { useApi } from '../api/queries.ts';
import { recordTitle } from '../chart/record-facts.tsx';
import { Badge } from '../ui/badge.tsx';
import { Loaded, Skeleton } from '../ui/states.tsx';
import { exactText } from '../ui/time.tsx';
import { actorText, doorText, eventClause, typeText } from './event-words.ts';
import type { BriefEvent, LoggedEvent, Story } from './shapes.ts';

export function Why({ target }: { readonly target: string }) {
  const { id } = parseReference(target) ?? { id: target };
  const first = useApi(api.events.list, { query: { target, order: 'asc', limit: 1 } }, { hears: { id } });
  return (
    <section aria-label="Why is this here?" className="border-line border-b bg-surface px-5 py-3">
      <Loaded from={first} skeleton={<Skeleton lines={2} className="p-0" />}>
        {({ items: [event] }) =>
          event ? (
            <Because event={event} />
          ) : (
            <p className="text-ink-2 text-sm">
              The log has no entry for it: it may be older than the log, or never existed.
            </p>
          )
        }
      </Loaded>
    </section>
  );
}

function Because({ event }: { readonly event: LoggedEvent }) {
  const cause = useApi(api.events.get, { params: { id: event.cause?.event ?? '' } }, { enabled: event.cause !== null });
  const title = titleOf(event);
  return (
    <div className="flex items-start gap-3">
      <CircleHelp aria-hidden className="mt-0.5 size-5 shrink-0 text-accent-text" strokeWidth={1.8} />
      <div className="min-w-0">
        <p className="text-base">
          <Maker event={event} /> {verbOf(event.type)} this {typeText(event.target.type)}
          {title && <span className="font-medium"> “{title}”</span>}
          {event.cause ? (
            <> because {cause.data ? <Reason event={cause.data} /> : '…'}</>
          ) : (
            <> on {exactText(event.at)}</>
          )}
          .
        </p>
        {cause.data && cause.data.ancestors.length > 0 && <GoesBack to={cause.data.ancestors[0]!} />}
        <p className="mt-0.5 text-ink-3 text-sm">
          <EventLink event={event}>See the whole story</EventLink>, or open an event of it below.
        </p>
      </div>
    </div>
  );
}

function Maker({ event: { cause, actor, source } }: { readonly event: LoggedEvent }) {
  if (cause)
    return (
      <>
        The plugin{' '}
        <Badge tone="plugin" className="align-text-bottom">
          {cause.plugin}
        </Badge>
      </>
    );
  return (
    <>
      <span className="font-medium">{actorText(actor)}</span> ({doorText(source)})
    </>
  );
}

function Reason({ event }: { readonly event: Story }) {
  const title = titleOf(event);
  return (
    <>
      <EventLink event={event}>{eventClause(event.type)}</EventLink>
      {title && <span className="font-medium"> “{title}”</span>}, by{' '}
      {event.cause ? `the plugin ${event.cause.plugin}` : actorText(event.actor)}, on {exactText(event.at)}
    </>
  );
}

function GoesBack({ to }: { readonly to: BriefEvent }) {
  return (
    <p className="text-ink-2 text-sm">
      It started with: <EventLink event={to}>{eventClause(to.type)}</EventLink>, by {actorText(to.actor)}, on{' '}
      {exactText(to.at)}.
    </p>
  );
}

function EventLink({ event, children }: { readonly event: Pick<BriefEvent, 'id'>; readonly children: ReactNode }) {
  return (
    <Link href={`/events/${event.id}`} className="text-accent-text underline decoration-1 underline-offset-2">
      {children}
    </Link>
  );
}

function titleOf({ context }: LoggedEvent): string {
  const { record, note } = context as {
    readonly record?: Resource;
    readonly note?: string | { readonly title?: string };
  };
  if (record) return recordTitle(record);
  return (typeof note === 'object' && note.title) || '';
}

/** What was done to it first, as the log knows it. */
function verbOf(type: string): string {
  const origin = eventByType(type)?.origin;
  if (origin?.of === 'record' && origin.moment !== 'CREATED') return 'changed';
  return type === 'NOTE_CREATED' ? 'began' : 'made';
}
