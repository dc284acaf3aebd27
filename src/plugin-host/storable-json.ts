// What plugins say is kept (their logs, effects and errors), and no database holds all that a string of theirs may.

/** One escape of JSON, or a surrogate pair written as two. */
const ESCAPE = /\\(?:ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}|u[0-9a-f]{4}|.)/gi;
const NUL = /^\\u0000$/;
const HALF_PAIR = /^\\ud[89a-f][0-9a-f]{2}$/i;

/** JSON text whose strings, names among them, have no U+0000, and U+FFFD for each half of a surrogate pair. */
export function storableJson(text: string): string {
  return text.replace(ESCAPE, (one) => (NUL.test(one) ? '' : HALF_PAIR.test(one) ? '\\ufffd' : one));
}
