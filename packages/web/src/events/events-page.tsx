// The log as it is written: everything that happens, newest first, live; or all that happened to one record, and why it
// is here.

import { Activity, ArrowUp, Pause, Play, X } from 'lucide-react';
import { useCallback, useRef, useState } from 'react';
import { useSearchParams } from 'wouter';
import { useLine } from '../api/live.ts';
import { useRecord } from '../api/queries.ts';
import { PatientPicker, pickedPatient } from '../patients/patient-picker.tsx';
import { useShortcut } from '../shell/shortcuts.tsx';
import { Button } from '../ui/button.tsx';
import { Select } from '../ui/field.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { Page } from '../ui/page.tsx';
import { Empty, Failed, Skeleton } from '../ui/states.tsx';
import { Tip } from '../ui/tip.tsx';
import { EventList } from './event-list.tsx';
import { doorText, SOURCES } from './event-words.ts';
import { RecordLink } from './record-link.tsx';
import { TypePicker } from './type-picker.tsx';
import { type TailFilter, useTail } from './use-tail.ts';
import { Why } from './why.tsx';
import { oneOf } from '../one-of.ts';

type Choose = (name: keyof TailFilter, value: string) => void;

export default function EventsPage() {
  const [params, setParams] = useSearchParams();
  const filter: TailFilter = {
    type: params.get('type') ?? '',
    patient: params.get('patient') ?? '',
    target: params.get('target') ?? '',
    source: oneOf(SOURCES, params.get('source')) ?? '',
  };
  const choose: Choose = (name, value) =>
    setParams(
      (before) => {
        if (value) before.set(name, value);
        else before.delete(name);
        return before;
      },
      { replace: true },
    );
  return (
    <Page
      title="Events"
      about="Everything that happens, as it happens"
      toolbar={<Filters filter={filter} choose={choose} />}
    >
      <div className="flex h-full min-h-0 flex-col">
        {filter.target && <Why key={filter.target} target={filter.target} />}
        <Tail key={Object.values(filter).join(' ')} filter={filter} />
      </div>
    </Page>
  );
}

function Filters({ filter, choose }: { readonly filter: TailFilter; readonly choose: Choose }) {
  const patient = useRecord('Patient', filter.patient || undefined);
  return (
    <>
      <div className="w-72">
        <TypePicker value={filter.type} onChange={(type) => choose('type', type)} />
      </div>
      <div className="w-60">
        <PatientPicker
          placeholder="Any patient"
          value={filter.patient ? pickedPatient(filter.patient, patient.data) : null}
          onChange={(picked) => choose('patient', picked?.value ?? '')}
        />
      </div>
      <div className="w-40">
        <Select aria-label="Source" value={filter.source} onChange={({ target }) => choose('source', target.value)}>
          <option value="">Any source</option>
          {SOURCES.map((source) => (
            <option key={source} value={source}>
              {doorText(source)}
            </option>
          ))}
        </Select>
      </div>
      {filter.target && (
        <span className="inline-flex h-8 items-center gap-1.5 rounded-md bg-accent-soft pr-1 pl-2.5 text-sm">
          <RecordLink reference={filter.target} />
          <button
            type="button"
            aria-label="Show the events of every record"
            onClick={() => choose('target', '')}
            className="inline-flex size-6 items-center justify-center rounded-sm hover:bg-hover"
          >
            <X aria-hidden className="size-3.5" />
          </button>
        </span>
      )}
    </>
  );
}

function Tail({ filter }: { readonly filter: TailFilter }) {
  const [paused, setPaused] = useState(false);
  const [reading, setReading] = useState(false);
  const scroll = useRef<HTMLDivElement>(null);
  const { pages, items, waiting, release } = useTail(filter, paused || reading);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  const onMore = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [isFetchingNextPage, fetchNextPage]);
  useShortcut({ keys: 'p', label: paused ? 'Resume' : 'Pause', group: 'Events' }, () => setPaused(!paused));
  const showNew = (): void => {
    release();
    scroll.current?.scrollTo({ top: 0 });
  };
  if (pages.error)
    return (
      <div className="p-4">
        <Failed problem={pages.error} onRetry={() => void pages.refetch()} />
      </div>
    );
  return (
    <div className="relative min-h-0 flex-1">
      {pages.data === undefined ? (
        <Skeleton lines={8} />
      ) : items.length === 0 ? (
        <Nothing filtered={Object.values(filter).some(Boolean)} />
      ) : (
        <EventList events={items} scroll={scroll} more={hasNextPage} onMore={onMore} onReading={setReading} />
      )}
      {waiting > 0 && (
        <Button
          look="primary"
          icon={ArrowUp}
          onClick={showNew}
          className="absolute top-10 left-1/2 z-20 -translate-x-1/2 rounded-full shadow-raised"
        >
          {waiting === 1 ? 'One new event' : `${waiting} new events`}
        </Button>
      )}
      <LiveSwitch paused={paused} onChange={setPaused} />
    </div>
  );
}

function LiveSwitch({ paused, onChange }: { readonly paused: boolean; readonly onChange: (paused: boolean) => void }) {
  const line = useLine();
  return (
    <div className="absolute right-5 bottom-4 z-20">
      <Tip text={paused ? 'Show events as they happen' : 'Hold new events'} hint={<Kbd keys="p" />} side="top">
        <Button icon={paused ? Play : Pause} onClick={() => onChange(!paused)} className="shadow-raised">
          {paused ? 'Paused' : line === 'live' ? 'Live' : 'Connecting'}
        </Button>
      </Tip>
    </div>
  );
}

function Nothing({ filtered }: { readonly filtered: boolean }) {
  return (
    <Empty icon={Activity} title={filtered ? 'No matching events yet.' : 'No events yet.'}>
      {filtered
        ? 'New ones appear automatically. Remove a filter to see more.'
        : 'Every change of a chart is an event, whatever its source. Open one to see which plugins responded, and what they did.'}
    </Empty>
  );
}
