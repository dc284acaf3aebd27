// The desk in a real browser on a real server: the day, tasks, messages, who may sign in, and who saw what.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { until } from '../support/core.ts';
import { accessibilityFaults, NO_BROWSER, openPractice, type Practice, pressTogether } from './browser.ts';

const STAFF = { roles: ['clinician', 'staff'] };

describe('the desk', { skip: NO_BROWSER }, () => {
  let practice: Practice;
  before(async () => {
    practice = await openPractice();
  });
  after(() => practice.close());

  const made = async (path: string, body: object): Promise<string> => {
    const { status, json, text } = await practice.app.ask('POST', path, { body });
    assert.equal(status, 201, text);
    return json.id;
  };
  const patient = (family: string) =>
    made('/fhir/R4/Patient', { resourceType: 'Patient', name: [{ family, given: ['Ada'] }], birthDate: '1950-03-04' });

  test('today: booked, checked in by a key, called off with a reason, restored; a refusal is told in words', async () => {
    await patient('Brandt');
    const { page, untroubled } = await practice.seat('/', STAFF);
    await page.getByText('No appointments.').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.keyboard.press('b');
    const booking = page.getByRole('dialog', { name: 'Book an appointment' });
    await booking.waitFor();
    await page.keyboard.type('brandt');
    await page.getByRole('listbox').getByRole('option').first().filter({ hasText: 'Ada Brandt' }).waitFor();
    await page.keyboard.press('Enter');
    await booking.getByLabel('Reason').fill('A cough');
    assert.deepEqual(await accessibilityFaults(page), []);
    await booking.getByLabel('Reason').press('Enter');
    const row = (state: string) => page.getByRole('listitem', { name: new RegExp(`Ada Brandt, ${state}$`) });
    await row('Booked').getByText('A cough').waitFor();

    await row('Booked').press('i');
    await row('Checked in').waitFor();
    await row('Checked in').press('c');
    await page.getByRole('dialog', { name: 'Cancel this appointment?' }).waitFor();
    await page.keyboard.type('The patient called');
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.keyboard.press('Enter');
    await row('Canceled').waitFor();
    await row('Canceled').press('u');
    await row('Booked').waitFor();

    // Another calls it off, and this page does not hear of it.
    await page.route('**/api/schedule*', (asked) => asked.abort());
    const { entry } = (await practice.app.ask('GET', '/fhir/R4/Appointment')).json;
    await practice.app.ask('POST', `/api/appointments/${entry[0].resource.id}/cancel`, { body: {} });
    await row('Booked').press('i');
    await page
      .getByText(/cannot|cancelled/)
      .first()
      .waitFor();
    // A request that is being answered finishes first: an error after the test would fail the file.
    await page.unrouteAll({ behavior: 'wait' });
    untroubled();
  });

  test('tasks: made, talked about and checked off by keyboard', async () => {
    const nurses = { resourceType: 'CareTeam', status: 'active', name: 'Nurses' };
    await practice.app.ask('POST', '/fhir/R4/CareTeam', { body: nurses });
    const { page, untroubled } = await practice.seat('/tasks', STAFF);
    await page.getByText('No tasks here.').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.keyboard.press('c');
    await page.getByRole('dialog', { name: 'Create task' }).waitFor();
    await page.keyboard.type('Call the laboratory');
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.keyboard.press('Enter');
    const row = page.getByRole('listitem').filter({ hasText: 'Call the laboratory' });
    await row.press('Enter');
    const panel = page.getByRole('dialog', { name: 'Call the laboratory' });
    await panel.getByLabel('Assigned to').selectOption('Nurses');
    await panel.getByLabel('Comment').fill('They open at nine.');
    await page.keyboard.press('Control+Enter');
    await panel.getByRole('listitem').filter({ hasText: 'They open at nine.' }).waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    // What comes up at the edge meanwhile takes no key of the panel's.
    await page.route('**/api/tasks/*', (route) =>
      route.request().method() === 'PATCH' ? route.abort() : route.continue(),
    );
    await panel.getByLabel('Priority').selectOption({ index: 1 });
    const toast = page.locator('[role=alert]', { hasText: 'server' });
    await toast.waitFor();
    // Pointed at, it stays, however long the machine takes for the rest.
    await toast.hover();
    assert.deepEqual(await accessibilityFaults(page), []);
    await toast.click();
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
    assert.ok(await panel.isVisible(), 'a click on a toast left the panel');
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    await toast.waitFor();
    await page.unroute('**/api/tasks/*');
    await row.getByTitle('Nurses').waitFor();
    await row.press('x');
    await row.waitFor({ state: 'detached' });
    await page.getByLabel('State').selectOption('done');
    await row.waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    untroubled();
  });

  test('tasks: keys lead from group to group, and a label that was only typed is kept', async () => {
    await made('/api/tasks', { title: 'Long overdue', due: '2020-01-02' });
    await made('/api/tasks', { title: 'Far away', due: '2100-01-02' });
    const { page, untroubled } = await practice.seat('/tasks', STAFF);
    const inFocus = (title: string) =>
      page.waitForFunction((words) => document.activeElement?.textContent?.includes(words), title);
    await page.getByText('Far away').waitFor();
    await page.keyboard.press('j');
    await inFocus('Long overdue');
    await page.keyboard.press('j');
    await inFocus('Far away');
    await page.keyboard.press('k');
    await inFocus('Long overdue');
    // A row has m and k for itself, but not after g.
    await pressTogether(page, 'g', 'm');
    await page.getByRole('heading', { name: 'Messages' }).waitFor();
    await pressTogether(page, 'g', 'k');
    await page.getByText('Far away').waitFor();
    // Pages of one, as if there were thousands: everybody can be chosen.
    const people = ['Ash', 'Birch', 'Cedar'];
    for (const family of people)
      await made('/fhir/R4/Practitioner', { resourceType: 'Practitioner', name: [{ family }] });
    const one = (url: string) => url.replace(/_count=\d+/, '_count=1');
    await page.route('**/fhir/R4/Practitioner?*', (route) => route.continue({ url: one(route.request().url()) }));
    await page.keyboard.press('c');
    const owners = page.getByRole('dialog', { name: 'Create task' }).getByLabel('Assigned to');
    for (const family of people) await owners.getByRole('option', { name: family }).waitFor({ state: 'attached' });
    const form = page.getByRole('dialog', { name: 'Create task' });
    await form.getByLabel('Title').fill('Call the pharmacy');
    await form.getByLabel('Labels').fill('pharmacy');
    await form.getByRole('button', { name: 'Create' }).click();
    await page
      .getByRole('listitem')
      .filter({ hasText: 'Call the pharmacy' })
      .getByText('pharmacy', { exact: true })
      .waitFor();
    untroubled();
  });

  test('what is written is sent once; where that fails it says why, keeps what was typed, and is sent again', async () => {
    const { page } = await practice.seat('/tasks', { roles: ['clinician', 'admin'] });
    await page.getByRole('button', { name: 'Create task' }).waitFor();
    await page.keyboard.press('c');
    const form = page.getByRole('dialog', { name: 'Create task' });
    await form.getByLabel('Title').fill('Order vaccines');
    const keys: (string | undefined)[] = [];
    const held = Promise.withResolvers<void>();
    await page.route('**/api/tasks', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      keys.push(route.request().headers()['idempotency-key']);
      await held.promise;
      await route.abort();
    });
    const make = form.getByRole('button', { name: 'Create' });
    await make.focus();
    await make.press('Enter');
    await form.locator('[aria-busy=true]').waitFor();
    await make.press('Enter');
    await form.getByLabel('Title').press('Enter');
    await make.focus();
    held.resolve();
    await form.getByRole('alert').getByText('The server cannot be reached.').waitFor();
    assert.equal(keys.length, 1, 'sent once, however often it is pressed');
    assert.equal(await form.getByLabel('Title').inputValue(), 'Order vaccines');
    assert.ok(await make.evaluate((button) => button === document.activeElement), 'the focus is where it was');
    assert.deepEqual(await accessibilityFaults(page), []);

    // The answer is lost: it was made, and is not made again.
    await page.unroute('**/api/tasks');
    await page.route('**/api/tasks', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      keys.push(route.request().headers()['idempotency-key']);
      await route.fetch();
      await route.abort();
    });
    await make.press('Enter');
    await until(async () => keys.length === 2);
    await form.locator('[aria-busy=true]').waitFor({ state: 'detached' });
    await page.unroute('**/api/tasks');
    await make.press('Enter');
    await form.waitFor({ state: 'detached' });
    assert.ok(keys[0] !== undefined && keys[0] === keys[1], 'sent again under the same key');
    await page.getByText('Order vaccines').first().waitFor();
    const all = (await practice.app.ask('GET', '/api/tasks?query=vaccines')).json.items;
    assert.equal(all.length, 1);

    // Who left the form before the answer came is left where they are, with what they type there.
    const late = Promise.withResolvers<void>();
    await page.route('**/api/tasks', async (route) => {
      if (route.request().method() === 'POST') await late.promise;
      await route.continue();
    });
    await page.getByRole('button', { name: 'Create task' }).click();
    await form.getByLabel('Title').fill('Call the laboratory');
    await form.getByLabel('Title').press('Enter');
    await form.locator('[aria-busy=true]').waitFor();
    await form.press('Escape');
    await form.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Create task' }).click();
    await form.getByLabel('Title').fill('For another patient');
    late.resolve();
    await page.getByText('Call the laboratory').first().waitFor();
    await page.getByText('Task created.').last().waitFor();
    assert.equal(await form.getByLabel('Title').inputValue(), 'For another patient');
    await page.unroute('**/api/tasks');

    // An answer that the page cannot use is told as well, where the button is.
    await page.goto(`${practice.app.url}/patients/new`);
    await page.getByLabel('Given names').fill('Ada');
    await page.getByLabel('Family name').fill('Winnicott');
    await page.getByLabel('Birth date').fill('1950-03-04');
    await page.route('**/fhir/R4/Patient', (route) => route.fulfill({ status: 201, json: null }));
    await page.getByLabel('Family name').press('Enter');
    await page.getByRole('main').getByRole('alert').getByText('an error in this page').waitFor();
    assert.equal(await page.getByLabel('Family name').inputValue(), 'Winnicott');
  });

  test('messages: a patient’s is new until it is opened, and is answered', async () => {
    const who = await patient('Carver');
    await made('/fhir/R4/Communication', {
      resourceType: 'Communication',
      status: 'completed',
      subject: { reference: `Patient/${who}` },
      sender: { reference: `Patient/${who}` },
      sent: '2026-05-04T10:00:00Z',
      payload: [{ contentString: 'May I stop the tablets?' }],
    });
    const { page, untroubled } = await practice.seat('/messages', STAFF);
    const thread = page.getByRole('list', { name: 'Threads' }).getByRole('listitem');
    await thread.getByText('1 new').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await thread.press('Enter');
    const log = page.getByRole('log', { name: 'Messages' });
    await log.getByText('May I stop the tablets?').waitFor();
    await thread.getByText('unanswered').waitFor();
    await page.getByLabel('Message', { exact: true }).fill('Please go on with them.');
    await page.keyboard.press('Control+Enter');
    await log.getByText('Please go on with them.').waitFor();
    await thread.getByText('unanswered').waitFor({ state: 'detached' });
    assert.deepEqual(await accessibilityFaults(page), []);
    const { items } = (await practice.app.ask('GET', `/api/messages/${who}`)).json;
    assert.deepEqual(
      items.map(({ text }: { text: string }) => text),
      ['Please go on with them.', 'May I stop the tablets?'],
    );
    untroubled();
  });

  test('users: a link is shown once; the last administrator stays one', async () => {
    const { page, untroubled } = await practice.seat('/users', { roles: ['admin'], name: 'Sole Admin' });
    await page.getByRole('table', { name: 'People' }).waitFor();
    // A page of one, as if there were hundreds: nobody is left out without a word.
    const one = (url: string) => url.replace(/limit=\d+/, 'limit=1');
    await page.route('**/api/users?*', (route) => route.continue({ url: one(route.request().url()) }));
    await page.reload();
    const more = page.getByRole('button', { name: 'More people' });
    await more.click();
    await page.getByRole('row').nth(2).waitFor();
    await page.unroute('**/api/users?*');
    await page.reload();
    await page.getByRole('table', { name: 'People' }).waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.getByRole('button', { name: 'Invite a user' }).click();
    const inviting = page.getByRole('dialog', { name: 'Invite a user' });
    await inviting.getByLabel('Login').fill('nurse@example.org');
    await inviting.getByLabel('Name').fill('Nora Nurse');
    await inviting.getByText('clinician').first().waitFor();
    const nora = await made('/fhir/R4/Practitioner', {
      resourceType: 'Practitioner',
      name: [{ family: 'Nightingale', given: ['Nora'] }],
      qualification: [{ code: { text: 'RN' } }],
    });
    await inviting.getByLabel('Practitioner').fill('nora nigh');
    await page.getByRole('option', { name: 'Nora Nightingale' }).click();
    assert.deepEqual(await accessibilityFaults(page), []);
    await inviting.getByRole('button', { name: 'Invite' }).click();
    const given = page.getByRole('dialog', { name: 'A link for Nora Nurse' });
    const link = (await given.locator('output').textContent()) ?? '';
    assert.match(link, /^https?:.+\/welcome#/);
    assert.deepEqual(await accessibilityFaults(page), []);
    await given.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('row').filter({ hasText: 'Nora Nurse' }).getByText('invited').waitFor();
    assert.equal(await page.getByText(link).count(), 0);

    const users = (await practice.app.ask('GET', '/api/users?limit=1000')).json.items;
    assert.equal(users.find(({ name }: { name: string }) => name === 'Nora Nurse').practitioner, nora);
    for (const { id, name, roles } of users) {
      if (!roles.includes('admin') || name === 'Sole Admin') continue;
      await practice.app.ask('PATCH', `/api/users/${id}`, { body: { active: false } });
    }
    await page.getByRole('row').filter({ hasText: 'Sole Admin' }).press('Enter');
    const own = page.getByRole('dialog', { name: 'Sole Admin' });
    await own.getByRole('checkbox', { name: /^staff/ }).check();
    await own.getByRole('checkbox', { name: /^admin/ }).uncheck();
    await own.getByRole('button', { name: 'Save' }).click();
    await own.getByRole('alert').getByText('This is the last administrator who can sign in.').waitFor();
    await own.getByText('Make another user an administrator first, and have them sign in.').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    untroubled();
  });

  test('practice: days and times are those of the time zone that an administrator chooses, wherever the browser is', async () => {
    const who = await patient('Leavitt');
    const clinic = await made('/fhir/R4/Location', { resourceType: 'Location', name: 'Clinic' });
    // Half past midnight of June 2 there, and the morning before in UTC.
    await made('/api/appointments', { patient: who, start: '2031-06-01T10:30:00Z', end: '2031-06-01T10:50:00Z' });
    const { page, untroubled } = await practice.seat('/practice');
    const zone = page.getByLabel('Time zone', { exact: true });
    await zone.waitFor();
    await page.getByLabel('Time zone of Clinic').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await zone.selectOption('Pacific/Kiritimati');
    await page.getByRole('button', { name: 'Change the time zone' }).click();
    await page.getByRole('button', { name: 'Change the time zone', disabled: true }).waitFor();
    await page.getByLabel('Time zone of Clinic').selectOption('America/Chicago');
    const placed = async () => (await practice.app.ask('GET', `/fhir/R4/Location/${clinic}`)).json.extension;
    await until(async () => (await placed())?.[0].valueCode === 'America/Chicago');

    await page.getByRole('link', { name: 'Today', exact: true }).click();
    const today = new Date().toLocaleDateString('en-US', {
      timeZone: 'Pacific/Kiritimati',
      weekday: 'long',
      month: 'long',
      day: 'numeric',
    });
    await page.getByText(today).first().waitFor();
    await page.getByLabel('Day', { exact: true }).fill('2031-06-02');
    const row = page.getByRole('listitem', { name: /Ada Leavitt, Booked$/ });
    await row.getByText('12:30 AM').waitFor();
    await page.getByText('times in Pacific/Kiritimati').waitFor();
    await practice.app.ask('PUT', '/api/practice', { body: { timeZone: null } });
    untroubled();
  });

  test('two charts of a person: compared, confirmed, merged, found by the old name, and two again', async () => {
    const [stays, ends] = [await patient('Marlowe'), await patient('Marlow')];
    const note = await made('/api/notes', { patient: ends, title: 'Phone call' });
    const numbered = async (id: string, family: string, number: string, more: object) => {
      const identifier = [{ system: 'https://clinic.example/mrn', value: number }];
      const body = { resourceType: 'Patient', id, name: [{ family, given: ['Ada'] }], identifier, ...more };
      assert.equal((await practice.app.ask('PUT', `/fhir/R4/Patient/${id}`, { body })).status, 200);
    };
    await numbered(stays, 'Marlowe', 'T-1', { birthDate: '1950-03-04' });
    await numbered(ends, 'Marlow', 'T-2', {
      birthDate: '1950-03-05',
      address: [{ line: ['2 Oak St'], city: 'Springfield' }],
    });
    const { page, untroubled } = await practice.seat(`/patients/${stays}/profile`);
    await page.getByRole('button', { name: 'Merge with another chart' }).click();
    const dialog = page.getByRole('dialog', { name: 'Merge with another chart' });
    const other = dialog.getByLabel(/The other chart/);
    await other.fill('Marlow');
    await page.getByRole('option').filter({ hasText: 'No. T-2' }).waitFor();
    assert.equal(await page.getByRole('option', { name: /^Ada Marlowe/ }).count(), 0, 'the chart itself is no choice');
    await page
      .getByRole('option')
      .filter({ hasText: 'Mar 5, 1950' })
      .filter({ hasText: 'No. T-2 · 2 Oak St, Springfield' })
      .click();
    assert.equal(await other.inputValue(), 'Ada Marlow · No. T-2');
    await dialog
      .getByRole('row')
      .filter({ hasText: 'In the chart' })
      .filter({ hasText: '1 note, 1 other record' })
      .waitFor();
    const birth = dialog.getByRole('row').filter({ hasText: 'Birth date' });
    await birth.getByLabel('Differs').waitFor();
    await dialog.getByText('What moves: 1 note, 1 other record.').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    const merge = dialog.getByRole('button', { name: 'Merge the charts' });
    assert.equal(await merge.isDisabled(), true, 'nobody has said that they are one person');
    await dialog.getByRole('checkbox').check();
    await merge.click();
    const card = page.getByText('The chart of Ada Marlow · No. T-2 was merged into this one');
    await card.waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);

    await page.goto(`${practice.app.url}/patients/${ends}/notes/${note}`);
    await page
      .getByText('The chart of Ada Marlow · No. T-2 was merged into the chart of Ada Marlowe · No. T-1.')
      .waitFor();
    await page.getByRole('link', { name: 'Open the chart of Ada Marlowe' }).click();
    await page.getByText('which was merged into this one').waitFor();
    await page.getByRole('heading', { name: 'Ada Marlowe' }).waitFor();

    await page.goto(`${practice.app.url}/patients/${stays}/profile`);
    await page.getByRole('button', { name: 'Undo the merge' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Undo the merge' }).click();
    await page.getByText('If this patient was registered twice').waitFor();
    const { patient: whose } = (await practice.app.ask('GET', `/api/notes/${note}`)).json;
    assert.equal(whose, ends);
    untroubled();
  });

  test('audit: of one patient, and a file of it', async () => {
    const who = await patient('Dempster');
    await practice.app.ask('GET', `/fhir/R4/Patient/${who}`);
    // A row is there a moment after its answer.
    const kept = async () => (await practice.app.ask('GET', `/api/audit?patient=${who}`)).json.items.length;
    await until(async () => (await kept()) >= 2);
    const { page, context, untroubled } = await practice.seat('/audit', { roles: ['clinician', 'admin'] });
    const trail = page.getByRole('table', { name: 'Audit trail' });
    await trail.waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.getByRole('combobox', { name: 'Patient' }).click();
    await page.keyboard.type('dempster');
    await page.getByRole('listbox').getByRole('option').first().filter({ hasText: 'Ada Dempster' }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.searchParams.get('patient') === who);
    await until(async () => {
      const patients = await trail.locator('tbody tr').locator('a').allTextContents();
      return patients.length >= 2 && patients.every((name) => name === 'Ada Dempster');
    });
    const href = await page.getByRole('link', { name: 'CSV' }).getAttribute('href');
    const file = await context.request.get(practice.app.url + href);
    assert.equal(file.status(), 200);
    assert.match(await file.text(), new RegExp(who));
    untroubled();
  });
});
