import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type RunningApp, runApp } from './running-app.ts';

const TIME = { start: '2026-05-01T10:00:00Z', end: '2026-05-01T10:20:00Z' };
const LATER = { start: '2026-06-01T10:00:00Z', end: '2026-06-01T10:20:00Z' };

describe('appointments at /api', () => {
  let app: RunningApp;
  before(async () => {
    app = await runApp();
  });
  after(() => app.close());

  async function create(resource: { resourceType: string } & Record<string, unknown>): Promise<string> {
    const made = await app.ask('POST', `/fhir/R4/${resource.resourceType}`, { body: resource });
    assert.equal(made.status, 201, made.text);
    return made.json.id;
  }
  const newPatient = () => create({ resourceType: 'Patient', name: [{ family: 'Test' }] });
  async function booked() {
    const patient = await newPatient();
    const { status, json, text } = await app.ask('POST', '/api/appointments', { body: { patient, ...TIME } });
    assert.equal(status, 201, text);
    return { patient, id: json.id as string };
  }
  const move = (id: string, name: string, body?: object) =>
    app.ask('POST', `/api/appointments/${id}/${name}`, body === undefined ? {} : { body });
  async function heard(patient: string): Promise<string[]> {
    const { items } = (await app.ask('GET', `/api/events?patient=${patient}&limit=500`)).json;
    return items.map(({ type }: { type: string }) => type).slice(1);
  }

  test('booking makes an Appointment of the patient, the practitioner and the place', async () => {
    const patient = await newPatient();
    const practitioner = await create({ resourceType: 'Practitioner' });
    const location = await create({ resourceType: 'Location' });
    const body = { patient, practitioner, location, ...TIME, type: 'Follow-up', reason: 'Cough', comment: 'by bus' };
    const { json } = await app.ask('POST', '/api/appointments', { body });
    assert.deepEqual(json, {
      id: json.id,
      status: 'booked',
      patient,
      ...TIME,
      rescheduledFrom: null,
      rescheduledTo: null,
    });
    const { json: record } = await app.ask('GET', `/fhir/R4/Appointment/${json.id}`);
    assert.deepEqual(
      record.participant.map(({ actor }: { actor: { reference: string } }) => actor.reference),
      [`Patient/${patient}`, `Practitioner/${practitioner}`, `Location/${location}`],
    );
    assert.deepEqual(await heard(patient), ['APPOINTMENT_CREATED']);
  });

  test('a booking repeated under its Idempotency-Key is one booking', async () => {
    const body = { patient: await newPatient(), ...TIME };
    const headers = { 'idempotency-key': 'desk-1' };
    const [first, second] = await Promise.all([
      app.ask('POST', '/api/appointments', { body, headers }),
      app.ask('POST', '/api/appointments', { body, headers }),
    ]);
    assert.deepEqual([first.status, second.json.id], [201, first.json.id]);
    assert.deepEqual(await heard(body.patient), ['APPOINTMENT_CREATED']);
  });

  const SAID = {
    'check-in': { status: 'checked-in', event: 'APPOINTMENT_CHECKED_IN' },
    'no-show': { status: 'noshow', event: 'APPOINTMENT_NO_SHOWED' },
    cancel: { status: 'cancelled', event: 'APPOINTMENT_CANCELED' },
  };
  for (const [name, { status, event }] of Object.entries(SAID)) {
    test(`${name} is heard as UPDATED and ${event}, once: again it is refused and writes nothing`, async () => {
      const { id, patient } = await booked();
      const { json } = await move(id, name);
      assert.equal(json.status, status);
      const again = await move(id, name);
      assert.deepEqual([again.status, again.json.code], [409, 'appointment.state']);
      assert.deepEqual(await heard(patient), ['APPOINTMENT_CREATED', 'APPOINTMENT_UPDATED', event]);
    });
  }

  test('a cancelled appointment keeps its reason until it is restored', async () => {
    const { id, patient } = await booked();
    assert.equal((await move(id, 'cancel', { reason: 'snow' })).status, 200);
    const cancelled = (await app.ask('GET', `/fhir/R4/Appointment/${id}`)).json;
    assert.deepEqual(cancelled.cancelationReason, { text: 'snow' });
    assert.equal((await move(id, 'restore')).json.status, 'booked');
    const restored = (await app.ask('GET', `/fhir/R4/Appointment/${id}`)).json;
    assert.equal(restored.cancelationReason, undefined);
    assert.deepEqual((await heard(patient)).slice(-2), ['APPOINTMENT_UPDATED', 'APPOINTMENT_RESTORED']);
    assert.equal((await move(id, 'restore')).status, 409);
  });

  test('rescheduling is heard as it is at the FHIR door, and what was replaced is not restored', async () => {
    const { id, patient } = await booked();
    const { status, json, text } = await move(id, 'reschedule', LATER);
    assert.equal(status, 201, text);
    assert.deepEqual([json.start, json.rescheduledFrom], [LATER.start, id]);
    assert.deepEqual((await heard(patient)).toSorted(), [
      'APPOINTMENT_CREATED',
      'APPOINTMENT_CREATED',
      'APPOINTMENT_RESCHEDULED',
      'APPOINTMENT_UPDATED',
    ]);
    for (const again of [await move(id, 'restore'), await move(id, 'reschedule', LATER)]) {
      assert.equal(again.status, 409);
      assert.ok(again.json.detail.includes(`Appointment/${json.id} is in its place`), again.json.detail);
    }
  });

  test('statuses written at the FHIR door are heard as the same transitions', async () => {
    const { id, patient } = await booked();
    for (const status of ['arrived', 'checked-in', 'cancelled', 'booked', 'noshow']) {
      const { json } = await app.ask('GET', `/fhir/R4/Appointment/${id}`);
      await app.ask('PUT', `/fhir/R4/Appointment/${id}`, { body: { ...json, status } });
    }
    const transitions = (await heard(patient)).filter((type) => type !== 'APPOINTMENT_UPDATED');
    assert.deepEqual(transitions, [
      'APPOINTMENT_CREATED',
      'APPOINTMENT_CHECKED_IN',
      'APPOINTMENT_CANCELED',
      'APPOINTMENT_RESTORED',
      'APPOINTMENT_NO_SHOWED',
    ]);
  });

  test('who comes late is checked in; who came is not made a no-show', async () => {
    const { id } = await booked();
    await move(id, 'no-show');
    assert.equal((await move(id, 'check-in')).status, 200);
    const { status, json } = await move(id, 'no-show');
    assert.equal(status, 409);
    assert.match(json.detail, /the appointment is checked-in and can only become/);
  });

  test('what does not exist, does not end after it starts, or is not asked for properly is refused', async () => {
    const patient = await newPatient();
    const book = (body: object) => app.ask('POST', '/api/appointments', { body });
    assert.equal((await book({ patient, start: TIME.end, end: TIME.start })).status, 422);
    assert.equal((await book({ patient, start: '2026-05-01', end: '2026-05-02' })).status, 422);
    assert.equal((await book({ patient, ...TIME, colour: 'red' })).status, 422);
    assert.equal((await book({ patient: 'nobody', ...TIME })).status, 404);
    assert.equal((await book({ patient, ...TIME, practitioner: 'nobody' })).status, 404);
    assert.equal((await move('nobody', 'cancel')).status, 404);
    assert.deepEqual(await heard(patient), []);
  });

  test('a token bound to a patient books and cancels for that patient alone', async () => {
    const { id, patient } = await booked();
    const other = await booked();
    const token = await app.tokenFor(['patient/Appointment.cu'], patient);
    const ask = (path: string, body?: object) =>
      app.ask('POST', `/api/appointments${path}`, { token, ...(body && { body }) });
    assert.equal((await ask(`/${id}/cancel`)).status, 200);
    assert.equal((await ask(`/${other.id}/cancel`)).status, 403);
    assert.equal((await ask('', { patient: other.patient, ...TIME })).status, 403);
    const reader = await app.tokenFor(['system/Appointment.rs']);
    assert.equal((await app.ask('POST', `/api/appointments/${other.id}/cancel`, { token: reader })).status, 403);
  });

  test('consents made, changed and deleted at the FHIR door are heard', async () => {
    const patient = await newPatient();
    const consent = {
      resourceType: 'Consent',
      status: 'active',
      scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }] },
      category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
      patient: { reference: `Patient/${patient}` },
      policyRule: { text: 'The practice’s own' },
    };
    const id = await create(consent);
    await app.ask('PUT', `/fhir/R4/Consent/${id}`, { body: { ...consent, id, status: 'rejected' } });
    await app.ask('DELETE', `/fhir/R4/Consent/${id}`);
    assert.deepEqual(await heard(patient), ['CONSENT_CREATED', 'CONSENT_UPDATED', 'CONSENT_DELETED']);
  });

  test('a coverage that takes the first rank at the FHIR door moves the others down', async () => {
    const patient = await newPatient();
    const coverage = {
      resourceType: 'Coverage',
      status: 'active',
      beneficiary: { reference: `Patient/${patient}` },
      payor: [{ display: 'Some payer' }],
      order: 1,
    };
    for (let i = 0; i < 3; i++) await create(coverage);
    assert.deepEqual(await heard(patient), [
      'COVERAGE_CREATED',
      'COVERAGE_CREATED',
      'COVERAGE_UPDATED',
      'COVERAGE_CREATED',
      'COVERAGE_UPDATED',
      'COVERAGE_UPDATED',
    ]);
  });
});
