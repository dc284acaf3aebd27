// What the tests of the note do in it by keyboard.

import type { Locator, Page } from 'playwright-core';
import type { Charting } from '../server/charting.ts';
import type { Practice, Seat, SeatOptions } from './browser.ts';

export interface NoteSeat extends Seat {
  readonly patient: string;
  readonly note: string;
}

/** A browser with a new note open. `before` may write into it first. */
export async function openNote(
  practice: Practice,
  chart: Charting,
  options: SeatOptions = {},
  before: (note: string, patient: string) => Promise<unknown> = async () => {},
): Promise<NoteSeat> {
  const patient = await chart.patient();
  const note = await chart.note(patient);
  await before(note, patient);
  const seat = await practice.seat(`/patients/${patient}/notes/${note}`, options);
  await end(seat.page).waitFor();
  return { ...seat, patient, note };
}

export const end = (page: Page): Locator => page.getByLabel('Write at the end of the note');

/** Asks for a command by some letters, and waits for its form. */
export async function command(page: Page, letters: string, label: string): Promise<Locator> {
  await page.keyboard.press('/');
  await page.getByPlaceholder(/What do you want to do/).waitFor();
  await page.keyboard.type(letters);
  await page.getByRole('option', { name: label }).first().waitFor();
  await page.keyboard.press('Enter');
  const form = page.getByRole('form', { name: label });
  await form.waitFor();
  await page.waitForFunction((name) => document.activeElement?.closest('form')?.ariaLabel === name, label);
  return form;
}
