// The door of the browser's chart.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { accessibilityFaults, NO_BROWSER, openPractice, PASSWORD, type Practice } from './browser.ts';

describe('signing in', { skip: NO_BROWSER }, () => {
  let practice: Practice;
  before(async () => {
    practice = await openPractice();
  });
  after(() => practice.close());

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

  test('a password is changed when the new one is entered twice alike', async () => {
    const { page, untroubled } = await practice.seat('/account');
    await page.getByLabel('Present password').fill(PASSWORD);
    await page.getByLabel('New password').fill(`${PASSWORD}, at night`);
    await page.getByLabel('Once more').fill(`${PASSWORD}, at nigth`);
    await page.keyboard.press('Enter');
    await page.getByText('The two are not the same.').waitFor();
    await page.getByLabel('Once more').fill(`${PASSWORD}, at night`);
    await page.keyboard.press('Enter');
    await page.getByText('The password is changed.').first().waitFor();
    assert.equal(await page.getByLabel('New password').inputValue(), '');
    untroubled();
  });

  test('a page that is not open to a role says so, and shows nothing of it', async () => {
    const { page, untroubled } = await practice.seat('/users', { roles: ['biller'] });
    await page.getByText('Users is not open to your role.').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Invite somebody' }).count(), 0);
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
});
