// The inbox in a real browser on a real server: a document filed by keyboard, a result reviewed with a word to the patient.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { until } from '../support/core.ts';
import { accessibilityFaults, NO_BROWSER, openPractice, type Practice } from './browser.ts';

describe('the inbox', { skip: NO_BROWSER }, () => {
  let practice: Practice;
  before(async () => {
    practice = await openPractice({}, { showsPdf: true });
  });
  after(() => practice.close());

  async function patient(family: string): Promise<string> {
    const body = { resourceType: 'Patient', name: [{ family, given: ['Ada'] }], birthDate: '1950-03-04' };
    return (await practice.app.ask('POST', '/fhir/R4/Patient', { body })).json.id;
  }
  const recordsOf = async (type: string, who: string) =>
    ((await practice.app.ask('GET', `/fhir/R4/${type}?subject=Patient/${who}`)).json.entry ?? []).map(
      // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of it
      ({ resource }: any) => resource,
    );
  /** Chooses files as whoever presses Upload does. */
  async function upload(page: Page, ...files: { name: string; mimeType: string; buffer: Buffer }[]) {
    const choosing = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Upload' }).click();
    await (await choosing).setFiles(files);
  }
  /** Waits for the answer that is wanted to be the first, and takes it. */
  async function pick(page: Page, words: string, answer: RegExp) {
    await page.keyboard.type(words);
    const answers = page.getByRole('listbox');
    await answers.getByRole('option').first().filter({ hasText: answer }).waitFor();
    await page.keyboard.press('Enter');
    await answers.waitFor({ state: 'detached' });
  }
  const focused = (page: Page, label: string) =>
    page.waitForFunction((name) => {
      const { activeElement } = document;
      const labels = (activeElement as HTMLInputElement | null)?.labels ?? [];
      return activeElement?.ariaLabel === name || [...labels].some(({ textContent }) => textContent?.startsWith(name));
    }, label);

  test('an empty inbox says what it is for', async () => {
    const { page, untroubled } = await practice.seat('/inbox');
    await page.getByText('No documents to file.').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await upload(page, { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('not a document') });
    await page
      .getByText(/application\/pdf/)
      .first()
      .waitFor();
    untroubled();
  });

  test('a PDF is uploaded, shown, matched and filed as a lab report by keyboard', async () => {
    const who = await patient('Quillfeather');
    const { page, untroubled } = await practice.seat('/inbox');
    await page.getByRole('heading', { name: 'Inbox' }).waitFor();
    await upload(page, { name: 'Lipids of May.pdf', mimeType: 'application/pdf', buffer: PDF });
    await page.getByRole('heading', { name: 'Lipids of May' }).waitFor();
    // The browser's own viewer shows it, in a frame of the same origin.
    const [, id] = /\/inbox\/(.+)$/.exec(page.url()) ?? [];
    await until(async () => page.frames().some((frame) => frame.url().includes(`/api/inbox/${id}/content`)));

    await focused(page, 'Patient');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Choose a patient before you file it.').waitFor();
    await pick(page, 'quillf', /Ada Quillfeather/);
    await page.getByRole('list', { name: 'Documents' }).getByText('Ada Quillfeather').waitFor();
    await page.getByRole('radio', { name: 'Lab report' }).focus();
    await page.keyboard.press('Tab');
    await focused(page, 'Title');
    assert.equal(await page.getByLabel('Title').inputValue(), 'Lipids of May');
    await page.getByLabel('Date').fill('2026-05-04');
    await page.getByLabel('Panel').focus();
    await pick(page, '24331-1', /Lipid/);
    await page.keyboard.press('Tab');
    await focused(page, 'Test 1');
    await pick(page, '2089-1', /Cholesterol in LDL/);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Its value is missing.').waitFor();
    await focused(page, 'Value 1');
    for (const [label, typed] of [
      ['Value 1', '190.0'],
      ['Unit 1', 'mg/dL'],
      ['Range 1', '<= 130'],
    ] as const) {
      await focused(page, label);
      await page.keyboard.type(typed);
      await page.keyboard.press('Tab');
    }
    assert.equal(await page.getByLabel('Flag 1').inputValue(), 'H');
    await page.keyboard.press('Enter');
    await focused(page, 'Test 2');
    await pick(page, '2085-9', /Cholesterol in HDL/);
    await page.keyboard.press('Tab');
    await page.keyboard.type('<10 L');
    assert.equal(await page.getByLabel('Flag 2').inputValue(), 'L', 'as it is printed');
    await page.getByText('Number <10', { exact: true }).waitFor();
    // What may be one number or another is asked about; so is a vital sign that nobody has.
    await page.getByLabel('Value 2', { exact: true }).fill('1,234');
    await page.getByRole('button', { name: '1234', exact: true }).waitFor();
    await page.getByText('Saved as text').waitFor();
    await page.getByRole('button', { name: '1.234', exact: true }).click();
    assert.equal(await page.getByLabel('Value 2', { exact: true }).inputValue(), '1.234');
    await page.getByLabel('Test 3').focus();
    await pick(page, '8310-5', /Body temperature/);
    await page.getByLabel('Value 3', { exact: true }).fill('7.5 C');
    await page.getByText('Check this: it is no number.').waitFor();
    await page.getByRole('button', { name: '7.5 °C', exact: true }).click();
    await page.getByText('Check this: it is not between 85 and 107 °F.').waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByText('Correct it, or confirm that it’s right.').waitFor();
    await page.getByLabel('Value 3', { exact: true }).fill('37.5 °C');
    await page.getByText('Check this').waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Remove value 3' }).click();
    await page.getByLabel('Value 2', { exact: true }).focus();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('not enough blood');
    await page.getByText('Saved as text').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.keyboard.press('Control+Enter');
    await page.getByText('Lab report of Ada Quillfeather').first().waitFor();
    await page.getByText('No documents to file.').waitFor();

    const [report] = await recordsOf('DiagnosticReport', who);
    assert.equal(report.code.text, 'Lipids of May');
    assert.deepEqual([report.code.coding[0].code, report.effectiveDateTime], ['24331-1', '2026-05-04']);
    const values = await recordsOf('Observation', who);
    const [ldl, hdl] = ['2089-1', '2085-9'].map((code) =>
      values.find((value: { code: { coding: { code: string }[] } }) => value.code.coding[0]?.code === code),
    );
    assert.deepEqual(
      [ldl.valueQuantity, ldl.referenceRange, ldl.interpretation[0].coding[0].code],
      [{ value: 190, unit: 'mg/dL' }, [{ high: { value: 130, unit: 'mg/dL' }, text: '<= 130' }], 'H'],
    );
    assert.equal(hdl.valueString, 'not enough blood');
    const { text } = await practice.app.ask('GET', `/fhir/R4/Observation/${ldl.id}`);
    assert.match(text, /"valueQuantity":\{"value":190\.0,/);
    untroubled();
  });

  test('what was entered stays while one looks at another; a picture is filed as imaging; one is discarded', async () => {
    const who = await patient('Ostrander');
    const { page, untroubled } = await practice.seat('/inbox', { dark: true });
    await page.getByRole('heading', { name: 'Inbox' }).waitFor();
    await upload(
      page,
      { name: 'Chest film.png', mimeType: 'image/png', buffer: PNG },
      { name: 'Advertisement.pdf', mimeType: 'application/pdf', buffer: PDF },
    );
    await page.getByRole('heading', { name: 'Advertisement' }).waitFor();
    await page.getByRole('list', { name: 'Documents' }).getByText('Chest film').click();
    await page.getByRole('img', { name: 'Chest film' }).waitFor();
    await focused(page, 'Patient');
    await pick(page, 'ostran', /Ada Ostrander/);
    await page.getByRole('radio', { name: 'Lab report' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByLabel('What it says').fill('No infiltrate.');
    await page.getByRole('list', { name: 'Documents' }).getByText('Advertisement').click();
    await page.getByRole('heading', { name: 'Advertisement' }).waitFor();
    await page.getByRole('button', { name: 'Discard', exact: true }).click();
    const asked = page.getByRole('dialog', { name: 'Discard this document?' });
    await asked.waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    // Also where the event of it comes before the answer, one goes on with the next document.
    await page.route('**/api/inbox/*', async (route) => {
      if (route.request().method() !== 'DELETE') return route.fallback();
      const response = await route.fetch();
      await page.waitForTimeout(700);
      await route.fulfill({ response });
    });
    await asked.getByRole('button', { name: 'Discard document' }).press('Enter');
    await page.getByRole('heading', { name: 'Chest film' }).waitFor();
    assert.equal(await page.getByLabel('What it says').inputValue(), 'No infiltrate.');
    await page.getByRole('button', { name: 'File document' }).click();
    await page.getByText('Imaging report of Ada Ostrander').first().waitFor();
    const [report] = await recordsOf('DiagnosticReport', who);
    assert.deepEqual([report.category[0].coding[0].code, report.conclusion], ['RAD', 'No infiltrate.']);
    untroubled();
  });

  test('a value without a code is filed by its name, a paper that is no report as a document, and one filed says so', async () => {
    const who = await patient('Zonder');
    const { page, untroubled } = await practice.seat('/inbox');
    await page.getByRole('heading', { name: 'Inbox' }).waitFor();
    await upload(page, { name: 'Research panel.pdf', mimeType: 'application/pdf', buffer: PDF });
    await page.getByRole('heading', { name: 'Research panel' }).waitFor();
    const address = page.url();
    await page.getByLabel(/^Patient\b/).focus();
    await pick(page, 'zonder', /Ada Zonder/);
    await page.getByLabel('Test 1').focus();
    await pick(page, 'zonulin', /zonulin.*As typed/);
    await page.keyboard.press('Tab');
    await page.keyboard.type('42.5');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Lab report of Ada Zonder').first().waitFor();
    const [value] = await recordsOf('Observation', who);
    assert.deepEqual([value.code, value.valueQuantity.value], [{ text: 'zonulin' }, 42.5]);

    await page.goto(address);
    await page.getByText('“Research panel” was filed').waitFor();
    await upload(page, { name: 'Insurance card.png', mimeType: 'image/png', buffer: PNG });
    await page.getByRole('heading', { name: 'Insurance card' }).waitFor();
    await page.getByLabel(/^Patient\b/).focus();
    await pick(page, 'zonder', /Ada Zonder/);
    await page.getByRole('radio', { name: 'Document' }).press('Space');
    await page.getByLabel('Test 1').waitFor({ state: 'detached' });
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.keyboard.press('Control+Enter');
    await page.getByText('Document of Ada Zonder').first().waitFor();
    const documents = await recordsOf('DocumentReference', who);
    const card = documents.find((one: { status: string }) => one.status === 'current');
    assert.equal(card.content[0].attachment.title, 'Insurance card');
    untroubled();
  });

  test('a result is reviewed by a key, with a word to the patient or a task', async () => {
    const who = await patient('Lindenmayer');
    for (const title of ['Potassium today', 'Potassium again']) {
      const { id } = (await practice.app.ask('POST', '/fhir/R4/Observation', { body: potassium(who) })).json;
      const report = await practice.app.ask('POST', '/fhir/R4/DiagnosticReport', { body: reportOf(who, title, id) });
      assert.equal(report.status, 201, report.text);
    }
    const { page, untroubled } = await practice.seat('/inbox?tab=results');
    const list = page.getByRole('list', { name: 'Results' });
    await list.getByText('Potassium today').waitFor();
    await list.getByText('Potassium again').click();
    const pane = page.getByRole('article', { name: 'Potassium again' });
    await pane.getByText('6.1').waitFor();
    await pane.getByText('High').first().waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);

    await page.keyboard.press('c');
    const making = page.getByRole('dialog', { name: 'Create task' });
    await making.waitFor();
    await page.keyboard.type('Repeat the potassium');
    await making.getByRole('button', { name: 'Create' }).click();
    await making.waitFor({ state: 'detached' });
    const [task] = await recordsOf('Task', who);
    assert.match(task.focus.reference, /^DiagnosticReport\//);

    await page.keyboard.press('m');
    const writing = page.getByRole('dialog', { name: 'Write to Ada Lindenmayer' });
    await writing.waitFor();
    await focused(page, 'Message');
    await page.keyboard.type('Please come for another blood test.');
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.keyboard.press('Control+Enter');
    // What is below a dialog is hidden from roles: it has to close before the list can be asked.
    await writing.waitFor({ state: 'detached' });
    await list.getByText('Potassium today').waitFor();
    await list.getByText('Potassium again').waitFor({ state: 'detached' });
    const { items } = (await practice.app.ask('GET', `/api/messages/${who}`)).json;
    assert.deepEqual([items[0].text, items[0].topic], ['Please come for another blood test.', 'Potassium again']);

    await page.getByRole('article', { name: 'Potassium today' }).waitFor();
    await page.getByLabel('Comment, for the record').fill('Seen before.');
    await page.keyboard.press('Enter');
    await list.getByText('Potassium today').waitFor({ state: 'detached' });
    await page.getByLabel('Which results').selectOption('reviewed');
    await list.getByText('Potassium today').click();
    await page.getByText('Reviewed by Robin Vale').waitFor();
    await page.getByText('Seen before.').waitFor();
    untroubled();
  });

  test('a contained critical value is seen in the list and in the report; a corrected report comes back with its review', async () => {
    const who = await patient('Averill');
    const { subject: _, ...value } = { ...potassium(who), id: 'k', valueQuantity: { value: 6.9, unit: 'mmol/L' } };
    const [{ coding }] = value.interpretation as [{ coding: object[] }];
    const critical = { ...value, interpretation: [{ coding: [{ ...coding[0], code: 'HH' }] }] };
    const body = { ...reportOf(who, 'Salts', ''), contained: [critical], result: [{ reference: '#k' }] };
    const { id } = (await practice.app.ask('POST', '/fhir/R4/DiagnosticReport', { body })).json;
    const { page, untroubled } = await practice.seat('/inbox');
    // The inbox says that it waits, whatever is open there.
    await page.getByRole('tab', { name: /Results to review \d+\s+\d+ critical/ }).click();
    const row = page.getByRole('list', { name: 'Results' }).getByRole('listitem').filter({ hasText: 'Ada Averill' });
    await row.getByText('1 critical').waitFor();
    await row.getByText('Salts').click();
    const pane = page.getByRole('article', { name: 'Salts' });
    await pane.getByRole('row', { name: /Potassium.*6.9.*Critically high/ }).waitFor();
    await pane.getByLabel('Comment, for the record').fill('Phoned.');
    await page.keyboard.press('Enter');
    await row.waitFor({ state: 'detached' });

    const read = (await practice.app.ask('GET', `/fhir/R4/DiagnosticReport/${id}`)).json;
    read.contained[0].valueQuantity.value = 4.6;
    read.contained[0].interpretation = [{ coding: [{ ...coding[0], code: 'N' }] }];
    const put = await practice.app.ask('PUT', `/fhir/R4/DiagnosticReport/${id}`, {
      body: { ...read, status: 'corrected' },
    });
    assert.equal(put.status, 200, put.text);
    await row.getByText('changed since review').waitFor();
    await row.getByText('Salts').click();
    await pane.getByText('Changed since it was reviewed: review it again.').waitFor();
    await pane.getByText(/Version 1 was reviewed by Robin Vale.*Phoned\./).waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.keyboard.press('r');
    await row.waitFor({ state: 'detached' });
    untroubled();
  });

  test('a critical value without a report is reviewed by itself', async () => {
    const who = await patient('Lovell');
    const interpretation = [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation', code: 'HH' }] },
    ];
    const value = { ...potassium(who), interpretation, valueQuantity: { value: 6.9, unit: 'mmol/L' } };
    const make = async (effectiveDateTime: string): Promise<void> => {
      const made = await practice.app.ask('POST', '/fhir/R4/Observation', { body: { ...value, effectiveDateTime } });
      assert.equal(made.status, 201, made.text);
    };
    await make(new Date().toISOString());
    const { page, untroubled } = await practice.seat(`/patients/${who}`);
    const top = page.getByRole('list', { name: 'Critical' });
    const line = page.getByRole('region', { name: 'Timeline' });
    await line.getByRole('button', { name: /Potassium 6.9 mmol\/L critically high/ }).waitFor();
    await top.getByRole('button', { name: /Potassium 6.9.*in no report, not reviewed/ }).click();
    await page.getByRole('link', { name: 'Review it' }).click();
    const row = page.getByRole('list', { name: 'Results' }).getByRole('listitem').filter({ hasText: 'Ada Lovell' });
    await row.getByText('6.9 mmol/L').waitFor();
    await row.getByText('Critically high').waitFor();
    const pane = page.getByRole('article', { name: 'Potassium' });
    await pane.getByRole('row', { name: /Potassium.*6.9.*Critically high/ }).waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.keyboard.press('r');
    await row.waitFor({ state: 'detached' });
    await page.goto(`${practice.app.url}/patients/${who}`);
    await line.getByRole('button', { name: /Potassium 6.9/ }).waitFor();
    assert.equal(await top.getByText(/Potassium/).count(), 0);
    untroubled();

    // Too old for the inbox: it is reviewed in the chart.
    const old = await patient('Boole');
    await practice.app.ask('POST', '/fhir/R4/Observation', {
      body: { ...value, subject: { reference: `Patient/${old}` }, effectiveDateTime: '2019-05-04' },
    });
    await page.goto(`${practice.app.url}/patients/${old}`);
    await top.getByRole('button', { name: /Potassium 6.9.*in no report, not reviewed/ }).click();
    await page.getByRole('button', { name: 'Mark as reviewed' }).click();
    await page.getByRole('dialog').getByText('Robin Vale').first().waitFor();
    await page.keyboard.press('Escape');
    await top.waitFor({ state: 'detached' });
    untroubled();
  });
});

/** One page with nothing on it. */
const PDF = Buffer.from(
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n' +
    '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
);
/** One grey point. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
);

const potassium = (who: string) => ({
  resourceType: 'Observation',
  status: 'final',
  category: [
    { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }] },
  ],
  code: { text: 'Potassium', coding: [{ system: 'http://loinc.org', code: '2823-3' }] },
  subject: { reference: `Patient/${who}` },
  effectiveDateTime: '2026-05-04',
  valueQuantity: { value: 6.1, unit: 'mmol/L' },
  referenceRange: [{ low: { value: 3.5 }, high: { value: 5.1 } }],
  interpretation: [
    { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation', code: 'H' }] },
  ],
});

const reportOf = (who: string, title: string, value: string) => ({
  resourceType: 'DiagnosticReport',
  status: 'final',
  category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0074', code: 'LAB' }] }],
  code: { text: title },
  subject: { reference: `Patient/${who}` },
  effectiveDateTime: '2026-05-04',
  result: [{ reference: `Observation/${value}` }],
});
