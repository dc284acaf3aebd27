// Patients and their charts in a real browser on a real server: found, registered, read, kept; live; by keyboard.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Bundle, Observation, Patient, Resource } from '@medplum/fhirtypes';
import type { Page } from 'playwright-core';
import { EXTENSION, FLAG_CATEGORY, PLUGIN_KEY, PLUGIN_MODULE } from '#kit/systems.ts';
import { until } from '../support/core.ts';
import { accessibilityFaults, NO_BROWSER, openPractice, type Practice } from './browser.ts';
import { command } from './note-desk.ts';

const MR = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }] };
const category = (code: string) => [
  { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code }] },
];
const loinc = (code: string, display: string) => ({ coding: [{ system: 'http://loinc.org', code, display }] });
const ucum = (value: number, unit: string) => ({ value, unit, system: 'http://unitsofmeasure.org', code: unit });

/** A picture of one pixel. */
const DOT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

describe('patients and charts', { skip: NO_BROWSER }, () => {
  let practice: Practice;
  before(async () => {
    practice = await openPractice();
  });
  after(() => practice.close());

  async function create<R extends Resource>(resource: R): Promise<R & { id: string }> {
    const { status, json, text } = await practice.app.ask('POST', `/fhir/R4/${resource.resourceType}`, {
      body: resource,
    });
    assert.equal(status, 201, text);
    return json;
  }
  const read = async (reference: string) => (await practice.app.ask('GET', `/fhir/R4/${reference}`)).json;
  const register = (family: string, more: Partial<Patient> = {}) =>
    create<Patient>({ resourceType: 'Patient', name: [{ given: ['Ines'], family }], birthDate: '1960-02-03', ...more });
  const shown = (page: Page) => page.getByRole('region', { name: 'Conditions' }).waitFor();
  const subject = ({ id }: { id: string }) => ({ reference: `Patient/${id}` });

  test('a patient is found as one types, also misspelt, and opened by keyboard', async () => {
    const patient = await register('Quintanilla', { identifier: [{ type: MR, value: '4711' }] });
    await register('Quist');
    const { page, untroubled } = await practice.seat('/patients');
    const row = page.getByRole('row', { name: /Quintanilla/ });
    await row.waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.keyboard.type('Quintanila');
    await page.getByRole('row', { name: /Quist/ }).waitFor({ state: 'detached' });
    await row.waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`/patients/${patient.id}$`));
    await page.getByRole('heading', { name: 'Ines Quintanilla' }).waitFor();
    await page.getByText('MRN 4711').waitFor();
    await page.getByText('Allergies not asked yet').waitFor();
    untroubled();
  });

  test('Ctrl-K: a name and Enter opens that patient, however late the answer is', async () => {
    const patient = await register('Oxenholme');
    await register('Oxenholme-Reyes');
    await register('Quarles', { birthDate: '1980-01-01' });
    await register('Quarles', { birthDate: '1990-01-01' });
    const { page, untroubled } = await practice.seat('/tasks');
    let answer = Promise.withResolvers<void>();
    await page.route('**/api/patients?*', async (route) => {
      await answer.promise;
      await route.continue();
    });
    const search = page.getByPlaceholder(/A patient’s name/);
    await page.keyboard.press('Control+k');
    await search.waitFor();
    await page.keyboard.type('Ines Oxenholme');
    await page.keyboard.press('Enter');
    await page.getByText('Searching for “Ines Oxenholme”').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    answer.resolve();
    await page.waitForURL(new RegExp(`/patients/${patient.id}$`));

    // Who is meant of two is not guessed; a page is gone to without waiting.
    answer = Promise.withResolvers<void>();
    await page.keyboard.press('Control+k');
    await search.waitFor();
    await page.keyboard.type('Quarles');
    await page.keyboard.press('Enter');
    answer.resolve();
    await page.getByText('Several patients match.').waitFor();
    assert.equal(await page.getByRole('option', { name: /Quarles/ }).count(), 2);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Ines Quarles' }).waitFor();
    answer = Promise.withResolvers<void>();
    await page.keyboard.press('Control+k');
    await search.waitFor();
    await page.keyboard.type('tasks');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/tasks$/);
    answer.resolve();
    untroubled();
  });

  test('who is registered twice is seen while one types', async () => {
    await register('Abernathy', { birthDate: '1971-05-06' });
    const { page, untroubled } = await practice.seat('/patients');
    await page.getByRole('button', { name: 'Register' }).click();
    await page.getByLabel('Given names').fill('Inez');
    await page.getByLabel('Family name').fill('Abernathy');
    await page.getByLabel('Birth date').fill('1971-05-06');
    await page.getByRole('link', { name: /Ines Abernathy.*same birth date/ }).waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.getByLabel('Phone').fill('+1 555 0100');
    await page.getByRole('button', { name: 'Register' }).click();
    await page.getByRole('heading', { name: 'Inez Abernathy' }).waitFor();
    const id = page.url().split('/').at(-1);
    const born = page.getByLabel('Birth date');
    const invalid = () => born.evaluate((input) => (input as HTMLInputElement).validationMessage);
    await page.goto(`${practice.app.url}/patients/new`);
    for (const [written, said] of [
      ['5/2999', /in the future/],
      ['long ago', /a day, a month or a year/],
      ['5/1971', /^$/],
    ] as const) {
      await born.fill(written);
      assert.match(await invalid(), said);
    }
    await born.press('Tab');
    assert.equal(await born.inputValue(), 'May 1971');
    const { name, birthDate, telecom } = await read(`Patient/${id}`);
    assert.deepEqual(
      [name[0].given, name[0].family, birthDate, telecom[0].value],
      [['Inez'], 'Abernathy', '1971-05-06', '+1 555 0100'],
    );
    untroubled();
  });

  test('none known is recorded by a button where nobody has asked, and only an allergy ends it', async () => {
    const patient = await register('Moreau');
    const { page, untroubled } = await practice.seat(`/patients/${patient.id}`);
    await shown(page);
    const allergies = page.getByRole('region', { name: 'Allergies' });
    await page.getByText('Allergies not asked yet').waitFor();
    // The answer comes after the button has disappeared with what it recorded: the note opens all the same.
    const none = allergies.getByRole('button', { name: 'No known allergies' });
    await page.route('**/api/notes/*/commands', async (route) => {
      const response = await route.fetch();
      await page.getByText('Allergies not asked yet').waitFor({ state: 'detached' });
      await route.fulfill({ response });
    });
    await none.click();
    await page.getByLabel('Write at the end of the note').waitFor();
    await page.unrouteAll();
    await page.getByRole('banner').or(page.locator('header')).getByText('No known allergies').first().waitFor();
    await page.getByText('Allergies not asked yet').waitFor({ state: 'detached' });
    // By the abbreviation that everybody types.
    const end = page.getByLabel('Write at the end of the note');
    await end.focus();
    await page.keyboard.press('/');
    await page.keyboard.type('nkfa');
    await page.getByRole('option', { name: /No known food allergies/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('The patient was asked and has no known allergies of this kind.').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await create({
      resourceType: 'AllergyIntolerance',
      patient: subject(patient),
      clinicalStatus: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' }],
      },
      code: { coding: [{ system: 'http://snomed.info/sct', code: '111088007' }], text: 'Latex' },
    });
    await allergies.getByRole('button', { name: /Latex/ }).waitFor();
    await allergies.getByRole('button', { name: /No known allergies/ }).waitFor({ state: 'detached' });
    untroubled();
  });

  test('a chart shows its records; each opens with its facts and versions, and gives the focus back', async () => {
    const patient = await register('Ferreira');
    const condition = await create({
      resourceType: 'Condition',
      subject: subject(patient),
      code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'I10' }], text: 'Hypertension' },
    });
    await create({
      resourceType: 'AllergyIntolerance',
      patient: subject(patient),
      clinicalStatus: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' }],
      },
      code: { text: 'Penicillin' },
      criticality: 'high',
    });
    await pressures(patient, [
      ['2026-01-10', 150, 95],
      ['2026-06-10', 138, 85],
    ]);
    await potassium(patient);
    const { page, untroubled } = await practice.seat(`/patients/${patient.id}`);
    await shown(page);
    await page
      .getByRole('button', { name: /Penicillin.*severe/ })
      .first()
      .waitFor();
    await page.getByRole('button', { name: /Blood pressure.*138\/85 mmHg/ }).waitFor();
    const labs = page.getByRole('region', { name: 'Labs' });
    await labs.getByRole('row', { name: /Potassium mmol\/L 5.9 High 4.2/ }).waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);

    await page.keyboard.press('1');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const panel = page.getByRole('dialog', { name: 'Hypertension' });
    await panel.getByText('I10').first().waitFor();
    await panel.getByText('written').waitFor();
    const why = await panel.getByRole('link', { name: 'Why is this here?' }).getAttribute('href');
    assert.equal(why, `/events?target=Condition/${condition.id}`);
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.activeElement?.textContent?.startsWith('Hypertension'));

    await labs.getByRole('button', { name: /Potassium/ }).click();
    await page
      .getByRole('dialog', { name: /Potassium/ })
      .getByRole('row', { name: /5.9.*High/ })
      .waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    untroubled();
  });

  test('records without a section of their own stand where one looks for them, and open with their fields', async () => {
    const patient = await register('Everywhere');
    const about = { subject: subject(patient) };
    const narrative =
      '<div xmlns="http://www.w3.org/1999/xhtml"><p>Set to <b>DDDR</b> &amp; 60/min.</p><p>MRI: ask.</p></div>';
    await create({
      resourceType: 'Device',
      status: 'active',
      patient: subject(patient),
      deviceName: [{ name: 'Dual-chamber pacemaker', type: 'user-friendly-name' }],
      serialNumber: 'SN-4471',
      text: { status: 'generated', div: narrative },
    });
    await create({
      resourceType: 'AdverseEvent',
      actuality: 'actual',
      event: { text: 'Angioedema after lisinopril' },
      date: '2025-04-02',
      seriousness: { coding: [{ code: 'serious' }] },
      ...about,
    });
    await create({
      resourceType: 'MedicationDispense',
      status: 'completed',
      medicationCodeableConcept: { text: 'Warfarin 5 mg tablet' },
      whenHandedOver: '2026-09-12',
      ...about,
    });
    await create({ resourceType: 'ImagingStudy', status: 'available', description: 'CT chest', ...about });
    await create({
      resourceType: 'Media',
      status: 'completed',
      content: { contentType: 'image/png', title: 'Leg ulcer', data: DOT },
      ...about,
    });
    const prediction = [{ outcome: { text: 'Fall within a year' }, probabilityDecimal: 0.4 }];
    await create({
      resourceType: 'RiskAssessment',
      status: 'final',
      code: { text: 'Fall risk' },
      prediction,
      ...about,
    });
    const participant = [{ role: [{ text: 'Cardiologist' }], member: { display: 'Ana Lee, MD' } }];
    await create({ resourceType: 'CareTeam', status: 'active', name: 'Heart team', participant, ...about });

    const { page, untroubled } = await practice.seat(`/patients/${patient.id}`);
    await shown(page);
    for (const [section, row] of [
      ['Allergies', /Angioedema after lisinopril.*serious/],
      ['Medications', /Warfarin 5 mg tablet/],
      ['Devices', /Dual-chamber pacemaker/],
      ['Documents and reports', /CT chest/],
      ['Other records', /Fall risk.*Fall within a year/],
    ] as const) {
      await page.getByRole('region', { name: section, exact: true }).getByRole('button', { name: row }).waitFor();
    }
    const timeline = page.getByRole('region', { name: 'Timeline' });
    await timeline.getByRole('button', { name: /Warfarin 5 mg tablet.*Medication dispense/ }).waitFor();
    assert.equal(await timeline.getByRole('button', { name: /pacemaker/ }).count(), 0);

    await page
      .getByRole('region', { name: 'Devices' })
      .getByRole('button', { name: /pacemaker/ })
      .click();
    const device = page.getByRole('dialog', { name: 'Dual-chamber pacemaker' });
    await device.getByText('SN-4471').waitFor();
    assert.match(await device.innerText(), /Set to DDDR & 60\/min\.\nMRI: ask\./);
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.keyboard.press('Escape');
    await page
      .getByRole('region', { name: 'Documents and reports' })
      .getByRole('button', { name: /Leg ulcer/ })
      .click();
    const picture = page.getByRole('dialog', { name: 'Leg ulcer' }).getByRole('img', { name: 'Leg ulcer' });
    await picture.waitFor();
    await page.waitForFunction(() => document.querySelector<HTMLImageElement>('[role=dialog] img')?.naturalWidth === 1);
    await page.keyboard.press('Escape');

    await page.goto(`${practice.app.url}/patients/${patient.id}/profile`);
    await page.getByText('Heart team').waitFor();
    await page.getByText('Ana Lee, MD').waitFor();
    untroubled();
  });

  test('what calls for action stands at the top, in its section and in the timeline, wherever it is kept', async () => {
    const patient = await register('Castellanos');
    const flagged = [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation', code: 'HH' }] },
    ];
    const value = (id: string, fields: Pick<Observation, 'code'> & Partial<Observation>): Observation => ({
      resourceType: 'Observation',
      id,
      status: 'final',
      ...fields,
    });
    const report = await create({
      resourceType: 'DiagnosticReport',
      status: 'final',
      code: { text: 'Emergency panel' },
      subject: subject(patient),
      effectiveDateTime: '2026-04-02',
      contained: [
        value('panel', { code: { text: 'Salts' }, hasMember: [{ reference: '#k' }] }),
        value('k', {
          code: loinc('2823-3', 'Potassium [Moles/volume] in Serum or Plasma'),
          valueQuantity: ucum(6.9, 'mmol/L'),
          interpretation: flagged,
        }),
      ],
      result: [{ reference: '#panel' }],
    });
    // What a laboratory sends by itself, without a report; a repeat that was cancelled is no later value.
    const alone = {
      resourceType: 'Observation',
      category: category('laboratory'),
      code: loinc('2951-2', 'Sodium [Moles/volume] in Serum or Plasma'),
      subject: subject(patient),
    };
    await create({
      ...alone,
      status: 'final',
      effectiveDateTime: '2026-04-02',
      valueQuantity: ucum(109, 'mmol/L'),
      interpretation: [{ coding: [{ ...flagged[0]!.coding[0]!, code: 'LL' }] }],
    } as Observation);
    await create({ ...alone, status: 'cancelled', effectiveDateTime: '2026-04-03' } as Observation);
    await practice.app.ask('POST', '/fhir/R4/Questionnaire', {
      body: {
        resourceType: 'Questionnaire',
        id: 'x',
        status: 'active',
        url: 'http://example.org/home',
        title: 'At home',
        item: [{ linkId: 's', type: 'string', text: 'Stairs' }],
      },
    });
    // From a portal, without a note.
    await create({
      resourceType: 'QuestionnaireResponse',
      status: 'completed',
      questionnaire: 'http://example.org/home',
      subject: subject(patient),
      authored: '2026-05-02',
      item: [{ linkId: 's', text: 'Stairs', answer: [{ valueString: 'Two flights' }] }],
    });
    const note = (await practice.app.ask('POST', '/api/notes', { body: { patient: patient.id, title: 'Low' } })).json
      .id;
    const questions = '44250-9 44255-8 44259-0 44254-1 44251-7 44258-2 44252-5 44253-3 44260-8'.split(' ');
    const answers = Object.fromEntries(questions.map((question) => [question, 'LA6571-9']));
    const commands = [
      { command: 'questionnaire', fields: { questionnaire: 'phq-9', answers }, commit: true },
      { command: 'vitals', fields: { weightLbs: 180, bodyTemperature: 101.5 }, commit: true },
    ];
    const written = await practice.app.ask('POST', `/api/notes/${note}/commands`, { body: { commands } });
    assert.equal(written.status, 201, written.text);
    const weights = `/fhir/R4/Observation?subject=Patient/${patient.id}&code=29463-7`;
    const [weight] = (await practice.app.ask('GET', weights)).json.entry;
    await create({
      resourceType: 'Observation',
      status: 'final',
      category: category('vital-signs'),
      code: loinc('8302-2', 'Body height'),
      subject: subject(patient),
      effectiveDateTime: weight.resource.effectiveDateTime,
      valueQuantity: { value: 70, unit: 'in', system: 'http://unitsofmeasure.org', code: '[in_i]' },
    });
    const { page, untroubled } = await practice.seat(`/patients/${patient.id}`);
    await shown(page);
    const top = page.getByRole('list', { name: 'Critical' });
    await top
      .getByRole('button', { name: /PHQ-9: Thoughts that you would be better off dead.*Nearly every day/ })
      .waitFor();
    await page
      .getByRole('region', { name: 'Labs' })
      .getByRole('row', { name: /Potassium mmol\/L 6.9 Critically high/ })
      .waitFor();
    const card = page.getByRole('region', { name: 'Questionnaires' });
    await card.getByRole('button', { name: /PHQ-9 27 of 27 severe depression.*Critical answer/ }).waitFor();
    // As it was entered, with what is out of the usual; the index is of that day's weight and height.
    await page.getByRole('button', { name: /Weight 180 lb 81.7 kg/ }).waitFor();
    await page.getByRole('button', { name: /Temperature 101.5 °F High 38.6 °C/ }).waitFor();
    await page.getByRole('button', { name: /BMI 25.8 kg/ }).waitFor();
    const line = page.getByRole('region', { name: 'Timeline' });
    await line.getByRole('button', { name: /Emergency panel Potassium 6.9 mmol\/L critically high/ }).waitFor();
    await line.getByRole('button', { name: /PHQ-9 27 of 27: severe depression.*Critical answer: Thoughts/ }).waitFor();
    await line.getByRole('button', { name: /At home Stairs: Two flights/ }).waitFor();
    await card.getByRole('button', { name: /At home Stairs: Two flights/ }).click();
    await page.getByRole('dialog', { name: 'At home' }).getByText('Two flights').waitFor();
    await page.keyboard.press('Escape');
    assert.deepEqual(await accessibilityFaults(page), []);

    await top.getByRole('button', { name: /Potassium 6.9 mmol\/L: critically high, not reviewed/ }).click();
    const panel = page.getByRole('dialog', { name: 'Emergency panel' });
    await panel.getByRole('row', { name: /Potassium.*6.9 Critically high/ }).waitFor();
    await panel.getByRole('button', { name: /Potassium/ }).click();
    await page
      .getByRole('dialog', { name: /Potassium/ })
      .getByRole('row', { name: /6.9 Critically high/ })
      .waitFor();
    await page.keyboard.press('Escape');
    await practice.app.ask('POST', `/api/reports/DiagnosticReport/${report.id}/review`, { body: {} });
    await top.getByText(/Potassium/).waitFor({ state: 'detached' });
    await top.getByRole('button', { name: /Sodium 109 mmol\/L: critically low, in no report, not reviewed/ }).waitFor();
    await create({
      ...alone,
      status: 'final',
      effectiveDateTime: '2026-04-04',
      valueQuantity: ucum(138, 'mmol/L'),
    } as Observation);
    await top.getByText(/Sodium/).waitFor({ state: 'detached' });
    await page.goto(`${practice.app.url}/patients/${patient.id}/notes/${note}`);
    await page.getByText('PHQ-9 27').first().waitFor();
    await page.getByRole('article').or(page.locator('main')).getByText('severe depression').first().waitFor();
    untroubled();
  });

  async function pressures(patient: { id: string }, values: readonly (readonly [string, number, number])[]) {
    for (const [effectiveDateTime, systolic, diastolic] of values)
      await create({
        resourceType: 'Observation',
        status: 'final',
        category: category('vital-signs'),
        code: loinc('85354-9', 'Blood pressure'),
        subject: subject(patient),
        effectiveDateTime,
        component: [
          { code: loinc('8480-6', 'Systolic'), valueQuantity: ucum(systolic, 'mm[Hg]') },
          { code: loinc('8462-4', 'Diastolic'), valueQuantity: ucum(diastolic, 'mm[Hg]') },
        ],
      });
  }

  /** Too high the second time; the laboratory gives a range and leaves the flag to the reader. */
  async function potassium(patient: { id: string }) {
    for (const [effectiveDateTime, value] of [
      ['2026-03-01', 4.2],
      ['2026-04-01', 5.9],
    ] as const)
      await create({
        resourceType: 'Observation',
        status: 'final',
        category: category('laboratory'),
        code: loinc('2823-3', 'Potassium [Moles/volume] in Serum or Plasma'),
        subject: subject(patient),
        effectiveDateTime,
        valueQuantity: ucum(value, 'mmol/L'),
        referenceRange: [{ low: ucum(3.5, 'mmol/L'), high: ucum(5.1, 'mmol/L') }],
      });
  }

  test('what others and plugins write appears without a refresh, and says whose it is', async () => {
    const patient = await register('Lindholm');
    const { page, untroubled } = await practice.seat(`/patients/${patient.id}`);
    await shown(page);
    await page.getByText('No entries yet').waitFor();
    await create({
      resourceType: 'Flag',
      status: 'active',
      subject: subject(patient),
      category: [{ coding: [{ system: FLAG_CATEGORY, code: 'banner' }] }],
      code: { text: 'High fall risk' },
      identifier: [{ system: PLUGIN_KEY, value: 'fall-watch/risk' }],
      extension: [{ url: EXTENSION.bannerIntent, valueCode: 'alert' }],
    });
    await create({
      resourceType: 'GuidanceResponse',
      status: 'success',
      moduleUri: `${PLUGIN_MODULE}/fall-watch`,
      subject: subject(patient),
      note: [{ text: 'Two falls this year.' }],
      extension: [
        { url: EXTENSION.cardStatus, valueCode: 'due' },
        { url: EXTENSION.cardTitle, valueString: 'Fall prevention' },
        {
          url: EXTENSION.cardRecommendation,
          extension: [
            { url: 'title', valueString: 'Plan a visit at home' },
            { url: 'button', valueString: 'Plan it' },
            {
              url: 'command',
              extension: [
                { url: 'key', valueCode: 'plan' },
                { url: 'fields', valueString: '{"narrative":"Look at the stairs."}' },
              ],
            },
          ],
        },
      ],
    });
    await page.getByRole('listitem').filter({ hasText: 'High fall risk' }).getByText('fall-watch').waitFor();
    await page.getByRole('region', { name: 'Protocols' }).getByText('Two falls this year.').waitFor();
    await practice.app.ask('POST', '/api/notes', { body: { patient: patient.id, title: 'After the fall' } });
    await page.getByRole('region', { name: 'Timeline' }).getByText('After the fall').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);

    // The button of a recommendation begins it, in a note that is begun for it.
    await page.getByRole('button', { name: 'Plan it' }).click();
    await page.waitForURL(/\/notes\//);
    const note = page.url().split('/').at(-1);
    const { commands } = (await practice.app.ask('GET', `/api/notes/${note}`)).json;
    assert.deepEqual(
      commands.map(({ command, state, fields }: Record<string, unknown>) => [command, state, fields]),
      [['plan', 'staged', { narrative: 'Look at the stairs.' }]],
    );
    untroubled();
  });

  test('a task is checked off in the chart', async () => {
    const patient = await register('Marchetti');
    const task = await create({
      resourceType: 'Task',
      status: 'requested',
      intent: 'order',
      description: 'Call about the potassium',
      for: subject(patient),
    });
    const { page, untroubled } = await practice.seat(`/patients/${patient.id}`);
    await page.getByRole('checkbox', { name: 'Done: Call about the potassium' }).check();
    await page.getByText('No open tasks.').waitFor();
    await page.getByText('Show 1 done').click();
    await page.getByRole('checkbox', { name: 'Done: Call about the potassium', checked: true }).waitFor();
    assert.equal((await read(`Task/${task.id}`)).status, 'completed');
    untroubled();
  });

  test('a note is begun with a key; Escape leads back', async () => {
    const patient = await register('Oyelaran');
    const { page, untroubled } = await practice.seat(`/patients/${patient.id}`);
    await shown(page);
    // One that is left empty never was, and neither was its visit.
    await page.keyboard.press('n');
    const empty = page.getByLabel('Write at the end of the note');
    await until(() => empty.evaluate((area) => area === document.activeElement));
    await page.getByText('Empty: not saved until you write').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.waitForURL(new RegExp(`/patients/${patient.id}$`));
    const notes = async () => (await practice.app.ask('GET', `/api/notes?patient=${patient.id}`)).json.items;
    const visits = async () => (await practice.app.ask('GET', `/fhir/R4/Encounter?patient=${patient.id}`)).json.entry;
    assert.deepEqual([await notes(), await visits()], [[], undefined]);

    // One that is left with nothing in it goes with its visit, whatever was begun in it; one that somebody wrote in stays.
    const begin = async (): Promise<void> => {
      await page.keyboard.press('n');
      await page.waitForURL(/\/notes\//);
      await until(() => empty.evaluate((area) => area === document.activeElement));
    };
    const leave = async (): Promise<void> => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await page.waitForURL(new RegExp(`/patients/${patient.id}$`));
    };
    const states = async () => (await notes()).map(({ state }: { state: string }) => state);
    await begin();
    await page.keyboard.press('Control+p');
    await page.getByText('so there is nothing to print').waitFor();
    await page.keyboard.type('abc');
    await until(async () => (await notes())[0]?.body.length === 1);
    for (const _ of 'abc') await page.keyboard.press('Backspace');
    await leave();
    await until(async () => (await states()).join() === 'deleted');
    await begin();
    await command(page, 'plan', 'Plan');
    await leave();
    await until(async () => (await states()).join() === 'deleted,deleted');
    assert.deepEqual(
      (await visits()).map(({ resource }: { resource: { status: string } }) => resource.status),
      ['cancelled', 'cancelled'],
    );
    await begin();
    await command(page, 'plan', 'Plan');
    await page.keyboard.type('Rest');
    await leave();
    await until(
      async () =>
        (await practice.app.ask('GET', `/api/notes/${(await notes())[0].id}`)).json.commands[0]?.fields.narrative ===
        'Rest',
    );
    assert.deepEqual(await states(), ['open', 'deleted', 'deleted']);

    await page.keyboard.press('n');
    await page.waitForURL(/\/notes\//);
    // What is typed next is written, and no key of the page.
    const text = page.getByLabel('Write at the end of the note');
    await until(() => text.evaluate((area) => area === document.activeElement));
    await page.keyboard.type('Nothing new.');
    assert.equal(await text.inputValue(), 'Nothing new.');
    // Out of the text, then out of the note; where one is in a note, its key begins no second one.
    await page.keyboard.press('Escape');
    await page.keyboard.press('n');
    await page.keyboard.press('Escape');
    await page.waitForURL(new RegExp(`/patients/${patient.id}$`));
    await page.getByRole('region', { name: 'Timeline' }).getByText('Visit', { exact: true }).first().waitFor();
    await until(async () => 'text' in ((await notes())[0].body[0] ?? {}));
    const [{ id, body }] = await notes();
    assert.deepEqual(body, [{ text: 'Nothing new.' }]);
    // What is written while the server is away makes its note when it is back.
    await page.context().setOffline(true);
    await page.keyboard.press('n');
    await until(() => text.evaluate((area) => area === document.activeElement));
    await page.keyboard.type('Written on the way.');
    await page.getByText('Saved in this browser, not sent yet').waitFor();
    await page.context().setOffline(false);
    await page.getByText('Saved', { exact: true }).waitFor();
    assert.equal((await notes())[0].body[0].text, 'Written on the way.');

    // One that is there and empty is deleted.
    await page.goto(`${practice.app.url}/patients/${patient.id}/notes/${id}`);
    await text.fill('');
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Empty note and visit deleted.', { exact: true }).waitFor();
    assert.equal((await practice.app.ask('GET', `/api/notes/${id}`)).json.state, 'deleted');
    untroubled();
  });

  test('demographics are corrected; what somebody else wrote meanwhile is not undone', async () => {
    const patient = await register('Bergstrom', { maritalStatus: { text: 'married' } });
    const { page, untroubled } = await practice.seat(`/patients/${patient.id}/profile`);
    await page.getByLabel('City').fill('Riverbend');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.', { exact: true }).first().waitFor();
    const saved = await read(`Patient/${patient.id}`);
    assert.deepEqual([saved.address[0].city, saved.maritalStatus.text], ['Riverbend', 'married']);

    await page.getByLabel('State').fill('OH');
    const body = { ...saved, birthDate: '1961-02-03' };
    assert.equal((await practice.app.ask('PUT', `/fhir/R4/Patient/${patient.id}`, { body })).status, 200);
    await page.getByText('Someone else changed this patient in the meantime').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').first().waitFor();
    await page.getByRole('button', { name: 'Show their changes' }).click();
    await page.waitForFunction(
      () => document.querySelector<HTMLInputElement>('[name=birthDate]')?.value === 'Feb 3, 1961',
    );
    assert.deepEqual(await accessibilityFaults(page), []);
    untroubled();
  });

  test('coverages are put in their order, contacts and consents are kept', async () => {
    const patient = await register('Dufresne');
    const [first, second] = await Promise.all(
      ['Lakeshore Health', 'Medicaid'].map((name) => create({ resourceType: 'Organization', name })),
    );
    for (const [order, payer] of [first, second].entries())
      await create({
        resourceType: 'Coverage',
        status: 'active',
        beneficiary: subject(patient),
        order: order + 1,
        payor: [{ reference: `Organization/${payer!.id}`, display: payer!.name! }],
      });
    const { page, untroubled } = await practice.seat(`/patients/${patient.id}/profile`);
    const coverage = page.getByRole('region', { name: 'Coverage' });
    await coverage.getByRole('button', { name: 'Bill earlier' }).nth(1).click();
    await coverage.getByRole('listitem').first().filter({ hasText: 'Medicaid' }).waitFor();
    await until(async () => {
      const { entry } = (await read(`Coverage?beneficiary=Patient/${patient.id}`)) as Bundle;
      const orders = entry!.map(({ resource }) => resource as { payor: { display: string }[]; order: number });
      return orders.every(({ payor, order }) => order === (payor[0]!.display === 'Medicaid' ? 1 : 2));
    });

    await page.getByRole('region', { name: 'Contacts' }).getByRole('button', { name: 'Add' }).click();
    await page.getByLabel('Name', { exact: false }).last().fill('Jo Dufresne');
    await page.getByRole('dialog').getByLabel('Phone').fill('+1 555 0101');
    await page.keyboard.press('Enter');
    const contact = page.getByRole('region', { name: 'Contacts' }).getByText('Jo Dufresne');
    await contact.waitFor();
    await page.getByRole('button', { name: 'Remove this contact' }).click();
    await contact.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await contact.waitFor();

    // A payer who is no organization here is kept as it is named.
    await coverage.getByRole('button', { name: 'Add' }).click();
    await page.getByRole('combobox', { name: 'Payer' }).fill('Harbor Mutual');
    await page.getByRole('option', { name: 'Harbor Mutual As typed' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByLabel('Member number').fill('H-7');
    await page.keyboard.press('Enter');
    await coverage.getByRole('listitem').nth(2).filter({ hasText: 'Harbor Mutual' }).waitFor();

    await page.getByRole('region', { name: 'Consents' }).getByRole('button', { name: 'Add' }).click();
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByRole('region', { name: 'Consents' }).getByText('Notice of Privacy Practices').waitFor();
    await page.getByRole('button', { name: 'Withdraw' }).click();
    await page.getByRole('region', { name: 'Consents' }).getByText('withdrawn').waitFor();
    untroubled();
  });

  test('300 records: shown at once', async (t) => {
    const patient = await register('Zapatero');
    const readings = Array.from({ length: 300 }, (_, index) => {
      const at = new Date(Date.UTC(2020, 0, 1 + index * 7)).toISOString();
      return [at, 120 + (index % 20), 80] as const;
    });
    await pressures(patient, readings);
    await create({ resourceType: 'Condition', subject: subject(patient), code: { text: 'Hypertension' } });
    const { page, untroubled } = await practice.seat('/patients');
    const opened: number[] = [];
    for (let time = 1; time <= 5; time++) {
      await page.goto(`${practice.app.url}/patients`);
      await page.getByRole('row', { name: /Zapatero/ }).focus();
      // The code of the screens is read while nobody does anything, as between two clicks of a person.
      await page.waitForFunction(() =>
        performance.getEntriesByType('resource').some(({ name }) => name.includes('/chart-page-')),
      );
      const painted = await watchOpening(page);
      await page.keyboard.press('Enter');
      opened.push(await painted());
      await page.getByRole('button', { name: /Blood pressure/ }).waitFor();
    }
    t.diagnostic(`a chart of 300 records, from Enter to its first content: ${opened.map(Math.round).join(', ')} ms`);
    untroubled();
  });

  /** Milliseconds from the next key, as the browser has its time, to the paint of a banner and a section with a record. */
  async function watchOpening(page: Page): Promise<() => Promise<number>> {
    await page.evaluate(() => {
      const painted = new Promise<number>((resolve) => {
        const watch = ({ timeStamp }: KeyboardEvent): void => {
          const changes = new MutationObserver(() => {
            if (!document.querySelector('#main h1') || !document.querySelector('[aria-label=Conditions] li')) return;
            changes.disconnect();
            // The first task after a frame is when it was painted.
            requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - timeStamp)));
          });
          changes.observe(document, { childList: true, subtree: true });
        };
        addEventListener('keydown', watch, { once: true, capture: true });
      });
      Object.assign(window, { painted });
    });
    return () => page.evaluate(() => (window as unknown as { painted: Promise<number> }).painted);
  }

  test('on a tablet, summary and timeline are one at a time', async () => {
    const patient = await register('Yamamoto');
    const { page, untroubled } = await practice.seat(`/patients/${patient.id}`, { size: { width: 820, height: 1180 } });
    await shown(page);
    assert.equal(await page.getByRole('region', { name: 'Timeline' }).count(), 0);
    await page.getByRole('tab', { name: 'Timeline' }).click();
    await page.getByRole('region', { name: 'Timeline' }).waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    untroubled();
  });
});
