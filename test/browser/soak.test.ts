// A day of work in one tab: visits, one after the other, and no more memory at its end than when it had begun. Twelve among
// the other tests; `npm run test:long -- browser/soak` makes a hundred.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { CDPSession, Page } from 'playwright-core';
import { charting } from '../server/charting.ts';
import { NO_BROWSER, openPractice, type Practice } from './browser.ts';

const VISITS = Number(process.env.SOAK_VISITS ?? 12);
/** By then every screen of a visit was there, and what is kept is kept. */
const WARM = Math.ceil(VISITS / 2);
const PATIENTS = 5;

interface Footprint {
  /** MiB of objects that are still reached. */
  readonly heap: number;
  /** DOM nodes, also those that are in no page any more and still held. */
  readonly nodes: number;
  readonly listeners: number;
}

describe('a day of visits', { skip: NO_BROWSER }, () => {
  let practice: Practice;
  before(async () => {
    practice = await openPractice();
  });
  after(() => practice.close());

  test(`${VISITS} visits in one tab leave nothing behind`, async (t) => {
    const chart = charting(practice.app);
    const patients: string[] = [];
    while (patients.length < PATIENTS) patients.push(await chart.patient());
    const { page, context, untroubled } = await practice.seat('/patients');
    const devtools = await context.newCDPSession(page);
    let warm: Footprint | undefined;
    const began = Date.now();
    for (let visit = 1; visit <= VISITS; visit++) {
      await makeVisit(page, patients[visit % PATIENTS]!, visit);
      if (visit === WARM) warm = await footprint(devtools);
    }
    const end = await footprint(devtools);
    t.diagnostic(
      `${Math.round((Date.now() - began) / VISITS)} ms a visit; ${text(warm!)} after ${WARM}, ${text(end)} at the end`,
    );
    assert.ok(end.heap < warm!.heap * 1.25 + 2, `the heap grew: ${text(warm!)}, then ${text(end)}`);
    assert.ok(end.nodes < warm!.nodes * 1.25 + 500, `nodes are held: ${text(warm!)}, then ${text(end)}`);
    assert.ok(end.listeners < warm!.listeners * 1.25 + 200, `listeners are held: ${text(warm!)}, then ${text(end)}`);
    untroubled();
  });
});

/** To a chart, a new note with a plan in it, signed, and back to the patients: all within the page. */
async function makeVisit(page: Page, patient: string, visit: number): Promise<void> {
  await within(page, `/patients/${patient}`);
  await page.getByRole('button', { name: 'New note' }).click();
  await page.getByLabel('Write at the end of the note').focus();
  await page.keyboard.press('/');
  await page.getByPlaceholder(/What do you want to do/).waitFor();
  await page.keyboard.type('plan');
  await page.getByRole('option', { name: 'Plan' }).first().waitFor();
  await page.keyboard.press('Enter');
  const plan = page.getByRole('form', { name: 'Plan' });
  await plan.getByRole('textbox').first().fill(`Visit ${visit}: again in two weeks.`);
  await page.keyboard.press('Control+Enter');
  await plan.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign' }).click();
  await page.getByText('Nothing in it can be changed').waitFor();
  await within(page, '/patients');
  await page.getByRole('heading', { name: 'Patients' }).waitFor();
}

/** Another page without loading the document again, as links do it. */
async function within(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => history.pushState(null, '', to), path);
}

async function footprint(devtools: CDPSession): Promise<Footprint> {
  await devtools.send('HeapProfiler.enable');
  await devtools.send('HeapProfiler.collectGarbage');
  await devtools.send('Performance.enable');
  const { metrics } = await devtools.send('Performance.getMetrics');
  const read = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? 0;
  return { heap: read('JSHeapUsedSize') / 2 ** 20, nodes: read('Nodes'), listeners: read('JSEventListeners') };
}

function text({ heap, nodes, listeners }: Footprint): string {
  return `${heap.toFixed(1)} MiB, ${nodes} nodes, ${listeners} listeners`;
}
