// Appointment/[id]/$reschedule: the new appointment, the old one, and what each is heard as.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Appointment } from '@medplum/fhirtypes';
import { EXTENSION } from '#kit/systems.ts';
import { eventsBy } from '#store/log.ts';
import { startFhirServer } from '../support/fhir-server.ts';
import { seenIn } from '../support/seen.ts';

const server = await startFhirServer();

const TIME = { start: '2026-05-01T10:00:00Z', end: '2026-05-01T10:20:00Z' };

async function appointment(more: Partial<Appointment> = {}) {
  const { id: patient } = await server.create({ resourceType: 'Patient', name: [{ family: 'Test' }] });
  return server.create<Appointment>({
    resourceType: 'Appointment',
    status: 'booked',
    start: '2026-04-01T09:00:00Z',
    end: '2026-04-01T09:20:00Z',
    comment: 'brings her inhaler',
    participant: [{ actor: { reference: `Patient/${patient}` }, status: 'accepted' }],
    ...more,
  });
}

const parameters = ({ start, end }: { start?: string; end?: string }) => ({
  resourceType: 'Parameters',
  parameter: [
    ...(start ? [{ name: 'start', valueInstant: start }] : []),
    ...(end ? [{ name: 'end', valueInstant: end }] : []),
  ],
});

const reschedule = (id: string, body: object = parameters(TIME), token?: string) =>
  server.send('POST', `Appointment/${id}/$reschedule`, { body, ...(token !== undefined && { token }) });

const current = async (id: string) => (await seenIn(server.chart).current('Appointment', id))!.record as Appointment;

/** The types of the events about an appointment, in order. */
async function heard(id: string) {
  const { rows } = await server.store.pool.query<{ type: string }>(
    'SELECT type FROM event WHERE target_id = $1 ORDER BY epoch, xid, seq',
    [id],
  );
  return rows.map(({ type }) => type);
}

test('the new appointment is CREATED and RESCHEDULED, the old one UPDATED and not CANCELED', async () => {
  const old = await appointment();
  const { status, body, headers } = await reschedule(old.id);
  assert.equal(status, 201, JSON.stringify(body));
  assert.match(headers.get('location')!, new RegExp(`/Appointment/${body.id}/_history/1$`));
  assert.deepEqual([body.status, body.start, body.end, body.comment], ['booked', TIME.start, TIME.end, old.comment]);
  assert.deepEqual(body.participant, old.participant);
  assert.deepEqual(body.supportingInformation, [{ reference: `Appointment/${old.id}` }]);
  assert.deepEqual(body.extension, [
    { url: EXTENSION.rescheduledFrom, valueReference: { reference: `Appointment/${old.id}` } },
  ]);
  const left = await current(old.id);
  assert.equal(left.status, 'cancelled');
  assert.deepEqual(left.extension, [
    { url: EXTENSION.rescheduledTo, valueReference: { reference: `Appointment/${body.id}` } },
  ]);
  assert.deepEqual(await heard(body.id), ['APPOINTMENT_CREATED', 'APPOINTMENT_RESCHEDULED']);
  assert.deepEqual(await heard(old.id), ['APPOINTMENT_CREATED', 'APPOINTMENT_UPDATED']);
  const { rows } = await server.store.pool.query("SELECT id FROM event WHERE type = 'APPOINTMENT_RESCHEDULED'");
  const [event] = await eventsBy(server.store.pool, 'id', [rows[0].id]);
  assert.deepEqual(event!.detail, { rescheduledFrom: { type: 'Appointment', id: old.id } });
});

test('a repeated request moves nothing twice: it is refused with the appointment that took the place', async () => {
  const old = await appointment();
  const [first, second] = await Promise.all([reschedule(old.id), reschedule(old.id)]);
  assert.deepEqual([first.status, second.status].toSorted(), [201, 409]);
  const moved = first.status === 201 ? first : second;
  const refused = await reschedule(old.id);
  assert.equal(refused.status, 409);
  assert.ok(refused.text.includes(`Appointment/${moved.body.id} is in its place`), refused.text);
  const { body } = await server.send('GET', `Appointment?patient=${moved.body.participant[0].actor.reference}`);
  assert.equal(body.entry.length, 2);
});

test('one that was moved before names the one before it only, and keeps nothing of its time', async () => {
  const old = await appointment({
    identifier: [{ system: 'urn:desk', value: '1' }],
    minutesDuration: 20,
    slot: [{ reference: 'Slot/1' }],
  });
  const { body: second } = await reschedule(old.id);
  const { body: third } = await reschedule(
    second.id,
    parameters({ start: '2026-06-01T10:00:00Z', end: '2026-06-01T11:00:00Z' }),
  );
  assert.deepEqual(third.supportingInformation, [{ reference: `Appointment/${second.id}` }]);
  assert.equal(third.extension.length, 1);
  for (const element of ['identifier', 'minutesDuration', 'slot']) assert.ok(!(element in third), element);
  assert.equal((await current(second.id)).extension!.length, 2);
});

test('a no-show stays one when another time is found', async () => {
  const old = await appointment({ status: 'noshow' });
  const { status, body } = await reschedule(old.id);
  assert.deepEqual([status, body.status], [201, 'booked']);
  assert.equal((await current(old.id)).status, 'noshow');
});

for (const [what, body] of [
  ['a body that is no Parameters', { resourceType: 'Appointment' }],
  ['Parameters without an end', parameters({ start: TIME.start })],
  ['an end before its start', parameters({ start: TIME.end, end: TIME.start })],
  ['a time that is none', parameters({ start: 'soon', end: 'later' })],
  ['a day without a time', parameters({ start: '2026-05-01', end: '2026-05-02' })],
] as const) {
  test(`${what} is refused, and nothing is moved`, async () => {
    const old = await appointment();
    const reply = await reschedule(old.id, body);
    assert.equal(reply.status, 422, reply.text);
    assert.equal(reply.body.resourceType, 'OperationOutcome');
    assert.deepEqual(await heard(old.id), ['APPOINTMENT_CREATED']);
  });
}

test('only appointments that exist, and still can be, are moved', async () => {
  const done = await appointment({ status: 'fulfilled' });
  assert.equal((await reschedule(done.id)).status, 409);
  assert.equal((await reschedule('nobody')).status, 404);
  assert.equal((await server.send('POST', 'Task/1/$reschedule', { body: parameters(TIME) })).status, 404);
});

test('it needs to create and to update, in the chart at hand', async () => {
  const old = await appointment();
  for (const scopes of [['system/Appointment.c'], ['system/Appointment.u'], ['system/Task.cruds']]) {
    assert.equal((await reschedule(old.id, parameters(TIME), server.grant(scopes))).status, 403, scopes[0]);
  }
  const stranger = server.grant(['patient/Appointment.cu'], 'somebody-else');
  assert.equal((await reschedule(old.id, parameters(TIME), stranger)).status, 403);
  const patient = old.participant[0]!.actor!.reference!.slice('Patient/'.length);
  assert.equal(
    (await reschedule(old.id, parameters(TIME), server.grant(['patient/Appointment.cu'], patient))).status,
    201,
  );
});

test('it can be an entry of a transaction', async () => {
  const old = await appointment();
  const { status, body, text } = await server.send('POST', '', {
    body: {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [{ resource: parameters(TIME), request: { method: 'POST', url: `Appointment/${old.id}/$reschedule` } }],
    },
  });
  assert.equal(status, 200, text);
  assert.match(body.entry[0].response.status, /^201/);
  assert.equal((await current(old.id)).status, 'cancelled');
});

test('the CapabilityStatement names it for appointments alone', async () => {
  const { body } = await server.send('GET', 'metadata');
  const having = body.rest[0].resource.filter(({ operation }: { operation?: { name: string }[] }) =>
    operation?.some(({ name }) => name === 'reschedule'),
  );
  assert.deepEqual(
    having.map(({ type }: { type: string }) => type),
    ['Appointment'],
  );
});
