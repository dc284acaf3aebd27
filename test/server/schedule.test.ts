import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type RunningApp, runApp } from './running-app.ts';

type Fields = Record<string, unknown>;

describe('the schedule', () => {
  let app: RunningApp;
  before(async () => {
    app = await runApp();
  });
  after(() => app.close());

  async function create(resourceType: string, fields: Fields): Promise<string> {
    const made = await app.ask('POST', `/fhir/R4/${resourceType}`, { body: { resourceType, ...fields } });
    assert.equal(made.status, 201, made.text);
    return made.json.id;
  }
  const practitioner = (family: string) => create('Practitioner', { name: [{ given: ['Dr'], family }] });
  const newPatient = () =>
    create('Patient', { name: [{ given: ['Sophie'], family: 'Germain' }], birthDate: '1990-06-02', gender: 'female' });
  async function book(body: Fields): Promise<string> {
    const made = await app.ask('POST', '/api/appointments', { body });
    assert.equal(made.status, 201, made.text);
    return made.json.id;
  }
  const at = (start: string) => ({ start, end: new Date(Date.parse(start) + 20 * 60_000).toISOString() });
  async function schedule(query: string, token?: string) {
    const got = await app.ask('GET', `/api/schedule?${query}`, token === undefined ? {} : { token });
    assert.equal(got.status, 200, got.text);
    return got.json;
  }

  test('appointments of a day by provider, with the patient, labels, banners and the place', async () => {
    const [zuse, ampere] = [await practitioner('Zuse'), await practitioner('Ampère')];
    const room = await create('Location', { name: 'Room 2' });
    const patient = await newPatient();
    const late = await book({ patient, practitioner: zuse, ...at('2031-06-01T15:00:00Z') });
    const early = await book({
      patient,
      practitioner: zuse,
      location: room,
      ...at('2031-06-01T14:00:00Z'),
      type: 'Check',
      reason: 'Cough',
      comment: 'by bus',
    });
    const other = await book({ patient, practitioner: ampere, ...at('2031-06-01T16:00:00Z') });
    const nobody = await book({ patient, ...at('2031-06-01T17:00:00Z') });
    await create('Flag', {
      status: 'active',
      category: [{ coding: [{ system: 'https://chartwire.org/fhir/CodeSystem/flag-category', code: 'banner' }] }],
      code: { text: 'Fall risk' },
      subject: { reference: `Patient/${patient}` },
    });
    const { providers, truncated } = await schedule('date=2031-06-01&timezone=America/New_York');
    assert.equal(truncated, false);
    assert.deepEqual(
      providers.map(({ practitioner, appointments }: { practitioner: Fields | null; appointments: Fields[] }) => [
        practitioner?.name ?? null,
        appointments.map(({ id }) => id),
      ]),
      [
        ['Dr Ampère', [other]],
        ['Dr Zuse', [early, late]],
        [null, [nobody]],
      ],
    );
    const { banners, version, ...slot } = providers[1].appointments[0];
    assert.equal(version, 1);
    assert.deepEqual([banners.length, banners[0].narrative], [1, 'Fall risk']);
    assert.deepEqual(slot, {
      id: early,
      status: 'booked',
      ...at('2031-06-01T14:00:00Z'),
      start: '2031-06-01T14:00:00Z',
      type: 'Check',
      reason: 'Cough',
      comment: 'by bus',
      labels: [],
      location: { id: room, name: 'Room 2' },
      patient: { id: patient, name: 'Sophie Germain', birthDate: '1990-06-02', age: 40, sex: 'female' },
      encounter: null,
      note: null,
      rescheduledFrom: null,
      rescheduledTo: null,
    });
    const one = await schedule(`date=2031-06-01&timezone=UTC&practitioner=${ampere}`);
    assert.deepEqual(
      one.providers.map(({ appointments }: { appointments: Fields[] }) => appointments.map(({ id }) => id)),
      [[other]],
    );
    const { items } = (await app.ask('GET', `/api/audit?patient=${patient}&limit=1`)).json;
    assert.equal(items[0].action, 'schedule.get');
  });

  test('a day is one of the time zone that is asked for, also when the clocks change', async () => {
    const patient = await newPatient();
    const starts = [
      '2031-03-09T04:59:00Z', // 23:59 the evening before, in New York
      '2031-03-09T05:00:00Z', // midnight; the clocks go forward at two
      '2031-03-10T03:59:00Z', // 23:59 in summer time
      '2031-03-10T04:00:00Z', // midnight
    ];
    for (const start of starts) await book({ patient, ...at(start) });
    const shown = async (query: string) =>
      (await schedule(query)).providers.flatMap(({ appointments }: { appointments: Fields[] }) =>
        appointments.map(({ start }) => start),
      );
    assert.deepEqual(await shown('date=2031-03-09&timezone=America/New_York'), starts.slice(1, 3));
    assert.deepEqual(await shown('date=2031-03-08&to=2031-03-10&timezone=America/New_York'), starts);
    assert.deepEqual(await shown('date=2031-03-09&timezone=Asia/Tokyo'), starts.slice(0, 2));
  });

  test('what is no day, no time zone or too many days is refused', async () => {
    const refused = async (query: string) => (await app.ask('GET', `/api/schedule?${query}`)).status;
    assert.equal(await refused('date=2031-02-30'), 422);
    assert.equal(await refused('date=tomorrow'), 422);
    assert.equal(await refused('date=2031-02-03&to=2031-02-02'), 422);
    assert.equal(await refused('date=2031-02-03&to=2031-12-03'), 422);
    assert.equal(await refused('timezone=Mars/Olympus'), 422);
    const { date, to } = await schedule('');
    assert.equal(date, to);
  });

  test('the visit of an appointment is opened once, however often and by however many it is asked for', async () => {
    const doctor = await practitioner('Curie');
    const patient = await newPatient();
    const id = await book({ patient, practitioner: doctor, ...at('2031-07-01T14:00:00Z'), type: 'Follow-up' });
    const open = () => app.ask('POST', `/api/appointments/${id}/note`);
    const answers = await Promise.all([open(), open(), open()]);
    const notes = new Set(answers.map(({ json }) => json.id));
    assert.deepEqual([notes.size, answers[0].json.title, answers[0].json.patient], [1, 'Follow-up', patient]);
    assert.equal((await open()).json.id, answers[0].json.id);
    const [slot] = (await schedule('date=2031-07-01&timezone=UTC')).providers[0].appointments;
    assert.deepEqual([slot.note, slot.encounter], [answers[0].json.id, answers[0].json.encounter]);
    const visit = (await app.ask('GET', `/fhir/R4/Encounter/${slot.encounter}`)).json;
    assert.equal(visit.participant[0].individual.reference, `Practitioner/${doctor}`);
    const { items } = (await app.ask('GET', `/api/events?patient=${patient}&type=ENCOUNTER_CREATED`)).json;
    assert.equal(items.length, 1);
  });

  test('a visit whose note was thrown away is opened anew; one that was called off is not opened', async () => {
    const patient = await newPatient();
    const id = await book({ patient, ...at('2031-08-01T14:00:00Z') });
    const open = () => app.ask('POST', `/api/appointments/${id}/note`);
    const first = (await open()).json.id;
    await app.ask('DELETE', `/api/notes/${first}`);
    const second = (await open()).json;
    assert.notEqual(second.id, first);
    await app.ask('DELETE', `/api/notes/${second.id}`);
    await app.ask('POST', `/api/appointments/${id}/cancel`);
    const refused = await open();
    assert.deepEqual([refused.status, refused.json.code], [409, 'appointment.state']);
    assert.equal((await app.ask('POST', '/api/appointments/nobody/note')).status, 404);
  });

  test('a caller sees the appointments of its patient, and no notes without their scope', async () => {
    const patient = await newPatient();
    const other = await newPatient();
    const id = await book({ patient, ...at('2031-09-01T14:00:00Z') });
    const foreign = await book({ patient: other, ...at('2031-09-01T14:00:00Z') });
    await app.ask('POST', `/api/appointments/${id}/note`);
    const token = await app.tokenFor(['patient/Appointment.rs', 'patient/Patient.r'], patient);
    const { providers } = await schedule('date=2031-09-01&timezone=UTC', token);
    const [slot, ...more] = providers[0].appointments;
    assert.deepEqual([slot.id, slot.note, slot.encounter, more.length], [id, null, null, 0]);
    const writer = await app.tokenFor(['patient/Note.cr'], patient);
    assert.equal((await app.ask('POST', `/api/appointments/${foreign}/note`, { token: writer })).status, 403);
    assert.equal((await app.ask('GET', '/api/schedule', { token: writer })).status, 403);
  });

  describe('the days of the practice', () => {
    const WEST = 'Pacific/Midway';
    // It is tomorrow there, or the day after, whenever it is today in the west.
    const EAST = 'Pacific/Kiritimati';
    const dayIn = (timeZone: string) => new Date().toLocaleDateString('sv-SE', { timeZone });
    const choose = (timeZone: string | null) => app.ask('PUT', '/api/practice', { body: { timeZone } });
    after(() => choose(null));

    async function diagnosed(onset: string, encounter?: string, patient?: string): Promise<number> {
      const of = patient ?? (await newPatient());
      const note = (await app.ask('POST', '/api/notes', { body: { patient: of, ...(encounter && { encounter }) } }))
        .json;
      const { status } = await app.ask('POST', `/api/notes/${note.id}/commands`, {
        body: { command: 'diagnose', fields: { diagnose: 'I10', approximateDateOfOnset: onset }, commit: true },
      });
      return status;
    }

    test('an administrator chooses its time zone, on the record; the server’s holds until then', async () => {
      const server = Intl.DateTimeFormat().resolvedOptions().timeZone;
      const before = (await app.ask('GET', '/api/practice')).json;
      assert.deepEqual(before, { timeZone: server, chosen: false, serverTimeZone: server });
      const chosen = (await choose(EAST)).json;
      assert.deepEqual(chosen, { timeZone: EAST, chosen: true, serverTimeZone: server });
      assert.deepEqual((await app.ask('GET', '/api/practice')).json, chosen);
      const refused = await choose('Mars/Olympus');
      assert.deepEqual([refused.status, refused.json.faults[0].path], [422, '/timeZone']);
      const clinician = await app.tokenFor(['user/*.cruds']);
      const body = { timeZone: WEST };
      assert.equal((await app.ask('PUT', '/api/practice', { token: clinician, body })).status, 403);
      assert.equal((await app.ask('GET', '/api/practice', { token: clinician })).json.timeZone, EAST);
      const { items } = (await app.ask('GET', '/api/audit?action=practice.change&limit=10')).json;
      assert.deepEqual(
        items.map(({ status }: Fields) => status),
        [422, 200],
      );
      assert.equal((await choose(null)).json.timeZone, server);
    });

    test('decide what is today, what is in the future and what is overdue', async () => {
      const [west, east] = [dayIn(WEST), dayIn(EAST)];
      const newTask = async (due: string) =>
        (await app.ask('POST', '/api/tasks', { body: { title: due, due } })).json.id;
      const noon = `${west}T12:00:00-11:00`;
      const [task, timed, yearly] = [
        await newTask(west),
        await newTask(noon),
        await newTask(`${west.slice(0, 4)}-12-31`),
      ];
      const overdue = async () => {
        const { items } = (await app.ask('GET', '/api/tasks?due=overdue&limit=200')).json;
        return [task, timed, yearly].map((id) => items.some((one: Fields) => one.id === id));
      };
      await choose(EAST);
      assert.equal((await schedule('')).date, east);
      assert.equal(await diagnosed(east), 201);
      assert.deepEqual((await overdue()).slice(0, 1), [true]);
      await choose(WEST);
      assert.equal((await schedule('')).date, west);
      assert.equal(await diagnosed(east), 422);
      assert.equal(await diagnosed(west), 201);
      assert.deepEqual(await overdue(), [false, false, false]);
      const by = async (day: string) =>
        (await app.ask('GET', `/api/tasks?due=${day}&limit=200`)).json.items.some((one: Fields) => one.id === timed);
      const eve = new Date(Date.parse(west) - 86_400_000).toISOString().slice(0, 10);
      assert.deepEqual([await by(west), await by(eve)], [true, false]);
      assert.equal((await app.ask('GET', '/api/tasks?due=2026-02-30')).status, 422);
    });

    test('are those of a Location that has a time zone of its own, or is part of one that has', async () => {
      await choose(WEST);
      const [west, east] = [dayIn(WEST), dayIn(EAST)];
      const clinic = await create('Location', { name: 'Clinic' });
      const room = await create('Location', { name: 'Room', partOf: { reference: `Location/${clinic}` } });
      const patient = await newPatient();
      const visit = await create('Encounter', {
        status: 'in-progress',
        class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
        subject: { reference: `Patient/${patient}` },
        location: [{ location: { reference: `Location/${room}` } }],
      });
      const today = async () => (await schedule(`location=${room}`)).date;
      assert.deepEqual([await today(), await diagnosed(east, visit, patient)], [west, 422]);
      const put = (body: object) => app.ask('PUT', `/api/practice/locations/${clinic}`, { body });
      assert.equal((await put({ timeZone: 'Mars/Olympus' })).status, 422);
      const url = 'http://hl7.org/fhir/StructureDefinition/timezone';
      const nowhere = { resourceType: 'Location', extension: [{ url, valueCode: 'Mars/Olympus' }] };
      assert.equal((await app.ask('POST', '/fhir/R4/Location', { body: nowhere })).status, 422);
      assert.deepEqual((await put({ timeZone: EAST })).json, { id: clinic, name: 'Clinic', timeZone: EAST });
      const { extension } = (await app.ask('GET', `/fhir/R4/Location/${clinic}`)).json;
      assert.deepEqual(extension, [{ url: 'http://hl7.org/fhir/StructureDefinition/timezone', valueCode: EAST }]);
      assert.deepEqual([await today(), await diagnosed(east, visit, patient)], [east, 201]);
      await put({ timeZone: null });
      assert.deepEqual(
        [await today(), (await app.ask('GET', `/fhir/R4/Location/${clinic}`)).json.extension],
        [west, undefined],
      );
    });
  });
});
