// One event: who did what, the tree it is part of, what changed with it, and what was committed beside it.

import { ArrowUp, ListTree } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link, useLocation, useParams, useSearchParams } from 'wouter';
import { api } from '../api/client.ts';
import { useApi } from '../api/queries.ts';
import { useShortcut } from '../shell/shortcuts.tsx';
import { Badge } from '../ui/badge.tsx';
import { Disclosure } from '../ui/disclosure.tsx';
import { Json } from '../ui/json.tsx';
import { Card, Facts, Page } from '../ui/page.tsx';
import { Loaded, Skeleton } from '../ui/states.tsx';
import { exactText } from '../ui/time.tsx';
import { Changed } from './change-table.tsx';
import { actorText, doorText, eventText, typeText } from './event-words.ts';
import { LINK, PatientLink, RecordLink } from './record-link.tsx';
import { RunPanel } from './run-panel.tsx';
import type { Story, Tree } from './shapes.ts';
import { StoryTree } from './story-tree.tsx';
import { branchesOf } from './tree.ts';

/** Milliseconds after which what is under way is looked at again. */
const UNDER_WAY_MS = 1_500;

export default function EventPage() {
  const { id = '' } = useParams();
  const story = useApi(
    api.events.get,
    { params: { id } },
    whileUnderWay((one) => unsettled(one.deliveries)),
  );
  const tree = useApi(
    api.events.tree,
    { params: { id } },
    whileUnderWay(({ nodes }) => nodes.some(({ deliveries }) => unsettled(deliveries))),
  );
  const [params, setParams] = useSearchParams();
  const run = runOf(story.data, params.get('run'));
  return (
    <Page
      title={story.data ? eventText(story.data.type) : 'Event'}
      about={story.data && <span className="font-mono text-xs">{story.data.type}</span>}
      actions={story.data && <Ways story={story.data} />}
    >
      <Loaded from={story} skeleton={<Skeleton lines={8} />}>
        {(one) => (
          <div className="grid items-start gap-4 p-4 xl:grid-cols-[minmax(0,1fr)_26rem]">
            <Card title="The story" className="min-w-0">
              <div className="overflow-x-auto p-2">
                <Loaded from={tree}>{(whole) => <WholeTree tree={whole} current={id} />}</Loaded>
              </div>
            </Card>
            <div className="flex min-w-0 flex-col gap-4">
              <Who story={one} />
              <Card title="What changed">
                <Changed context={one.context} />
              </Card>
              <Together events={one.together} />
            </div>
          </div>
        )}
      </Loaded>
      {run && <RunPanel run={run} onClose={() => setParams({}, { replace: true })} />}
    </Page>
  );
}

/** Read again by itself while something of it is under way. */
function whileUnderWay<T>(underWay: (story: T) => boolean) {
  return { every: (story: T | undefined) => story !== undefined && underWay(story) && UNDER_WAY_MS };
}

function unsettled(deliveries: Story['deliveries']): boolean {
  return deliveries.some(({ state }) => state === 'pending' || state === 'waiting' || state === 'behind');
}

function runOf(story: Story | undefined, id: string | null) {
  if (!story || id === null) return undefined;
  const asked = story.gates.flatMap(({ run }) => (run ? [run] : []));
  return [...story.executions, ...asked].find((run) => run.id === id);
}

function WholeTree({ tree, current }: { readonly tree: Tree; readonly current: string }) {
  const branch = branchesOf(tree);
  if (!branch) return <p className="p-2 text-ink-3 text-sm">The event that started this is no longer in the log.</p>;
  return (
    <>
      <StoryTree branch={branch} current={current} />
      {tree.truncated && (
        <p className="px-2 pt-2 text-ink-3 text-xs">Not everything is shown. Open an event to continue from it.</p>
      )}
    </>
  );
}

/** Up to what caused it, and out to everything that happened to the same. */
function Ways({ story: { cause, target } }: { readonly story: Story }) {
  const [, go] = useLocation();
  useShortcut(
    { keys: 'u', label: 'What caused it', group: 'Event' },
    () => cause && go(`/events/${cause.event}`),
    !!cause,
  );
  return (
    <>
      {cause && (
        <Way href={`/events/${cause.event}`} icon={<ArrowUp aria-hidden className="size-3.5" />}>
          What caused it
        </Way>
      )}
      <Way href={`/events?target=${target.type}/${target.id}`} icon={<ListTree aria-hidden className="size-3.5" />}>
        Details
      </Way>
    </>
  );
}

function Way({
  href,
  icon,
  children,
}: {
  readonly href: string;
  readonly icon: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <Link
      href={href}
      className="inline-flex h-8 items-center gap-1.5 rounded-md border border-line-strong bg-surface px-3 font-medium text-sm hover:bg-hover"
    >
      {icon}
      {children}
    </Link>
  );
}

function Who({ story }: { readonly story: Story }) {
  const { actor, source, at, target, patient, patientName, note, chartVersion, cause, depth, passedOver } = story;
  return (
    <Card title="Who and where">
      <div className="flex flex-col gap-2 p-3">
        <Facts
          facts={[
            [
              'Who',
              <span key="who">
                {actorText(actor)}{' '}
                {actor.type !== 'user' && <Badge tone={cause ? 'plugin' : 'neutral'}>{actor.type}</Badge>}
              </span>,
            ],
            ['Source', doorText(source)],
            [
              'When',
              <time key="at" dateTime={at}>
                {exactText(at)}
              </time>,
            ],
            ['About', <RecordLink key="target" reference={`${target.type}/${target.id}`} />],
            ['Patient', patient && <PatientLink key="patient" id={patient} name={patientName} />],
            ['Note', patient && note && <NoteLink patient={patient} note={note} />],
            ['Chart version', chartVersion],
            depth > 0 && ['Events before it', depth === 1 ? '1, the cause' : `${depth}, each caused by the one before`],
            passedOver.length > 0 && [
              'Not given to',
              `${passedOver.map(({ plugin, handler }) => `${plugin} · ${handler}`).join(', ')}: it’s their own effect`,
            ],
          ]}
        />
        <Disclosure title="As JSON">
          <Json value={story} label="The event and its story" />
        </Disclosure>
      </div>
    </Card>
  );
}

function NoteLink({ patient, note }: { readonly patient: string; readonly note: string }) {
  return (
    <Link href={`/patients/${patient}/notes/${note}`} className={LINK}>
      Open the note
    </Link>
  );
}

function Together({ events }: { readonly events: Story['together'] }) {
  if (events.length === 0) return null;
  return (
    <Card title="In the same transaction" count={events.length}>
      <ul className="p-1.5">
        {events.map(({ id, type, target }) => (
          <li key={id}>
            <Link
              href={`/events/${id}`}
              className="flex min-h-7 items-center justify-between gap-2 rounded-md px-1.5 text-sm hover:bg-hover"
            >
              <span className="truncate">{eventText(type)}</span>
              <span className="shrink-0 text-ink-3 text-xs">{typeText(target.type)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
