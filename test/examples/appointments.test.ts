// What examples/missing-coverage-label and examples/missed-appointment-followup do for real.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { CareTeam, Coverage, Encounter, Location, Practitioner } from '@medplum/fhirtypes';
import { type ExampleServer, serveExamples } from './example-server.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

describe('appointments', () => {
  let server: ExampleServer;
  before(async () => {
    server = await serveExamples();
    await server.install('missing-coverage-label');
    await server.install('missed-appointment-followup', {
      variables: { TEAM: 'Front desk', DAYS: '2', TIME_ZONE: 'America/New_York' },
    });
  });
  after(() => server.close());

  const patient = async () => (await server.create({ resourceType: 'Patient' as const })).id;
  /** An hour, so many days from now. */
  const days = (count: number) => {
    const start = Date.now() + count * DAY_MS;
    return { start: new Date(start).toISOString(), end: new Date(start + DAY_MS / 24).toISOString() };
  };
  const book = (of: string, more: object = days(7)) => server.post('/api/appointments', { patient: of, ...more });

  test('the label appears on the appointments of who has no coverage, and disappears once there is one', async () => {
    const of = await patient();
    const labelled = async () => (await server.find('Appointment', `patient=${of}&_tag=MISSING_COVERAGE`)).length;
    await book(of);
    await book(of, days(14));
    await server.answered('missing-coverage-label', of, 'APPOINTMENT_CREATED', 2);
    assert.equal(await labelled(), 2);

    await server.create<Coverage>({
      resourceType: 'Coverage',
      status: 'active',
      beneficiary: { reference: `Patient/${of}` },
      payor: [{ display: 'Lakeshore Health Plan' }],
    });
    await server.answered('missing-coverage-label', of, 'COVERAGE_CREATED');
    assert.equal(await labelled(), 0);
    await book(of, days(21));
    await server.answered('missing-coverage-label', of, 'APPOINTMENT_CREATED', 3);
    assert.equal(await labelled(), 0);
  });

  test('a visit that is called off makes one task with a comment, and calling it off again adds one to it', async () => {
    const of = await patient();
    const provider = await server.create<Practitioner>({ resourceType: 'Practitioner', name: [{ text: 'Dr. Osei' }] });
    const place = await server.create<Location>({ resourceType: 'Location', name: 'Riverbend office' });
    const team = await server.create<CareTeam>({ resourceType: 'CareTeam', status: 'active', name: 'Front desk' });
    const time = { start: '2050-07-01T13:00:00Z', end: '2050-07-01T13:30:00Z' };
    const { id } = await book(of, { ...time, practitioner: provider.id, location: place.id, reason: 'Back pain' });
    // A note of the visit, with its reason.
    const encounter = await server.create<Encounter>({
      resourceType: 'Encounter',
      status: 'planned',
      class: { code: 'AMB' },
      subject: { reference: `Patient/${of}` },
      appointment: [{ reference: `Appointment/${id}` }],
    });
    const note = await server.post('/api/notes', { patient: of, encounter: encounter.id });
    const reason = { command: 'reasonForVisit', fields: { comment: 'Pain when bending' }, commit: true };
    await server.post(`/api/notes/${note.id}/commands`, reason);

    await server.post(`/api/appointments/${id}/cancel`, { reason: 'The patient is away.' });
    await server.answered('missed-appointment-followup', of, 'APPOINTMENT_CANCELED');
    const [task, ...more] = await server.find('Task', `patient=${of}`);
    assert.ok(task);
    assert.deepEqual(more, []);
    assert.equal(task.description, 'Reschedule a canceled visit');
    assert.equal(task.owner?.reference, `CareTeam/${team.id}`);
    assert.deepEqual(
      task.meta?.tag?.map(({ code }) => code),
      ['Reschedule'],
    );
    const canceled = (await server.events(of)).find(({ type }) => type === 'APPOINTMENT_CANCELED');
    assert.equal(Date.parse(task.restriction!.period!.end!), Date.parse(canceled.at) + 2 * DAY_MS);
    assert.deepEqual(
      task.note?.map(({ text }) => text),
      [
        [
          'The visit was on Friday, July 1, 2050 at 09:00 with Dr. Osei at Riverbend office',
          'Reason for visit: Pain when bending',
          'Canceled because: The patient is away.',
        ].join('\n'),
      ],
    );

    await server.post(`/api/appointments/${id}/restore`);
    await server.post(`/api/appointments/${id}/cancel`, { reason: 'Once more.' });
    await server.answered('missed-appointment-followup', of, 'APPOINTMENT_CANCELED', 2);
    const after = await server.find('Task', `patient=${of}`);
    assert.deepEqual(
      after.map(({ id, note }) => [id, note?.length]),
      [[task.id, 2]],
    );
  });

  test('a visit that was missed makes a task; one called off after its begin, or moved, makes none', async () => {
    const of = await patient();
    const missed = await book(of, days(-1));
    const begun = await book(of, days(-1));
    const moved = await book(of);
    await server.post(`/api/appointments/${begun.id}/cancel`);
    await server.post(`/api/appointments/${moved.id}/reschedule`, days(9));
    await server.post(`/api/appointments/${missed.id}/no-show`);
    await server.answered('missed-appointment-followup', of, 'APPOINTMENT_CANCELED');
    await server.answered('missed-appointment-followup', of, 'APPOINTMENT_NO_SHOWED');
    const tasks = await server.find('Task', `patient=${of}`);
    assert.deepEqual(
      tasks.map(({ description, focus }) => [description, focus?.reference]),
      [['Reschedule a missed visit', `Appointment/${missed.id}`]],
    );
  });
});
