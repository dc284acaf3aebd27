// The door of the browser's chart.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { builtDocs } from '../../docs/site/build.ts';
import { type IdentityProvider, startIdentityProvider } from '../server/identity-provider.ts';
import { accessibilityFaults, NO_BROWSER, openPractice, PASSWORD, type Practice } from './browser.ts';

describe('signing in', { skip: NO_BROWSER }, () => {
  let practice: Practice;
  let provider: IdentityProvider;
  before(async () => {
    provider = await startIdentityProvider();
    practice = await openPractice({ docs: builtDocs(), oidc: { ...provider, name: 'Clinic ID', create: false } });
  });
  after(async () => {
    await practice.close();
    await provider.close();
  });

  test('a one-time link leads in; signed out, nothing is left; the password leads in again', async () => {
    const { page, untroubled } = await practice.seat('/');
    const account = page.getByRole('button', { name: /: account/ });
    await account.click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);

    await page.getByLabel('Login').fill('person-1@example.org');
    await page.getByLabel('Password').fill('not this one');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await account.waitFor();
    untroubled();
  });

  test('somebody refused at the provider reads why, and whoever comes in gets the page that was asked for', async () => {
    const { page, context, untroubled } = await practice.seat('/account', { roles: ['admin'] });
    await page.getByText('Not linked.').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    const login = await page.getByText(/^person-\d+@example\.org$/).innerText();
    await context.clearCookies();
    provider.claims = { sub: 'somebody', email: 'nobody@example.org', email_verified: true };
    await page.goto(`${practice.app.url}/users?tab=people`);
    await page.getByRole('link', { name: 'Sign in with Clinic ID' }).click();
    await page.getByText('no user here has your e-mail address as their login').waitFor();
    assert.equal(page.url(), `${practice.app.url}/users?tab=people`);
    assert.deepEqual(await accessibilityFaults(page), []);

    provider.claims = { sub: 'somebody', email: login, email_verified: true };
    await page.getByRole('link', { name: 'Sign in with Clinic ID' }).click();
    await page.getByRole('heading', { name: 'Users' }).waitFor();
    assert.equal(page.url(), `${practice.app.url}/users?tab=people`);

    await page.getByText(login).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Remove the link').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await dialog
      .getByRole('button', { name: 'Cancel' })
      .or(dialog.getByRole('button', { name: 'Cancel' }))
      .click();

    await page.goto(`${practice.app.url}/account`);
    await page.getByRole('button', { name: 'Remove the link' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove the link' }).click();
    await page.getByText('Not linked.').waitFor();
    untroubled();
  });

  test('a password is changed when the new one is entered twice alike', async () => {
    const { page, untroubled } = await practice.seat('/account');
    await page.getByLabel('Current password').fill(PASSWORD);
    await page.getByLabel('New password').fill(`${PASSWORD}, at night`);
    await page.getByLabel('Confirm password').fill(`${PASSWORD}, at nigth`);
    await page.keyboard.press('Enter');
    await page.getByText('The passwords don’t match.').waitFor();
    await page.getByLabel('Confirm password').fill(`${PASSWORD}, at night`);
    await page.keyboard.press('Enter');
    await page.getByText('Password changed.').first().waitFor();
    assert.equal(await page.getByLabel('New password').inputValue(), '');
    untroubled();
  });

  test('a page that is not open to a role says so, and shows nothing of it', async () => {
    const { page, untroubled } = await practice.seat('/users', { roles: ['biller'] });
    await page.getByText('Users isn’t available to your role.').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Invite a user' }).count(), 0);
    untroubled();
  });

  test('the keyboard sheet lists what works, and the palette goes to a page', async () => {
    const { page, untroubled } = await practice.seat('/account');
    await page.getByRole('heading', { name: 'Account' }).waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).getByText('Find a patient or a page').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.keyboard.press('Escape');
    untroubled();
  });

  test('the documentation opens from the chart, finds a section by its words, and has no accessibility faults', async () => {
    const { page: chart, context, untroubled } = await practice.seat('/account');
    const opened = context.waitForEvent('page');
    await chart.getByRole('link', { name: 'Documentation' }).click();
    const page = await opened;
    await page.getByRole('heading', { name: 'Chart in the browser', level: 1 }).waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);

    await page.keyboard.press('/');
    await page.keyboard.type('prescribe pre commit');
    const results = page.locator('.results').getByRole('link');
    await results.filter({ hasText: 'PRESCRIBE_COMMAND__PRE_COMMIT' }).first().waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.getByRole('searchbox').fill('xyzzy');
    await page.getByText('Nothing found.').waitFor();
    await page.getByRole('searchbox').fill('dead letter');
    await results.first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/docs\/.+\.html/);
    await page.getByRole('button', { name: 'Switch between light and dark' }).click();
    assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
    untroubled();
  });
});
