// The day at the desk: who is expected, with whom, where each stands, and what is to be done next.

import { CalendarPlus, CalendarX2, ChevronLeft, ChevronRight } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import type { Slot } from '@chartwire/client/internal/contract/schedule';
import { api } from '../api/client.ts';
import { useApi } from '../api/queries.ts';
import { useSession } from '../api/session.tsx';
import { useWrite } from '../api/write.ts';
import { useShortcut } from '../shell/shortcuts.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Select, TextInput } from '../ui/field.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { Page } from '../ui/page.tsx';
import { Empty, Loaded, Skeleton } from '../ui/states.tsx';
import { isElsewhere, practiceZone } from '../ui/zone.ts';
import { BookDialog } from './book-dialog.tsx';
import { CancelDialog } from './cancel-dialog.tsx';
import { daysAfter, longDay, todayHere } from './days.ts';
import { ProviderDay } from './provider-day.tsx';
import { RescheduleDialog } from './reschedule-dialog.tsx';
import { OVER, type SlotActions } from './slot-row.tsx';
import { tellDone } from './steps.ts';

type Asking = { readonly what: 'book' } | { readonly what: 'cancel' | 'reschedule'; readonly slot: Slot };

/** What is done at once, without asking anything. */
const ROWS = { 'check-in': 'checkIn', 'no-show': 'noShow', restore: 'restore' } as const;

export default function TodayPage() {
  const { may, user } = useSession();
  const [params, setParams] = useSearchParams();
  const [, go] = useLocation();
  const [asking, setAsking] = useState<Asking | null>(null);
  const day = params.get('date') ?? todayHere();
  const provider = params.get('provider') ?? '';
  const timezone = practiceZone();
  const schedule = useApi(
    api.schedule.get,
    { query: { date: day, timezone } },
    { hears: { types: ['Appointment', 'Flag', 'Note', 'Patient'] }, keep: true },
  );

  const choose = (changes: Record<string, string>): void =>
    setParams(
      (before) => {
        for (const [name, value] of Object.entries(changes)) value ? before.set(name, value) : before.delete(name);
        return before;
      },
      { replace: true },
    );
  const show = (next: string): void => choose({ date: next === todayHere() ? '' : next });
  useShortcut({ keys: '[', label: 'Previous day', group: 'Today' }, () => show(daysAfter(day, -1)));
  useShortcut({ keys: ']', label: 'Next day', group: 'Today' }, () => show(daysAfter(day, 1)));
  useShortcut({ keys: 't', label: 'Back to today', group: 'Today' }, () => show(todayHere()));
  const mayBook = may('Appointment', 'c');
  useShortcut({ keys: 'b', label: 'Book an appointment', group: 'Today' }, () => setAsking({ what: 'book' }), mayBook);

  const take = useWrite(
    (server, { step, slot: { id } }: { readonly step: keyof typeof ROWS; readonly slot: Slot }) =>
      server.appointments[ROWS[step]]({ params: { id } }),
    {
      about: ({ step, slot }) => `${step} ${slot.id}`,
      changes: [api.schedule.get.path()],
      onDone: (_, { step, slot }) => tellDone(step, slot),
    },
  );
  const openNote = useWrite((server, { id }: Slot) => server.schedule.openNote({ params: { id } }), {
    about: ({ id }) => id,
    onHere: ({ patient, id }) => go(`/patients/${patient}/notes/${id}`),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows are drawn again for what they show, not for this
  const actions = useMemo<SlotActions>(
    () => ({
      take: (step, slot) => {
        if (step === 'cancel' || step === 'reschedule') setAsking({ what: step, slot });
        else take.send({ step, slot });
      },
      openNote: openNote.send,
      openChart: ({ patient }) => patient && go(`/patients/${patient.id}`),
      mayMove: may('Appointment', 'u'),
      mayWrite: may('Note', 'c'),
    }),
    [may, go],
  );

  const all = schedule.data?.providers ?? [];
  const mine = user.practitioner ?? '';
  const shown = provider ? all.filter(({ practitioner }) => (practitioner?.id ?? 'nobody') === provider) : all;
  const expected = shown.flatMap(({ appointments }) => appointments).filter(({ status }) => !OVER.has(status));
  return (
    <Page
      title={day === todayHere() ? 'Today' : longDay(day)}
      about={[
        day === todayHere() && longDay(day),
        schedule.data && `${expected.length} expected`,
        schedule.data && `${expected.filter(({ status }) => /arrived|checked/.test(status)).length} here`,
        isElsewhere() && `times in ${timezone.replaceAll('_', ' ')}`,
      ]
        .filter(Boolean)
        .join(' · ')}
      actions={
        mayBook && (
          <Button look="primary" icon={CalendarPlus} onClick={() => setAsking({ what: 'book' })}>
            Book
          </Button>
        )
      }
      toolbar={
        <>
          <div className="flex items-center">
            <IconButton
              icon={ChevronLeft}
              label="Previous day"
              hint={<Kbd keys="[" />}
              onClick={() => show(daysAfter(day, -1))}
            />
            <Button look="ghost" disabled={day === todayHere()} onClick={() => show(todayHere())}>
              Today
            </Button>
            <IconButton
              icon={ChevronRight}
              label="Next day"
              hint={<Kbd keys="]" />}
              onClick={() => show(daysAfter(day, 1))}
            />
          </div>
          <div className="w-36">
            <TextInput
              type="date"
              aria-label="Day"
              value={day}
              onChange={({ target }) => target.value && show(target.value)}
            />
          </div>
          <div className="w-52">
            <Select
              aria-label="Provider"
              value={provider}
              onChange={({ target }) => choose({ provider: target.value })}
            >
              <option value="">All providers</option>
              {mine && <option value={mine}>Mine</option>}
              {all
                .filter(({ practitioner }) => practitioner?.id !== mine)
                .map(({ practitioner }) => (
                  <option key={practitioner?.id ?? 'nobody'} value={practitioner?.id ?? 'nobody'}>
                    {practitioner?.name ?? 'No provider'}
                  </option>
                ))}
            </Select>
          </div>
        </>
      }
    >
      <Loaded from={schedule} skeleton={<Skeleton lines={8} />}>
        {({ truncated }) => (
          <div className="flex flex-col gap-4 p-5">
            {truncated && (
              <p className="rounded-md bg-warn-soft px-3 py-2 text-sm text-warn-text">
                Not all appointments fit. Choose a provider.
              </p>
            )}
            {shown.every(({ appointments }) => appointments.length === 0) && (
              <Empty icon={CalendarX2} title="No appointments.">
                {mayBook ? (
                  <>
                    Book an appointment with <Kbd keys="b" />, or look at another day with <Kbd keys="[" /> and{' '}
                    <Kbd keys="]" />.
                  </>
                ) : (
                  <>
                    Look at another day with <Kbd keys="[" /> and <Kbd keys="]" />.
                  </>
                )}
              </Empty>
            )}
            {shown.map(({ practitioner, appointments }) => (
              <ProviderDay
                key={practitioner?.id ?? 'nobody'}
                name={practitioner?.name ?? 'No provider'}
                slots={appointments}
                actions={actions}
                changing={take.input?.slot.id ?? null}
                today={day === todayHere()}
              />
            ))}
          </div>
        )}
      </Loaded>
      {asking?.what === 'book' && <BookDialog day={day} onClose={() => setAsking(null)} />}
      {asking?.what === 'cancel' && <CancelDialog slot={asking.slot} onClose={() => setAsking(null)} />}
      {asking?.what === 'reschedule' && (
        <RescheduleDialog
          slot={asking.slot}
          practitioner={
            all.find(({ appointments }) => appointments.some(({ id }) => id === asking.slot.id))?.practitioner?.id
          }
          onClose={() => setAsking(null)}
        />
      )}
    </Page>
  );
}
