import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Resource } from '@medplum/fhirtypes';
import { CHART_TYPES } from '#contract/charts.ts';
import { smallest } from '#demo/every-event/smallest.ts';
import { SNOMED } from '#kit/systems.ts';
import { definitions } from '#r4/definitions.ts';
import { RESOURCE_TYPES } from '#r4/resource-types.ts';
import { schemaOf } from '#r4/schema.ts';
import { patientOf } from '#r4/search-index.ts';
import { searchParametersOf } from '#r4/search-parameters.ts';
import { DATING, gistOf, NAMING } from '#records/gist.ts';
import { NOT_IN_A_CHART, OTHER_TYPES, othersAt } from '#records/other-records.ts';
import { charting } from './charting.ts';
import { type RunningApp, runApp } from './running-app.ts';

const LAB = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }] };
const IMAGING = { coding: [{ ...LAB.coding[0], code: 'imaging' }] };
type Fields = Record<string, unknown>;

const DATES = /^(?:date|dateTime|instant|Period|Timing)$/;
/** Of a thing, not of what happened with it: when it was made, and until when it may be used or paid. */
const OF_THE_THING = /^(?:manufactureDate|expirationDate|preAuth(?:Ref)?Period|benefitPeriod|paymentDate)$/;

const isDate = ({ type, code }: { type: string; code: string }) => type === 'date' && !code.startsWith('_');

/** Elements by which a record of a type can be in a patient's chart, as paths from it. */
function placesOf(type: string): readonly string[] {
  const codes = new Set(['patient', 'subject', ...(definitions().patientCompartment[type] ?? [])]);
  return searchParametersOf(type)
    .filter(
      ({ code, type: kind, target = [] }) => codes.has(code) && kind === 'reference' && target.includes('Patient'),
    )
    .flatMap(({ expression }) => [...expression.matchAll(new RegExp(`\\b${type}\\.([a-z][A-Za-z.]*)`, 'g'))])
    .map(([, path]) => path!.replace(/\.(?:where|as|resolve|ofType)$/, ''));
}

/** A record with a reference to the patient in the nearest of its places that takes one. */
function inChart<R extends { resourceType: string }>(record: R, patient: string): R {
  const { resourceType: type } = record;
  const paths = placesOf(type)
    .map((path) => path.split('.'))
    .toSorted((a, b) => a.length - b.length);
  const placed = paths.map((path) => withReference(record, type, path, patient));
  const found = [record, ...placed].find((one) => patientOf(one as unknown as Resource) === patient);
  assert.ok(found, type);
  return found;
}

function withReference<V extends object>(value: V, type: string, path: readonly string[], patient: string): V {
  const [name = '', ...rest] = path;
  const element = schemaOf(type)!.elements[name]!;
  const own = (value as Fields)[name];
  const [first = {}] = Array.isArray(own) ? own : [own];
  const reference = { reference: `Patient/${patient}` };
  const within = rest.length > 0 ? withReference(first as object, element.type[0]!.code, rest, patient) : reference;
  return { ...value, [name]: element.isArray ? [within] : within };
}

describe('a chart in one answer', () => {
  let app: RunningApp;
  before(async () => {
    app = await runApp();
  });
  after(() => app.close());
  const chart = (patient: string, query = '', token?: string) =>
    app.ask('GET', `/api/charts/${patient}${query}`, token === undefined ? {} : { token });

  async function create(resourceType: string, fields: Fields): Promise<string> {
    const made = await app.ask('POST', `/fhir/R4/${resourceType}`, { body: { resourceType, ...fields } });
    assert.equal(made.status, 201, made.text);
    return made.json.id;
  }
  const patientNamed = (family: string) => create('Patient', { name: [{ given: ['Sophie'], family }] });
  const finding = (patient: string, day: string, category: object = LAB) => ({
    resourceType: 'Observation',
    status: 'final',
    category: [category],
    code: { text: 'Sodium' },
    subject: { reference: `Patient/${patient}` },
    effectiveDateTime: day,
  });
  async function createAll(resources: readonly Fields[]): Promise<void> {
    const entry = resources.map((resource) => ({
      resource,
      request: { method: 'POST', url: String(resource.resourceType) },
    }));
    const made = await app.ask('POST', '/fhir/R4', { body: { resourceType: 'Bundle', type: 'transaction', entry } });
    assert.equal(made.status, 200, made.text);
  }
  // biome-ignore lint/suspicious/noExplicitAny: FHIR as it comes
  const days = (records: any[]) => records.map(({ effectiveDateTime }) => effectiveDateTime);

  test('it has the patient, the version, and the records of each section, newest first', async () => {
    const id = await patientNamed('Germain');
    const other = await patientNamed('Other');
    for (const day of ['2024-05-01', '2026-01-01', '2025-03-03']) await create('Observation', finding(id, day));
    await create('Observation', finding(id, '2026-02-02', IMAGING));
    await create('Observation', finding(other, '2026-02-02'));
    await create('Condition', { code: { text: 'Asthma' }, subject: { reference: `Patient/${id}` } });
    const gone = await create('Condition', { code: { text: 'Gone' }, subject: { reference: `Patient/${id}` } });
    await app.ask('DELETE', `/fhir/R4/Condition/${gone}`);
    const { status, json } = await chart(id);
    assert.equal(status, 200);
    assert.equal(json.patient.id, id);
    assert.deepEqual(days(json.records.Observation), ['2026-01-01', '2025-03-03', '2024-05-01']);
    assert.deepEqual(
      json.records.Condition.map(({ code }: { code: Fields }) => code.text),
      ['Asthma'],
    );
    assert.deepEqual([json.records.Goal, json.truncated, json.withheld], [[], [], []]);
    const { items } = (await app.ask('GET', `/api/events?patient=${id}&order=desc&limit=1`)).json;
    assert.equal(json.version, items[0].chartVersion);
  });

  test('what a report refers to is there, whatever its category, also where findings alone are read again', async () => {
    const id = await patientNamed('Reported');
    const value = await create('Observation', { ...finding(id, '2026-01-01'), category: undefined });
    const panel = await create('Observation', {
      ...finding(id, '2026-01-01'),
      category: undefined,
      hasMember: [{ reference: `Observation/${value}` }],
    });
    const foreign = await create('Observation', {
      ...finding(await patientNamed('Other'), '2026-01-01'),
      category: undefined,
    });
    const result = [panel, foreign].map((one) => ({ reference: `Observation/${one}` }));
    const subject = { reference: `Patient/${id}` };
    await create('DiagnosticReport', { status: 'final', code: { text: 'Panel' }, subject, result });
    const both = [panel, value].toSorted();
    for (const query of ['', '?types=Observation', '?types=Observation,DiagnosticReport']) {
      const { Observation } = (await chart(id, query)).json.records;
      assert.deepEqual(Observation.map((one: Fields) => one.id).toSorted(), both, query);
    }
  });

  test('of every type that R4 puts in a patient’s compartment it has the records, or says why not', async () => {
    const types = RESOURCE_TYPES.filter((type) => placesOf(type).length > 0 && type !== 'Patient');
    assert.deepEqual(
      types.filter((type) => !(CHART_TYPES as readonly string[]).includes(type)).toSorted(),
      Object.keys(NOT_IN_A_CHART).toSorted(),
    );
    assert.deepEqual(
      OTHER_TYPES.filter((type) => !types.includes(type)),
      [],
    );
    const id = await patientNamed('Everything');
    const records = OTHER_TYPES.map((type) => inChart(smallest(type, { reference: `Patient/${id}` }), id));
    await createAll(records);
    const { json } = await chart(id);
    for (const type of OTHER_TYPES) assert.equal(json.records[type]?.length, 1, type);
    // What R4 has a date for that a search asks for is told by it.
    const { items } = (await app.ask('GET', `/api/charts/${id}/timeline?limit=200`)).json;
    const told = items.map(({ type }: Fields) => type);
    const dated = OTHER_TYPES.filter((type) => searchParametersOf(type).some(isDate));
    const billed = othersAt('accounts');
    assert.deepEqual(told.toSorted(), dated.filter((type) => !billed.includes(type)).toSorted());
    assert.ok(items.every(({ title }: Fields) => title));
  });

  test('any record says what it is and when it was by R4’s own elements', () => {
    const nameless = ['DeviceUseStatement', 'EnrollmentRequest', 'ImmunizationEvaluation', 'ResearchSubject'];
    for (const type of OTHER_TYPES) {
      const elements = Object.entries(schemaOf(type)!.elements).flatMap(([path, { type: all }]) =>
        all.map(({ code }) => [path.replace('[x]', code.charAt(0).toUpperCase() + code.slice(1)), code] as const),
      );
      const dates = elements.filter(([name, code]) => DATES.test(code) && !OF_THE_THING.test(name));
      assert.deepEqual(
        dates.filter(([name]) => !(DATING as readonly string[]).includes(name)),
        [],
        type,
      );
      const names = elements.filter(([name]) => (NAMING as readonly string[]).includes(name));
      assert.ok(names.length > 0 || nameless.includes(type), type);
    }
    const patient = { reference: 'Patient/1' };
    for (const [record, gist] of [
      [
        { resourceType: 'Device', deviceName: [{ name: 'Pacemaker', type: 'user-friendly-name' }], status: 'active' },
        ['Pacemaker', undefined, 'active'],
      ],
      [
        {
          resourceType: 'MedicationDispense',
          status: 'completed',
          contained: [{ resourceType: 'Medication', id: 'med', code: { text: 'Warfarin 5 mg' } }],
          medicationReference: { reference: '#med' },
          whenHandedOver: '2026-02-03',
        },
        ['Warfarin 5 mg', '2026-02-03', 'completed'],
      ],
      [
        {
          resourceType: 'AdverseEvent',
          actuality: 'actual',
          event: { coding: [{ system: SNOMED, code: '39579001', display: 'Anaphylaxis' }] },
          date: '2026-01-02T10:00:00Z',
          recordedDate: '2026-01-05',
          subject: patient,
        },
        ['Anaphylaxis', '2026-01-02T10:00:00Z', undefined],
      ],
      [
        {
          resourceType: 'RiskAssessment',
          status: 'final',
          prediction: [{ outcome: { text: 'Fall' }, probabilityDecimal: 0.3 }],
          occurrencePeriod: { start: '2026-03' },
          subject: patient,
        },
        ['Fall', '2026-03', 'final'],
      ],
      [
        {
          resourceType: 'ImmunizationRecommendation',
          date: '2026-01-01',
          patient,
          recommendation: [{ vaccineCode: [{ text: 'Zoster' }], forecastStatus: { text: 'due' } }],
        },
        ['Zoster', '2026-01-01', undefined],
      ],
      [
        {
          resourceType: 'CommunicationRequest',
          status: 'active',
          doNotPerform: true,
          payload: [{ contentString: 'Call the family' }],
          subject: patient,
        },
        ['Do not perform: Call the family', undefined, 'active'],
      ],
      [
        {
          resourceType: 'SupplyRequest',
          status: 'active',
          itemCodeableConcept: { coding: [{ display: 'Insulin pump' }] },
          reasonCode: ['1', '2', '3', '4', '5'].map((text) => ({ text })),
        },
        ['Insulin pump', undefined, 'active', '1, 2, 3 and 2 more'],
      ],
    ] as const) {
      const { title, date, status, text } = gistOf(record as unknown as Resource);
      assert.deepEqual([title, date, status, ...(gist.length > 3 ? [text] : [])], gist, record.resourceType);
    }
  });

  test('banners that were taken away are not shown', async () => {
    const id = await patientNamed('Bannered');
    const flag = { code: { text: 'Fall risk' }, subject: { reference: `Patient/${id}` } };
    await create('Flag', { ...flag, status: 'active' });
    await create('Flag', { ...flag, status: 'inactive' });
    const { Flag } = (await chart(id)).json.records;
    assert.deepEqual(
      Flag.map(({ status }: Fields) => status),
      ['active'],
    );
  });

  test('some types can be read again, and what a chart has no section for is refused', async () => {
    const id = await patientNamed('Again');
    await create('Observation', finding(id, '2026-01-01'));
    const { json } = await chart(id, '?types=Observation,Goal');
    assert.deepEqual(Object.keys(json.records).sort(), ['Goal', 'Observation']);
    const refused = await chart(id, '?types=Goal,Provenance');
    assert.deepEqual([refused.status, refused.json.code], [422, 'request.invalid']);
    assert.match(refused.json.detail, /no section Provenance/);
  });

  test('of a type with more than 500 records the newest are shown, and it says so', async () => {
    const id = await patientNamed('Long');
    const first = Date.UTC(2020, 0, 1);
    const resources = Array.from({ length: 502 }, (_, day) =>
      finding(id, new Date(first + ((day * 7) % 502) * 86_400_000).toISOString().slice(0, 10)),
    );
    await createAll(resources);
    const { json } = await chart(id);
    assert.deepEqual([json.records.Observation.length, json.truncated], [500, ['Observation']]);
    const shown = days(json.records.Observation);
    assert.deepEqual(shown, shown.toSorted().reverse());
    assert.deepEqual([shown[0], shown.at(-1)], ['2021-05-16', '2020-01-03']);
  });

  test('a caller sees the types of its scopes, in the chart that it may enter', async () => {
    const id = await patientNamed('Guarded');
    const other = await patientNamed('Other');
    await create('Observation', finding(id, '2026-01-01'));
    const token = await app.tokenFor(['patient/Patient.rs', 'patient/Condition.rs'], id);
    const { json } = await chart(id, '', token);
    assert.deepEqual(Object.keys(json.records), ['Condition']);
    assert.ok(json.withheld.includes('Observation'));
    assert.equal((await chart(id, '?types=Observation', token)).status, 403);
    assert.equal((await chart(other, '', token)).status, 403);
    assert.equal((await chart(id, '', await app.tokenFor(['system/Condition.rs']))).status, 403);
    assert.equal((await chart('nobody')).status, 404);
    await app.ask('DELETE', `/fhir/R4/Patient/${other}`);
    assert.equal((await chart(other)).status, 410);
    const { items } = (await app.ask('GET', `/api/audit?patient=${other}`)).json;
    assert.deepEqual(
      items.filter(({ action }: Fields) => action === 'charts.get').map(({ status }: Fields) => status),
      [410],
    );
  });

  test('300 records come in one round', async (t) => {
    const id = await patientNamed('Full');
    await createAll(
      Array.from({ length: 300 }, (_, day) => finding(id, `2025-01-${String((day % 28) + 1).padStart(2, '0')}`)),
    );
    const times: number[] = [];
    for (let i = 0; i < 20; i++) {
      const start = performance.now();
      const { json } = await chart(id);
      times.push(performance.now() - start);
      assert.equal(json.records.Observation.length, 300);
    }
    t.diagnostic(
      `a chart of 300 records over HTTP: ${times.toSorted((a, b) => a - b)[10]!.toFixed(1)} ms (median of 20)`,
    );
  });
});

describe('the timeline of a chart', () => {
  let app: RunningApp;
  before(async () => {
    app = await runApp();
  });
  after(() => app.close());

  async function filled() {
    const { note, originate, patient } = charting(app);
    const id = await patient();
    const subject = { reference: `Patient/${id}` };
    const create = async (resourceType: string, fields: Fields) => {
      const made = await app.ask('POST', `/fhir/R4/${resourceType}`, { body: { resourceType, ...fields } });
      assert.equal(made.status, 201, made.text);
      return made.json.id as string;
    };
    const doctor = await create('Practitioner', { name: [{ given: ['Emmy'], family: 'Noether' }] });
    await create('Communication', {
      status: 'completed',
      subject,
      sent: '2026-01-02T10:00:00Z',
      sender: { reference: `Practitioner/${doctor}` },
      payload: [{ contentString: 'All is well.' }],
    });
    await create('DiagnosticReport', {
      status: 'final',
      code: { text: 'Lipids' },
      subject,
      effectiveDateTime: '2026-01-03',
      conclusion: 'Normal.',
    });
    await create('DiagnosticReport', { status: 'entered-in-error', code: { text: 'Wrong' }, subject });
    const visit = await note(id);
    await originate(visit, { command: 'plan', fields: { narrative: 'Walk  more,\nsleep more.' } });
    await create('Appointment', {
      status: 'booked',
      start: '2999-01-01T10:00:00Z',
      end: '2999-01-01T10:20:00Z',
      appointmentType: { text: 'Follow-up' },
      participant: [{ actor: subject, status: 'accepted' }],
    });
    return { id, visit };
  }
  const timeline = (id: string, query = '', token?: string) =>
    app.ask('GET', `/api/charts/${id}/timeline${query}`, token === undefined ? {} : { token });
  const types = (items: { type: string }[]) => items.map(({ type }) => type);

  test('merges notes with what was done in them, reports, messages and appointments', async () => {
    const { id, visit } = await filled();
    const vitals = { command: 'vitals', fields: { weightLbs: 180, pulse: 118 }, commit: true };
    await charting(app).originate(visit, vitals);
    const { items, next } = (await timeline(id)).json;
    assert.deepEqual(types(items), ['Appointment', 'Note', 'DiagnosticReport', 'Communication']);
    assert.equal(next, null);
    const [appointment, note, report, message] = items;
    assert.deepEqual([appointment.title, appointment.status], ['Follow-up', 'booked']);
    assert.deepEqual([note.id, note.status, note.author], [visit, 'open', 'administrator']);
    assert.deepEqual(
      note.commands.map(({ label, state, text }: Fields) => [label, state, text]),
      [
        ['Plan', 'staged', 'Walk more, sleep more.'],
        ['Vitals', 'committed', 'Pulse 118 /min (high), Weight 180 lb'],
      ],
    );
    assert.deepEqual([report.title, report.text, report.date], ['Lipids', 'Normal.', '2026-01-03']);
    assert.deepEqual([note.date, appointment.date, message.date], [null, null, null]);
    assert.deepEqual([message.author, message.text], ['Emmy Noether', 'All is well.']);
  });

  test('tells the values of a report, those that stand out first, wherever in it they are', async () => {
    const { id } = await filled();
    const value = (name: string, number: number, more: Fields = {}) => ({
      resourceType: 'Observation',
      id: name,
      status: 'final',
      code: { text: `${name} [Moles/volume] in Serum` },
      valueQuantity: { value: number, unit: 'mmol/L' },
      ...more,
    });
    const range = { referenceRange: [{ low: { value: 3 }, high: { value: 5 } }] };
    const coded = {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation', code: 'LL' }],
    };
    const contained = [
      value('Usual', 4, range),
      value('High', 6, range),
      value('Panel', 0, { valueQuantity: undefined, hasMember: [{ reference: '#Low' }] }),
      value('Low', 0.004, { interpretation: [coded] }),
      ...Array.from({ length: 8 }, (_, index) => value(`More${index}`, index)),
    ];
    const result = contained.flatMap((one) => (one.id === 'Low' ? [] : [{ reference: `#${one.id}` }]));
    const subject = { reference: `Patient/${id}` };
    const body = {
      resourceType: 'DiagnosticReport',
      status: 'final',
      code: { text: 'Salts' },
      subject,
      contained,
      result,
    };
    assert.equal((await app.ask('POST', '/fhir/R4/DiagnosticReport', { body })).status, 201);
    const item = (await timeline(id)).json.items.find(({ title }: Fields) => title === 'Salts');
    assert.deepEqual([item.results, item.values.length], [11, 8]);
    assert.deepEqual(item.values.slice(0, 3), [
      { name: 'Low', text: '0.004 mmol/L', flag: { word: 'Critically low', critical: true } },
      { name: 'High', text: '6 mmol/L', flag: { word: 'High', critical: false } },
      { name: 'Usual', text: '4 mmol/L', flag: null },
    ]);
  });

  test('tells what came without a note: answers with their score, visits, findings that no section has', async () => {
    const { note, originate, patient } = charting(app);
    const id = await patient();
    const subject = { reference: `Patient/${id}` };
    const create = async (resourceType: string, fields: Fields): Promise<string> => {
      const made = await app.ask('POST', `/fhir/R4/${resourceType}`, { body: { resourceType, subject, ...fields } });
      assert.equal(made.status, 201, made.text);
      return made.json.id;
    };
    const shipped = (await app.ask('GET', '/fhir/R4/Questionnaire/phq-9')).json;
    const url = 'http://example.org/Questionnaire/intake';
    const intake = [
      { linkId: 'h', text: 'Home', type: 'group', item: [{ linkId: 's', text: 'Stairs', type: 'decimal' }] },
    ];
    for (const [version, title] of [
      ['1', 'Old intake'],
      ['2', 'Intake'],
    ]) {
      const body = { resourceType: 'Questionnaire', status: 'active', url, version, title, item: intake };
      assert.equal((await app.ask('POST', '/fhir/R4/Questionnaire', { body })).status, 201);
    }
    const item = (shipped.item as { linkId: string; text: string; answerOption?: Fields[] }[]).flatMap((one) =>
      one.answerOption ? [{ linkId: one.linkId, text: one.text, answer: [one.answerOption.at(-1)] }] : [],
    );
    const authored = '2026-02-03T10:00:00Z';
    const source = { reference: `Patient/${id}` };
    const portal = await create('QuestionnaireResponse', {
      status: 'completed',
      questionnaire: shipped.url,
      authored,
      source,
      item,
    });
    const stairs = [
      { linkId: 'h', text: 'Home', item: [{ linkId: 's', text: 'Stairs', answer: [{ valueDecimal: 12.5 }] }] },
    ];
    const own = { status: 'in-progress', questionnaire: `${url}|2`, authored: '2026-02-02', item: stairs };
    await create('QuestionnaireResponse', own);
    await create('QuestionnaireResponse', { status: 'entered-in-error', questionnaire: url, item: stairs });
    await create('Encounter', {
      status: 'finished',
      class: { code: 'IMP', display: 'inpatient encounter' },
      period: { start: '2026-02-01', end: '2026-02-05' },
      location: [{ location: { display: 'St. Mary' } }],
      reasonCode: [{ text: 'Pneumonia' }],
    });
    // A visit stands by its appointment.
    const status = 'finished';
    await create('Encounter', { status, class: { code: 'AMB' }, appointment: [{ reference: 'Appointment/x' }] });
    const finding = { status: 'final', effectiveDateTime: '2026-01-31', code: { text: 'Lesion' } };
    const HH = {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation', code: 'HH' }],
    };
    await create('Observation', { ...finding, valueString: '4 cm', interpretation: [HH] });
    // What a report, a panel, a section of the chart or a note tells of stands there.
    const value = await create('Observation', { ...finding, code: { text: 'Of a report' } });
    await create('DiagnosticReport', {
      status: 'final',
      code: { text: 'Scan' },
      effectiveDateTime: '2026-01-30',
      result: [{ reference: `Observation/${value}` }],
    });
    const of = (code: string) => ({ ...finding, category: [{ coding: [{ code }] }] });
    await create('Observation', of('vital-signs'));
    // No section of the chart says that a laboratory value came.
    await create('Observation', { ...of('laboratory'), effectiveDateTime: '2026-01-29' });
    const visit = await note(id);
    const answers = { '44250-9': 'LA6571-9', '44255-8': 'LA6571-9' };
    await originate(visit, { command: 'questionnaire', fields: { questionnaire: 'phq-2', answers }, commit: true });

    const { items } = (await timeline(id)).json;
    assert.deepEqual(types(items), [
      'Note',
      'QuestionnaireResponse',
      'QuestionnaireResponse',
      'Encounter',
      'Observation',
      'DiagnosticReport',
      'Observation',
    ]);
    const [, phq, other, stay, lesion] = items;
    assert.deepEqual(
      [phq.id, phq.title, phq.at, phq.author],
      [portal, shipped.title, '2026-02-03T10:00:00.000Z', 'Germain'],
    );
    assert.deepEqual(phq.scores, [
      {
        text: 'PHQ-9 27 of 27: severe depression',
        abnormal: true,
        critical: ['Thoughts that you would be better off dead, or of hurting yourself in some way: Nearly every day'],
      },
    ]);
    assert.deepEqual(
      [other.title, other.text, other.status, other.date, other.scores],
      ['Intake', 'Stairs: 12.5', 'in-progress', '2026-02-02', []],
    );
    assert.deepEqual([stay.title, stay.text, stay.date], ['Inpatient encounter', 'St. Mary: Pneumonia', '2026-02-01']);
    const critical = { word: 'Critically high', critical: true };
    assert.deepEqual([lesion.title, lesion.values], ['Lesion', [{ name: 'Lesion', text: '4 cm', flag: critical }]]);
    const { questionnaires } = (await app.ask('GET', `/api/charts/${id}`)).json;
    assert.deepEqual([questionnaires[`${url}|2`], questionnaires[shipped.url]], ['Intake', shipped.title]);
    // Who may not read questionnaires is told no more than the answers say.
    const token = await app.tokenFor(['patient/Patient.r', 'patient/QuestionnaireResponse.r'], id);
    assert.deepEqual(types((await timeline(id, '', token)).json.items), [
      'QuestionnaireResponse',
      'QuestionnaireResponse',
    ]);
  });

  test('is paged, each thing once', async () => {
    const { id } = await filled();
    const seen: string[] = [];
    for (let after = ''; ; ) {
      const { items, next } = (await timeline(id, `?limit=1${after}`)).json;
      seen.push(...types(items));
      if (next === null) break;
      after = `&after=${next}`;
    }
    assert.deepEqual(seen, ['Appointment', 'Note', 'DiagnosticReport', 'Communication']);
    assert.equal((await timeline(id, '?after=made-up')).status, 422);
    assert.equal((await timeline(id, '?limit=0')).status, 422);
  });

  test('is of some types only where they are named', async () => {
    const { id } = await filled();
    const { items } = (await timeline(id, '?types=Communication,Note')).json;
    assert.deepEqual(types(items), ['Note', 'Communication']);
    assert.equal((await timeline(id, '?types=Note,Invoice')).status, 422);
  });

  test('shows what the scopes allow, and no chart but the token’s', async () => {
    const { id, visit } = await filled();
    const token = await app.tokenFor(['patient/Patient.r', 'patient/Note.r'], id);
    const { items } = (await timeline(id, '', token)).json;
    assert.deepEqual([types(items), items[0].commands], [['Note'], []]);
    assert.equal((await timeline((await filled()).id, '', token)).status, 403);
    await app.ask('DELETE', `/api/notes/${visit}`);
    assert.deepEqual((await timeline(id, '', token)).json.items, []);
  });
});
