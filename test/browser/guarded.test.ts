// What a browser shows, and to whom: nothing after the session, nothing of a file's own, and one bad record breaks no page.

import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import type { Patient, Resource } from '@medplum/fhirtypes';
import pg from 'pg';
import type { Page } from 'playwright-core';
import { accessibilityFaults, NO_BROWSER, openPractice, PASSWORD, type Practice, type Seat } from './browser.ts';

describe('a guarded browser', { skip: NO_BROWSER }, () => {
  let practice: Practice;
  let pool: pg.Pool;
  before(async () => {
    practice = await openPractice();
    pool = new pg.Pool(practice.app.database.connection);
  });
  after(async () => {
    await pool.end();
    await practice.close();
  });

  async function create<R extends Resource>(resource: R): Promise<R & { id: string }> {
    const { status, json, text } = await practice.app.ask('POST', `/fhir/R4/${resource.resourceType}`, {
      body: resource,
    });
    assert.equal(status, 201, text);
    return json;
  }
  const register = (family: string) =>
    create<Patient>({ resourceType: 'Patient', name: [{ given: ['Ines'], family }], birthDate: '1960-02-03' });

  describe('after the session', () => {
    let seat: Seat;
    let other: Page;
    let path: string;
    let login: string;

    /** Both tabs show the chart of Ines Marchetti. */
    async function inBothTabs(): Promise<void> {
      for (const page of [seat.page, other]) await page.getByRole('heading', { name: 'Ines Marchetti' }).waitFor();
    }

    /** Nothing of her is in either. */
    async function inNeither(said: string): Promise<void> {
      for (const page of [seat.page, other]) {
        await page.getByText(said).waitFor();
        const left = await page.evaluate(() => document.title + document.documentElement.outerHTML);
        assert.doesNotMatch(left, /Marchetti|Warfarin/);
      }
    }

    async function allow(active: boolean): Promise<void> {
      const { json } = await practice.app.ask('GET', '/api/users');
      const { id } = json.items.find((user: { login: string }) => user.login === login);
      const { status, text } = await practice.app.ask('PATCH', `/api/users/${id}`, { body: { active } });
      assert.equal(status, 200, text);
    }

    async function signIn(page: Page): Promise<void> {
      await page.getByLabel('Login').fill(login);
      await page.getByLabel('Password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    }

    before(async () => {
      const patient = await register('Marchetti');
      await create({
        resourceType: 'MedicationStatement',
        status: 'active',
        subject: { reference: `Patient/${patient.id}` },
        medicationCodeableConcept: { text: 'Warfarin 5 mg' },
      });
      path = `/patients/${patient.id}`;
      seat = await practice.seat(path);
      login = 'person-1@example.org';
      other = await seat.context.newPage();
      await other.goto(practice.app.url + path);
      await inBothTabs();
    });

    test('idle tabs clear when it expires, without a request; signed in again, each is where it was', async () => {
      await pool.query("UPDATE session SET expires_at = now() + interval '4 seconds'");
      await other.reload();
      await inBothTabs();
      await seat.context.setOffline(true);
      await inNeither('Your session has expired.');
      assert.deepEqual(await accessibilityFaults(seat.page), []);
      await seat.context.setOffline(false);
      await signIn(seat.page);
      await inBothTabs();
    });

    test('somebody who is disabled sees nothing any more, in any tab; no tab goes on asking for events', async () => {
      await allow(false);
      const asked: string[] = [];
      for (const page of [seat.page, other]) page.on('request', (request) => asked.push(request.url()));
      await seat.page.keyboard.press('g');
      await seat.page.keyboard.press('k');
      await inNeither('Your session has ended.');
      await wait(2_500);
      const streams = asked.filter((url) => url.includes('/api/events/stream'));
      assert.ok(streams.length <= 1, streams.join(' '));
      await allow(true);
      await seat.page.goBack();
      await seat.page.getByText('Sign in').first().waitFor();
      await signIn(seat.page);
      await inBothTabs();
    });

    test('signed out in one tab, the other shows nothing; going back brings nothing back', async () => {
      await other.goto(`${practice.app.url}/tasks`);
      await other.getByRole('heading', { name: 'Tasks' }).waitFor();
      await other.goto(practice.app.url + path);
      await inBothTabs();
      await other.getByRole('button', { name: /: account/ }).click();
      await other.getByRole('menuitem', { name: 'Sign out' }).click();
      await inNeither('You are signed out.');
      assert.equal(new URL(other.url()).pathname, '/');
      await other.goBack();
      await other.getByRole('heading', { name: 'Sign in' }).waitFor();
      await other.goto('about:blank');
      await other.goBack();
      await other.getByRole('heading', { name: 'Sign in' }).waitFor();
      assert.doesNotMatch(await other.content(), /Marchetti/);
      seat.untroubled();
    });
  });
});
