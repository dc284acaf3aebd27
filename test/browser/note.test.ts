// The note in a real browser on a real server: written by keyboard, checked by plugins, by two people, without a network.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type Charting, charting } from '../server/charting.ts';
import { until } from '../support/core.ts';
import { accessibilityFaults, NO_BROWSER, openPractice, type Practice, type SeatOptions } from './browser.ts';
import { command, end, openNote } from './note-desk.ts';

describe('the note', { skip: NO_BROWSER }, () => {
  let practice: Practice;
  let chart: Charting;
  before(async () => {
    practice = await openPractice();
    chart = charting(practice.app);
  });
  after(() => practice.close());

  const noteNow = async (id: string) => (await practice.app.ask('GET', `/api/notes/${id}`)).json;
  const open = (options?: SeatOptions) => openNote(practice, chart, options);

  test('is written, committed, billed and signed by keyboard alone', async () => {
    const { page, note, untroubled } = await open();
    await end(page).focus();
    await page.keyboard.type('Came with her daughter.');
    await page.keyboard.press('Enter');
    await command(page, 'cc', 'Reason for Visit');
    await page.keyboard.press('Enter');
    await page.keyboard.type('A cough for three weeks');
    await page.keyboard.press('Control+Enter');
    await until(async () => (await noteNow(note)).commands[0]?.state === 'committed');
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
    await command(page, 'vs', 'Vitals');
    for (const reading of ['148', '92', '', '72', '', '', '', '98.60']) {
      await page.keyboard.type(reading);
      await page.keyboard.press('Enter');
    }
    await page.getByText('High').first().waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByText('148/92 mmHg high').waitFor();
    const { body, commands } = await noteNow(note);
    assert.deepEqual(body, [
      { text: 'Came with her daughter.' },
      { command: commands[0].id },
      { command: commands[1].id },
    ]);
    const readings = { bloodPressureSystole: 148, bloodPressureDiastole: 92, pulse: 72, bodyTemperature: 98.6 };
    assert.deepEqual(commands[1].fields, readings);
    assert.match((await practice.app.ask('GET', `/api/notes/${note}`)).text, /"bodyTemperature":98\.60[,}]/);
    // In the note, and soon in the summary beside it.
    await page.getByText('98.60 °F').first().waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);

    // From line to line, and what a committed one holds.
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Sign' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Sign this note?' }).getByText('All its commands are committed').waitFor();
    await page.keyboard.press('Tab');
    await page.getByRole('dialog').getByRole('button', { name: 'Sign' }).press('Enter');
    await page.getByText('Nothing in it can be changed').waitFor();
    assert.equal((await noteNow(note)).state, 'signed');
    assert.deepEqual(await accessibilityFaults(page), []);
    untroubled();
  });

  test('says at the field what is missing, and goes there', async () => {
    const { page, note, untroubled } = await open();
    await command(page, 'allergy', 'Allergy');
    await page.keyboard.press('Control+Enter');
    await page.getByText('“Substance” is needed.').waitFor();
    await page.waitForFunction(() => document.activeElement?.ariaInvalid === 'true');
    assert.deepEqual(await accessibilityFaults(page), []);
    // Escape comes to the whole of it; Delete takes it away.
    await page.keyboard.press('Escape');
    await page.keyboard.press('Delete');
    await until(async () => (await noteNow(note)).commands.length === 0);
    untroubled();
  });

  test('shows what plugins say where they say it: options, refusals, questions, amendments', async () => {
    await chart.install('formulary', FORMULARY);
    const { page, note, untroubled } = await open({ dark: true });
    const task = await command(page, 'assign', 'Task');
    await page.keyboard.type('forbidden');
    await page.keyboard.press('Tab');
    await page.getByText('Nobody does that here.').first().waitFor();
    await task.getByLabel('Title').fill('abbrev');
    await page.getByText('amended by formulary').waitFor();
    await page.keyboard.press('Tab');
    assert.equal(await task.getByLabel('Title').inputValue(), 'Abbreviated');
    assert.deepEqual(await accessibilityFaults(page), []);
    // One goes on before the answer to a deletion is there: it takes the cursor from nobody.
    const answer = Promise.withResolvers<void>();
    await page.route('**/api/commands/*', async (route) => {
      if (route.request().method() !== 'DELETE') return route.fallback();
      const response = await route.fetch();
      await answer.promise;
      await route.fulfill({ response });
    });
    await page.keyboard.press('Escape');
    await page.keyboard.press('Delete');
    await until(async () => (await noteNow(note)).commands.length === 0);
    await end(page).focus();
    await page.keyboard.press('/');
    const palette = page.getByPlaceholder(/What do you want to do/);
    await palette.fill('pla');
    answer.resolve();
    await task.waitFor({ state: 'detached' });
    await page.keyboard.type('n');
    assert.equal(await palette.inputValue(), 'plan');
    await page.keyboard.press('Escape');

    const plan = await command(page, 'plan', 'Plan');
    await page.keyboard.type('Opium');
    await page.keyboard.press('Control+Enter');
    const because = page.getByRole('form', { name: 'Confirm' });
    await because.getByText('That is unusual.').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.keyboard.type('The patient asked for it');
    await page.keyboard.press('Enter');
    await plan.waitFor({ state: 'detached' });
    const [kept] = (await noteNow(note)).commands;
    assert.equal(kept.state, 'committed');
    assert.equal(kept.overrides[0].reason, 'The patient asked for it');
    await page.getByText('Confirmed against a check').waitFor();
    // What did not run stands there for whoever comes later.
    await page.getByText('One check did not run').waitFor();
    await page.reload();
    await page.getByRole('button', { name: /One check did not run: formulary/ }).press('Enter');
    await page.getByText(/Doses did not run when it was committed: .*out of order/).waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await end(page).focus();

    await command(page, 'dx', 'Diagnose');
    await page.keyboard.type('flu');
    const first = page.getByRole('option').first();
    await first.getByText('seen here a lot').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.keyboard.press('Enter');
    await until(async () => (await noteNow(note)).commands[1]?.fields.diagnose !== undefined);
    untroubled();
    await chart.remove('formulary');
  });

  test('is written by two at once: each sees the other’s commands and words, and nobody’s are lost', async () => {
    const one = await open({ name: 'Ada Holm' });
    const other = await practice.seat(`/patients/${one.patient}/notes/${one.note}`, { name: 'Ben Okoro' });
    await end(other.page).waitFor();
    await command(one.page, 'plan', 'Plan');
    await one.page.keyboard.type('Rest.');
    await other.page.getByRole('form', { name: 'Plan' }).getByText('Rest.').waitFor();

    // Both in the same field: both sides are shown, and one chooses.
    await other.page.getByLabel('Narrative').fill('Rest and fluids.');
    await one.page.keyboard.type(' And tea.');
    const told = (page: Page) => page.getByText('Someone else changed this');
    const loser = await Promise.any(
      [one.page, other.page].map((page) =>
        told(page)
          .waitFor()
          .then(() => page),
      ),
    );
    assert.deepEqual(await accessibilityFaults(loser), []);
    const mine = await loser.getByLabel('Narrative').inputValue();
    await loser.getByRole('button', { name: 'Keep mine' }).click();
    await until(async () => (await noteNow(one.note)).commands[0].fields.narrative === mine);

    await end(other.page).click();
    await other.page.keyboard.type('Written by Ben.');
    await one.page.getByText('Written by Ben.').waitFor();
    one.untroubled();
    other.untroubled();
  });

  test('keeps what is typed while there is no network, over a reload, and sends it when there is one', async () => {
    const { page, context, note } = await open();
    const form = await command(page, 'hpi', 'History of Present Illness');
    await page.keyboard.type('Before. ');
    await form.page().getByText('Saved').first().waitFor();
    await context.setOffline(true);
    await page.keyboard.type('While away. ', { delay: 20 });
    await page.getByText('Saved in this browser, not sent yet').first().waitFor();
    await page.keyboard.type('Still typing');
    await context.setOffline(false);
    await page.keyboard.type(' and on.');
    await page.reload();
    const text = 'Before. While away. Still typing and on.';
    await page.waitForFunction((all) => document.querySelector('form textarea')?.textContent === all, text);
    await until(async () => (await noteNow(note)).commands[0].fields.narrative === text);
    await page.waitForFunction(() => !Object.keys(localStorage).some((key) => key.startsWith('chartwire.unsent')));
  });

  test('stays quick with 40 commands in it', async (t) => {
    const patient = await chart.patient();
    const note = await chart.note(patient);
    const commands = Array.from({ length: 40 }, (_, at) => ({ command: 'plan', fields: { narrative: `Plan ${at}` } }));
    assert.equal((await chart.originate(note, { commands })).status, 201);
    const { page, untroubled } = await practice.seat(`/patients/${patient}/notes/${note}`);
    const last = page.getByLabel('Narrative').last();
    await last.fill('Plan 39.');
    await page.evaluate(() => {
      const slow: number[] = [];
      Object.assign(window, { slow });
      new PerformanceObserver((list) => slow.push(...list.getEntries().map(({ duration }) => duration))).observe({
        type: 'event',
        durationThreshold: 16,
      } as PerformanceObserverInit);
    });
    await last.focus();
    await page.keyboard.type(' The patient is to come back in two weeks, sooner if it gets worse.');
    await until(async () => /sooner/.test((await noteNow(note)).commands[39].fields.narrative));
    const slow = await page.evaluate(() => (window as unknown as { slow: number[] }).slow);
    t.diagnostic(`slowest keystroke to next paint: ${Math.max(16, ...slow)} ms`);
    untroubled();
  });
});

/** Answers whatever it is asked, each in another way; one does not. */
const FORMULARY = `
  import * as sdk from 'chartwire/sdk';
  const { BaseProtocol, EventType } = sdk;
  export class Titles extends BaseProtocol {
    static RESPONDS_TO = [EventType.TASK_COMMAND__PRE_UPDATE];
    async compute() {
      const { title = '' } = this.event.context.proposed;
      if (title === 'forbidden') return [sdk.refuse('Nobody does that here.', { field: 'title' })];
      return title === 'abbrev' ? [sdk.amend({ title: 'Abbreviated' })] : [];
    }
  }
  export class Plans extends BaseProtocol {
    static RESPONDS_TO = [EventType.PLAN_COMMAND__PRE_COMMIT];
    async compute() { return [sdk.confirm('That is unusual.', { field: 'narrative' })]; }
  }
  export class Doses extends BaseProtocol {
    static RESPONDS_TO = [EventType.PLAN_COMMAND__PRE_COMMIT];
    async compute() { throw new Error('out of order'); }
  }
  export class Often extends BaseProtocol {
    static RESPONDS_TO = [EventType.DIAGNOSE__DIAGNOSE__POST_SEARCH];
    async compute() {
      const [first] = this.event.context.results;
      return first ? [sdk.annotate(first.value, 'seen here a lot')] : [];
    }
  }`;
