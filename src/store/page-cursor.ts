// Where a page ended, as an opaque word: the values that the next page begins after.

import { Refusal } from '#kit/errors.ts';

export function writeCursor(values: readonly string[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** @throws Refusal for what `writeCursor` did not make of so many values of these forms. */
export function readCursor(text: string, forms: readonly RegExp[]): readonly string[] {
  const values = parsed(text);
  const fits = Array.isArray(values) && values.length === forms.length;
  if (fits && values.every((value, index) => typeof value === 'string' && forms[index]!.test(value))) {
    return values as string[];
  }
  throw new Refusal('request.invalid', { reason: 'the cursor is not one that this server gave' });
}

/** A time as PostgreSQL prints it, with all its digits. */
export const EXACT_TIME = /^\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d){0,2}( BC)?$|^-?infinity$/;
export const ANY_ID = /^[A-Za-z0-9\-.]{1,64}$/;
export const ANY_TYPE = /^[A-Z][A-Za-z]{0,63}$/;

function parsed(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
