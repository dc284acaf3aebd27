// The visit of an appointment: its Encounter and note, opened once.

import type { Appointment, Encounter } from '@medplum/fhirtypes';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { filled } from '@chartwire/sdk/internal/kit/filled';
import type { Note } from '@chartwire/sdk/internal/records/note';
import { type Booked, findAppointment } from '@chartwire/sdk/internal/records/appointment-steps';
import { patientOf } from '#r4/search-index.ts';
import type { Store } from '#store/contract.ts';
import type { Origin } from './origin.ts';
import type { ChartDraft } from './draft.ts';
import { storedEntry } from './entries-of.ts';
import { createNote } from './notes.ts';

const ACT = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';

/** Appointments that won't take place. */
const OVER: ReadonlySet<Appointment['status']> = new Set(['cancelled', 'noshow', 'entered-in-error']);

/** A key to hold while a visit is opened, so that two callers open only one. */
export function visitKey(appointment: string): string {
  return `visit of Appointment/${appointment}`;
}

/** The note of the appointment's visit, created with the visit if needed. */
export async function openVisit(
  draft: ChartDraft,
  store: Pick<Store, 'entries'>,
  origin: Origin,
  appointmentId: string,
): Promise<Note> {
  const appointment = await findAppointment(draft, appointmentId);
  const patient = patientOf(appointment);
  for (const permission of ['c', 'r'] as const) draft.requireReach('Note', permission, patient);
  const visits = await draft.search('Encounter', `appointment=Appointment/${appointmentId}`);
  const open = visits.filter(({ status }) => status !== 'cancelled' && status !== 'entered-in-error');
  for (const visit of open) {
    const note = await noteOf(store, visit.id!);
    if (!note) continue;
    draft.requireReach('Note', 'r', note.patient);
    return note;
  }
  if (OVER.has(appointment.status)) {
    throw new Refusal('appointment.state', { reason: `the appointment is ${appointment.status}: it has no visit` });
  }
  if (patient === null) throw new Refusal('appointment.state', { reason: 'the appointment is of no patient' });
  const id = draft.newId();
  const encounter = open[0]?.id ?? newVisit(draft.inNote(id).implied('Note', 'c'), appointment, patient);
  const title = appointment.appointmentType?.text ?? appointment.appointmentType?.coding?.[0]?.display;
  return createNote(draft, origin, { id, patient, encounter, ...(title && { title: title.slice(0, 255) }) });
}

async function noteOf(store: Pick<Store, 'entries'>, encounter: string): Promise<Note | undefined> {
  const found = await store.entries('Note', { token: `encounter=${encounter}`, limit: 20 });
  const notes = found.flatMap((stored) => storedEntry('Note', stored)?.entry ?? []);
  return notes.find(({ state }) => state !== 'deleted');
}

function newVisit(draft: ChartDraft, appointment: Booked, patient: string): string {
  const actors = appointment.participant.flatMap(({ actor }) => (actor?.reference ? [actor] : []));
  const of = (type: string) => actors.filter(({ reference }) => reference!.startsWith(`${type}/`));
  const people = of('Practitioner').map(({ reference }) => ({ individual: { reference } }));
  const places = of('Location').map(({ reference }) => ({ location: { reference } }));
  return draft.create(
    filled<Encounter>({
      resourceType: 'Encounter',
      status: 'in-progress',
      class: { system: ACT, code: 'AMB', display: 'ambulatory' },
      subject: { reference: `Patient/${patient}` },
      participant: people.length > 0 ? people : undefined,
      appointment: [{ reference: `Appointment/${appointment.id}` }],
      reasonCode: appointment.reasonCode,
      period: { start: draft.at },
      location: places.length > 0 ? places : undefined,
    }),
  ).id;
}
