// The log as it grows, newest first: the pages that are read, and on top of them what is heard meanwhile. What is heard
// waits while one reads, so that nothing moves away from under the eyes.

import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { Problem } from '@chartwire/client/internal/client/index';
import { api } from '../api/client.ts';
import { type Heard, live } from '../api/live.ts';
import type { Page } from '../api/queries.ts';
import type { BriefEvent, LoggedEvent, ShownEvent } from './shapes.ts';

export interface TailFilter {
  readonly type: string;
  readonly patient: string;
  /** `Type/id`. */
  readonly target: string;
  readonly source: BriefEvent['source'] | '';
}

const PAGE = 100;
/** Events heard that are kept; the log is read anew when there are more, so that a day of looking fills no memory. */
const KEPT = 2_000;

type Pages = InfiniteData<Page<LoggedEvent>, string | null>;

/** For one filter: another is another tail. */
export function useTail(filter: TailFilter, held: boolean) {
  const [fresh, setFresh] = useState<readonly BriefEvent[]>([]);
  const [waiting, setWaiting] = useState<readonly BriefEvent[]>([]);
  const { type, patient, target, source } = filter;
  const pages = useInfiniteQuery<Page<LoggedEvent>, Problem, Pages, readonly unknown[], string | null>({
    queryKey: [api.events.list.path(), filter, 'tail'],
    queryFn: ({ pageParam: after, signal }) =>
      api.events.list({
        query: { ...filter, source: source || undefined, order: 'desc', limit: PAGE, ...(after !== null && { after }) },
        signal,
      }),
    initialPageParam: null,
    getNextPageParam: (page) => page.next,
    // What came while nobody looked was not heard: each time one comes here it is read again.
    gcTime: 0,
  });
  const { refetch } = pages;
  useEffect(() => {
    return live.listen((heard) => {
      const found = heard.filter((event) => fits(event, { type, patient, target, source })).map(briefOf);
      if (found.length > 0) setWaiting((before) => [...found.reverse(), ...before].slice(0, KEPT + 1));
    });
  }, [type, patient, target, source]);
  const release = useCallback(() => {
    setFresh((before) => [...waiting, ...before]);
    setWaiting([]);
  }, [waiting]);
  useEffect(() => {
    if (!held && waiting.length > 0) release();
  }, [held, waiting, release]);
  useEffect(() => {
    if (held || fresh.length <= KEPT) return;
    setFresh([]);
    void refetch();
  }, [held, fresh, refetch]);
  const items = useMemo(
    () => merged(fresh, pages.data?.pages.flatMap((page) => page.items) ?? []),
    [fresh, pages.data],
  );
  return { pages, items, waiting: waiting.length, release };
}

function fits(event: Heard, { type, patient, target, source }: TailFilter): boolean {
  if (type && !type.split(',').includes(event.type)) return false;
  if (patient && event.patient !== patient) return false;
  if (source && event.source !== source) return false;
  return !target || target === event.target.id || target === `${event.target.type}/${event.target.id}`;
}

/** Its context is not shown here, and may be long. */
function briefOf({ context: _, ...event }: Heard): BriefEvent {
  return event;
}

/** Each once: what is heard while a page is read may be in both. Whoever is in a page is called as it says. */
function merged(fresh: readonly BriefEvent[], read: readonly LoggedEvent[]): readonly ShownEvent[] {
  const known = new Set(fresh.map(({ id }) => id));
  const names = new Map(read.map(({ patient, patientName }) => [patient, patientName]));
  return [
    ...fresh.map((event) => ({ ...event, patientName: names.get(event.patient) })),
    ...read.filter(({ id }) => !known.has(id)),
  ];
}
