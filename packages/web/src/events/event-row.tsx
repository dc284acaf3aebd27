// One event of the log, in a line: when, what, to what and to whom, who did it, through which door.

import { Puzzle } from 'lucide-react';
import { memo } from 'react';
import { Link } from 'wouter';
import { Badge } from '../ui/badge.tsx';
import { moveAmongRows } from '../ui/table.tsx';
import { dayOf, todayHere } from '../today/days.ts';
import { exactText } from '../ui/time.tsx';
import { there } from '../ui/zone.ts';
import { actorText, doorText, eventText, typeText } from './event-words.ts';
import { PatientName } from './record-link.tsx';
import type { ShownEvent } from './shapes.ts';

/** Pixels: the list knows by it where each row is. */
export const ROW_HEIGHT = 34;

export const COLUMNS =
  'grid-cols-[6.5rem_minmax(0,1.5fr)_minmax(0,1fr)_minmax(0,1fr)] lg:grid-cols-[6.5rem_minmax(0,2.2fr)_minmax(0,1.3fr)_minmax(0,1.2fr)_6rem]';

const CLOCK = there({ timeStyle: 'medium' });
const DAY = there({ month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' });

export const EventRow = memo(function EventRow({ event }: { readonly event: ShownEvent }) {
  const { id, type, target, patient, patientName, actor, at, source, cause } = event;
  const time = new Date(at);
  return (
    <Link
      href={`/events/${id}`}
      data-row
      onKeyDown={moveAmongRows}
      className={`grid h-full items-center gap-3 border-line border-b px-5 text-sm hover:bg-hover focus-visible:outline-offset-[-2px] ${COLUMNS}`}
    >
      <time dateTime={at} title={exactText(at)} className="truncate text-ink-3 text-xs">
        {(dayOf(time) === todayHere() ? CLOCK : DAY).format(time)}
      </time>
      <span className="flex min-w-0 items-baseline gap-2">
        <span className="truncate font-medium">{eventText(type)}</span>
        <span className="hidden min-w-0 shrink-[2] truncate font-mono text-2xs text-ink-3 xl:inline">{type}</span>
      </span>
      <span className="truncate text-ink-2">
        {patient ? <PatientName id={patient} name={patientName} /> : typeText(target.type)}
      </span>
      <span className="truncate">
        {cause ? (
          <Badge tone="plugin" icon={Puzzle}>
            {cause.plugin}
          </Badge>
        ) : (
          actorText(actor)
        )}
      </span>
      <span className="hidden truncate text-ink-3 text-xs lg:inline">{doorText(source)}</span>
    </Link>
  );
});
