// What is done with a note besides writing it, in a real browser: prescribing, billing, entering in error, carrying forward,
// reordering, locking, and leaving with words that are not sent.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type Charting, charting } from '../server/charting.ts';
import { until } from '../support/core.ts';
import { accessibilityFaults, NO_BROWSER, openPractice, type Practice } from './browser.ts';
import { command, end, openNote } from './note-desk.ts';

const HYPERTENSION = {
  value: 'I10',
  text: 'Essential (primary) hypertension',
  coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'I10' }],
};

/** Both questions of the PHQ-2: not at all. */
const NEVER = { '44250-9': 'LA6568-5', '44255-8': 'LA6568-5' };

describe('with a note', { skip: NO_BROWSER }, () => {
  let practice: Practice;
  let chart: Charting;
  before(async () => {
    practice = await openPractice();
    chart = charting(practice.app);
  });
  after(() => practice.close());

  const read = async (path: string) => (await practice.app.ask('GET', path)).json;
  const noteNow = (id: string) => read(`/api/notes/${id}`);
  const records = async (type: string, patient: string) =>
    // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of it
    ((await read(`/fhir/R4/${type}?patient=${patient}`)).entry ?? []).map(({ resource }: any) => resource);
  const fromMenu = async (page: Page, label: string, item: string | RegExp) => {
    await page.getByRole('button', { name: `More for ${label}` }).press('Enter');
    await page.getByRole('menuitem', { name: item }).press('Enter');
  };

  test('what is entered before its answer is there is picked when it comes, while one writes on', async () => {
    const { page, untroubled } = await openNote(practice, chart);
    await end(page).focus();
    const form = await command(page, 'rx', 'Prescribe');
    const answers = Promise.withResolvers<void>();
    await page.route('**/options?*', async (route) => {
      await answers.promise;
      await route.continue();
    });
    await page.keyboard.type('amoxicillin 500 capsule');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.ariaExpanded === null);
    await page.keyboard.type('1 capsule by mouth three times a day');
    answers.resolve();
    await form.getByRole('button', { name: 'Clear' }).first().waitFor();
    assert.equal(await form.getByRole('combobox').first().inputValue(), 'amoxicillin 500 MG Oral Capsule');
    assert.equal(await form.getByLabel('Sig').inputValue(), '1 capsule by mouth three times a day');
    untroubled();
  });

  test('a questionnaire of every kind of question is answered, and kept as it was answered', async () => {
    const coding = (display: string) => ({ code: display.slice(0, 2), display });
    const concept = [
      'Austria',
      'Belgium',
      'Canada',
      'Denmark',
      'Estonia',
      'France',
      'Ghana',
      'Hungary',
      'Italy',
      'Japan',
      'Kenya',
    ].map(coding);
    const url = 'http://example.org/ValueSet/countries';
    const include = [{ system: 'http://codes.example', concept }];
    const item = [
      { linkId: 'smokes', type: 'boolean', text: 'Do you smoke?', required: true },
      {
        linkId: 'packs',
        type: 'integer',
        text: 'Packs a day',
        enableWhen: [{ question: 'smokes', operator: '=', answerBoolean: true }],
      },
      {
        linkId: 'glucose',
        type: 'decimal',
        text: 'Glucose',
        extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/maxValue', valueDecimal: 50 }],
      },
      { linkId: 'since', type: 'date', text: 'Diabetic since' },
      { linkId: 'bed', type: 'time', text: 'Bedtime' },
      { linkId: 'country', type: 'choice', text: 'Country', answerValueSet: url },
      {
        linkId: 'pain',
        type: 'open-choice',
        repeats: true,
        text: 'Pain',
        answerOption: [{ valueString: 'Head', initialSelected: true }, { valueString: 'Back' }],
      },
      { linkId: 'langs', type: 'string', repeats: true, text: 'Languages' },
      {
        linkId: 'kids',
        type: 'group',
        text: 'Child',
        repeats: true,
        item: [
          { linkId: 'name', type: 'string', text: 'Name', required: true },
          { linkId: 'ill', type: 'boolean', text: 'Ill now?' },
          {
            linkId: 'what',
            type: 'string',
            text: 'With what?',
            enableWhen: [{ question: 'ill', operator: '=', answerBoolean: true }],
          },
        ],
      },
      {
        linkId: 'drug',
        type: 'string',
        repeats: true,
        text: 'Medicines',
        item: [{ linkId: 'dose', type: 'string', text: 'Dose' }],
      },
      { linkId: 'photo', type: 'attachment', text: 'Photo' },
    ];
    for (const [type, body] of [
      ['ValueSet', { resourceType: 'ValueSet', status: 'active', url, compose: { include } }],
      [
        'Questionnaire',
        { resourceType: 'Questionnaire', id: 'every-kind', status: 'active', title: 'Every kind', item },
      ],
    ] as const) {
      const at = 'id' in body ? ['PUT', `/fhir/R4/${type}/${body.id}`] : ['POST', `/fhir/R4/${type}`];
      const { status, text } = await practice.app.ask(at[0]!, at[1]!, { body });
      assert.equal(status, 201, text);
    }
    const { page, note, patient, untroubled } = await openNote(practice, chart, {}, (of) =>
      chart.originate(of, { command: 'questionnaire', fields: { questionnaire: 'every-kind' } }),
    );
    const asked = (name: string) => page.getByRole('group', { name, exact: true });
    const child = (n: number) => page.getByRole('region', { name: `Child ${n}` });
    await asked('Do you smoke?').waitFor();
    assert.equal(await asked('Packs a day').count(), 0);
    await page.getByRole('button', { name: 'Commit' }).click();
    await asked('Do you smoke?').getByText('Answer this question.').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);

    await asked('Do you smoke?').getByText('Yes').click();
    await asked('Packs a day').getByRole('textbox').fill('2');
    const glucose = asked('Glucose').getByRole('textbox');
    await asked('Glucose').getByText('At most 50').waitFor();
    await glucose.pressSequentially('70');
    await glucose.press('Tab');
    await asked('Glucose').getByText('This takes at most 50.').waitFor();
    await glucose.fill('');
    await glucose.pressSequentially('7.0');
    await asked('Diabetic since').getByRole('textbox').fill('5/1998');
    await asked('Diabetic since').getByRole('textbox').press('Tab');
    assert.equal(await asked('Diabetic since').getByRole('textbox').inputValue(), 'May 1998');
    await asked('Bedtime').locator('input').fill('22:30');
    await asked('Country').getByRole('combobox').selectOption({ label: 'Japan' });
    await asked('Pain').getByText('Back').click();
    await asked('Pain').getByPlaceholder('Other').fill('toe');
    await asked('Languages').getByRole('textbox').fill('German');
    await asked('Languages').getByRole('button', { name: 'Add another answer' }).click();
    await asked('Languages').getByRole('textbox').nth(1).fill('Turkish');
    await child(1).getByRole('textbox', { name: 'Name' }).fill('Ann');
    await child(1).getByText('No', { exact: true }).click();
    await page.getByRole('button', { name: 'Add another: Child' }).click();
    await child(2).getByRole('textbox', { name: 'Name' }).fill('Ben');
    await child(2).getByText('Yes', { exact: true }).click();
    await child(2).getByRole('textbox', { name: 'With what?' }).fill('cough');
    assert.equal(await child(1).getByRole('textbox', { name: 'With what?' }).count(), 0);
    await asked('Medicines').getByRole('textbox').fill('aspirin');
    await page.getByRole('textbox', { name: 'Dose' }).fill('100 mg');
    await asked('Photo')
      .locator('input')
      .setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer: Buffer.from('x') });
    await asked('Photo').getByText('x.png').waitFor();
    await page.getByRole('button', { name: 'Commit' }).click();
    await until(async () => (await noteNow(note)).commands[0]?.state === 'committed');
    const [kept] = await records('QuestionnaireResponse', patient);
    const answer = (linkId: string, ...answers: object[]) => ({ linkId, answer: answers });
    assert.partialDeepStrictEqual(kept.item, [
      answer('smokes', { valueBoolean: true }),
      answer('packs', { valueInteger: 2 }),
      answer('glucose', { valueDecimal: 7 }),
      answer('since', { valueDate: '1998-05' }),
      answer('bed', { valueTime: '22:30:00' }),
      answer('country', { valueCoding: { system: 'http://codes.example', ...coding('Japan') } }),
      answer('pain', { valueString: 'Head' }, { valueString: 'Back' }, { valueString: 'toe' }),
      answer('langs', { valueString: 'German' }, { valueString: 'Turkish' }),
      { linkId: 'kids', item: [answer('name', { valueString: 'Ann' }), answer('ill', { valueBoolean: false })] },
      {
        linkId: 'kids',
        item: [
          answer('name', { valueString: 'Ben' }),
          answer('ill', { valueBoolean: true }),
          answer('what', { valueString: 'cough' }),
        ],
      },
      answer('drug', { valueString: 'aspirin', item: [answer('dose', { valueString: '100 mg' })] }),
      answer('photo', { valueAttachment: { contentType: 'image/png', data: 'eA==', title: 'x.png' } }),
    ]);
    await fromMenu(page, 'Questionnaire', /Show all fields/);
    await page.getByRole('listitem').filter({ hasText: 'With what? cough' }).first().waitFor();
    await page.getByRole('listitem').filter({ hasText: 'Glucose 7.0' }).first().waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    untroubled();
  });

  test('a prescription is written and committed by keyboard, and is in the chart as it was written', async () => {
    const name = [{ text: 'Robin Vale' }];
    const body = { resourceType: 'Practitioner', name };
    const { json: me } = await practice.app.ask('POST', '/fhir/R4/Practitioner', { body });
    const { page, patient, note, untroubled } = await openNote(practice, chart, { practitioner: me.id });
    const { keyboard } = page;
    const at = (label: string) =>
      page.waitForFunction((name) => {
        const { activeElement } = document;
        const named = activeElement?.ariaLabel ?? (activeElement as HTMLInputElement | null)?.labels?.[0]?.textContent;
        return named?.startsWith(name);
      }, label);
    await end(page).focus();
    const form = await command(page, 'rx', 'Prescribe');
    await keyboard.type('amoxicillin 500 capsule');
    await page.getByRole('option', { name: 'amoxicillin 500 MG Oral Capsule' }).first().waitFor();
    await keyboard.press('Enter');
    await keyboard.press('Enter');
    await at('Sig');
    await keyboard.type('1 capsule by mouth three times a day');
    await keyboard.press('Enter');
    await at('Quantity');
    await keyboard.type('21');
    await keyboard.press('Enter');
    await at('Unit');
    await keyboard.press('C');
    await keyboard.press('Enter');
    await at('Refills');
    await keyboard.type('0');
    await keyboard.press('Enter');
    await at('Days');
    await keyboard.type('7');
    await keyboard.press('Enter');
    await at('Substitutions');
    await keyboard.press('A');
    assert.deepEqual(await accessibilityFaults(page), []);
    await keyboard.press('Control+Enter');
    await form.waitFor({ state: 'detached' });
    await page.getByText('1 capsule by mouth three times a day').first().waitFor();
    assert.equal((await noteNow(note)).commands[0].state, 'committed');

    const [request, ...others] = await records('MedicationRequest', patient);
    assert.deepEqual(others, []);
    assert.equal(request.status, 'active');
    assert.deepEqual(
      request.medicationCodeableConcept.coding.map(({ code }: { code: string }) => code),
      ['308191'],
    );
    assert.equal(request.dosageInstruction[0].text, '1 capsule by mouth three times a day');
    const { quantity, numberOfRepeatsAllowed, expectedSupplyDuration } = request.dispenseRequest;
    assert.deepEqual(
      [quantity.value, quantity.unit, numberOfRepeatsAllowed, expectedSupplyDuration.value],
      [21, 'Capsule', 0, 7],
    );
    assert.equal(request.substitution.allowedBoolean, true);
    assert.equal(request.requester.reference, `Practitioner/${me.id}`);
    const [taken] = await records('MedicationStatement', patient);
    assert.equal(taken.derivedFrom[0].reference, `MedicationRequest/${request.id}`);
    untroubled();
  });

  test('a medication that no code system knows is taken in words', async () => {
    const { page, patient, untroubled } = await openNote(practice, chart);
    await end(page).focus();
    const form = await command(page, 'Medication Statement', 'Medication Statement');
    await page.keyboard.type('Willow bark tea');
    await page.getByRole('option', { name: 'Willow bark tea As typed, without a code' }).waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+Enter');
    await form.waitFor({ state: 'detached' });
    const [taken] = await records('MedicationStatement', patient);
    assert.deepEqual(taken.medicationCodeableConcept, { text: 'Willow bark tea' });
    untroubled();
  });

  test('an onset is as exact as it was written, and words that are no date are told so', async () => {
    const { page, note, patient, untroubled } = await openNote(practice, chart, {}, (id) =>
      chart.originate(id, { command: 'diagnose', fields: { diagnose: HYPERTENSION } }),
    );
    const onset = page.getByLabel('Onset', { exact: true });
    await onset.fill('in spring');
    await page.getByText(/a day, a month or a year/).waitFor();
    await onset.fill('5/1998');
    await until(async () => (await noteNow(note)).commands[0].fields.approximateDateOfOnset === '1998-05');
    assert.equal(await onset.inputValue(), '5/1998');
    assert.deepEqual(await accessibilityFaults(page), []);
    await onset.press('Tab');
    assert.equal(await onset.inputValue(), 'May 1998');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Onset May 1998').waitFor();
    const [condition] = await records('Condition', patient);
    assert.equal(condition.onsetDateTime, '1998-05');
    untroubled();
  });

  test('what is typed before the form of a command is there is written into it', async () => {
    const { page, untroubled } = await openNote(practice, chart);
    const asked = Promise.withResolvers<void>();
    const typed = Promise.withResolvers<void>();
    await page.route('**/api/notes/*/commands', async (route) => {
      asked.resolve();
      await typed.promise;
      await route.continue();
    });
    await end(page).focus();
    await page.keyboard.press('/');
    await page.getByPlaceholder(/What do you want to do/).waitFor();
    await page.keyboard.type('Plan');
    await page.keyboard.press('Enter');
    await asked.promise;
    await page.keyboard.type('Now and then a wall');
    await page.keyboard.press('Backspace');
    typed.resolve();
    const narrative = page.getByRole('form', { name: 'Plan' }).getByLabel('Narrative');
    await page.waitForFunction(() => document.activeElement?.closest('form')?.ariaLabel === 'Plan');
    await page.keyboard.type('k');
    assert.equal(await narrative.inputValue(), 'Now and then a walk');
    untroubled();
  });

  test('Enter picks what is found for the words that are typed, and waits until it is found', async () => {
    const { page, note, untroubled } = await openNote(practice, chart);
    await end(page).focus();
    const form = await command(page, 'Diagnose', 'Diagnose');
    await page.keyboard.type('otitis');
    await page
      .getByRole('option', { name: /^Otitis/ })
      .first()
      .waitFor();
    const entered = Promise.withResolvers<void>();
    await page.route('**/options?query=migraine', async (route) => {
      await entered.promise;
      await route.continue();
    });
    const asked = page.waitForRequest('**/options?query=migraine');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('migraine');
    await page.keyboard.press('Enter');
    await asked;
    entered.resolve();
    await page.waitForFunction(() => /^Migraine/.test((document.activeElement as HTMLInputElement).value));
    await page.keyboard.press('Control+Enter');
    await form.waitFor({ state: 'detached' });
    assert.match((await noteNow(note)).commands[0].fields.diagnose.text, /^Migraine/);
    untroubled();
  });

  test('nothing is taken that was not chosen: a guess waits to be picked, words without a choice stay and are named', async () => {
    const { page, note, untroubled } = await openNote(practice, chart);
    const { keyboard } = page;
    const fields = async (at = 0) => (await noteNow(note)).commands[at].fields;
    await end(page).focus();
    const statement = await command(page, 'Medication Statement', 'Medication Statement');
    const medication = statement.getByRole('combobox');
    await keyboard.type('atrovastatin');
    await page.getByText('None of these is clearly what you typed.').waitFor();
    await keyboard.press('Enter');
    await page.getByRole('alert').getByText('Nothing was chosen.').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await keyboard.press('Tab');
    await page.getByText('Nothing is chosen for “atrovastatin”.').waitFor();
    assert.equal(await medication.inputValue(), 'atrovastatin');
    assert.deepEqual(await accessibilityFaults(page), []);
    await keyboard.press('Control+Enter');
    await page.waitForFunction(() => document.activeElement?.ariaInvalid === 'true');
    assert.deepEqual([(await noteNow(note)).commands[0].state, await fields()], ['staged', {}]);
    // What is pointed at is chosen.
    await keyboard.press('Enter');
    await page
      .getByRole('option', { name: /atorvastatin/i })
      .first()
      .waitFor();
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await until(async () => /atorvastatin/i.test((await fields()).medication?.text));
    await keyboard.press('Control+Enter');
    await statement.waitFor({ state: 'detached' });

    // What is called exactly so is taken on the way to the next field.
    await end(page).focus();
    const diagnose = await command(page, 'Diagnose', 'Diagnose');
    await keyboard.type('E11.9');
    await page.getByRole('option', { name: /^Type 2 diabetes mellitus without/ }).waitFor();
    await keyboard.press('Tab');
    await until(async () => (await fields(1)).diagnose?.value === 'E11.9');
    await keyboard.press('Control+Enter');
    await diagnose.waitFor({ state: 'detached' });

    // The beginning of a code and the letters of a word are not.
    await end(page).focus();
    await command(page, 'Family', 'Family History');
    await keyboard.type('E11');
    await page
      .getByRole('option', { name: /diabetes/ })
      .first()
      .waitFor();
    await keyboard.press('Enter');
    await page.getByRole('alert').getByText('Nothing was chosen.').waitFor();
    await keyboard.press('Control+a');
    await keyboard.type('colon cancer');
    await page.getByRole('option', { name: /^Malignant neoplasm of colon/ }).waitFor();
    await keyboard.press('Enter');
    await until(async () => (await fields(2)).familyHistory?.value === 'C18.9');

    // A reason is told in words.
    await end(page).focus();
    await command(page, 'cc', 'Reason for Visit');
    await keyboard.type('Cough since the fair');
    await keyboard.press('Tab');
    await until(async () => (await fields(3)).coding?.text === 'Cough since the fair');
    untroubled();
  });

  test('a pharmacy that is missing is added from the list of options, and stands in the directory', async () => {
    const { page, note, untroubled } = await openNote(practice, chart);
    await end(page).focus();
    const form = await command(page, 'rx', 'Prescribe');
    await form.getByLabel('Pharmacy').focus();
    await page.keyboard.type('Hilltop Pharmacy');
    await page.getByText('Nothing found.').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Add a pharmacy' });
    await dialog.getByLabel('Address').fill('7 Hill Street');
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await until(async () => (await noteNow(note)).commands[0].fields.pharmacy?.text === 'Hilltop Pharmacy');
    await page.goto(`${practice.app.url}/directory`);
    await page.getByLabel('Search the directory').fill('hill');
    await page.getByRole('row', { name: /Hilltop Pharmacy 7 Hill Street/ }).press('Enter');
    await page.getByRole('dialog').getByLabel('Phone').fill('+1 740 555 0199');
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: /0199/ }).waitFor();
    const { pharmacy } = (await noteNow(note)).commands[0].fields;
    const { name, type, address, telecom } = await read(`/fhir/R4/Organization/${pharmacy.value}`);
    assert.deepEqual(
      [name, type[0].coding[0].code, address, telecom],
      [
        'Hilltop Pharmacy',
        'PHARM',
        [{ text: '7 Hill Street' }],
        [{ use: 'work', system: 'phone', value: '+1 740 555 0199' }],
      ],
    );
    untroubled();
  });

  test('a visit is billed with codes from the table and as they are, and a line is taken away', async () => {
    const { page, patient, untroubled } = await openNote(practice, chart);
    const billed = async () =>
      (await records('ChargeItem', patient))
        .filter(({ status }: { status: string }) => status !== 'aborted')
        .map((item: { code: { coding: { code: string }[] } }) => item.code.coding[0]?.code)
        .sort();
    const billing = page.getByRole('region', { name: 'Billing' });
    const field = billing.getByRole('combobox', { name: 'Add a code to bill' });
    await field.focus();
    await page.keyboard.type('influenza virus');
    await page.getByRole('option', { name: 'G0008' }).waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.keyboard.press('Enter');
    await billing.getByRole('listitem').filter({ hasText: 'G0008' }).waitFor();
    await field.focus();
    await page.keyboard.type('99213');
    await page.getByRole('option', { name: 'Bill 99213 as it is' }).waitFor();
    await page.keyboard.press('Enter');
    await billing.getByRole('listitem').filter({ hasText: '99213' }).waitFor();
    assert.deepEqual(await billed(), ['99213', 'G0008']);
    await billing.getByRole('button', { name: 'Take G0008 away' }).press('Enter');
    await billing.getByRole('listitem').filter({ hasText: 'G0008' }).waitFor({ state: 'detached' });
    assert.deepEqual(await billed(), ['99213']);
    untroubled();
  });

  test('what was committed is entered in error: it says what that does, and the chart has it so', async () => {
    const { page, patient, note, untroubled } = await openNote(practice, chart, {}, (id) =>
      chart.originate(id, { command: 'diagnose', fields: { diagnose: HYPERTENSION }, commit: true }),
    );
    await fromMenu(page, 'Diagnose', /Enter in error/);
    const dialog = page.getByRole('dialog', { name: 'Enter Diagnose in error?' });
    await dialog.getByText('what it changed is restored').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await dialog.getByRole('button', { name: 'Cancel' }).press('Enter');
    await page.waitForFunction(() => document.activeElement?.ariaLabel === 'More for Diagnose');
    assert.equal((await noteNow(note)).commands[0].state, 'committed');
    await fromMenu(page, 'Diagnose', /Enter in error/);
    await page.waitForFunction(() => document.activeElement?.matches('[role=dialog] input'));
    await page.keyboard.type('Meant for another patient.');
    await page.keyboard.press('Enter');
    await page.getByText('Entered in error', { exact: true }).waitFor();
    await page.getByText('Because: Meant for another patient.').waitFor();
    const [command] = (await noteNow(note)).commands;
    assert.equal(command.state, 'entered-in-error');
    assert.equal(command.enteredInError.reason, 'Meant for another patient.');
    const [condition] = await records('Condition', patient);
    assert.equal(condition.verificationStatus.coding[0].code, 'entered-in-error');
    assert.equal(condition.clinicalStatus, undefined);
    assert.deepEqual(await accessibilityFaults(page), []);
    untroubled();
  });

  test('a command is carried forward below itself, to be written on', async () => {
    const { page, note, untroubled } = await openNote(practice, chart, {}, (id) =>
      chart.originate(id, {
        commands: [
          { command: 'plan', fields: { narrative: 'Walk daily.' }, commit: true },
          { command: 'instruct', fields: {} },
        ],
      }),
    );
    await fromMenu(page, 'Plan', 'Carry forward');
    const form = page.getByRole('form', { name: 'Plan' });
    await form.waitFor();
    await page.waitForFunction(() => document.activeElement?.closest('form')?.ariaLabel === 'Plan');
    await page.keyboard.press('Control+End');
    await page.keyboard.type(' And swim.');
    await until(async () =>
      (await noteNow(note)).commands.some(({ fields }: { fields: { narrative?: string } }) =>
        /And swim/.test(fields.narrative ?? ''),
      ),
    );
    const { commands, body } = await noteNow(note);
    const kind = (line: { command?: string }) => commands.find(({ id }: { id: string }) => id === line.command);
    assert.deepEqual(
      body.map(kind).map(({ command, state, fields }: Record<string, unknown>) => [command, state, fields]),
      [
        ['plan', 'committed', { narrative: 'Walk daily.' }],
        ['plan', 'staged', { narrative: 'Walk daily. And swim.' }],
        ['instruct', 'staged', {}],
      ],
    );
    untroubled();
  });

  test('a note and a command are printed as PDFs once what was typed is saved; the browser’s own print has the whole note', async () => {
    const walk = { command: 'plan', fields: { narrative: 'Walk daily' }, commit: true };
    const seat = await openNote(practice, chart, { dark: true }, (id) => chart.originate(id, walk));
    const { page, context, note, patient, untroubled } = seat;
    const printed = async (path: string, ask: () => Promise<void>): Promise<void> => {
      const answered = context.waitForEvent('response', (response) => response.url().endsWith(path));
      await ask();
      const response = await answered;
      assert.deepEqual([response.status(), await response.headerValue('content-type')], [200, 'application/pdf']);
    };
    await end(page).focus();
    await page.keyboard.type('Seen today.');
    await printed(`/api/notes/${note}/printout.pdf`, () => page.keyboard.press('Control+p'));
    assert.match(JSON.stringify((await noteNow(note)).body), /Seen today\./);
    await printed(`/api/notes/${note}/printout.pdf`, () => page.getByRole('button', { name: 'Print' }).click());
    const { id } = (await noteNow(note)).commands[0];
    await printed(`/api/commands/${id}/printout.pdf`, () => fromMenu(page, 'Plan', 'Print'));
    assert.ok((await chart.types(patient)).includes('PLAN_COMMAND__POST_EXECUTE_ACTION'));

    // Paper is narrower, and nothing can be loaded for it.
    const section = await page.getByRole('region', { name: 'Note' }).first().elementHandle();
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: 720, height: 960 });
    await page.waitForFunction(() => matchMedia('print').matches && innerWidth === 720);
    assert.ok(await section?.evaluate((one) => one.isConnected && /Walk daily/.test(one.textContent ?? '')));
    assert.ok(await page.getByRole('navigation', { name: 'Main' }).isHidden());
    assert.ok(
      await page.getByRole('region', { name: 'Allergies' }).isHidden(),
      'the note is printed without the summary',
    );
    const cut = await page.evaluate(
      () =>
        [...document.querySelectorAll('#root :has(textarea, form, article, li)')].filter(
          (one) => getComputedStyle(one).overflowY !== 'visible',
        ).length,
    );
    assert.equal(cut, 0, 'nothing that scrolls holds a part of the page back');
    untroubled();
  });

  test('lines change places by Alt and arrows, and stay so', async () => {
    const { page, note, untroubled } = await openNote(practice, chart, {}, (id) =>
      chart.originate(id, {
        commands: ['One', 'Two', 'Three'].map((narrative) => ({ command: 'plan', fields: { narrative } })),
      }),
    );
    const { body: before } = await noteNow(note);
    const order = async () => {
      const { body } = await noteNow(note);
      return body
        .map((line: { command?: string }) =>
          before.findIndex((one: { command?: string }) => one.command === line.command),
        )
        .join('');
    };
    assert.equal(await order(), '012');
    await page.getByLabel('Narrative').nth(2).focus();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Alt+ArrowUp');
    await page.keyboard.press('Alt+ArrowUp');
    await until(async () => (await order()) === '201');
    // It goes along with the cursor, which may be in a field.
    await page.getByLabel('Narrative').first().focus();
    await page.keyboard.press('Alt+ArrowDown');
    await until(async () => (await order()) === '021');
    await page.reload();
    await page.waitForFunction(
      () => [...document.querySelectorAll('form textarea')].map((area) => area.textContent).join() === 'One,Three,Two',
    );
    untroubled();
  });

  test('a note is locked with what is staged in it named first, and unlocked to go on', async () => {
    const { page, note, untroubled } = await openNote(practice, chart, {}, (id) =>
      chart.originate(id, { command: 'plan', fields: { narrative: 'To be decided.' } }),
    );
    await page.getByRole('button', { name: 'Lock' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Lock this note?' });
    await dialog.getByText('One command is not committed').waitFor();
    await dialog.getByText('To be decided.').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await dialog.getByRole('button', { name: 'Lock anyway' }).press('Enter');
    await page.getByText('Nothing in it can be changed').waitFor();
    await page.getByRole('form', { name: 'Plan' }).waitFor({ state: 'detached' });
    assert.equal((await noteNow(note)).state, 'locked');
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.getByRole('button', { name: 'Unlock' }).press('Enter');
    const asking = page.getByRole('dialog', { name: 'Unlock this note?' });
    await asking.getByRole('button', { name: 'Unlock' }).press('Enter');
    await asking.getByText('Enter a reason.').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await asking.getByLabel('Reason').fill('The plan is decided.');
    await page.keyboard.press('Control+Enter');
    await page.getByText('“The plan is decided.”').waitFor();
    const narrative = page.getByRole('form', { name: 'Plan' }).getByLabel('Narrative');
    await narrative.fill('Decided.');
    await until(async () => (await noteNow(note)).commands[0].fields.narrative === 'Decided.');
    assert.equal((await noteNow(note)).state, 'open');

    // Somebody changes the command just before the signature arrives: it is shown first, and nothing is signed unseen.
    const [{ id }] = (await noteNow(note)).commands;
    await page.route(`**/api/notes/${note}/sign`, async (route) => {
      await practice.app.ask('PATCH', `/api/commands/${id}`, { body: { fields: { narrative: 'Decided otherwise.' } } });
      await route.continue();
    });
    const sign = async () => {
      await page.getByRole('button', { name: 'Sign', exact: true }).click();
      await page.getByRole('dialog').getByRole('button', { name: /^Sign/ }).click();
    };
    await sign();
    await page.getByText('a command in it changed after you read it').first().waitFor();
    await until(async () => (await narrative.inputValue()) === 'Decided otherwise.');
    assert.equal((await noteNow(note)).state, 'open');
    await page.unroute(`**/api/notes/${note}/sign`);
    await sign();
    await until(async () => (await noteNow(note)).state === 'signed');
    untroubled();
  });

  test('what was signed is shown beside what a note says now, and more goes below it', async () => {
    const ada = await openNote(practice, chart, { name: 'Ada Holm', roles: ['clinician'] }, async (id) => {
      await practice.app.ask('PATCH', `/api/notes/${id}`, {
        body: { body: [{ text: 'No chest pain since Monday.' }] },
      });
      await chart.originate(id, { command: 'plan', fields: { narrative: 'Rest.' }, commit: true });
      // Not committed: what is can't be changed.
      await chart.originate(id, { command: 'questionnaire', fields: { questionnaire: 'phq-2', answers: NEVER } });
    });
    const { page, note, patient } = ada;
    await page.getByRole('button', { name: 'Sign' }).click();
    await page.getByRole('dialog').getByRole('button', { name: /^Sign/ }).click();
    const story = page.getByRole('list', { name: 'Signatures and unlocks' });
    await story.getByText('Signed by Ada Holm').waitFor();

    // Another clinician adds below it; a supervisor unlocks it, and who signs then stands beside the first.
    const ben = await practice.seat(`/patients/${patient}/notes/${note}`, { name: 'Ben Okoro', roles: ['clinician'] });
    await ben.page.getByText('Add an addendum for anything missing.').waitFor();
    assert.equal(await ben.page.getByRole('button', { name: 'Unlock' }).count(), 0);
    await ben.page.getByRole('button', { name: 'Add addendum' }).click();
    await ben.page.keyboard.type('The culture grew nothing.');
    await ben.page.keyboard.press('Control+Enter');
    const addenda = page.getByRole('region', { name: 'Addenda' });
    await addenda.getByText('The culture grew nothing.').waitFor();
    assert.deepEqual(await accessibilityFaults(ben.page), []);
    await ben.page.getByRole('button', { name: 'More for the addendum of Ben Okoro' }).click();
    await ben.page.getByRole('menuitem', { name: /Enter in error/ }).click();
    await ben.page.getByLabel('Reason').fill('Another patient.');
    await ben.page.getByRole('dialog').getByRole('button', { name: 'Enter in error' }).click();
    await addenda.getByText('“Another patient.”').waitFor();

    const eve = await practice.seat(`/patients/${patient}/notes/${note}`, { name: 'Eve Stern', roles: ['supervisor'] });
    await eve.page.getByRole('button', { name: 'Unlock' }).click();
    await eve.page.getByLabel('Reason').fill('She has pain.');
    await eve.page.getByRole('dialog').getByRole('button', { name: 'Unlock' }).click();
    await eve.page.getByLabel('Text of the note').fill('Chest pain since Monday.');
    const asked = eve.page.getByRole('form', { name: 'Questionnaire' });
    await asked.getByText('Several days', { exact: true }).last().click();
    await until(async () => (await noteNow(note)).body[0].text === 'Chest pain since Monday.');
    await until(async () => {
      const { commands } = await noteNow(note);
      return commands.find((one: { command: string }) => one.command === 'questionnaire').version > 1;
    });
    await eve.page.getByRole('button', { name: 'Sign', exact: true }).click();
    await eve.page.getByRole('dialog').getByRole('button', { name: /^Sign/ }).click();
    await story.getByText('Signed by Eve Stern').waitFor();
    await story.getByText('“She has pain.”').waitFor();
    await story.getByText('before the note was unlocked').waitFor();
    await page.getByRole('button', { name: /^Compare with now: Ada Holm/ }).click();
    const compared = page.getByRole('dialog', { name: 'What Ada Holm signed' });
    await compared.getByText('2 lines differ').waitFor();
    await compared.locator('p', { hasText: 'Feeling down, depressed, or hopeless Not at all' }).waitFor();
    assert.deepEqual(await compared.locator('del').allTextContents(), ['No chest', 'Not at all']);
    assert.deepEqual(await compared.locator('ins').allTextContents(), ['Chest', 'Several days']);
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.keyboard.press('Escape');

    // From a line of the note, Ctrl-K still finds a patient.
    await page.locator('[data-line]').first().focus();
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').waitFor();
    await page.keyboard.press('Escape');

    // A locked note gives, too: into an open one, or a new one.
    await fromMenu(page, 'Plan', 'Carry forward');
    const into = page.getByRole('dialog', { name: 'Carry Plan forward' });
    await into.getByLabel('A new note').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await into.getByRole('button', { name: 'Carry forward' }).click();
    await page.getByRole('form', { name: 'Plan' }).waitFor();
    const carried = page.url().split('/').at(-1)!;
    assert.notEqual(carried, note);
    const { commands } = await noteNow(carried);
    assert.deepEqual(
      commands.map(({ state, fields }: Record<string, unknown>) => [state, fields]),
      [['staged', { narrative: 'Rest.' }]],
    );
    for (const seat of [ada, ben, eve]) seat.untroubled();
  });

  test('a supervisor is asked, finds the note on a list, and signs it', async () => {
    const practitioner = async (family: string) =>
      (
        await practice.app.ask('POST', '/fhir/R4/Practitioner', {
          body: { resourceType: 'Practitioner', name: [{ family }] },
        })
      ).json.id;
    const [holm, stern] = [await practitioner('Holm'), await practitioner('Stern')];
    const ada = await openNote(practice, chart, { name: 'Ada Holm', practitioner: holm }, (id) =>
      chart.originate(id, { command: 'plan', fields: { narrative: 'Rest.' }, commit: true }),
    );
    const eve = await practice.seat('/cosign', { name: 'Eve Stern', practitioner: stern, roles: ['clinician'] });
    await eve.page.getByText('Nothing is waiting for you.').waitFor();
    await ada.page.getByRole('button', { name: 'Sign' }).click();
    await ada.page.getByRole('dialog').getByRole('button', { name: 'Sign' }).click();
    await ada.page.getByRole('button', { name: 'Ask for co-signature' }).click();
    await ada.page.getByLabel('Supervisor').selectOption(stern);
    await ada.page.getByLabel('What they should know').fill('My first.');
    assert.deepEqual(await accessibilityFaults(ada.page), []);
    await ada.page.getByRole('button', { name: 'Ask', exact: true }).click();
    await eve.page.getByText('“My first.”').waitFor();
    assert.deepEqual(await accessibilityFaults(eve.page), []);
    await eve.page.getByRole('listitem').filter({ hasText: 'Germain' }).press('Enter');
    await eve.page.getByRole('status').getByText('Ada Holm asks you to co-sign this note.').waitFor();
    assert.deepEqual(await accessibilityFaults(eve.page), []);
    await eve.page.getByRole('button', { name: 'Co-sign', exact: true }).click();
    await ada.page.getByText('co-signer').waitFor();
    const { signatures } = await noteNow(ada.note);
    assert.deepEqual(
      signatures.map(({ by, role }: { by: { display: string }; role: string }) => [by.display, role]),
      [
        ['Ada Holm', 'author'],
        ['Eve Stern', 'co-signer'],
      ],
    );
    for (const seat of [ada, eve]) seat.untroubled();
  });

  test('whoever leaves with words that are not sent is told, and they are sent first', async () => {
    const { page, context, note } = await openNote(practice, chart, {}, (id) =>
      chart.originate(id, { command: 'plan', fields: {} }),
    );
    const leave = async () => {
      await page.getByRole('button', { name: /account/ }).press('Enter');
      await page.getByRole('menuitem', { name: 'Sign out' }).press('Enter');
    };
    await page.getByLabel('Narrative').focus();
    await context.setOffline(true);
    await page.keyboard.type('Not to be lost.');
    await leave();
    const dialog = page.getByRole('dialog', { name: 'Some of what you wrote isn’t saved' });
    await dialog.waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await dialog.getByRole('button', { name: 'Stay signed in' }).press('Enter');
    await dialog.waitFor({ state: 'detached' });
    assert.equal((await noteNow(note)).commands[0].fields.narrative, undefined);
    await context.setOffline(false);
    await leave();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    assert.equal((await noteNow(note)).commands[0].fields.narrative, 'Not to be lost.');
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage).filter((key) => /unsent/.test(key))), []);
  });

  test('options are shown without a plugin that does not answer, and its silence is said', async () => {
    const { page, untroubled } = await openNote(practice, chart);
    await chart.install('drug-prices', SILENT);
    await command(page, 'dx', 'Diagnose');
    await page.keyboard.type('flu');
    await page.getByText('drug-prices did not answer in time').waitFor();
    await page.getByRole('option').first().waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    untroubled();
    await chart.remove('drug-prices');
  });

  test('words that were kept are sent when somebody is back, though their note is not open; what is no more is shown', async () => {
    const { page, context, patient, note } = await openNote(practice, chart, {}, (id) =>
      chart.originate(id, { commands: [{ command: 'plan' }, { command: 'instruct' }] }),
    );
    const kept = () => page.evaluate(() => Object.keys(localStorage).filter((key) => /unsent/.test(key)).length);
    const { commands } = await noteNow(note);
    const narratives = page.getByLabel('Narrative');
    await context.setOffline(true);
    await narratives.first().fill('Kept for later.');
    await page.getByRole('form', { name: 'Instruct' }).getByRole('textbox').last().fill('Words of value.');
    await page.getByText('Saved in this browser, not sent yet').first().waitFor();
    assert.equal((await noteNow(note)).commands[0].fields.narrative, undefined);
    assert.equal(await kept(), 2);
    // A page that is left is let out by the browser's switch: a last try may arrive, unanswered, and is kept all the same.
    await page.goto('about:blank');
    await practice.app.ask('DELETE', `/api/commands/${commands[1].id}`);
    await context.setOffline(false);
    await page.goto(`${practice.app.url}/tasks`);
    await page.getByText('Your unsent work is saved now.').first().waitFor();
    assert.equal((await noteNow(note)).commands[0].fields.narrative, 'Kept for later.');
    const dialog = page.getByRole('dialog', { name: 'Some of what you wrote isn’t saved' });
    await dialog.getByText('Words of value.').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    // It is not let go before it was read.
    assert.equal(await kept(), 1);
    await page.reload();
    await dialog.getByText('Words of value.').waitFor();
    await dialog.getByText('Close', { exact: true }).press('Enter');
    await dialog.waitFor({ state: 'detached' });
    assert.equal(await kept(), 0);
    assert.equal((await page.goto(`${practice.app.url}/patients/${patient}/notes/${note}`))?.status(), 200);
    await page.getByRole('form', { name: 'Plan' }).getByText('Kept for later.').waitFor();
  });
});

const SILENT = `
  import { BaseProtocol, EventType } from 'chartwire/sdk';
  export class Prices extends BaseProtocol {
    static RESPONDS_TO = [EventType.DIAGNOSE__DIAGNOSE__POST_SEARCH];
    async compute() { for (;;) {} }
  }`;
