// /api/appointments: booking, and what becomes of a booking. All else about appointments is at /fhir/R4/Appointment.

import { type Static, type TSchema, Type } from 'typebox';
import type { ChartDraft } from '#chart/draft.ts';
import type { Draft } from '@chartwire/sdk/internal/kit/draft';
import { parseReference } from '@chartwire/sdk/internal/kit/ids';
import { text } from '@chartwire/sdk/internal/kit/schema';
import { EXTENSION } from '@chartwire/sdk/internal/kit/systems';
import { patientOf } from '#r4/search-index.ts';
import {
  APPOINTMENT_LIFECYCLE,
  type Booked,
  book,
  cancel,
  checkIn,
  findAppointment,
  linkOf,
  noShow,
  reschedule,
  restore,
} from '@chartwire/sdk/internal/records/appointment-steps';
import { once } from '../idempotency.ts';
import { type Call, type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { Named, only, originOf, UNWRITTEN } from './entries.ts';
import { FhirId, orNull, Time } from './parameters.ts';

const AppointmentShape = Type.Object({
  id: FhirId,
  status: Type.Enum(Object.keys(APPOINTMENT_LIFECYCLE)),
  patient: orNull(FhirId),
  start: orNull(Time),
  end: orNull(Time),
  rescheduledFrom: orNull(FhirId),
  rescheduledTo: orNull(FhirId),
});
type AppointmentShape = Static<typeof AppointmentShape>;

const When = { start: Time, end: Time };

const booking = route({
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
  handle: async (call, services) => {
    call.concerns(call.body.patient);
    return once(call, services, 'appointments.book', async (turn) => {
      const id = turn.id(0);
      const made =
        id && (await services.chart.reader(originOf(call)).afterwards(UNWRITTEN, 'Appointment', id))?.resource;
      if (made) return viewOf(made as Booked);
      return write(call, services, (draft) => book(draft, { ...call.body, ...(id && { id }) }));
    });
  },
});

interface Move {
  readonly name: string;
  readonly summary: string;
  readonly body?: TSchema;
  move(draft: Draft, id: string, body: { reason?: string }): Promise<Booked>;
}

const MOVES: readonly Move[] = [
  { name: 'check-in', summary: 'The patient is here', move: checkIn },
  { name: 'no-show', summary: 'The patient did not come', move: noShow },
  {
    name: 'cancel',
    summary: 'Calls an appointment off',
    body: orNull(only({ reason: Type.Optional(text(1_000)) })),
    move: (draft, id, { reason }) => cancel(draft, id, reason),
  },
  { name: 'restore', summary: 'Lets a cancelled appointment take place after all', move: restore },
];

function moveRoute({ name, summary, body, move }: Move): Route {
  return route({
    method: 'POST',
    path: `/api/appointments/:id/${name}`,
    operation: `appointments.${name}`,
    summary,
    needs: 'Appointment.u',
    about: 'Appointment',
    params: Named,
    ...(body && { body }),
    answer: { status: 200, description: 'The appointment.', schema: AppointmentShape },
    handle: (call, services) =>
      change(call, services, (draft) => move(draft, call.params.id, (call.body ?? {}) as { reason?: string })),
  });
}

const rescheduling = route({
  method: 'POST',
  path: '/api/appointments/:id/reschedule',
  operation: 'appointments.reschedule',
  summary: 'Makes an appointment at another time in the place of this one',
  needs: 'Appointment.u',
  about: 'Appointment',
  params: Named,
  body: only(When),
  answer: {
    status: 201,
    description: 'The new appointment; `rescheduledFrom` is the old one.',
    schema: AppointmentShape,
  },
  handle: (call, services) => change(call, services, (draft) => reschedule(draft, call.params.id, call.body)),
});

export const APPOINTMENT_ROUTES: readonly Route[] = [booking, ...MOVES.map(moveRoute), rescheduling];

/** A change of the appointment in the path, in a chart that the caller may enter. */
function change(
  call: Call<{ id: string }>,
  services: Pick<Services, 'chart'>,
  work: (draft: ChartDraft) => Promise<Booked>,
): Promise<AppointmentShape> {
  return write(call, services, async (draft) => {
    const patient = patientOf(await findAppointment(draft, call.params.id));
    if (patient !== null) call.concerns(patient);
    await draft.claim('Appointment', call.params.id, 'u');
    return work(draft);
  });
}

async function write(
  call: Pick<Call, 'access'>,
  { chart }: Pick<Services, 'chart'>,
  work: (draft: ChartDraft) => Promise<Booked>,
): Promise<AppointmentShape> {
  const { result } = await chart.withChart(originOf(call), work);
  return viewOf(result);
}

function viewOf(appointment: Booked): AppointmentShape {
  const { id, status, start = null, end = null } = appointment;
  const linkedBy = (url: string): string | null => parseReference(linkOf(appointment, url))?.id ?? null;
  return {
    id,
    status,
    patient: patientOf(appointment),
    start,
    end,
    rescheduledFrom: linkedBy(EXTENSION.rescheduledFrom),
    rescheduledTo: linkedBy(EXTENSION.rescheduledTo),
  };
}
