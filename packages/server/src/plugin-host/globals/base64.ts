// atob and btoa of the HTML Standard, on text whose characters represent bytes.

import { namedError } from './named-error.ts';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Groups of 4 digits to convert at once; a list of all characters would be many times as large. */
const AT_ONCE = 4_096;

const VALUES = new Int8Array(128).fill(-1);
for (let at = 0; at < DIGITS.length; at++) VALUES[DIGITS.charCodeAt(at)] = at;

/**
 * Decodes Base64.
 *
 * @throws InvalidCharacterError for text that isn't Base64
 */
export function atob(data: string): string {
  let text = String(data).replace(/[\t\n\f\r ]+/g, '');
  if (text.length % 4 === 0) text = text.replace(/={1,2}$/, '');
  if (text.length % 4 === 1) throw namedError('InvalidCharacterError', 'atob was given text that is not Base64');
  let out = '';
  let bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (let at = 0; at < text.length; at++) {
    const value = VALUES[text.charCodeAt(at)] ?? -1;
    if (value < 0) throw namedError('InvalidCharacterError', 'atob was given text that is not Base64');
    bits = ((bits << 6) | value) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes.push((bits >> held) & 0xff);
    if (bytes.length === AT_ONCE) {
      out += String.fromCharCode(...bytes);
      bytes = [];
    }
  }
  return out + String.fromCharCode(...bytes);
}

/**
 * Encodes as Base64. Encode other text with TextEncoder first.
 *
 * @throws InvalidCharacterError for a character above U+00FF
 */
export function btoa(data: string): string {
  const text = String(data);
  let out = '';
  for (let at = 0; at < text.length; at += 3) {
    const [a, b, c] = [text.charCodeAt(at), text.charCodeAt(at + 1), text.charCodeAt(at + 2)];
    if (a > 0xff || b > 0xff || c > 0xff) {
      throw namedError('InvalidCharacterError', 'btoa takes characters up to U+00FF: encode other text first');
    }
    out += DIGITS[a >> 2]! + DIGITS[((a & 3) << 4) | (b >> 4)]!;
    out += at + 1 < text.length ? DIGITS[((b & 15) << 2) | (c >> 6)]! : '=';
    out += at + 2 < text.length ? DIGITS[c & 63]! : '=';
  }
  return out;
}
