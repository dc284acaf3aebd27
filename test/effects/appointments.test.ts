// Appointments as plugins write them: by the table of states that /api/appointments has.

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Appointment } from '@medplum/fhirtypes';
import { APPOINTMENT_LABEL } from '#kit/systems.ts';
import {
  addAppointmentLabels,
  cancelAppointment,
  createAppointment,
  type Effect,
  moveAppointment,
  removeAppointmentLabels,
  rescheduleAppointment,
  updateAppointment,
} from '#sdk/effects.ts';
import { Answering } from './answering.ts';

const TIME = { start: '2026-09-01T09:00:00Z', end: '2026-09-01T09:30:00Z' };
const LATER = { start: '2026-09-08T09:00:00Z', end: '2026-09-08T09:30:00Z' };
const taking = (reference: string) => ({ actor: { reference }, status: 'accepted' as const });
const A1: Appointment & { id: string } = {
  resourceType: 'Appointment',
  id: 'a1',
  status: 'booked',
  ...TIME,
  participant: [taking('Patient/p1'), taking('Practitioner/d1'), taking('Location/room')],
};

describe('effects on appointments', () => {
  let here: Answering;
  before(async () => {
    here = await Answering.open();
  });
  after(() => here.close());
  beforeEach(() =>
    here.put(
      { resourceType: 'Patient', id: 'p1' },
      { resourceType: 'Practitioner', id: 'd1' },
      { resourceType: 'Practitioner', id: 'd2' },
      { resourceType: 'Location', id: 'room' },
      A1,
    ),
  );
  const a1 = () => here.current<Appointment>('Appointment/a1');
  const labels = async () => (await a1()).meta?.tag?.map(({ code }) => code) ?? [];

  test('booking makes an appointment of all that is named, which the next effect can name', async () => {
    const id = `a-${Date.now()}`;
    const { references, events } = await here.apply([
      createAppointment({
        id,
        patient: 'p1',
        practitioner: 'd1',
        location: 'room',
        ...TIME,
        type: 'Follow-up',
        reason: 'Cough',
        comment: 'by bus',
        labels: ['recheck'],
      }),
      addAppointmentLabels({ appointment: id, labels: ['long'] }),
    ]);
    const made = await here.current<Appointment>(references[0]!);
    assert.partialDeepStrictEqual(made, {
      id,
      status: 'booked',
      ...TIME,
      participant: [taking('Patient/p1'), taking('Practitioner/d1'), taking('Location/room')],
      appointmentType: { text: 'Follow-up' },
      reasonCode: [{ text: 'Cough' }],
      comment: 'by bus',
    });
    assert.deepEqual(
      made.meta?.tag?.map(({ system, code }) => [system, code]),
      [
        [APPOINTMENT_LABEL, 'recheck'],
        [APPOINTMENT_LABEL, 'long'],
      ],
    );
    assert.deepEqual(events, ['APPOINTMENT_CREATED']);
  });

  test('an update leaves what it does not name, and null takes away', async () => {
    await here.apply([
      updateAppointment({ appointment: 'a1', practitioner: 'd2', reason: 'Cough', comment: 'by bus' }),
    ]);
    const { events } = await here.apply([updateAppointment({ appointment: 'a1', location: null, comment: null })]);
    const { participant, reasonCode, comment, start, status } = await a1();
    assert.deepEqual(participant, [taking('Patient/p1'), taking('Practitioner/d2')]);
    assert.deepEqual([reasonCode, comment, start, status], [[{ text: 'Cough' }], undefined, TIME.start, 'booked']);
    assert.deepEqual(events, ['APPOINTMENT_UPDATED']);
  });

  test('each step is followed by its event', async () => {
    const followed = async (effect: Effect) => (await here.apply([effect])).events.slice(1);
    assert.deepEqual(await followed(cancelAppointment({ appointment: 'a1', reason: 'Ill' })), ['APPOINTMENT_CANCELED']);
    assert.deepEqual((await a1()).cancelationReason, { text: 'Ill' });
    assert.deepEqual(await followed(moveAppointment({ appointment: 'a1', to: 'booked' })), ['APPOINTMENT_RESTORED']);
    assert.equal((await a1()).cancelationReason, undefined);
    assert.deepEqual(await followed(moveAppointment({ appointment: 'a1', to: 'noshow' })), ['APPOINTMENT_NO_SHOWED']);
    const arrived = moveAppointment({ appointment: 'a1', to: 'checked-in' });
    assert.deepEqual(await followed(arrived), ['APPOINTMENT_CHECKED_IN']);
  });

  test('a new time is a new appointment, which keeps the labels', async () => {
    await here.apply([addAppointmentLabels({ appointment: 'a1', labels: ['recheck'] })]);
    const id = `a-${Date.now()}-moved`;
    const { references, events } = await here.apply([rescheduleAppointment({ appointment: 'a1', ...LATER, id })]);
    assert.deepEqual(references, [`Appointment/${id}`, 'Appointment/a1']);
    const moved = await here.current<Appointment>(`Appointment/${id}`);
    assert.deepEqual([moved.start, moved.status, moved.meta?.tag?.[0]?.code], [LATER.start, 'booked', 'recheck']);
    assert.equal((await a1()).status, 'cancelled');
    assert.deepEqual(events, ['APPOINTMENT_CREATED', 'APPOINTMENT_RESCHEDULED', 'APPOINTMENT_UPDATED']);
  });

  test('labels are added and taken off, other tags stay, and the same again changes nothing', async () => {
    const other = { system: 'http://other.example', code: 'kept' };
    await here.put({ ...A1, meta: { tag: [other] } });
    const { events } = await here.apply([
      addAppointmentLabels({ appointment: 'a1', labels: ['MISSING_COVERAGE', 'b'] }),
    ]);
    assert.deepEqual(events, ['APPOINTMENT_UPDATED']);
    const again = await here.apply([addAppointmentLabels({ appointment: 'a1', labels: ['b'] })]);
    assert.deepEqual(again.events, []);
    await here.apply([removeAppointmentLabels({ appointment: 'a1', labels: ['b', 'never there'] })]);
    assert.deepEqual(await labels(), ['kept', 'MISSING_COVERAGE']);
  });

  const REFUSED: readonly (readonly [string, Effect, string, RegExp])[] = [
    ['four labels', addAppointmentLabels({ appointment: 'a1', labels: [...'abcd'] }), 'effect.invalid', /labels/],
    ['no label', removeAppointmentLabels({ appointment: 'a1', labels: [] }), 'effect.invalid', /labels/],
    [
      'a label of 51 characters',
      addAppointmentLabels({ appointment: 'a1', labels: ['x'.repeat(51)] }),
      'effect.invalid',
      /labels\/0/,
    ],
    ['an update of nothing', updateAppointment({ appointment: 'a1' }), 'effect.invalid', /propert/],
    [
      'an end before the start',
      createAppointment({ patient: 'p1', start: TIME.end, end: TIME.start }),
      'request.invalid',
      /end is not after start/,
    ],
    [
      'a practitioner who does not exist',
      updateAppointment({ appointment: 'a1', practitioner: 'nobody' }),
      'record.not-found',
      /Practitioner\/nobody/,
    ],
    [
      'restoring what was not cancelled',
      moveAppointment({ appointment: 'a1', to: 'booked' }),
      'appointment.state',
      /only a canceled one/,
    ],
    [
      'an appointment that does not exist',
      cancelAppointment({ appointment: 'none' }),
      'record.not-found',
      /Appointment\/none/,
    ],
  ];
  for (const [what, effect, code, says] of REFUSED) {
    test(`${what} is refused with the reason, and changes nothing`, async () => {
      const refusal = await here.refusal([effect]);
      assert.equal(refusal.code, code);
      assert.match(refusal.message, says);
      assert.deepEqual((await a1()).participant, A1.participant);
    });
  }

  test('what is final, or was moved away, takes no correction', async () => {
    await here.put({ ...A1, status: 'fulfilled' });
    const comment = updateAppointment({ appointment: 'a1', comment: 'late' });
    assert.match((await here.refusal([comment])).message, /fulfilled, which is final/);
    await here.put(A1);
    await here.apply([rescheduleAppointment({ appointment: 'a1', ...LATER })]);
    assert.match((await here.refusal([comment])).message, /was rescheduled/);
  });
});
