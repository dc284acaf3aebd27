// The steps of an appointment, shared by all writers: book, check in, miss, cancel, restore, change, and reschedule.

import type { Appointment, Extension } from '@medplum/fhirtypes';
import type { Draft } from '#kit/draft.ts';
import { Refusal } from '#kit/errors.ts';
import { filled } from '#kit/filled.ts';
import { parseReference } from '#kit/ids.ts';
import { type Lifecycle, faultOfTransition } from '#kit/lifecycle.ts';
import { APPOINTMENT_LABEL, EXTENSION } from '#kit/systems.ts';
import { labelTag } from './labels.ts';

export type AppointmentStatus = Appointment['status'];
export type Booked = Appointment & { id: string };

/** http://hl7.org/fhir/R4/valueset-appointmentstatus.html; a late patient is still checked in. */
export const APPOINTMENT_LIFECYCLE: Lifecycle<AppointmentStatus> = {
  proposed: ['pending', 'booked', 'cancelled'],
  pending: ['booked', 'cancelled'],
  waitlist: ['booked', 'cancelled'],
  booked: ['arrived', 'checked-in', 'noshow', 'cancelled'],
  arrived: ['checked-in', 'fulfilled', 'cancelled'],
  'checked-in': ['fulfilled', 'cancelled'],
  noshow: ['arrived', 'checked-in'],
  cancelled: ['booked'],
  fulfilled: [],
  'entered-in-error': [],
};

/** Appointments that can be rescheduled. */
export const MOVABLE: ReadonlySet<AppointmentStatus> = new Set(['proposed', 'pending', 'waitlist', 'booked', 'noshow']);

/** Instants with their time zone (FHIR `instant`), the end after the start. */
export interface Time {
  readonly start: string;
  readonly end: string;
}

export interface Booking extends Time {
  readonly patient: string;
  readonly practitioner?: string;
  readonly location?: string;
  /** Kind of visit and reason, in words. */
  readonly type?: string;
  readonly reason?: string;
  readonly comment?: string;
  readonly labels?: readonly string[];
  readonly id?: string;
}

/** Changes to an appointment at its current time. Fields not given are kept; null clears one. */
export type Correction = {
  readonly [P in 'practitioner' | 'location' | 'type' | 'reason' | 'comment']?: Booking[P] | null;
};

export async function book(draft: Draft, wish: Booking): Promise<Booked> {
  refuseTime(wish);
  const { id, patient, practitioner, location, type, reason, comment, labels, start, end } = wish;
  const participant: Appointment['participant'] = [await participantOf(draft, 'Patient', patient)];
  if (practitioner !== undefined) participant.push(await participantOf(draft, 'Practitioner', practitioner));
  if (location !== undefined) participant.push(await participantOf(draft, 'Location', location));
  return draft.create<Appointment>({
    resourceType: 'Appointment',
    ...(id !== undefined && { id }),
    ...(labels?.length && { meta: { tag: labels.map((label) => labelTag(APPOINTMENT_LABEL, label)) } }),
    status: 'booked',
    ...(type !== undefined && { appointmentType: { text: type } }),
    ...(reason !== undefined && { reasonCode: [{ text: reason }] }),
    ...(comment !== undefined && { comment }),
    start,
    end,
    created: draft.at,
    participant,
  });
}

/** Changes anything except the patient, who can't change, and the time, which `reschedule` changes. */
export async function correct(draft: Draft, id: string, wish: Correction): Promise<Booked> {
  const appointment = await findAppointment(draft, id);
  refuseReplaced(appointment);
  if (APPOINTMENT_LIFECYCLE[appointment.status].length === 0) {
    throw refused(`the appointment is ${appointment.status}, which is final`);
  }
  const { practitioner, location, type, reason, comment } = wish;
  const corrected: Booked = { ...appointment, participant: [...appointment.participant] };
  await replaceParticipant(draft, corrected, 'Practitioner', practitioner);
  await replaceParticipant(draft, corrected, 'Location', location);
  if (type !== undefined) corrected.appointmentType = type === null ? undefined : { text: type };
  if (reason !== undefined) corrected.reasonCode = reason === null ? undefined : [{ text: reason }];
  if (comment !== undefined) corrected.comment = comment ?? undefined;
  return draft.update(filled(corrected));
}

export async function checkIn(draft: Draft, id: string): Promise<Booked> {
  return move(draft, await findAppointment(draft, id), 'checked-in');
}

export async function noShow(draft: Draft, id: string): Promise<Booked> {
  return move(draft, await findAppointment(draft, id), 'noshow');
}

/** `reason` is kept with the appointment until it is restored. */
export async function cancel(draft: Draft, id: string, reason?: string): Promise<Booked> {
  const appointment = await findAppointment(draft, id);
  return move(
    draft,
    reason === undefined ? appointment : { ...appointment, cancelationReason: { text: reason } },
    'cancelled',
  );
}

/** Restores a canceled appointment, unless another replaced it. */
export async function restore(draft: Draft, id: string): Promise<Booked> {
  const { cancelationReason, ...appointment } = await findAppointment(draft, id);
  refuseReplaced(appointment);
  if (appointment.status !== 'cancelled') {
    throw refused(`the appointment is ${appointment.status}, and only a canceled one can be restored`);
  }
  return move(draft, appointment, 'booked');
}

/**
 * Creates an appointment at another time to replace one, and links the two. The old one is canceled (a no-show remains one)
 * without counting as called off: its event is UPDATED, and those of the new one are CREATED and RESCHEDULED.
 */
export async function reschedule(
  draft: Draft,
  id: string,
  { start, end, newId }: Time & { readonly newId?: string },
): Promise<Booked> {
  refuseTime({ start, end });
  const old = await findAppointment(draft, id);
  refuseReplaced(old);
  if (!MOVABLE.has(old.status)) throw refused(`the appointment is ${old.status}, and is not moved any more`);
  const moved = draft.create<Appointment>({
    ...successorOf(old),
    ...(newId && { id: newId }),
    start,
    end,
    created: draft.at,
  });
  await draft.update({
    ...old,
    status: old.status === 'noshow' ? 'noshow' : 'cancelled',
    extension: linked(old, EXTENSION.rescheduledTo, moved.id),
  });
  return moved;
}

/** @throws {Refusal} `record.not-found` */
export async function findAppointment(draft: Draft, id: string): Promise<Booked> {
  const appointment = await draft.read('Appointment', id);
  if (!appointment) throw new Refusal('record.not-found', { reference: `Appointment/${id}` });
  return { ...appointment, id };
}

/** The appointment at the other end of a link, as `Appointment/1`. */
export function linkOf(appointment: Appointment, url: string): string | undefined {
  return appointment.extension?.find((extension) => extension.url === url)?.valueReference?.reference;
}

function move(draft: Draft, appointment: Booked, to: AppointmentStatus): Promise<Booked> {
  const reason = faultOfTransition(APPOINTMENT_LIFECYCLE, appointment.status, to, 'the appointment');
  if (reason) throw refused(reason);
  return draft.update({ ...appointment, status: to });
}

/** What the new appointment takes over: everything except time, slots, identity, and state. */
function successorOf(old: Booked): Appointment {
  const { id, meta, text, identifier, slot, requestedPeriod, minutesDuration, cancelationReason, ...kept } = old;
  const before = linkOf(old, EXTENSION.rescheduledFrom);
  const information = kept.supportingInformation?.filter(({ reference }) => reference !== before) ?? [];
  return {
    ...kept,
    ...(meta?.tag && { meta: { tag: meta.tag } }),
    status: old.status === 'noshow' ? 'booked' : old.status,
    supportingInformation: [...information, { reference: `Appointment/${id}` }],
    extension: linked(old, EXTENSION.rescheduledFrom, id),
  };
}

function linked(appointment: Appointment, url: string, to: string): Extension[] {
  const others = appointment.extension?.filter((extension) => extension.url !== url) ?? [];
  return [...others, { url, valueReference: { reference: `Appointment/${to}` } }];
}

async function participantOf(draft: Draft, type: 'Patient' | 'Practitioner' | 'Location', id: string) {
  const reference = `${type}/${id}`;
  if (!(await draft.read(type, id))) throw new Refusal('record.not-found', { reference });
  return { actor: { reference }, status: 'accepted' as const };
}

async function replaceParticipant(
  draft: Draft,
  appointment: Booked,
  type: 'Practitioner' | 'Location',
  id: string | null | undefined,
): Promise<void> {
  if (id === undefined) return;
  const others = appointment.participant.filter(({ actor }) => parseReference(actor?.reference)?.type !== type);
  appointment.participant = id === null ? others : [...others, await participantOf(draft, type, id)];
}

function refuseTime({ start, end }: Time): void {
  if (Date.parse(end) > Date.parse(start)) return;
  throw new Refusal('request.invalid', { reason: 'end is not after start' }, [
    { path: '/end', message: 'must be after start; both are times with their zone, as 2026-08-23T10:00:00Z' },
  ]);
}

function refuseReplaced(appointment: Appointment): void {
  const successor = linkOf(appointment, EXTENSION.rescheduledTo);
  if (successor) throw refused(`the appointment was rescheduled, and ${successor} is in its place`);
}

function refused(reason: string): Refusal {
  return new Refusal('appointment.state', { reason });
}
