// /api/schedule: the appointments of a range of days by provider, and the note of an appointment's visit.

import { type Static, Type } from 'typebox';
import { Day } from '@chartwire/sdk/internal/kit/schema';
import { BannerShape } from './banners.ts';
import { NoteShape } from './note.ts';
import { FhirId, Named, only, orNull, Time, TimeZone } from './parameters.ts';
import { row } from './row.ts';

/** Maximum number of appointments in an answer, and of days. */
export const SCHEDULE_LIMIT = 1_000;

export const Called = Type.Object({ id: FhirId, name: orNull(Type.String()) });

export const Slot = Type.Object({
  id: FhirId,
  version: Type.Integer(),
  status: Type.String(),
  start: Time,
  end: Time,
  type: orNull(Type.String()),
  reason: orNull(Type.String()),
  comment: orNull(Type.String()),
  labels: Type.Array(Type.String()),
  location: orNull(Called),
  patient: orNull(
    Type.Object({
      id: FhirId,
      name: orNull(Type.String()),
      birthDate: orNull(Type.String()),
      age: orNull(Type.Integer({ description: 'In years, on the day of the appointment.' })),
      sex: orNull(Type.String()),
    }),
  ),
  banners: Type.Array(BannerShape, { description: 'Of the patient.' }),
  encounter: orNull(FhirId),
  note: orNull(FhirId),
  rescheduledFrom: orNull(FhirId),
  rescheduledTo: orNull(FhirId),
});
export type Slot = Static<typeof Slot>;

export const Schedule = Type.Object({
  date: Day,
  to: Day,
  timezone: Type.String(),
  providers: Type.Array(
    Type.Object({ practitioner: orNull(Called), appointments: Type.Array(Slot, { description: 'By time.' }) }),
    { description: 'By name; those of nobody last.' },
  ),
  truncated: Type.Boolean({ description: `There are more than ${SCHEDULE_LIMIT}: ask for fewer days.` }),
});
export type Schedule = Static<typeof Schedule>;

export const SCHEDULE = {
  get: row({
    method: 'GET',
    path: '/api/schedule',
    operation: 'schedule.get',
    summary: 'The appointments of a day, or of several, by provider',
    needs: 'Appointment.s',
    query: only({
      date: Type.Optional(Type.String({ ...Day, description: 'The first day; today unless given.' })),
      to: Type.Optional(Type.String({ ...Day, description: 'The last day; the first unless given.' })),
      practitioner: Type.Optional(FhirId),
      location: Type.Optional(FhirId),
      timezone: Type.Optional(
        Type.String({
          ...TimeZone,
          description: 'Whose days; those of the location, else of the practice, unless given.',
        }),
      ),
    }),
    answer: { status: 200, description: 'The schedule.', schema: Schedule },
  }),
  openNote: row({
    method: 'POST',
    path: '/api/appointments/:id/note',
    operation: 'appointments.note',
    summary: 'The note of an appointment’s visit; opens the visit when it has none yet',
    needs: 'Note.c',
    about: 'Appointment',
    params: Named,
    answer: { status: 200, description: 'The note: the same however often it is asked for.', schema: NoteShape },
  }),
};
