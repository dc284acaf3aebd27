// Two charts of one person become one: what moves, what is refused afterwards, what is found, and how it is undone.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Patient } from '@medplum/fhirtypes';
import pg from 'pg';
import { Compile } from 'typebox/compile';
import { routesFor } from '#server/routes.ts';
import { type Charting, charting } from './charting.ts';
import { ADMIN, type RunningApp, runApp } from './running-app.ts';

const MRN = 'https://clinic.example/mrn';
let serial = 0;

describe('merging charts', () => {
  let app: RunningApp;
  let chart: Charting;
  before(async () => {
    app = await runApp();
    chart = charting(app);
  });
  after(() => app.close());

  const get = async (path: string) => (await app.ask('GET', path)).json;
  async function made(record: object): Promise<string> {
    const { resourceType } = record as { resourceType: string };
    const body = typeof record === 'string' ? record : JSON.stringify(record);
    const { status, json, text } = await app.ask('POST', `/fhir/R4/${resourceType}`, { body });
    assert.equal(status, 201, text);
    return json.id;
  }
  function person(family: string, more: Partial<Patient> = {}): Promise<string> {
    return made({
      resourceType: 'Patient',
      name: [{ family, given: ['Ada'] }],
      birthDate: '1980-05-12',
      gender: 'female',
      identifier: [{ system: MRN, value: `M-${++serial}` }],
      ...more,
    });
  }
  /** How a chart is called where it is referred to. */
  async function called(id: string, name: string): Promise<object> {
    return { id, name, number: (await get(`/fhir/R4/Patient/${id}`)).identifier[0].value };
  }
  const merge = (source: string, into: string, more: object = {}) =>
    app.ask('POST', `/api/patients/${source}/merge`, { body: { into, ...more } });
  const unmerge = (source: string) => app.ask('POST', `/api/patients/${source}/unmerge`, { body: {} });
  const fhirMerge = (parameter: object[], token?: string) =>
    app.ask('POST', '/fhir/R4/Patient/$merge', {
      body: { resourceType: 'Parameters', parameter },
      ...(token !== undefined && { token }),
    });
  const of = (id: string) => ({ reference: `Patient/${id}` });
  const codeOf = ({ json }: { json: { code?: string; issue?: { details: { coding: { code: string }[] } }[] } }) =>
    json.code ?? json.issue?.[0]?.details.coding[0]?.code;
  const conforms = (operation: string, json: unknown) => {
    const { answer } = routesFor({ commands: [] }).find((row) => row.operation === operation)!;
    assert.deepEqual(Compile(answer.schema!).Errors(json), []);
  };
  /** All there is of a record but the server's bookkeeping, as it is written. */
  async function said(reference: string): Promise<string> {
    const { text } = await app.ask('GET', `/fhir/R4/${reference}`);
    return text.replace(/"versionId":"\d+"|"lastUpdated":"[^"]+"/g, '');
  }

  /** A chart with records that refer to their patient in many places, and a signed note with a command. */
  async function filled(patient: string) {
    const decimal = `{"resourceType":"Observation","status":"final","code":{"text":"Weight"},"subject":{"reference":"Patient/${patient}/_history/1"},"performer":[{"reference":"Patient/${patient}"}],"valueQuantity":{"value":70.10,"unit":"kg"},"note":[{"authorReference":{"reference":"Patient/${patient}"},"text":"Patient/${patient} said so"}]}`;
    const weight = (await app.ask('POST', '/fhir/R4/Observation', { body: decimal })).json.id as string;
    const task = await made({ resourceType: 'Task', status: 'requested', intent: 'order', for: of(patient) });
    const appointment = await made({
      resourceType: 'Appointment',
      status: 'booked',
      start: '2030-01-01T10:00:00Z',
      end: '2030-01-01T10:20:00Z',
      participant: [{ actor: of(patient), status: 'accepted' }],
    });
    const baby = await made({
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'Feeding' },
      subject: of(await person('Baby')),
      performer: [of(patient)],
    });
    const note = await chart.note(patient);
    const command = await chart.originate(note, { command: 'plan', fields: { narrative: 'Rest.' }, commit: true });
    assert.equal(command.status, 201, command.text);
    assert.equal((await app.ask('POST', `/api/notes/${note}/sign`, { body: {} })).status, 200);
    return { weight, task, appointment, baby, note, command: command.json.id as string };
  }

  test('everything that refers to the one patient refers to the other, in one unit of work, and nothing else changes', async () => {
    const source = await person('Lovelace', { telecom: [{ system: 'phone', value: '555-0100' }] });
    const target = await person('Byron');
    const { weight, task, appointment, baby, note, command } = await filled(source);
    const before = await said(`Observation/${weight}`);
    const signed = await get(`/api/notes/${note}`);
    const known = (await chart.events(target)).length;

    const preview = await merge(source, target, { preview: true });
    conforms('patients.merge', preview.json);
    assert.equal((await get(`/fhir/R4/Task/${task}`)).for.reference, `Patient/${source}`, 'a preview writes nothing');
    const { status, json, text } = await merge(source, target, { reason: 'Registered twice' });
    assert.equal(status, 200, text);
    assert.deepEqual({ ...json, preview: true }, preview.json, 'and it says what the merge does');
    assert.deepEqual(json.moved, { Appointment: 1, Command: 1, Encounter: 1, Note: 1, Observation: 1, Task: 1 });
    assert.deepEqual(json.differences, [{ what: 'name', source: 'Ada Lovelace', target: 'Ada Byron', confirm: false }]);

    const moved = before.replaceAll(`"Patient/${source}/_history/1"`, `"Patient/${source}"`);
    assert.equal(await said(`Observation/${weight}`), moved.replaceAll(`"Patient/${source}"`, `"Patient/${target}"`));
    assert.match(moved, /70\.10/);
    assert.equal((await get(`/fhir/R4/Task/${task}`)).for.reference, `Patient/${target}`);
    assert.equal(
      (await get(`/fhir/R4/Appointment/${appointment}`)).participant[0].actor.reference,
      `Patient/${target}`,
    );
    assert.equal((await get(`/fhir/R4/Observation/${baby}`)).performer[0].reference, `Patient/${target}`);
    const { patient, version, commands, mergedFrom, ...rest } = await get(`/api/notes/${note}`);
    assert.deepEqual([patient, version, commands[0].patient], [target, signed.version + 1, target]);
    assert.deepEqual(mergedFrom, await called(source, 'Ada Lovelace'));
    const { patient: _, version: __, commands: ___, mergedFrom: none, ...was } = signed;
    assert.deepEqual([rest, none], [was, null], 'a signed note stays signed, and as it was');
    const signature = await app.ask('GET', `/api/notes/${note}/versions/${signed.signatures[0].version}`);
    assert.equal(signature.json.commands[0].id, command, 'what was signed can still be read');

    const kept: Patient = await get(`/fhir/R4/Patient/${target}`);
    assert.deepEqual(
      kept.identifier!.map(({ use = null }) => use),
      [null, 'old'],
    );
    assert.deepEqual(
      kept.name!.map(({ family, use = null }) => [family, use]),
      [
        ['Byron', null],
        ['Lovelace', 'old'],
      ],
    );
    assert.deepEqual(kept.telecom, [{ system: 'phone', value: '555-0100' }]);
    assert.deepEqual(kept.link, [{ other: of(source), type: 'replaces' }]);
    const ended: Patient = await get(`/fhir/R4/Patient/${source}`);
    assert.deepEqual([ended.active, ended.link], [false, [{ other: of(target), type: 'replaced-by' }]]);

    const events = (await chart.events(target)).slice(known);
    assert.deepEqual(events.map(({ type }) => type).sort(), [
      ...['APPOINTMENT_UPDATED', 'ENCOUNTER_UPDATED', 'NOTE_UPDATED', 'OBSERVATION_UPDATED'],
      ...['PATIENT_MERGED', 'PATIENT_UPDATED', 'TASK_UPDATED'],
    ]);
    assert.equal(new Set(events.map(({ chartVersion }) => chartVersion)).size, 1, 'one unit of work');
    assert.deepEqual(events.find(({ type }) => type === 'TASK_UPDATED').context.changed, ['Task.for.reference']);
    assert.deepEqual([events.at(-1).type, events.at(-1).target], ['PATIENT_MERGED', { type: 'Patient', id: target }]);
    assert.deepEqual(events.at(-1).context, { source, target, moved: json.moved, reason: 'Registered twice' });
    assert.equal((await chart.types(source)).at(-1), 'PATIENT_UPDATED', 'the other patient has an event too');
  });

  test('the chart that ended takes nothing more, and leads to the other', async () => {
    const [source, target] = [await person('Hopper'), await person('Murray')];
    const { note } = await filled(source);
    assert.equal((await merge(source, target)).status, 200);
    const refusals = [
      await app.ask('POST', '/fhir/R4/Condition', { body: { resourceType: 'Condition', subject: of(source) } }),
      await app.ask('POST', '/api/notes', { body: { patient: source } }),
      await app.ask('PUT', `/fhir/R4/Patient/${source}`, {
        body: { resourceType: 'Patient', id: source, active: true },
      }),
      await app.ask('DELETE', `/fhir/R4/Patient/${source}`),
    ];
    for (const refusal of refusals) {
      assert.deepEqual([refusal.status, codeOf(refusal)], [409, 'chart.merged'], refusal.text);
      assert.match(refusal.text, new RegExp(`Patient/${target}`));
    }
    const shown = await get(`/api/charts/${source}`);
    assert.deepEqual([shown.mergedInto, shown.records.Task], [await called(target, 'Ada Murray'), []]);
    assert.equal((await get(`/api/charts/${target}`)).mergedInto, null);
    const everything = await get(`/fhir/R4/Patient/${source}/$everything`);
    assert.deepEqual(
      everything.entry.map((one: { resource: Patient }) => one.resource.id),
      [source],
    );
    for (const named of [source, `Patient/${source}`]) {
      const { entry } = await get(`/fhir/R4/AllergyIntolerance?patient=${named}`);
      assert.deepEqual(
        entry.map((one: { search: { mode: string } }) => one.search.mode),
        ['outcome'],
        'no records, and that is not all it says',
      );
      assert.match(entry[0].resource.issue[0].diagnostics, new RegExp(`Patient/${target}`));
    }
    assert.equal((await get(`/fhir/R4/AllergyIntolerance?patient=${target}`)).entry, undefined);
    const { value } = (await get(`/fhir/R4/Patient/${source}`)).identifier[0];
    for (const query of ['Hopper', value]) {
      const { items } = await get(`/api/patients?query=${query}`);
      assert.deepEqual(
        items.map(({ id }: { id: string }) => id),
        [target],
        `the desk finds it by ${query}`,
      );
    }
    const recent = (await get('/api/patients')).items.map(({ id }: { id: string }) => id);
    assert.deepEqual([recent.includes(target), recent.includes(source)], [true, false]);
    const found = await get(`/fhir/R4/Patient?identifier=${MRN}|${value}&active:not=false`);
    assert.deepEqual(
      found.entry.map((one: { resource: Patient }) => one.resource.id),
      [target],
    );
    const again = await app.ask('POST', '/fhir/R4/Patient', {
      body: { resourceType: 'Patient' },
      headers: { 'if-none-exist': `identifier=${MRN}|${value}` },
    });
    assert.deepEqual([again.status, again.json.id], [200, target], 'a feed that knows the old number finds the chart');
    // What is written goes on in the other chart.
    assert.equal((await app.ask('POST', `/api/notes/${note}/unlock`, { body: { reason: 'A slip' } })).status, 200);
  });

  test('what is written at the same moment moves too, or is refused', async () => {
    const [source, target] = [await person('Lamarr'), await person('Kiesler')];
    const task = { resourceType: 'Task', status: 'requested', intent: 'order', for: of(source) };
    const writes = Array.from({ length: 12 }, () => app.ask('POST', '/fhir/R4/Task', { body: task }));
    const [{ status, text }, ...answers] = await Promise.all([merge(source, target), ...writes]);
    assert.equal(status, 200, text);
    const written = answers.filter((answer) => answer.status === 201);
    const others = answers.filter((answer) => answer.status !== 201);
    assert.deepEqual(others.map(codeOf), Array(others.length).fill('chart.merged'));
    for (const { json } of written) {
      assert.equal((await get(`/fhir/R4/Task/${json.id}`)).for.reference, `Patient/${target}`);
    }
  });

  test('charts that are written all the time, also from another node, are merged all the same, and no write is lost', async () => {
    const [source, target] = [await person('Meter'), await person('Meterson')];
    const taskOf = (patient: string) => ({
      resourceType: 'Task',
      status: 'requested',
      intent: 'order',
      for: of(patient),
    });
    // So many that a writer always comes between the reading of the charts and the commit.
    const entry = Array.from({ length: 400 }, () => ({
      resource: taskOf(source),
      request: { method: 'POST', url: 'Task' },
    }));
    const filling = await app.ask('POST', '/fhir/R4', { body: { resourceType: 'Bundle', type: 'transaction', entry } });
    assert.equal(filling.status, 200, filling.text);
    const other = await runApp({ databaseUrl: app.database.url });
    const answers: { patient: string; status: number; json: { id: string } }[] = [];
    let merged = false;
    async function device(url: string, patient: string): Promise<void> {
      while (!merged) {
        const response = await fetch(`${url}/fhir/R4/Task`, {
          method: 'POST',
          headers: { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/fhir+json' },
          body: JSON.stringify(taskOf(patient)),
        });
        answers.push({ patient, status: response.status, json: (await response.json()) as { id: string } });
      }
    }
    const devices = [app.url, other.url].flatMap((url) => [source, target].map((patient) => device(url, patient)));
    const { status, text, json } = await merge(source, target);
    merged = true;
    await Promise.all(devices);
    await other.close();
    assert.equal(status, 200, text);
    const kept = answers.filter((answer) => answer.status === 201);
    assert.ok(kept.some(({ patient }) => patient === source) && kept.some(({ patient }) => patient === target));
    for (const answer of answers.filter((one) => one.status !== 201)) {
      assert.deepEqual([answer.patient, answer.status, codeOf(answer as never)], [source, 409, 'chart.merged']);
    }
    const found = await get(`/fhir/R4/Task?patient=${target}&_summary=count`);
    assert.equal(found.total, 400 + kept.length);
    assert.ok(json.moved.Task >= 400);
    assert.equal((await get(`/fhir/R4/Task?patient=${source}&_summary=count`)).total, 0);
  });

  test('who saw a chart is found by the patient it was merged into', async () => {
    const [source, target] = [await person('Curie'), await person('Sklodowska')];
    await get(`/fhir/R4/Patient/${source}`);
    assert.equal((await merge(source, target)).status, 200);
    const { items } = await get(`/api/audit?patient=${target}&limit=100`);
    const of = (action: string) => items.filter((row: { action: string }) => row.action === action);
    assert.deepEqual(
      of('read').map((row: { patient: string }) => row.patient),
      [source],
    );
    const charts = of('patients.merge').map((row: { patient: string }) => row.patient);
    assert.deepEqual(charts.sort(), [source, target].sort(), 'the merge is on record of both');
  });

  test('who saw records of a patient while they were in another chart is found by that patient, also after the undoing', async () => {
    const [source, target, last] = [await person('Ayrton'), await person('Marks'), await person('Sarah')];
    const task = await made({ resourceType: 'Task', status: 'requested', intent: 'order', for: of(source) });
    const own = await made({ resourceType: 'Task', status: 'requested', intent: 'order', for: of(target) });
    const reads = async (of: string, more = '') => {
      const { items } = await get(`/api/audit?patient=${of}&limit=1000${more}`);
      const seen = items.filter(({ action }: { action: string }) => ['read', 'search'].includes(action));
      return seen.map(({ action, patient }: { action: string; patient: string }) => [action, patient]);
    };
    assert.equal((await merge(source, target)).status, 200);
    await get(`/fhir/R4/Task/${task}`);
    await get(`/fhir/R4/Task/${own}`);
    await get(`/fhir/R4/Task?patient=${target}`);
    const seen = [
      ['search', target],
      ['read', target],
    ];
    assert.deepEqual(await reads(source), seen, 'while it stands: of both records, only what was of the source');
    assert.equal((await merge(target, last)).status, 200);
    await get(`/fhir/R4/Task/${task}`);
    assert.equal((await unmerge(target)).status, 200);
    assert.equal((await unmerge(source)).status, 200);
    await get(`/fhir/R4/Task/${own}`);
    assert.deepEqual(await reads(source), [['read', last], ...seen], 'by way of the second chart too');
    assert.deepEqual(await reads(source, `&record=${task}&type=Task`), [['read', last], ...seen]);
    assert.equal((await reads(last)).length, 1, 'and still where they were seen');
  });

  test('a merge is undone as long as nothing else was written, and everything is what it was', async () => {
    const [source, target] = [await person('Franklin'), await person('Wilkins')];
    const { weight, task, appointment, baby, note, command } = await filled(source);
    const own = await made({ resourceType: 'Task', status: 'requested', intent: 'order', for: of(target) });
    const records = [
      ...[`Patient/${source}`, `Patient/${target}`, `Observation/${weight}`, `Task/${task}`, `Task/${own}`],
      ...[`Appointment/${appointment}`, `Observation/${baby}`],
    ];
    const all = async () => Promise.all(records.map(said));
    const entries = async () => {
      const { version: _, commands, ...rest } = await get(`/api/notes/${note}`);
      return { rest, commands: commands.map(({ version: _, ...one }: { version: number }) => one) };
    };
    const [was, noteWas] = [await all(), await entries()];
    const { version } = (await get(`/fhir/R4/Task/${task}`)).meta;
    assert.equal((await merge(source, target)).status, 200);
    const merges = await get(`/api/patients/${target}/merges`);
    conforms('patients.merges', merges);
    assert.deepEqual([merges.into, merges.merged[0].source.id, merges.merged[0].lasting], [null, source, null]);

    const undone = await unmerge(source);
    assert.equal(undone.status, 200, undone.text);
    conforms('patients.unmerge', undone.json);
    assert.deepEqual([await all(), await entries()], [was, noteWas]);
    assert.notEqual((await get(`/fhir/R4/Task/${task}`)).meta.versionId, version, 'its version grows');
    assert.ok((await chart.types(source)).includes('TASK_UPDATED'));
    assert.equal((await chart.types(target)).at(-1), 'PATIENT_UNMERGED');
    assert.equal((await unmerge(source)).json.code, 'merge.none');
    const condition = { resourceType: 'Condition', subject: of(source) };
    assert.equal((await app.ask('POST', '/fhir/R4/Condition', { body: condition })).status, 201);

    assert.equal((await merge(source, target)).status, 200);
    await made({ resourceType: 'Condition', subject: of(target) });
    const lasting = await unmerge(source);
    assert.deepEqual([lasting.status, lasting.json.code], [409, 'merge.lasting']);
    assert.match(lasting.json.detail, /CONDITION_CREATED/);
    assert.match((await get(`/api/patients/${source}/merges`)).merged[0].lasting, /CONDITION_CREATED/);
    assert.equal((await get(`/fhir/R4/Task/${task}`)).for.reference, `Patient/${target}`);
    assert.ok(command);
  });

  test('the chart that stays has what only the other says of the patient, and no reference to the other in what it had', async () => {
    const interpreter = {
      url: 'http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired',
      valueBoolean: true,
    };
    const more: Partial<Patient> = {
      deceasedDateTime: '2024-03-01',
      communication: [{ language: { text: 'Spanish' }, preferred: true }],
      extension: [interpreter],
    };
    const source = await person('Kovalevskaya', more);
    const target = await made({ resourceType: 'Patient', name: [{ family: 'Kovalevsky' }] });
    const coverage = await made({
      resourceType: 'Coverage',
      status: 'active',
      beneficiary: of(target),
      policyHolder: of(source),
      payor: [{ display: 'Plan' }],
    });
    const was = await said(`Patient/${target}`);
    const holder = async () => (await get(`/fhir/R4/Coverage/${coverage}`)).policyHolder.reference;
    assert.equal((await merge(source, target, { confirm: ['deceased'] })).status, 200);
    const { birthDate, gender, deceasedDateTime, communication, extension } = await get(`/fhir/R4/Patient/${target}`);
    assert.deepEqual(
      { birthDate, gender, deceasedDateTime, communication, extension },
      { birthDate: '1980-05-12', gender: 'female', ...more },
    );
    assert.equal(await holder(), `Patient/${target}`);
    assert.equal((await unmerge(source)).status, 200);
    assert.deepEqual([await said(`Patient/${target}`), await holder()], [was, `Patient/${source}`]);
  });

  test('what came into a chart by a merge that was a mistake can’t be read in its history by who may read that chart alone', async () => {
    const [source, target] = [await person('Meitner'), await person('Hahn')];
    const { weight, note } = await filled(source);
    assert.equal((await merge(source, target)).status, 200);
    const { version } = await get(`/api/notes/${note}`);
    assert.equal((await unmerge(source)).status, 200);
    const theirs = await app.tokenFor(['patient/*.rs'], target);
    const reading = (path: string, token: string) => app.ask('GET', path, { token });
    for (const path of [`/fhir/R4/Observation/${weight}/_history/2`, `/api/notes/${note}/versions/${version}`]) {
      assert.equal((await reading(path, theirs)).status, 403, path);
    }
    const history = await reading('/fhir/R4/Observation/_history', theirs);
    assert.deepEqual([history.status, history.json.entry ?? []], [200, []]);
    const own = await app.tokenFor(['patient/*.rs'], source);
    assert.equal((await reading(`/fhir/R4/Observation/${weight}/_history/1`, own)).status, 200);
    const versions = (await reading('/fhir/R4/Observation/_history', own)).json.entry;
    assert.deepEqual(
      versions.map((one: { resource: Patient }) => one.resource.meta!.versionId),
      ['3', '1'],
    );
  });

  test('of three charts the last is the one that all lead to', async () => {
    const [first, second, last] = [await person('Germain'), await person('Agnesi'), await person('Bassi')];
    await get(`/fhir/R4/Patient/${first}`);
    assert.equal((await merge(first, second)).status, 200);
    assert.equal((await merge(second, last)).status, 200);
    const { id, name } = (await get(`/api/charts/${first}`)).mergedInto;
    assert.deepEqual([id, name], [last, 'Ada Bassi']);
    const late = await app.ask('POST', '/api/notes', { body: { patient: first } });
    assert.match(late.json.detail, new RegExp(`merged into the chart of Patient/${last}`));
    const read = (await get(`/api/audit?patient=${last}&action=read`)).items;
    assert.deepEqual(
      read.map(({ patient }: { patient: string }) => patient),
      [first],
    );
    assert.equal((await unmerge(first)).json.code, 'merge.lasting');
    assert.equal((await unmerge(second)).status, 200);
    await made({ resourceType: 'Condition', subject: of(second) });
    assert.equal((await unmerge(first)).json.code, 'merge.lasting', 'the chart in between was written since');
  });

  test('merges are undone one after another, the last first, also where they changed a record of somebody else', async () => {
    const [first, second, last] = [await person('Sommerville'), await person('Fairfax'), await person('Greig')];
    const [child, twin] = [await person('Little'), await person('Little')];
    const { weight, note } = await filled(first);
    const seen = await made({
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'Feeding' },
      subject: of(child),
      performer: [of(first)],
    });
    const records = [first, second, last, child].map((id) => `Patient/${id}`);
    const all = () => Promise.all([...records, `Observation/${weight}`, `Observation/${seen}`].map(said));
    assert.equal((await merge(twin, child)).status, 200);
    const was = await all();
    const owner = async () => (await get(`/api/notes/${note}`)).patient;
    assert.equal((await merge(first, second)).status, 200);
    for (let times = 0; times < 2; times++) {
      assert.equal((await merge(second, last)).status, 200);
      assert.equal((await unmerge(second)).status, 200);
    }
    assert.equal((await get(`/api/patients/${second}/merges`)).merged[0].lasting, null);
    const undone = await unmerge(first);
    assert.equal(undone.status, 200, undone.text);
    assert.deepEqual([await all(), await owner()], [was, first]);
    const other = await unmerge(twin);
    assert.equal(other.status, 200, 'what was put back in the child’s chart is no change of it');
  });

  test('whatever refers to the patient is rewritten: extensions, contained resources, records of others; and undone', async () => {
    const [source, target, child, gone] = [
      await person('Borne'),
      await person('Borne'),
      await person('Small'),
      await person('Gone'),
    ];
    const extension = [{ url: 'https://clinic.example/seen-with', valueReference: of(source) }];
    const about = (patient: string) => ({
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'Seen together' },
      subject: of(patient),
      extension,
      contained: [{ resourceType: 'RelatedPerson', id: 'mother', patient: of(source) }],
      performer: [{ reference: '#mother' }],
      note: [{ authorReference: of(source), text: `Patient/${source}` }],
    });
    const own = await made(about(source));
    const others = await made(about(child));
    const buried = await made(about(gone));
    assert.equal((await app.ask('DELETE', `/fhir/R4/Patient/${gone}`)).status, 204);
    const list = await made({ resourceType: 'Organization', name: 'Family practice', extension });
    const sibling = await person('Sibling', { extension, link: [{ other: of(source), type: 'seealso' }] });
    const self = await app.ask('PUT', `/fhir/R4/Patient/${target}`, {
      body: { ...(await get(`/fhir/R4/Patient/${target}`)), extension, link: [{ other: of(source), type: 'seealso' }] },
    });
    assert.equal(self.status, 200, self.text);
    const records = [`Observation/${own}`, `Observation/${others}`, `Organization/${list}`, `Patient/${sibling}`];
    const all = () => Promise.all([...records, `Patient/${target}`].map(said));
    const was = await all();
    assert.equal((await merge(source, target)).status, 200);
    for (const record of records) {
      const text = (await said(record)).replace(`"text":"Patient/${source}"`, '');
      assert.ok(!text.includes(`Patient/${source}`), record);
      assert.ok(text.includes(`Patient/${target}`), record);
    }
    const kept: Patient = await get(`/fhir/R4/Patient/${target}`);
    assert.deepEqual(
      [kept.extension, kept.link],
      [[{ ...extension[0], valueReference: of(target) }], [{ other: of(source), type: 'replaces' }]],
    );
    assert.ok(
      (await said(`Observation/${buried}`)).includes(`Patient/${source}`),
      'nothing is written into that chart',
    );
    const undone = await unmerge(source);
    assert.equal(undone.status, 200, undone.text);
    assert.deepEqual(await all(), was);
  });

  test('more records than one merge changes are refused before anything is read, with what to do', async () => {
    const [source, target] = [await person('Heavy'), await person('Light')];
    const database = new pg.Client(app.database.connection);
    await database.connect();
    const counted = (from: number, to: number) =>
      database.query(
        `INSERT INTO record (type, id, version, patient, updated_at, tokens)
          SELECT 'Task', 'heavy-' || n, 1, $1, now(), '{}' FROM generate_series($2::int, $3::int) AS n`,
        [source, from, to],
      );
    await counted(1, 15_000);
    assert.equal((await merge(source, target, { preview: true })).json.moved.Task, 15_000);
    await counted(15_001, 15_001);
    await database.end();
    for (const preview of [true, false]) {
      const { status, json } = await merge(source, target, { preview });
      assert.deepEqual([status, json.code], [422, 'merge.refused']);
      assert.match(json.detail, /15001 records .* one merge changes 15000 at most/);
      assert.match(json.next ?? json.detail, /Merge the other way round/);
    }
    assert.equal((await merge(target, source, { preview: true })).status, 200, 'the other way round it goes');
  });

  test('twins are told apart: by number, address and last visit where they are found, by birth order before a merge', async () => {
    const address = (line: string) => [{ line: [line], city: 'Springfield', state: 'IL', postalCode: '62701' }];
    const first = await person('Castor', { multipleBirthInteger: 1, address: address('1 Elm St') });
    const second = await person('Castor', { multipleBirthInteger: 2, address: address('2 Oak St') });
    const visit = (start: string, status: string) =>
      made({
        resourceType: 'Encounter',
        status,
        class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
        subject: of(first),
        period: { start },
      });
    await visit('2024-02-03T10:00:00Z', 'finished');
    await visit('2024-03-03T10:00:00Z', 'cancelled');
    const found = await get('/api/patients?query=Castor');
    conforms('patients.find', found);
    const told = new Map(
      found.items.map((one: { id: string; address: string; lastVisit: string | null }) => [
        one.id,
        [one.address, one.lastVisit],
      ]),
    );
    assert.deepEqual(told.get(first), ['1 Elm St, Springfield, IL 62701', '2024-02-03T10:00:00.000Z']);
    assert.deepEqual(told.get(second), ['2 Oak St, Springfield, IL 62701', null]);
    const desk = await app.tokenFor(['user/Patient.rs']);
    const { json } = await app.ask('GET', '/api/patients?query=Castor', { token: desk });
    assert.ok(json.items.every((one: { lastVisit: string | null }) => one.lastVisit === null));
    const preview = await merge(first, second, { preview: true });
    assert.deepEqual([preview.json.moved, preview.json.kept], [{ Encounter: 2 }, {}]);
    assert.deepEqual(preview.json.differences, [{ what: 'birth-order', source: '1', target: '2', confirm: true }]);
    const doubtful = await merge(first, second);
    assert.deepEqual([doubtful.json.code, doubtful.json.differences], ['merge.unconfirmed', ['birth-order']]);
  });

  test('what can’t be one chart is refused, and what may be a mistake until it is confirmed', async () => {
    const [source, target, gone] = [await person('Noether'), await person('Hilbert'), await person('Klein')];
    await app.ask('DELETE', `/fhir/R4/Patient/${gone}`);
    assert.equal((await merge(source, source)).json.code, 'merge.refused');
    for (const [from, into] of [
      [gone, target],
      [source, gone],
    ] as const) {
      assert.equal((await merge(from, into)).json.code, 'record.deleted');
    }
    assert.equal((await merge(source, 'nobody')).json.code, 'record.not-found');
    const other = await person('Abel', { birthDate: '1981-05-12', gender: 'male', deceasedBoolean: true });
    const doubtful = await merge(other, target);
    assert.deepEqual([doubtful.status, doubtful.json.code], [422, 'merge.unconfirmed']);
    assert.deepEqual(doubtful.json.differences, ['birth-date', 'sex', 'deceased']);
    assert.equal((await merge(other, target, { confirm: ['birth-date', 'sex', 'deceased'] })).status, 200);
    for (const [from, into] of [
      [other, source],
      [source, other],
    ] as const) {
      const twice = await merge(from, into);
      assert.equal(twice.json.code, 'merge.refused');
      assert.match(twice.json.detail, new RegExp(`replaced by Patient/${target}`));
    }
    const staff = await app.tokenFor(['user/*.rs', 'user/Patient.cu', 'user/Task.cu']);
    const body = { into: target, confirm: ['deceased'] };
    const reader = await app.tokenFor(['user/*.rs']);
    assert.equal((await app.ask('POST', `/api/patients/${source}/merge`, { body, token: reader })).status, 403);
    const bound = await app.tokenFor(['patient/*.cruds'], source);
    assert.equal((await app.ask('POST', `/api/patients/${source}/merge`, { body, token: bound })).status, 403);
    await chart.note(source);
    const notes = await app.ask('POST', `/api/patients/${source}/merge`, { body, token: staff });
    assert.deepEqual([notes.status, notes.json.code], [403, 'access.forbidden'], 'whose records one may not change');
  });

  test('an allergy ends what the other chart says against it, and coverages keep their order', async () => {
    const [source, target] = [await person('Turing'), await person('Church')];
    const list = (patient: string, code: object) =>
      made({
        resourceType: 'AllergyIntolerance',
        clinicalStatus: {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' }],
        },
        code,
        patient: of(patient),
      });
    const cover = (patient: string) =>
      made({
        resourceType: 'Coverage',
        status: 'active',
        order: 1,
        beneficiary: of(patient),
        payor: [{ display: 'Plan' }],
      });
    const none = await list(source, {
      coding: [{ system: 'http://snomed.info/sct', code: '716186003', display: 'No known allergy' }],
    });
    await list(target, { coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: '7980' }] });
    const [moved, stays] = [await cover(source), await cover(target)];
    const { status, text } = await merge(source, target);
    assert.equal(status, 200, text);
    const { clinicalStatus, patient } = await get(`/fhir/R4/AllergyIntolerance/${none}`);
    assert.deepEqual([patient.reference, clinicalStatus.coding[0].code], [`Patient/${target}`, 'inactive']);
    assert.deepEqual(
      [(await get(`/fhir/R4/Coverage/${stays}`)).order, (await get(`/fhir/R4/Coverage/${moved}`)).order],
      [1, 2],
    );
    assert.equal((await unmerge(source)).status, 200);
    assert.equal((await get(`/fhir/R4/AllergyIntolerance/${none}`)).clinicalStatus.coding[0].code, 'active');
    assert.equal((await get(`/fhir/R4/Coverage/${moved}`)).order, 1);
  });

  test('Patient/$merge takes references or identifiers, says what it would do, and takes the patient as they are to be', async () => {
    const [source, target] = [await person('Gauss'), await person('Riemann')];
    const task = await made({ resourceType: 'Task', status: 'requested', intent: 'order', for: of(source) });
    const numberOf = async (id: string) => ({
      system: MRN,
      value: (await get(`/fhir/R4/Patient/${id}`)).identifier[0].value,
    });
    const named = [
      { name: 'source-patient-identifier', valueIdentifier: await numberOf(source) },
      { name: 'target-patient', valueReference: of(target) },
      { name: 'target-patient-identifier', valueIdentifier: await numberOf(target) },
    ];
    const preview = await fhirMerge([...named, { name: 'preview', valueBoolean: true }]);
    assert.equal(preview.status, 200, preview.text);
    const names = preview.json.parameter.map(({ name }: { name: string }) => name);
    assert.deepEqual(names, ['input', 'outcome']);
    assert.equal(preview.json.parameter[1].resource.issue[0].diagnostics, 'Would move 1 Task.');
    assert.equal((await get(`/fhir/R4/Task/${task}`)).for.reference, `Patient/${source}`);

    const result = { resourceType: 'Patient', id: target, name: [{ family: 'Gauss-Riemann' }] };
    const wrong = await fhirMerge([...named, { name: 'result-patient', resource: { ...result, id: source } }]);
    assert.equal(codeOf(wrong), 'request.invalid');
    for (const [ended, word] of [
      [{ active: false }, /not active/],
      [{ link: [{ other: of(source), type: 'replaced-by' }] }, /replaced by/],
    ] as const) {
      for (const preview of [true, false]) {
        const refusal = await fhirMerge([
          ...named,
          { name: 'result-patient', resource: { ...result, ...ended } },
          { name: 'preview', valueBoolean: preview },
        ]);
        assert.equal(codeOf(refusal), 'merge.refused');
        assert.match(refusal.json.issue[0].diagnostics, word);
      }
    }
    const done = await fhirMerge([...named, { name: 'result-patient', resource: result }]);
    assert.equal(done.status, 200, done.text);
    const { meta: _, ...kept } = done.json.parameter.find(({ name }: { name: string }) => name === 'result').resource;
    assert.deepEqual(kept, { ...result, link: [{ other: of(source), type: 'replaces' }] });
    assert.equal((await get(`/fhir/R4/Task/${task}`)).for.reference, `Patient/${target}`);

    const { items } = await get(`/api/patients?query=${(await numberOf(source)).value}`);
    assert.deepEqual(
      items.map(({ id }: { id: string }) => id),
      [target],
      'found by the old number, which the result left out',
    );

    const statement = await get('/fhir/R4/metadata');
    const { operation } = statement.rest[0].resource.find(({ type }: { type: string }) => type === 'Patient');
    assert.ok(operation.some(({ name }: { name: string }) => name === 'merge'));
    const entry = {
      request: { method: 'POST', url: 'Patient/$merge' },
      resource: { resourceType: 'Parameters', parameter: named },
    };
    const bundle = { resourceType: 'Bundle', type: 'transaction', entry: [entry] };
    assert.equal(codeOf(await app.ask('POST', '/fhir/R4', { body: bundle })), 'bundle.invalid');
  });
});
