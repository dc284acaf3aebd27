// The end of a page as an opaque text: the values after which the next page begins.

import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { isDatabaseTime } from './representable.ts';

/** The expected form of a value in a cursor: a regular expression, or a custom test. */
export interface Form {
  test(value: string): boolean;
}

export function writeCursor(values: readonly string[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/**
 * Reads a cursor.
 *
 * @throws {Refusal} for a text that `writeCursor` didn't make for these forms
 */
export function readCursor(text: string, forms: readonly Form[]): readonly string[] {
  const values = parsed(text);
  const fits = Array.isArray(values) && values.length === forms.length;
  if (fits && values.every((value, index) => typeof value === 'string' && forms[index]!.test(value))) {
    return values as string[];
  }
  throw new Refusal('request.invalid', { reason: 'the cursor is not one that this server gave' });
}

/** A time as PostgreSQL prints it, with all its digits. */
export const EXACT_TIME: Form = { test: isDatabaseTime };
export const ANY_ID = /^[A-Za-z0-9\-.]{1,64}$/;
export const ANY_TYPE = /^[A-Z][A-Za-z]{0,63}$/;
export const ANY_UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
export const ANY_NAME = /^[\w-]{1,255}$/;
/** An integer that fits a 32-bit column. */
export const ANY_VERSION = /^[1-9]\d{0,8}$/;

function parsed(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
