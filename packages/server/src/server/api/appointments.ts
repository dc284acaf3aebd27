// /api/appointments: book appointments and change bookings. Everything else about appointments is at /fhir/R4/Appointment.

import type { ChartDraft } from '#chart/draft.ts';
import { APPOINTMENTS, type AppointmentShape } from '@chartwire/client/internal/contract/appointments';
import { parseReference } from '@chartwire/sdk/internal/kit/ids';
import { EXTENSION } from '@chartwire/sdk/internal/kit/systems';
import { patientOf } from '#r4/search-index.ts';
import {
  book,
  type Booked,
  cancel,
  checkIn,
  findAppointment,
  linkOf,
  noShow,
  reschedule,
  restore,
} from '@chartwire/sdk/internal/records/appointment-steps';
import { once } from '../idempotency.ts';
import { type Call, route, type RoutesOf } from '../route.ts';
import type { Services } from '../services.ts';
import { originOf, UNWRITTEN } from './entries.ts';

const booking = route(APPOINTMENTS.book, async (call, services) => {
  call.concerns(call.body.patient);
  return once(call, services, 'appointments.book', async (turn) => {
    const id = turn.id(0);
    const made = id && (await services.chart.reader(originOf(call)).afterwards(UNWRITTEN, 'Appointment', id))?.record;
    if (made) return viewOf(made as Booked);
    return write(call, services, (draft) => book(draft, { ...call.body, ...(id && { id }) }));
  });
});

const moving = {
  checkIn: route(APPOINTMENTS.checkIn, (call, services) =>
    change(call, services, (draft) => checkIn(draft, call.params.id)),
  ),
  noShow: route(APPOINTMENTS.noShow, (call, services) =>
    change(call, services, (draft) => noShow(draft, call.params.id)),
  ),
  cancel: route(APPOINTMENTS.cancel, (call, services) =>
    change(call, services, (draft) => cancel(draft, call.params.id, call.body?.reason)),
  ),
  restore: route(APPOINTMENTS.restore, (call, services) =>
    change(call, services, (draft) => restore(draft, call.params.id)),
  ),
};

const rescheduling = route(APPOINTMENTS.reschedule, (call, services) =>
  change(call, services, (draft) => reschedule(draft, call.params.id, call.body)),
);

export const APPOINTMENT_ROUTES: RoutesOf<typeof APPOINTMENTS> = { book: booking, ...moving, reschedule: rescheduling };

/** Changes the appointment in the path, in a chart that the caller may access. */
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
