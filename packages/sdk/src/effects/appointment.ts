// Appointments: the front desk's steps, by the same state table, and labels.

import { Type } from 'typebox';
import { choice, closed, fhirId, text } from '#kit/schema.ts';
import { APPOINTMENT_LABEL } from '#kit/systems.ts';
import { book, cancel, checkIn, correct, noShow, reschedule, restore } from '#records/appointment-steps.ts';
import { relabelled } from '#records/labels.ts';
import { defineEffect, needs } from './definition.ts';
import { existing } from './existing.ts';
import { Label } from './label.ts';

const Appointment = fhirId('of the appointment');
const NewId = fhirId('of the new appointment, to name it in a later effect of the same answer');
const Instant = Type.String({ format: 'date-time', description: 'a time with its zone, as 2026-08-23T10:00:00Z' });
const Practitioner = fhirId('who sees the patient');
const Location = fhirId('where');
const Kind = text(255, 'what kind of visit, in words');
const Reason = text(1000, 'why, in words');
const Comment = text(4000);
const Labels = Type.Array(Label, { minItems: 1, maxItems: 3, uniqueItems: true });

export const CreateAppointment = defineEffect({
  type: 'CREATE_APPOINTMENT',
  summary: 'Books an appointment.',
  writes:
    'A booked Appointment: patient, practitioner and location in participant, type in appointmentType, reason in reasonCode, labels in meta.tag.',
  payload: closed({
    id: Type.Optional(NewId),
    patient: fhirId('who comes'),
    start: Instant,
    end: Instant,
    practitioner: Type.Optional(Practitioner),
    location: Type.Optional(Location),
    type: Type.Optional(Kind),
    reason: Type.Optional(Reason),
    comment: Type.Optional(Comment),
    labels: Type.Optional(Labels),
  }),
  example: {
    patient: 'p1',
    practitioner: 'd1',
    start: '2026-09-01T09:00:00Z',
    end: '2026-09-01T09:30:00Z',
    type: 'Follow-up',
    labels: ['recheck'],
  },
  scopes: () => needs('Appointment', 'c'),
  apply: async (wish, draft) => [`Appointment/${(await book(draft, wish)).id}`],
});

export const UpdateAppointment = defineEffect({
  type: 'UPDATE_APPOINTMENT',
  summary:
    'Changes what is named of an appointment and leaves the rest; `null` takes away. Its patient stays, and RESCHEDULE_APPOINTMENT changes its time.',
  writes: 'The Appointment, as its next version.',
  payload: closed(
    {
      appointment: Appointment,
      practitioner: Type.Optional(Type.Union([Practitioner, Type.Null()])),
      location: Type.Optional(Type.Union([Location, Type.Null()])),
      type: Type.Optional(Type.Union([Kind, Type.Null()])),
      reason: Type.Optional(Type.Union([Reason, Type.Null()])),
      comment: Type.Optional(Type.Union([Comment, Type.Null()])),
    },
    { minProperties: 2 },
  ),
  example: { appointment: 'a1', practitioner: 'd1', comment: null },
  scopes: () => needs('Appointment', 'u'),
  apply: async ({ appointment, ...wish }, draft) => [`Appointment/${(await correct(draft, appointment, wish)).id}`],
});

export const CancelAppointment = defineEffect({
  type: 'CANCEL_APPOINTMENT',
  summary: 'Calls an appointment off.',
  writes: 'The Appointment, `cancelled`, the reason in cancelationReason.',
  payload: closed({ appointment: Appointment, reason: Type.Optional(Reason) }),
  example: { appointment: 'a1', reason: 'The patient moved away.' },
  scopes: () => needs('Appointment', 'u'),
  apply: async ({ appointment, reason }, draft) => [`Appointment/${(await cancel(draft, appointment, reason)).id}`],
});

const MOVES = { 'checked-in': checkIn, noshow: noShow, booked: restore } as const;

export const MoveAppointment = defineEffect({
  type: 'MOVE_APPOINTMENT',
  summary: 'Checks the patient in, notes that nobody came, or lets a canceled appointment take place after all.',
  writes: 'The Appointment, in the status it is moved to.',
  payload: closed({
    appointment: Appointment,
    to: choice(['checked-in', 'noshow', 'booked'], 'booked restores a canceled one'),
  }),
  example: { appointment: 'a1', to: 'checked-in' },
  scopes: () => needs('Appointment', 'u'),
  apply: async ({ appointment, to }, draft) => [`Appointment/${(await MOVES[to](draft, appointment)).id}`],
});

export const RescheduleAppointment = defineEffect({
  type: 'RESCHEDULE_APPOINTMENT',
  summary: 'Makes an appointment at another time instead of another.',
  writes: 'A new Appointment, first of the references, and the old one, `cancelled`; each names the other.',
  payload: closed({ appointment: Appointment, start: Instant, end: Instant, id: Type.Optional(NewId) }),
  example: { appointment: 'a1', start: '2026-09-08T09:00:00Z', end: '2026-09-08T09:30:00Z' },
  scopes: () => needs('Appointment', 'cu'),
  async apply({ appointment, start, end, id }, draft) {
    const moved = await reschedule(draft, appointment, { start, end, ...(id && { newId: id }) });
    return [`Appointment/${moved.id}`, `Appointment/${appointment}`];
  },
});

export const AddAppointmentLabels = defineEffect({
  type: 'ADD_APPOINTMENT_LABELS',
  summary: 'Puts labels on an appointment. Those it has already are left as they are.',
  writes: 'Appointment.meta.tag: one tag a label, of the appointment-label system. Other tags stay.',
  payload: closed({ appointment: Appointment, labels: Labels }),
  example: { appointment: 'a1', labels: ['MISSING_COVERAGE'] },
  scopes: () => needs('Appointment', 'u'),
  async apply({ appointment: id, labels }, draft) {
    const appointment = await existing(draft, 'ADD_APPOINTMENT_LABELS', 'Appointment', id);
    await draft.update(relabelled(appointment, APPOINTMENT_LABEL, { add: labels }));
    return [`Appointment/${id}`];
  },
});

export const RemoveAppointmentLabels = defineEffect({
  type: 'REMOVE_APPOINTMENT_LABELS',
  summary: 'Takes labels off an appointment. Those it does not have are no fault.',
  writes: 'Appointment.meta.tag without the tags of these labels.',
  payload: closed({ appointment: Appointment, labels: Labels }),
  example: { appointment: 'a1', labels: ['MISSING_COVERAGE'] },
  scopes: () => needs('Appointment', 'u'),
  async apply({ appointment: id, labels }, draft) {
    const appointment = await existing(draft, 'REMOVE_APPOINTMENT_LABELS', 'Appointment', id);
    await draft.update(relabelled(appointment, APPOINTMENT_LABEL, { remove: labels }));
    return [`Appointment/${id}`];
  },
});
