// /api/appointments: book appointments, check patients in, reschedule, and cancel.

import { type Static, Type } from 'typebox';
import { text } from '@chartwire/sdk/internal/kit/schema';
import { APPOINTMENT_LIFECYCLE } from '@chartwire/sdk/internal/records/appointment-steps';
import { FhirId, Named, only, orNull, Time } from './parameters.ts';
import { row } from './row.ts';

export const AppointmentShape = Type.Object({
  id: FhirId,
  status: Type.Enum(Object.keys(APPOINTMENT_LIFECYCLE)),
  patient: orNull(FhirId),
  start: orNull(Time),
  end: orNull(Time),
  rescheduledFrom: orNull(FhirId),
  rescheduledTo: orNull(FhirId),
});
export type AppointmentShape = Static<typeof AppointmentShape>;

const When = { start: Time, end: Time };

const MOVED = { status: 200, description: 'The appointment.', schema: AppointmentShape } as const;

export const APPOINTMENTS = {
  book: row({
    method: 'POST',
    path: '/api/appointments',
    operation: 'appointments.book',
    summary: 'Books an appointment for a patient',
    needs: 'Appointment.c',
    idempotent: true,
    body: only({
      patient: FhirId,
      practitioner: Type.Optional(FhirId),
      location: Type.Optional(FhirId),
      ...When,
      type: Type.Optional(text(255, 'What kind of visit.')),
      reason: Type.Optional(text(1_000)),
      comment: Type.Optional(text(4_000)),
    }),
    answer: { status: 201, description: 'The appointment.', schema: AppointmentShape },
  }),
  checkIn: row({
    method: 'POST',
    path: '/api/appointments/:id/check-in',
    operation: 'appointments.check-in',
    summary: 'The patient is here',
    needs: 'Appointment.u',
    about: 'Appointment',
    params: Named,
    answer: MOVED,
  }),
  noShow: row({
    method: 'POST',
    path: '/api/appointments/:id/no-show',
    operation: 'appointments.no-show',
    summary: 'The patient did not come',
    needs: 'Appointment.u',
    about: 'Appointment',
    params: Named,
    answer: MOVED,
  }),
  cancel: row({
    method: 'POST',
    path: '/api/appointments/:id/cancel',
    operation: 'appointments.cancel',
    summary: 'Calls an appointment off',
    needs: 'Appointment.u',
    about: 'Appointment',
    params: Named,
    body: orNull(only({ reason: Type.Optional(text(1_000)) })),
    answer: MOVED,
  }),
  restore: row({
    method: 'POST',
    path: '/api/appointments/:id/restore',
    operation: 'appointments.restore',
    summary: 'Lets a canceled appointment take place after all',
    needs: 'Appointment.u',
    about: 'Appointment',
    params: Named,
    answer: MOVED,
  }),
  reschedule: row({
    method: 'POST',
    path: '/api/appointments/:id/reschedule',
    operation: 'appointments.reschedule',
    summary: 'Makes an appointment at another time instead of this one',
    needs: 'Appointment.u',
    about: 'Appointment',
    params: Named,
    body: only(When),
    answer: {
      status: 201,
      description: 'The new appointment; `rescheduledFrom` is the old one.',
      schema: AppointmentShape,
    },
  }),
};
