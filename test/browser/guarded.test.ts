// What a browser shows, and to whom: nothing after the session, nothing of a file's own, and one bad record breaks no page.

import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import type { Patient, Resource } from '@medplum/fhirtypes';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import pg from 'pg';
import type { Page } from 'playwright-core';
import { EXTENSION } from '#kit/systems.ts';
import {
  accessibilityFaults,
  LAN_HOST,
  NO_BROWSER,
  openPractice,
  PASSWORD,
  type Practice,
  pressTogether,
  type Seat,
} from './browser.ts';

describe('a guarded browser', { skip: NO_BROWSER }, () => {
  let practice: Practice;
  let pool: pg.Pool;
  before(async () => {
    // Records are broken here on purpose: answers with them are not what their rows declare.
    practice = await openPractice({ onUnfitAnswer: undefined });
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

    async function signIn(page: Page, as = login): Promise<void> {
      await page.getByLabel('Login').fill(as);
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
      seat = await practice.seat(path, { roles: ['clinician'] });
      login = 'person-1@example.org';
      other = await seat.context.newPage();
      await other.goto(practice.app.url + path);
      await inBothTabs();
    });

    test('idle tabs clear when it expires, without a request; signed in again, each is where it was', async () => {
      for (let seconds = 4; ; seconds *= 2) {
        await pool.query("UPDATE session SET expires_at = now() + $1 * interval '1 second'", [seconds]);
        await other.reload();
        const early = other.getByText('Your session has expired.').waitFor();
        if (await Promise.race([inBothTabs().then(() => true), early.then(() => false)])) break;
        // The machine took longer than that to show it again.
        await signIn(other);
      }
      await seat.context.setOffline(true);
      await inNeither('Your session has expired.');
      assert.deepEqual(await accessibilityFaults(seat.page), []);
      await seat.context.setOffline(false);
      await signIn(seat.page);
      await inBothTabs();
    });

    test('somebody who is disabled sees nothing any more, in any tab; no tab goes on asking for events', async () => {
      // Somewhere else first: the keys below lead nowhere where the end of the session is noticed before them.
      await pressTogether(seat.page, 'g', 'k');
      await seat.page.getByRole('heading', { name: 'Tasks' }).waitFor();
      await allow(false);
      const asked: string[] = [];
      for (const page of [seat.page, other]) page.on('request', (request) => asked.push(request.url()));
      await pressTogether(seat.page, 'g', 't');
      await inNeither('Your session has ended.');
      await wait(2_500);
      const streams = asked.filter((url) => url.includes('/api/events/stream'));
      assert.ok(streams.length <= 1, streams.join(' '));
      await allow(true);
      await seat.page.goBack();
      await seat.page.getByText('Sign in').first().waitFor();
      await signIn(seat.page);
      await seat.page.getByRole('navigation', { name: 'Main' }).waitFor();
      await seat.page.goto(practice.app.url + path);
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

    test('unsent words stay encrypted after the session, and are sent when their user is back; over plain HTTP too', async () => {
      const patient = await register('Drafted');
      const { page, context, login: owner } = await practice.seat('/tasks');
      const errors: Error[] = [];
      page.on('pageerror', (error) => errors.push(error));
      const signOut = async (): Promise<void> => {
        // Not by a click: a message may lie over it.
        await page.getByRole('button', { name: /: account/ }).press('Enter');
        await page.getByRole('menuitem', { name: 'Sign out' }).press('Enter');
        await page.getByText('You are signed out.').waitFor();
      };
      const kept = (): Promise<[string, string][]> =>
        page.evaluate(() => Object.entries(localStorage).filter(([name]) => name.startsWith('chartwire.unsent.')));

      await page.goto(`http://${LAN_HOST}:${new URL(practice.app.url).port}/patients/${patient.id}`);
      assert.equal(await page.evaluate(() => isSecureContext), false);
      await signIn(page, owner);
      await page.getByRole('button', { name: 'New note' }).click();
      const end = page.getByLabel('Write at the end of the note');
      await end.waitFor();
      const note = new URL(page.url()).pathname.split('/').at(-1)!;
      await context.setOffline(true);
      await end.fill('Suspected sepsis');
      await page.getByText('Saved in this browser, not sent yet').first().waitFor();
      const [owned, others] = await Promise.all([sessionOf(owner), sessionOf(login)]);
      // The note itself isn't made yet: for that, whose it will be is kept with it.
      const [name, begun] = ['Note', 'NewNote'].map((type) => `chartwire.unsent.${owned.user.id}.${type}/${note}`);
      const drafts = new Map(await kept());
      assert.deepEqual([...drafts.keys()].sort(), [begun, name].sort());
      const draft = drafts.get(name!)!;
      assert.match(opened(name!, draft, owned.draftKey), /Suspected sepsis/);
      assert.throws(() => opened(name!, draft, others.draftKey));
      const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
      for (const secret of ['sepsis', 'Drafted', patient.id, owned.draftKey])
        assert.ok(!stored.includes(secret), secret);

      // One that no key opens, one that is too old, and one of a release that didn't encrypt.
      const forged = `chartwire.unsent.${owned.user.id}.Note/forged`;
      await page.evaluate(
        ([broken, old]) => {
          const garbled = `${'A'.repeat(32)}.${'A'.repeat(64)}`;
          localStorage.setItem(broken!, `${Date.now()}.${garbled}`);
          localStorage.setItem(`${old}.Note/old`, `${Date.now() - 7 * 86_400_000 - 1}.${garbled}`);
          localStorage.setItem(`${old}.Note/plain`, '{"title":{"value":"Words"}}');
        },
        [forged, `chartwire.unsent.${others.user.id}`],
      );
      await pool.query('DELETE FROM session');
      await context.setOffline(false);
      await page.getByText('Your session has ended.').waitFor();
      const names = async (): Promise<string[]> => (await kept()).map(([one]) => one).sort();
      assert.deepEqual(await names(), [begun, name, forged].sort());

      await signIn(page);
      await page.getByRole('navigation', { name: 'Main' }).waitFor();
      assert.doesNotMatch(await page.content(), /sepsis/);
      await signOut();
      assert.deepEqual(await names(), [begun, name, forged].sort());

      await signIn(page, owner);
      await page.getByText('Your unsent work is saved now.').first().waitFor();
      assert.deepEqual(await kept(), []);
      assert.match(JSON.stringify((await practice.app.ask('GET', `/api/notes/${note}`)).json), /Suspected sepsis/);
      await signOut();
      assert.deepEqual(await kept(), []);
      assert.deepEqual(errors, []);
    });

    async function sessionOf(login: string): Promise<{ user: { id: string }; draftKey: string }> {
      const response = await fetch(`${practice.app.url}/api/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ login, password: PASSWORD }),
      });
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('cache-control'), 'no-store');
      return (await response.json()) as { user: { id: string }; draftKey: string };
    }
  });

  describe('a chart of records that are not as they should be', () => {
    let patient: { id: string };
    let subject: { reference: string };
    before(async () => {
      patient = await register('Odd');
      subject = { reference: `Patient/${patient.id}` };
    });

    /** Puts into a stored record what no door takes: as an older release did, or another program. */
    async function corrupt({ resourceType, id }: Resource, change: object): Promise<void> {
      await pool.query(
        'UPDATE record_version SET content = (content::jsonb || $3::jsonb)::json WHERE type = $1 AND id = $2',
        [resourceType, id, JSON.stringify(change)],
      );
    }

    const flag = (more: object = {}) =>
      create({ resourceType: 'Flag', status: 'active', code: { text: 'Falls' }, subject, ...more } as Resource);
    const observation = (category: string, more: object) =>
      create({
        resourceType: 'Observation',
        status: 'final',
        category: [{ coding: [{ code: category }] }],
        code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
        subject,
        ...more,
      } as Resource);

    test('each is drawn as well as it can be, one that can’t says so, and the page stands', async () => {
      const long = 'x'.repeat(20_000);
      await observation('vital-signs', { effectiveDateTime: '2016-12-31T23:59:60Z', valueQuantity: { value: 71 } });
      await observation('vital-signs', { effectiveDateTime: '0001', valueQuantity: { unit: 'constructor' } });
      await observation('laboratory', {
        code: { text: 'Odd value' },
        effectiveDateTime: '9999-12-31T23:59:59.999+14:00',
        valueQuantity: { value: 5, unit: 'toString', system: 'urn:x', code: '__proto__' },
        interpretation: [{ coding: [{ code: 'constructor' }] }, { text: 'x' }],
        referenceRange: [{ low: { unit: 'x' } }],
      });
      await observation('laboratory', {
        code: { coding: [{ system: 'http://loinc.org' }] },
        issued: '2016-12-31T23:59:60.5+00:00',
      });
      await create({ resourceType: 'Condition', subject, code: { text: long } } as Resource);
      await create({ resourceType: 'Condition', subject } as Resource);
      await create({
        resourceType: 'Goal',
        lifecycleStatus: 'active',
        description: { coding: [{ display: 'hasOwnProperty' }] },
        achievementStatus: { coding: [{ code: 'constructor' }] },
        target: [
          { measure: { text: 'm' }, detailQuantity: { comparator: '<' } },
          { measure: { text: 'm' }, detailRange: { low: { unit: 'x' } } },
        ],
        subject,
      } as Resource);
      await create({
        resourceType: 'DocumentReference',
        status: 'current',
        content: [{ attachment: { size: 3 } }, { attachment: { data: 'AAAA', contentType: 'x' } }],
        subject,
      } as Resource);
      await create({
        resourceType: 'Appointment',
        status: 'booked',
        start: '2099-12-31T23:59:60Z',
        end: '2099-12-31T23:59:60Z',
        participant: [{ status: 'accepted', actor: subject }],
      } as Resource);
      await create({
        resourceType: 'Task',
        status: 'requested',
        intent: 'order',
        for: subject,
        focus: subject,
      } as Resource);
      const banner = await flag();
      await corrupt(banner, { extension: [{ url: EXTENSION.bannerIntent, valueCode: 'constructor' }] });
      const link = await flag({ code: { text: 'Leads away' } });
      await corrupt(link, { extension: [{ url: EXTENSION.bannerHref, valueUri: '/\\evil.invalid/a' }] });
      const card = await create({
        resourceType: 'GuidanceResponse',
        status: 'success',
        moduleUri: 'https://example.org/module',
        subject,
        extension: [{ url: EXTENSION.cardTitle, valueString: 'Screening' }],
      } as Resource);
      await corrupt(card, {
        extension: [
          { url: EXTENSION.cardTitle, valueString: 'Screening' },
          {
            url: EXTENSION.cardRecommendation,
            extension: [
              { url: 'title', valueString: 'Ask the PHQ-9' },
              {
                url: 'command',
                extension: [
                  { url: 'key', valueCode: 'plan' },
                  { url: 'fields', valueString: '{' },
                ],
              },
            ],
          },
        ],
      });
      const broken = await create({ resourceType: 'Condition', subject, code: { text: 'Gout' } } as Resource);
      await corrupt(broken, { code: { coding: {} } });

      const { page, context } = await practice.seat(`/patients/${patient.id}`);
      await page.getByRole('heading', { name: 'Ines Odd' }).waitFor();
      await page.getByText('Screening').first().waitFor();
      await page.getByText('Ask the PHQ-9').waitFor();
      await page.getByText('Leads away').waitFor();
      await page.getByText('Falls').first().waitFor();
      assert.equal(await page.getByRole('link', { name: 'Open' }).count(), 0, 'a link to another server');
      await page.getByRole('region', { name: 'Family, procedures, social history' }).waitFor();
      const unshown = page.getByText('This entry can’t be shown.');
      await unshown.first().waitFor();
      assert.deepEqual(await unshown.allInnerTexts(), [`This entry can’t be shown. Condition/${broken.id}`]);
      assert.equal(
        await page.getByText(/can’t be shown:|page stopped working|\[native code\]|Invalid Date|NaN/).count(),
        0,
      );
      assert.deepEqual(await accessibilityFaults(page), []);
      for (const name of ['Odd value', 'Untitled', 'Falls']) {
        await page.getByRole('button', { name }).first().click();
        await page
          .getByRole('dialog')
          .getByText('Versions')
          .or(page.getByRole('dialog').getByRole('table'))
          .first()
          .waitFor();
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'hidden' });
      }
      const task = (description: string): Resource =>
        ({ resourceType: 'Task', status: 'requested', intent: 'order', description, for: subject }) as Resource;
      const odd = await create(task('Odd'));
      await corrupt(odd, { description: { text: 'not a text' } });
      await create(task('Call the laboratory'));
      await page.goto(`${practice.app.url}/tasks?whose=all`);
      await page
        .getByRole('link', { name: 'Call the laboratory' })
        .or(page.getByText('Call the laboratory'))
        .first()
        .waitFor();
      assert.deepEqual(await unshown.allInnerTexts(), [`This entry can’t be shown. Task/${odd.id}`]);
      await page.goto(`${practice.app.url}/`);
      await page.getByRole('heading', { name: /Today/ }).first().waitFor();
      assert.equal(await page.getByText('This page stopped working').count(), 0);
      await context.close();
    });
  });

  test('a file is shown as what it is, with no origin, or it is saved; none is a page of ours', async () => {
    const patient = await register('Filed');
    const subject = { reference: `Patient/${patient.id}` };
    const html = Buffer.from('<h1>Your session has ended, sign in again</h1><script>top.document.title="x"</script>');
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    );
    const files = [
      ...['application/pdf,text/html', 'application/pdf', 'text/html', 'image/svg+xml', 'image/png;text/html'].map(
        (contentType) => ({ contentType, data: html.toString('base64') }),
      ),
      { contentType: 'image/png', data: png.toString('base64'), title: 'Dot' },
      { contentType: 'application/pdf', data: Buffer.from('%PDF-1.4\n%%EOF').toString('base64') },
    ];
    const report = await create({
      resourceType: 'DiagnosticReport',
      status: 'final',
      code: { text: 'Scan' },
      subject,
      presentedForm: files,
    } as Resource);
    const told: string[] = [];
    for (const [index] of files.entries()) {
      const path = `/api/attachments/DiagnosticReport/${report.id}/${index}`;
      const { status, headers } = await practice.app.ask('GET', path);
      assert.equal(status, 200);
      assert.match(headers.get('content-security-policy')!, /^default-src 'none'; sandbox;/);
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.equal(headers.get('cache-control'), 'no-store');
      told.push(`${headers.get('content-type')} ${headers.get('content-disposition')!.split(';')[0]}`);
    }
    const saved = 'application/octet-stream attachment';
    assert.deepEqual(told, [...Array(5).fill(saved), 'image/png inline', 'application/pdf inline']);

    const { page, untroubled } = await practice.seat(`/patients/${patient.id}`);
    await page.getByRole('button', { name: /Scan/ }).first().click();
    const panel = page.getByRole('dialog', { name: 'Scan' });
    await panel.getByRole('img', { name: 'Dot' }).waitFor();
    assert.equal(
      await panel.getByRole('img', { name: 'Dot' }).evaluate((dot: HTMLImageElement) => dot.naturalWidth),
      1,
    );
    assert.equal(await panel.getByRole('link', { name: /^Save/ }).count(), 4);
    assert.equal(await page.getByText('sign in again').count(), 0);
    assert.equal(page.frames().filter((frame) => frame !== page.mainFrame()).length, 0);
    assert.deepEqual(await accessibilityFaults(page), []);
    untroubled();
  });
});

/** What a draft says. Throws with the wrong key. */
function opened(name: string, draft: string, key: string): string {
  const [, nonce, encrypted] = draft.split('.').map((part) => Buffer.from(part, 'base64'));
  const cipher = xchacha20poly1305(Buffer.from(key, 'base64'), nonce!, Buffer.from(name));
  return Buffer.from(cipher.decrypt(encrypted!)).toString();
}
