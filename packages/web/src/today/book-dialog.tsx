// A new appointment.

import { useState } from 'react';
import { useRepeatKey } from '../api/idempotency-key.ts';
import { useAllRecords } from '../api/queries.ts';
import { useSession } from '../api/session.tsx';
import { useWrite } from '../api/write.ts';
import { nameText } from '../fhir/words.ts';
import { PatientPicker, type PickedPatient } from '../patients/patient-picker.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Select, TextInput } from '../ui/field.tsx';
import { tell } from '../ui/toast.tsx';
import { dayOf, timeOf } from './days.ts';
import { useTaken } from './reschedule-dialog.tsx';
import { spanOf, type When, WhenFields } from './when-fields.tsx';

export function BookDialog({ day, onClose }: { readonly day: string; readonly onClose: () => void }) {
  const { user } = useSession();
  const providers = useAllRecords('Practitioner', { 'active:not': 'false', _sort: 'name' });
  const [patient, setPatient] = useState<PickedPatient | null>(null);
  const [practitioner, setPractitioner] = useState(user.practitioner ?? '');
  const [when, setWhen] = useState<When>({ day, time: firstTime(day), minutes: 20 });
  const [type, setType] = useState('');
  const [reason, setReason] = useState('');
  const repeat = useRepeatKey();
  const taken = useTaken(when.day, practitioner || undefined);
  const span = spanOf(when);
  const book = useWrite(
    (server, { whom, at }: { readonly whom: PickedPatient; readonly at: NonNullable<typeof span> }) => {
      const body = {
        patient: whom.value,
        ...at,
        ...(practitioner && { practitioner }),
        ...(type.trim() && { type: type.trim() }),
        ...(reason.trim() && { reason: reason.trim() }),
      };
      return server.appointments.book({ idempotencyKey: repeat.of(body), body });
    },
    {
      shown: 'here',
      onDone: (_, { whom }) => {
        tell(`Booked: ${whom.text}.`);
      },
      onHere: onClose,
      onRefused: ({ passing }) => passing || repeat.spend(),
    },
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title="Book an appointment"
      onSubmit={() => patient && span && book.send({ whom: patient, at: span })}
      problem={book.problem}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={book.pending} disabled={!patient || !span}>
            Book appointment
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Field label="Patient" required>
          {(tied) => <PatientPicker tied={tied} value={patient} onChange={setPatient} autoFocus />}
        </Field>
        <Field label="With">
          {(tied) => (
            <Select {...tied} value={practitioner} onChange={({ target }) => setPractitioner(target.value)}>
              <option value="">No provider</option>
              {providers.data?.map(({ id, name }) => (
                <option key={id} value={id}>
                  {nameText(name)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <WhenFields when={when} onChange={setWhen} taken={taken} />
        <div className="grid grid-cols-2 gap-3">
          <Field label="Kind of visit">
            {(tied) => (
              <TextInput {...tied} value={type} maxLength={255} onChange={({ target }) => setType(target.value)} />
            )}
          </Field>
          <Field label="Reason">
            {(tied) => (
              <TextInput {...tied} value={reason} maxLength={1000} onChange={({ target }) => setReason(target.value)} />
            )}
          </Field>
        </div>
      </div>
    </Dialog>
  );
}

/** Of today the next quarter of an hour, of other days the first that is likely. */
function firstTime(day: string): string {
  const quarter = 15 * 60_000;
  const next = new Date(Math.ceil(Date.now() / quarter) * quarter);
  return day === dayOf(next) ? timeOf(next.toISOString()) : '09:00';
}
