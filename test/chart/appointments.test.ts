import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Appointment } from '@medplum/fhirtypes';
import { SYSTEM } from '#kit/authority.ts';
import {
  APPOINTMENT_LIFECYCLE,
  type AppointmentStatus,
  cancel,
  checkIn,
  noShow,
  reschedule,
  restore,
} from '#records/appointment-steps.ts';
import { createChart } from '#chart/chart.ts';
import type { Chart } from '#chart/contract.ts';
import type { Origin } from '#chart/origin.ts';
import type { Draft } from '#kit/draft.ts';
import { Refusal } from '#kit/errors.ts';
import { openStore, type PostgresStore } from '#store/postgres.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { seenIn } from '../support/seen.ts';

const ORIGIN: Origin = { actor: { type: 'user', id: 'desk' }, source: 'api', authority: SYSTEM };
const STATUSES = Object.keys(APPOINTMENT_LIFECYCLE) as AppointmentStatus[];
const LATER = { start: '2026-06-01T10:00:00Z', end: '2026-06-01T10:20:00Z' };

/** From which statuses each step goes, said again by hand. */
const STEPS: Record<
  string,
  { does: (draft: Draft, id: string) => Promise<unknown>; from: string; to: AppointmentStatus }
> = {
  'check in': { does: checkIn, from: 'booked arrived noshow', to: 'checked-in' },
  'no-show': { does: noShow, from: 'booked', to: 'noshow' },
  cancel: {
    does: (draft, id) => cancel(draft, id),
    from: 'proposed pending waitlist booked arrived checked-in',
    to: 'cancelled',
  },
  restore: { does: restore, from: 'cancelled', to: 'booked' },
  reschedule: {
    does: (draft, id) => reschedule(draft, id, LATER),
    from: 'proposed pending waitlist booked',
    to: 'cancelled',
  },
};

describe('the steps of an appointment', () => {
  let database: FreshDatabase;
  let store: PostgresStore;
  let chart: Chart;
  before(async () => {
    database = await freshDatabase();
    store = await openStore(database.connection);
    chart = createChart({ store });
  });
  after(async () => {
    await store.close();
    await database.drop();
  });

  for (const [name, { does, from, to }] of Object.entries(STEPS)) {
    test(`${name} goes from ${from} and nowhere else, and a refusal writes nothing`, async () => {
      for (const status of STATUSES.filter((one) => name !== 'reschedule' || one !== 'noshow')) {
        const { result: id } = await chart.withChart(ORIGIN, async (draft) => {
          const patient = draft.create({ resourceType: 'Patient' });
          const actor = { reference: `Patient/${patient.id}` };
          const participant: Appointment['participant'] = [{ actor, status: 'accepted' }];
          return draft.create<Appointment>({ resourceType: 'Appointment', status, ...LATER, participant }).id;
        });
        const step = chart.withChart(ORIGIN, (draft) => does(draft, id));
        const allowed = from.split(' ').includes(status);
        if (allowed) await step;
        else
          await assert.rejects(step, (error) => error instanceof Refusal && error.code === 'appointment.state', status);
        const now = (await seenIn(chart).current('Appointment', id))!;
        const expected = allowed ? [to, 2] : [status, 1];
        assert.deepEqual([(now.record as Appointment).status, now.version], expected, `${name} from ${status}`);
      }
    });
  }
});
