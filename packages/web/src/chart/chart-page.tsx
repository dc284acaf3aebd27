// A patient's chart: who it is, the summary at the left, the timeline or a note at the right. `/patients/:id` and
// `/patients/:id/notes/:note` are one page, so that opening a note moves nothing else.

import { FilePlus2, Settings2 } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Link, useLocation, useParams } from 'wouter';
import { useSession } from '../api/session.tsx';
import { nameText } from '../fhir/words.ts';
import { useWrite } from '../api/write.ts';
import { useShortcut } from '../shell/shortcuts.tsx';
import { apart } from '../ui/apart.tsx';
import { Button } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { Kbd } from '../ui/kbd.tsx';
import { usePageTitle } from '../ui/page.tsx';
import { Empty, Loaded, Skeleton } from '../ui/states.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { Tip } from '../ui/tip.tsx';
import { Banner } from './banner.tsx';
import { type Chart, useChart } from './chart-data.ts';
import { MergedChart } from './merged-chart.tsx';
import { beginNote } from '../note/unmade.ts';
import { type Beginning, beginRecommended } from './new-note.ts';
import { LookedAt, type Opened } from './opened.tsx';
import { RecordPanel } from './record-panel.tsx';
import { Summary } from './summary.tsx';
import { Timeline } from './timeline.tsx';
import { TrendPanel } from './trend-panel.tsx';
import { useWide } from './wide.ts';

const NotePane = apart(async () => ({ default: (await import('../note/note-pane.tsx')).NotePane }));

export default function ChartPage() {
  const { id = '', '*': rest = '' } = useParams<{ id: string; '*'?: string }>();
  const note = /^notes\/([A-Za-z0-9\-.]{1,64})$/.exec(rest)?.[1];
  const chart = useChart(id);
  if (rest !== '' && note === undefined) return <Empty title="Page not found." />;
  return (
    <Loaded from={chart} skeleton={<Waiting />}>
      {(data) =>
        data.mergedInto ? (
          <MergedChart chart={data} into={data.mergedInto} rest={rest} />
        ) : (
          <Shown key={id} chart={data} note={note} />
        )
      }
    </Loaded>
  );
}

type Side = { readonly record: Opened } | { readonly trend: string } | null;

function Shown({ chart, note }: { readonly chart: Chart; readonly note: string | undefined }) {
  const { id } = chart.patient;
  const [, go] = useLocation();
  const { side, show, close } = useSide();
  const wide = useWide();
  usePageTitle(nameText(chart.patient.name));
  const openNote = useCallback((opened: string) => go(`/patients/${id}/notes/${opened}`), [go, id]);
  // It is made when something is written in it: what is on the way to that is told to the page alone.
  const begin = useCallback((): void => {
    const beginning = beginNote();
    go(`/patients/${id}/notes/${beginning}`, { state: { beginning } });
  }, [go, id]);
  const { send: beginCommands, input: beginning } = useWrite(
    (server, { commands }: Beginning) => beginRecommended(server, id, note, commands),
    { onHere: openNote },
  );
  const looking = useMemo(
    () => ({
      chart,
      note,
      openNote,
      beginCommands,
      beginning,
      open: (record: Opened) => show({ record }),
      openTrend: (trend: string) => show({ trend }),
    }),
    [chart, note, openNote, beginCommands, beginning, show],
  );
  const right = note ? (
    <Note key={note} note={note} patient={id} onBack={() => go(`/patients/${id}`)} />
  ) : (
    <Timeline onOpenNote={openNote} />
  );
  return (
    <LookedAt value={looking}>
      <div className="flex h-full min-h-0 flex-col">
        <Banner actions={<Actions patient={id} inNote={note !== undefined} onBegin={begin} />} />
        {wide ? (
          <div className="grid min-h-0 flex-1 grid-cols-[minmax(25rem,42%)_minmax(0,1fr)] print:block">
            {/* The browser's own menu prints the note that is open, not the chart around it. */}
            <div className={classes('min-h-0 border-line border-r', note !== undefined && 'print:hidden')}>
              <Summary />
            </div>
            <div className="min-h-0 bg-surface">{right}</div>
          </div>
        ) : (
          <Narrow note={note} right={right} />
        )}
        {side && 'record' in side && <RecordPanel record={side.record} onClose={close} />}
        {side && 'trend' in side && <TrendPanel code={side.trend} onClose={close} />}
      </div>
    </LookedAt>
  );
}

/** What is open at the side. One panel may lead to another: the row where it began has the focus again at the end. */
function useSide() {
  const [side, setSide] = useState<Side>(null);
  const origin = useRef<Element | null>(null);
  const show = useCallback((next: Side) => {
    origin.current ??= document.activeElement;
    setSide(next);
  }, []);
  const close = useCallback(() => {
    const row = origin.current;
    origin.current = null;
    setSide(null);
    requestAnimationFrame(() => row instanceof HTMLElement && row.focus());
  }, []);
  return { side, show, close };
}

/** Where both do not fit beside each other: one at a time, a note that is opened first. */
function Narrow({ note, right }: { readonly note: string | undefined; readonly right: React.ReactNode }) {
  const [tab, setTab] = useState(note ? 'right' : 'summary');
  useEffect(() => {
    if (note) setTab('right');
  }, [note]);
  return (
    <div className="flex min-h-0 flex-1 flex-col bg-surface">
      <Tabs
        label="Chart"
        value={tab}
        onChange={setTab}
        tabs={[
          { key: 'summary', label: 'Summary', content: <Summary /> },
          { key: 'right', label: note ? 'Note' : 'Timeline', content: right },
        ]}
      />
    </div>
  );
}

function Actions({
  patient,
  inNote,
  onBegin,
}: {
  readonly patient: string;
  readonly inNote: boolean;
  readonly onBegin: () => void;
}) {
  const { may } = useSession();
  const mayWrite = may('Note', 'c');
  // Where one writes already, a letter that goes astray begins no second note.
  useShortcut({ keys: 'n', label: 'New note', group: 'In the chart' }, onBegin, mayWrite && !inNote);
  return (
    <>
      <Link
        href={`/patients/${patient}/profile`}
        className="inline-flex h-8 items-center gap-1.5 rounded-md border border-line-strong bg-surface px-3 font-medium text-sm hover:bg-hover"
      >
        <Settings2 aria-hidden className="size-3.5" />
        Profile
      </Link>
      {mayWrite && (
        <Tip text="Start a note" hint={!inNote && <Kbd keys="n" />}>
          <Button look="primary" icon={FilePlus2} onClick={onBegin}>
            New note
          </Button>
        </Tip>
      )}
    </>
  );
}

function Note({
  note,
  patient,
  onBack,
}: {
  readonly note: string;
  readonly patient: string;
  readonly onBack: () => void;
}) {
  useShortcut({ keys: 'escape', label: 'Back to the timeline', group: 'In the chart' }, onBack);
  return (
    <section aria-label="Note" className="flex h-full min-h-0 flex-col">
      <nav
        aria-label="Where you are"
        className="flex h-9 shrink-0 items-center gap-1.5 border-line border-b px-3 text-xs"
      >
        <Link
          href={`/patients/${patient}`}
          className="flex min-h-6 items-center rounded-sm px-1 text-accent-text hover:underline"
        >
          Timeline
        </Link>
        <span aria-hidden className="text-ink-3">
          /
        </span>
        <span className="text-ink-2">Note</span>
        <span className="ml-auto">
          <Kbd keys="escape" />
        </span>
      </nav>
      <div className="min-h-0 flex-1">
        <NotePane note={note} patient={patient} />
      </div>
    </section>
  );
}

/** As it will be: nothing jumps when it comes. */
function Waiting() {
  return (
    <div className="flex h-full flex-col">
      <div className="h-24 border-line border-b bg-surface">
        <Skeleton lines={2} />
      </div>
      <div className="grid min-h-0 flex-1 xl:grid-cols-[minmax(25rem,42%)_minmax(0,1fr)]">
        <div className="border-line border-r">
          <Skeleton lines={8} />
        </div>
        <div className="hidden bg-surface xl:block">
          <Skeleton lines={8} />
        </div>
      </div>
    </div>
  );
}
