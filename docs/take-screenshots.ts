// `npm run screenshots`: every page of the browser's chart as it is, in light and dark, with the demo's patients. Into
// docs/screenshots/.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { NO_BROWSER, openPractice, type Practice } from '../test/browser/browser.ts';
import { SHARED_SERVER, startTestServer } from '../test/support/server.ts';

const FOLDER = join(import.meta.dirname, 'screenshots');

/** What the pictures show, by FHIR ids; the event is that of the report. */
interface Scene {
  readonly patient: string;
  readonly note: string;
  readonly event: string;
}

interface Shot {
  readonly name: string;
  readonly path: (scene: Scene) => string;
  /** What is there when the page is. */
  readonly there: (page: Page) => Promise<unknown>;
}

const heading = (name: string) => (page: Page) => page.getByRole('heading', { name, exact: true }).first().waitFor();

const SHOTS: readonly Shot[] = [
  { name: 'today', path: () => '/', there: heading('Today') },
  { name: 'patients', path: () => '/patients', there: heading('Patients') },
  {
    name: 'chart',
    path: ({ patient }) => `/patients/${patient}`,
    there: (page) => page.getByRole('button', { name: 'New note' }).waitFor(),
  },
  {
    name: 'profile',
    path: ({ patient }) => `/patients/${patient}/profile`,
    there: (page) => page.waitForLoadState('networkidle'),
  },
  {
    name: 'note',
    path: ({ patient, note }) => `/patients/${patient}/notes/${note}`,
    there: (page) => page.getByLabel('Write at the end of the note').waitFor(),
  },
  { name: 'inbox', path: () => '/inbox', there: heading('Inbox') },
  { name: 'tasks', path: () => '/tasks?whose=all', there: heading('Tasks') },
  { name: 'messages', path: () => '/messages', there: heading('Messages') },
  { name: 'plugins', path: () => '/plugins', there: heading('Plugins') },
  { name: 'plugin', path: () => '/plugins/abnormal-lab-task', there: heading('abnormal-lab-task') },
  { name: 'events', path: () => '/events', there: heading('Events') },
  {
    name: 'event',
    path: ({ event }) => `/events/${event}`,
    there: (page) => page.getByText('abnormal-lab-task').first().waitFor(),
  },
  { name: 'audit', path: () => '/audit', there: heading('Audit') },
  { name: 'users', path: () => '/users', there: heading('Users') },
  { name: 'account', path: () => '/account', there: heading('Account') },
];

if (NO_BROWSER) throw new Error(NO_BROWSER);
const server = await startTestServer();
process.env[SHARED_SERVER] = JSON.stringify(server.connection);
try {
  await mkdir(FOLDER, { recursive: true });
  const practice = await openPractice({ demo: true }, { showsPdf: true });
  try {
    const scene = await prepare(practice);
    for (const dark of [false, true]) await take(practice, scene, dark ? 'dark' : 'light');
  } finally {
    await practice.close();
  }
} finally {
  await server.stop();
}

async function take(practice: Practice, scene: Scene, theme: 'light' | 'dark'): Promise<void> {
  const { page } = await practice.seat('/', { name: 'Helen Park, MD', dark: theme === 'dark' });
  for (const { name, path, there } of SHOTS) {
    await page.goto(practice.app.url + path(scene));
    await there(page);
    await page.waitForLoadState('load');
    // The lines of charts are drawn after the page is there.
    await page.waitForTimeout(1_500);
    await page.screenshot({ path: join(FOLDER, `${name}-${theme}.png`) });
    console.log(`${name}-${theme}.png`);
  }
}

/** A visit under way, and an abnormal report that a plugin answers. */
async function prepare({ app }: Practice): Promise<Scene> {
  const patient = (await app.ask('GET', '/api/patients?query=Walter%20Kowalski&limit=1')).json.items[0].id;
  const note = (await app.ask('POST', '/api/notes', { body: { patient, title: 'Heart failure follow-up' } })).json.id;
  const commands = [
    { command: 'reasonForVisit', fields: { comment: 'Breathless on the stairs since Monday' }, commit: true },
    {
      command: 'hpi',
      fields: { narrative: 'Two pillows at night, up from one. Salted soup most days. No chest pain.' },
      commit: true,
    },
    { command: 'vitals', fields: { bloodPressureSystole: 148, bloodPressureDiastole: 92, pulse: 88 }, commit: true },
    { command: 'diagnose', fields: { diagnose: { value: 'I50.22' } } },
    {
      command: 'plan',
      fields: { narrative: 'Furosemide 40 mg twice a day for three days, weigh every morning, call on Thursday.' },
    },
  ];
  const written = await app.ask('POST', `/api/notes/${note}/commands`, { body: { commands } });
  if (written.status !== 201) throw new Error(written.text);
  const values = [
    { code: '2823-3', display: 'Potassium', value: 5.6, unit: 'mmol/L', high: 5.1, interpretation: 'H' },
    { code: '2160-0', display: 'Creatinine', value: 1.7, unit: 'mg/dL', high: 1.3, interpretation: 'H' },
    { code: '2951-2', display: 'Sodium', value: 138, unit: 'mmol/L', low: 136, high: 145 },
  ];
  const filed = await fileReport(app, patient, {
    as: 'lab-report',
    title: 'Basic metabolic panel',
    code: { code: '51990-0' },
    values,
  });
  const { json } = await app.ask('GET', `/api/events?type=LAB_REPORT_CREATED&target=${filed}`);
  return { patient, note, event: json.items[0].id };
}

async function fileReport(app: Practice['app'], patient: string, body: object): Promise<string> {
  const pdf = '%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF';
  const upload = (title: string) =>
    app.ask('POST', `/api/inbox?title=${encodeURIComponent(title)}`, {
      body: pdf,
      headers: { 'content-type': 'application/pdf' },
    });
  const { json } = await upload('Basic metabolic panel');
  await upload('Cardiology letter');
  await app.ask('POST', `/api/inbox/${json.id}/match`, { body: { patient } });
  const filed = await app.ask('POST', `/api/inbox/${json.id}/file`, { body });
  if (filed.status !== 201) throw new Error(filed.text);
  return filed.json.report;
}
