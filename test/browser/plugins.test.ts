// Plugins and events in the browser: a plugin is installed by its file, fails, and is tried again; an event's story is
// followed from a task up to the report that led to it, and down again.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { packPlugin } from '#plugin-host/package.ts';
import { charting } from '../server/charting.ts';
import { until } from '../support/core.ts';
import { accessibilityFaults, NO_BROWSER, openPractice, type Practice } from './browser.ts';

const EXAMPLE = new URL('../../examples/abnormal-lab-task/', import.meta.url);

/** Refuses to work until it is upgraded; then it also sends a request, to where none may go. */
const source = (mended: boolean): string => `
import { addBannerAlert, BaseProtocol, EventType, httpRequest } from 'chartwire/sdk';
export class Greet extends BaseProtocol.on(EventType.PATIENT_CREATED) {
  compute() {
    this.log.info('greeting');
    ${mended ? '' : "throw new Error('out of greetings');"}
    return [
      addBannerAlert({ patient: this.event.target.id, key: 'hello', narrative: 'Say hello', intent: 'info' }),
      httpRequest({ method: 'POST', url: 'https://localhost:9/greetings', body: { hello: true }, tag: 'hello' }),
    ];
  }
}`;

describe('plugins and events', { skip: NO_BROWSER }, () => {
  let practice: Practice;
  let folder: string;
  before(async () => {
    practice = await openPractice({ retryPolicy: { waits: [] } });
    folder = await mkdtemp(join(tmpdir(), 'chartwire-greeter-'));
  });
  after(async () => {
    await practice.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function packed(version: string, scopes: readonly string[], mended: boolean): Promise<string> {
    const from = await written('greeter', version, scopes, mended);
    const file = join(folder, `greeter-${version}.tgz`);
    await writeFile(file, await packPlugin(from));
    return file;
  }

  /** The folder of a plugin. */
  async function written(name: string, version: string, scopes: readonly string[], mended: boolean): Promise<string> {
    const from = join(folder, `${name}-${version}`);
    await mkdir(join(from, 'src'), { recursive: true });
    const network = mended ? ['localhost:9'] : [];
    const manifest = { name, version, description: 'Greets who is new.', entry: 'src/index.ts', scopes, network };
    await writeFile(join(from, 'chartwire.json'), JSON.stringify(manifest));
    await writeFile(join(from, 'src/index.ts'), source(mended));
    return from;
  }

  const choose = (page: Page, file: string): Promise<void> =>
    page.getByLabel('Package of a plugin').setInputFiles(file);
  const clean = async (page: Page): Promise<void> => assert.deepEqual(await accessibilityFaults(page), []);

  test('a package is looked at, installed, fails, is upgraded, and what was given up is tried again', async () => {
    const { page, untroubled } = await practice.seat('/plugins');
    await page.getByText('No plugin is installed.').waitFor();
    await clean(page);

    await choose(page, await packed('1.0.0', ['patient/Flag.cr'], false));
    const first = page.getByRole('dialog', { name: 'Install greeter' });
    await first.getByText('Make and read banners of the chart its event is about').waitFor();
    await first.getByText('A patient was created').waitFor();
    await clean(page);
    await first.getByRole('button', { name: 'Install' }).click();
    await page.getByRole('heading', { name: 'greeter', level: 1 }).waitFor();

    const made = await practice.app.ask('POST', '/fhir/R4/Patient', {
      body: { resourceType: 'Patient', name: [{ family: 'Aster', given: ['June'] }] },
    });
    assert.equal(made.status, 201, made.text);
    await page.getByText('1 dead letter', { exact: true }).waitFor();
    await page.getByText('handler.threw').waitFor();
    await clean(page);

    await page.getByRole('tab', { name: 'Executions' }).click();
    await page.getByRole('row').filter({ hasText: 'failed' }).click();
    const run = page.getByRole('dialog', { name: 'Greet' });
    await run.getByText('src/index.ts, line 6').waitFor();
    await run.getByText('greeting', { exact: true }).waitFor();
    await clean(page);
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: 'Log' }).click();
    await page.getByText('greeting', { exact: true }).waitFor();
    await page.getByRole('tab', { name: 'Dead letters' }).click();
    await page.getByText('out of greetings').waitFor();
    await clean(page);

    await page.goto(`${practice.app.url}/plugins`);
    await page.getByRole('row').filter({ hasText: 'greeter' }).getByText('1 dead letter').waitFor();
    await clean(page);
    await choose(page, await packed('1.1.0', ['patient/Flag.crus'], true));
    const upgrade = page.getByRole('dialog', { name: 'Upgrade greeter' });
    await upgrade.getByText('New: Make, read, change and search banners').waitFor();
    await upgrade.getByText('No longer: Make and read banners').waitFor();
    await clean(page);
    await upgrade.getByRole('button', { name: 'Upgrade' }).click();
    await page.getByText('greeter is now 1.1.0', { exact: true }).waitFor();

    await page.getByRole('tab', { name: 'Dead letters' }).click();
    await page.getByRole('button', { name: 'Retry all' }).click();
    await page.getByText('No dead letters.').waitFor();
    await page.getByRole('tab', { name: 'Executions' }).click();
    await page.getByRole('row').filter({ hasText: 'completed' }).filter({ hasText: '2 effects' }).waitFor();

    // Its request is given up at once, since the address is private.
    await page.getByRole('tab', { name: 'Requests 1' }).click();
    const request = page.getByRole('list', { name: 'Requests' }).getByRole('listitem');
    await request.getByText('POST https://localhost:9/greetings').waitFor();
    await request.getByText('its address is private').waitFor();
    await clean(page);
    await request.getByRole('button', { name: 'Retry' }).click();
    await request.getByText('2 attempts').waitFor();
    await request.getByRole('button', { name: 'Skip' }).click();
    await request.getByText('skipped', { exact: true }).waitFor();
    await request.getByRole('button', { name: 'Send' }).waitFor();

    // Disabled, what comes waits; enabled, it is shown and skipped; and is delivered after all.
    await page.getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('dialog').getByText('Events while it’s disabled (0 waiting now)').waitFor();
    await clean(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
    await page.getByText('disabled', { exact: true }).waitFor();
    const late = { resourceType: 'Patient', name: [{ family: 'Late', given: ['Ann'] }] };
    assert.equal((await practice.app.ask('POST', '/fhir/R4/Patient', { body: late })).status, 201);
    await page.reload();
    await page.getByRole('button', { name: 'Enable' }).click();
    const enabling = page.getByRole('dialog', { name: 'Enable greeter?' });
    await enabling.getByText('1 event waiting for it').waitFor();
    await enabling.getByLabel('Skip:').check();
    await clean(page);
    await enabling.getByRole('button', { name: 'Enable' }).click();
    await page.getByText('live', { exact: true }).waitFor();
    await page.getByRole('tab', { name: 'Skipped' }).click();
    const skipped = page.getByRole('list', { name: 'Skipped events' });
    await skipped.getByText('A patient was created').waitFor();
    await clean(page);
    await skipped.getByRole('button', { name: 'Deliver' }).click();
    await page.getByText('No skipped events.').waitFor();

    // Taken out, the keys go on in the list: at the row in its place, else at the title.
    await installed('aloof', await packPlugin(await written('aloof', '1.0.0', [], true)));
    const uninstall = async (name: string, then: string) => {
      await page.goto(`${practice.app.url}/plugins/${name}`);
      await page.getByRole('button', { name: 'Uninstall' }).press('Enter');
      await page.getByRole('dialog').getByRole('button', { name: 'Uninstall' }).press('Enter');
      await page.waitForFunction((text) => {
        const here = document.activeElement;
        return here?.matches('[data-row], h1') && here.textContent.startsWith(text);
      }, then);
    };
    await uninstall('greeter', 'aloof');
    await uninstall('aloof', 'Plugins');
    await page.getByText('No plugin is installed.').waitFor();
    untroubled();
  });

  test('a handler with a schedule shows its next runs, and is run at once when asked', async () => {
    const source = `import { CronTask, log } from 'chartwire/sdk';
      export class Renewals extends CronTask {
        static SCHEDULE = '0 3 1 1 *';
        static TIMEZONE = 'America/New_York';
        static CATCH_UP = 'latest' as const;
        execute() { return [log({ message: 'renewed' })]; }
      }`;
    await charting(practice.app).install('yearly', source);
    const { page, untroubled } = await practice.seat('/plugins/yearly');
    await page.getByText(/Next: Jan 1, \d{4}/).waitFor();
    await page.getByText('Makes up for the last missed run').waitFor();
    await clean(page);
    await page.getByRole('button', { name: 'Run now' }).click();
    await page.getByText('Renewals is running').waitFor();
    const executions = async () => (await practice.app.ask('GET', '/api/plugins/yearly/executions')).json.items;
    await until(async () => (await executions()).length > 0);
    untroubled();
    await charting(practice.app).remove('yearly');
  });

  test('a check that comes with Chartwire is switched off with a reason, which is shown, and on again', async () => {
    const { page, untroubled } = await practice.seat('/plugins');
    const checks = page.getByRole('region', { name: 'Checks that come with Chartwire' });
    await checks.getByRole('button', { name: 'Switch off pregnancy' }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('Our own plugin does');
    await clean(page);
    await page.keyboard.press('Enter');
    await checks.getByText(/Off since .*: Our own plugin does/).waitFor();
    await clean(page);
    await checks.getByRole('button', { name: 'Switch on pregnancy' }).click();
    await checks.getByText(/Off since/).waitFor({ state: 'detached' });
    untroubled();
  });

  test('a task says why it is here; its story leads up to the report, and down again', async () => {
    const { app } = practice;
    await installed('abnormal-lab-task', await packPlugin(new URL('.', EXAMPLE).pathname));
    const bundle = JSON.parse(await readFile(new URL('bundle.json', EXAMPLE), 'utf8'));
    assert.equal((await app.ask('POST', '/fhir/R4', { body: bundle })).status, 200);
    const { page, untroubled } = await practice.seat('/events?source=effect');
    // It appears by itself when the plugin has answered.
    await page.getByRole('link', { name: /A task was created/ }).click();
    await page.getByRole('heading', { name: 'A task was created', level: 1 }).waitFor();
    const story = page.getByRole('list', { name: 'The story' });
    await story.getByText('Create task').waitFor();
    await clean(page);

    await page.getByRole('link', { name: 'Details' }).click();
    const why = page.getByRole('region', { name: 'Why is this here?' });
    await why.getByText(/The plugin\s+abnormal-lab-task made this task/).waitFor();
    const report = why.getByRole('link', { name: 'a lab report was created' });
    await report.waitFor();
    await clean(page);

    await report.click();
    await page.getByRole('heading', { name: 'A lab report was created', level: 1 }).waitFor();
    await story
      .getByRole('link', { name: /abnormal-lab-task/ })
      .first()
      .click();
    const run = page.getByRole('dialog');
    await run.getByText('Read and called').waitFor();
    await clean(page);
    await page.keyboard.press('Escape');
    await run.waitFor({ state: 'hidden' });
    await story.getByRole('link', { name: 'A task was created' }).click();
    await page.getByRole('heading', { name: 'A task was created', level: 1 }).waitFor();
    await page.keyboard.press('u');
    await page.getByRole('heading', { name: 'A lab report was created', level: 1 }).waitFor();
    untroubled();
  });

  test('the log grows while one looks, and holds still while it is paused', async () => {
    const { page, untroubled } = await practice.seat('/events?type=PATIENT_CREATED');
    const rows = page.getByRole('list', { name: 'Events' }).getByRole('listitem');
    await rows.first().filter({ hasNotText: '…' }).waitFor();
    const asked = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
    assert.deepEqual(
      asked.filter((url) => url.includes('/fhir/R4/Patient/')),
      [],
      'the page of the log has the names with it',
    );
    const before = await rows.count();
    const person = { body: { resourceType: 'Patient', name: [{ family: 'Late' }] } };
    await practice.app.ask('POST', '/fhir/R4/Patient', person);
    await rows.nth(before).waitFor();
    await page.keyboard.press('p');
    await page.getByRole('button', { name: 'Paused' }).waitFor();
    await practice.app.ask('POST', '/fhir/R4/Patient', person);
    await page.getByRole('button', { name: 'One new event' }).click();
    await rows.nth(before + 1).waitFor();
    await clean(page);
    untroubled();
  });

  async function installed(name: string, tgz: Buffer): Promise<void> {
    const token = await practice.app.tokenFor(['system/chartwire.admin', 'system/*.cruds']);
    const { status } = await fetch(`${practice.app.url}/api/plugins/${name}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/gzip' },
      body: new Uint8Array(tgz),
    });
    assert.equal(status, 200);
  }
});
