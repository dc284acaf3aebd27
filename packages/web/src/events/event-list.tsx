// The rows of the log, drawn where one looks; earlier ones are read as one comes near the end.

import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect } from 'react';
import { classes } from '../ui/classes.ts';
import { Entry } from '../ui/entry.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { COLUMNS, EventRow, ROW_HEIGHT } from './event-row.tsx';
import type { ShownEvent } from './shapes.ts';

/** Rows before the end at which earlier ones are read. */
const NEAR = 20;

export function EventList({
  events,
  scroll,
  more,
  onMore,
  onReading,
}: {
  readonly events: readonly ShownEvent[];
  readonly scroll: RefObject<HTMLDivElement | null>;
  /** There are earlier ones. */
  readonly more: boolean;
  readonly onMore: () => void;
  /** Whether one reads further down, or goes through the rows. */
  readonly onReading: (reading: boolean) => void;
}) {
  const rows = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => events[index]!.id,
    overscan: 15,
  });
  const drawn = rows.getVirtualItems();
  const last = drawn.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= events.length - NEAR) onMore();
  }, [more, last, events.length, onMore]);
  const reading = (): void =>
    onReading(
      scroll.current !== null && (scroll.current.scrollTop > 0 || scroll.current.contains(document.activeElement)),
    );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it is only seen whether one is in it
    <div
      ref={scroll}
      onScroll={reading}
      onFocus={reading}
      onBlur={() => setTimeout(reading)}
      className="h-full overflow-y-auto bg-surface"
    >
      <div
        aria-hidden
        className={classes(
          'sticky top-0 z-10 grid gap-3 border-line border-b bg-surface px-5 py-1.5 font-medium text-ink-3 text-xs',
          COLUMNS,
        )}
      >
        <span>When</span>
        <span>Event</span>
        <span>Patient</span>
        <span>Who</span>
        <span className="hidden lg:inline">Source</span>
      </div>
      <ul aria-label="Events" className="relative" style={{ height: rows.getTotalSize() }}>
        {drawn.map(({ key, index, start }) => (
          <li key={key} className="absolute inset-x-0 top-0" style={{ height: ROW_HEIGHT, translate: `0 ${start}px` }}>
            <Entry of={events[index]!} type="Event" as="div">
              {() => <EventRow event={events[index]!} />}
            </Entry>
          </li>
        ))}
      </ul>
      {more && (
        <p role="status" className="flex items-center justify-center gap-2 p-3 text-ink-3 text-sm">
          <Spinner /> Show earlier
        </p>
      )}
    </div>
  );
}
