// Another time for an appointment: a new one takes its place.

import { useState } from 'react';
import type { Slot } from '@chartwire/client/internal/contract/schedule';
import { api } from '../api/client.ts';
import { useApi } from '../api/queries.ts';
import { useWrite } from '../api/write.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { practiceZone } from '../ui/zone.ts';
import { dayOf, timeOf } from './days.ts';
import { tellDone } from './steps.ts';
import { spanOf, type When, WhenFields } from './when-fields.tsx';

export function RescheduleDialog({
  slot,
  practitioner,
  onClose,
}: {
  readonly slot: Slot;
  readonly practitioner: string | undefined;
  readonly onClose: () => void;
}) {
  const [when, setWhen] = useState<When>(() => ({
    day: dayOf(new Date(slot.start)),
    time: timeOf(slot.start),
    minutes: Math.round((Date.parse(slot.end) - Date.parse(slot.start)) / 60_000),
  }));
  const taken = useTaken(when.day, practitioner).filter(({ id }) => id !== slot.id);
  const span = spanOf(when);
  const move = useWrite(
    (server, body: NonNullable<typeof span>) => server.appointments.reschedule({ params: { id: slot.id }, body }),
    {
      shown: 'here',
      changes: [api.schedule.get.path()],
      onDone: () => {
        tellDone('reschedule', slot);
      },
      onHere: onClose,
    },
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title="Reschedule"
      about={slot.patient?.name}
      onSubmit={() => span && move.send(span)}
      problem={move.problem}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={move.pending} disabled={!span}>
            Reschedule
          </Button>
        </>
      }
    >
      <WhenFields when={when} onChange={setWhen} taken={taken} autoFocus />
    </Dialog>
  );
}

/** Who is expected with a provider on a day. With nobody in particular nobody is in the way. */
export function useTaken(day: string, practitioner: string | undefined): readonly Slot[] {
  const timezone = practiceZone();
  const there = /^\d{4}-\d{2}-\d{2}$/.test(day) && practitioner !== undefined;
  const { data } = useApi(
    api.schedule.get,
    { query: { date: day, timezone, practitioner } },
    { hears: { types: ['Appointment'] }, enabled: there },
  );
  if (!there) return [];
  const slots = data?.providers.flatMap(({ appointments }) => appointments) ?? [];
  return slots.filter(({ status }) => !['cancelled', 'noshow'].includes(status));
}
