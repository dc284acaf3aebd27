// What happened, newest first: notes with what was done in them, reports, documents, messages, visits; answers and findings
// that came without a note.

import {
  CalendarDays,
  ClipboardList,
  FileText,
  FlaskConical,
  Layers,
  type LucideIcon,
  MessageSquare,
  NotebookPen,
  ScanEye,
} from 'lucide-react';
import { useEffect, useRef } from 'react';
import { OTHER_TYPES, othersAt } from '@chartwire/sdk/internal/records/other-records';
import { shortName } from '@chartwire/sdk/internal/records/result-text';
import type { Item } from '@chartwire/client/internal/contract/timeline';
import { api } from '../api/client.ts';
import { usePages } from '../api/queries.ts';
import { Badge, type Tone } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { Empty, Loaded, Skeleton } from '../ui/states.tsx';
import { instantFrom } from '../ui/instant.ts';
import { clockText, dayText } from '../ui/time.tsx';
import { useLooking } from './opened.tsx';
import { useRemembered } from './remembered.ts';
import { CriticalAnswers } from './score.tsx';
import { moveAmongRows } from './row.tsx';
import { tableOf } from '../table-of.ts';
import { Entry } from '../ui/entry.tsx';
import { dayOf, todayHere } from '../today/days.ts';

/** Everything but what was billed. */
const OTHER_ON_TIMELINE = OTHER_TYPES.filter((type) => !othersAt('accounts').includes(type)).join(',');

/** `types` of the server's timeline, with commas between. */
const KINDS: readonly { readonly types: string; readonly label: string; readonly icon: LucideIcon }[] = [
  { types: 'Note', label: 'Notes', icon: NotebookPen },
  { types: 'DiagnosticReport', label: 'Reports', icon: FlaskConical },
  { types: 'DocumentReference', label: 'Documents', icon: FileText },
  { types: 'Communication', label: 'Messages', icon: MessageSquare },
  { types: 'Appointment,Encounter', label: 'Visits', icon: CalendarDays },
  { types: 'QuestionnaireResponse', label: 'Answers', icon: ClipboardList },
  { types: 'Observation', label: 'Findings', icon: ScanEye },
  { types: OTHER_ON_TIMELINE, label: 'Other', icon: Layers },
];
const HEARS = [...KINDS.flatMap(({ types }) => types.split(',')), 'Command'];

export function Timeline({ onOpenNote }: { readonly onOpenNote: (note: string) => void }) {
  const { chart } = useLooking();
  const [remembered, setKind] = useRemembered<string>('timeline.kind', '');
  const kind = KINDS.some(({ types }) => types === remembered) ? remembered : '';
  const { id } = chart.patient;
  const pages = usePages(
    api.charts.timeline,
    { params: { patient: id }, query: { types: kind, limit: 30 } },
    { hears: { types: HEARS, patient: id } },
  );
  return (
    <section aria-label="Timeline" className="flex h-full min-h-0 flex-col">
      <Filter kind={kind} onChange={setKind} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the rows in it */}
      <div className="min-h-0 flex-1 overflow-y-auto" onKeyDown={moveAmongRows}>
        <Loaded from={pages} skeleton={<Skeleton lines={8} />}>
          {(items) =>
            items.length === 0 ? (
              <Nothing filtered={kind !== ''} onAll={() => setKind('')} />
            ) : (
              <>
                <ol className="flex flex-col">
                  {items.map((item, index) => (
                    <Entry key={`${item.type} ${item.id}`} of={item}>
                      {() => <Happened item={item} year={yearBefore(items, index)} onOpenNote={onOpenNote} />}
                    </Entry>
                  ))}
                </ol>
                {pages.hasNextPage && (
                  <Older busy={pages.isFetchingNextPage} onMore={() => void pages.fetchNextPage()} />
                )}
              </>
            )
          }
        </Loaded>
      </div>
    </section>
  );
}

function Filter({ kind, onChange }: { readonly kind: string; readonly onChange: (kind: string) => void }) {
  return (
    <fieldset className="flex flex-wrap items-center gap-1 border-line border-b px-3 py-1.5">
      <legend className="sr-only">Show</legend>
      {[{ types: '', label: 'All' }, ...KINDS].map(({ types, label }) => (
        <button
          key={types}
          type="button"
          aria-pressed={kind === types}
          onClick={() => onChange(types)}
          className={classes(
            'h-6.5 rounded-md px-2 text-xs',
            kind === types ? 'bg-accent-soft font-medium text-accent-text' : 'text-ink-2 hover:bg-hover',
          )}
        >
          {label}
        </button>
      ))}
    </fieldset>
  );
}

function Nothing({ filtered, onAll }: { readonly filtered: boolean; readonly onAll: () => void }) {
  if (filtered)
    return (
      <Empty title="No entries of this kind." action={<Button onClick={onAll}>Show everything</Button>}>
        The timeline shows only one kind.
      </Empty>
    );
  return (
    <Empty icon={NotebookPen} title="No entries yet.">
      Press “n” to start a note. Notes, orders, results and messages appear here, newest first.
    </Empty>
  );
}

/** The year of an item where it is another than that of the one before. */
function yearBefore(items: readonly Item[], index: number): string | undefined {
  const yearOf = (item: Item | undefined): string | undefined =>
    item && (item.date ?? dayOf(instantFrom(item.at))).slice(0, 4);
  const year = yearOf(items[index]);
  const thisYear = todayHere().slice(0, 4);
  return year === (yearOf(items[index - 1]) ?? thisYear) ? undefined : year;
}

const STATES: Readonly<Record<string, Tone>> = tableOf({
  open: 'accent',
  signed: 'ok',
  booked: 'info',
  arrived: 'info',
  'checked-in': 'accent',
  preliminary: 'warn',
  noshow: 'warn',
});
const WORDS: Readonly<Record<string, string>> = tableOf({ noshow: 'no-show' });
/** What needs no word: it is as such things are. */
const USUAL = ['final', 'current', 'completed', 'fulfilled', 'finished', 'active', 'available'];

function Happened({
  item,
  year,
  onOpenNote,
}: {
  readonly item: Item;
  readonly year: string | undefined;
  readonly onOpenNote: (note: string) => void;
}) {
  const { open } = useLooking();
  const { type, id, at, date, title, status, author, text, commands, scores, values, results } = item;
  const Icon = KINDS.find(({ types }) => types.split(',').includes(type))?.icon ?? FileText;
  return (
    <li>
      {year && <p className="border-line border-b bg-sunken px-4 py-1 font-medium text-ink-3 text-xs">{year}</p>}
      <button
        type="button"
        data-row
        onClick={() => (type === 'Note' ? onOpenNote(id) : open({ type, id }))}
        className="flex w-full items-start gap-3 border-line border-b px-4 py-2 text-left text-sm hover:bg-hover focus-visible:outline-offset-[-2px]"
      >
        <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-3" strokeWidth={1.8} />
        <span className="min-w-0 flex-1">
          <span className="flex min-w-0 items-center gap-2">
            <span className="truncate font-medium">{type === 'DiagnosticReport' ? shortName(title) : title}</span>
            {status && !USUAL.includes(status) && (
              <Badge tone={STATES[status] ?? 'neutral'}>{WORDS[status] ?? status.replaceAll('-', ' ')}</Badge>
            )}
          </span>
          {commands.length > 0 ? <Done commands={commands} /> : null}
          <Scores scores={scores} />
          {values.length > 0 && <Values title={title} values={values} results={results} />}
          {text && <span className="line-clamp-2 text-ink-2">{text}</span>}
        </span>
        <span className="shrink-0 text-right text-ink-3 text-xs">
          <time dateTime={date ?? at} className="block">
            {dayText(date ?? at)}
          </time>
          {(type === 'Appointment' || type === 'Communication' || type === 'Encounter') && date === null && (
            <span className="block tabular">{clockText(at)}</span>
          )}
          {author && <span className="block max-w-56 truncate">{author}</span>}
        </span>
      </button>
    </li>
  );
}

/** In one line that breaks between values, never within one. */
function Values({ title, values, results }: Pick<Item, 'title' | 'values' | 'results'>) {
  return (
    <span className="mt-0.5 flex flex-wrap gap-x-3">
      {values.map(({ name, text, flag }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two values may be the same in all
        <span key={index} className="max-w-full truncate text-ink-2">
          {name !== title && <span className="text-ink-3">{name} </span>}
          <span className={classes('tabular', flag && 'font-medium', flag && flagTone(flag))}>
            {text} {flag?.word.toLowerCase()}
          </span>
        </span>
      ))}
      {results > values.length && <span className="text-ink-3">and {results - values.length} more</span>}
    </span>
  );
}

const flagTone = ({ critical }: { readonly critical: boolean }): string =>
  critical ? 'rounded-sm bg-danger-soft px-1 text-danger-text' : 'text-danger-text';

/** Lines of a note that are shown before it is opened. */
const LINES = 6;

function Done({ commands }: { readonly commands: Item['commands'] }) {
  const valid = commands.filter(({ state }) => state !== 'entered-in-error' && state !== 'deleted');
  // What calls for action is never among those that are cut.
  const isCritical = ({ scores }: Item['commands'][number]) => scores.some(({ critical }) => critical.length > 0);
  const shown = [...valid.filter(isCritical), ...valid.filter((one) => !isCritical(one))];
  return (
    <span className="mt-0.5 block">
      {shown.slice(0, LINES).map(({ id, label, text, state, scores }) => (
        <span key={id} className="block">
          <span className="line-clamp-2 text-ink-2">
            <span className="text-ink-3">{label}</span> {text}
            {state !== 'committed' && <span className="text-ink-3 italic"> {state}</span>}
          </span>
          <Scores scores={scores} />
        </span>
      ))}
      {shown.length > LINES && <span className="block text-ink-3 text-xs">and {shown.length - LINES} more</span>}
    </span>
  );
}

function Scores({ scores }: Pick<Item, 'scores'>) {
  return scores.map((score) => (
    <span key={score.text} className="block">
      <span className={classes('font-medium', score.abnormal ? 'text-danger-text' : 'text-ink-2')}>{score.text}</span>
      <CriticalAnswers answers={score.critical} />
    </span>
  ));
}

/** Reads on by itself when it comes into sight. */
function Older({ busy, onMore }: { readonly busy: boolean; readonly onMore: () => void }) {
  const sentinel = useRef<HTMLDivElement>(null);
  const more = useRef(onMore);
  more.current = onMore;
  useEffect(() => {
    const watch = new IntersectionObserver(([seen]) => seen?.isIntersecting && more.current(), { rootMargin: '400px' });
    if (sentinel.current) watch.observe(sentinel.current);
    return () => watch.disconnect();
  }, []);
  return (
    <div ref={sentinel} className="flex justify-center p-3">
      <Button size="sm" busy={busy} onClick={onMore}>
        Show older
      </Button>
    </div>
  );
}
