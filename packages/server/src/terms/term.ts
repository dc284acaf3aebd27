// A term of a code system: as a file brings it, and as a search answers with it.

import { TERM_FLAGS } from '@chartwire/client/internal/contract/terms';

export { TERM_FLAGS };
export type TermFlag = (typeof TERM_FLAGS)[number];

export interface Term {
  readonly code: string;
  readonly display: string;
  readonly flags: readonly TermFlag[];
  /** Search synonyms. */
  readonly also?: string;
  /** Its place among the common ones, from 1. */
  readonly common?: number;
}

export interface TermHit {
  /** The code system's URI. */
  readonly system: string;
  readonly code: string;
  readonly display: string;
  readonly flags: readonly TermFlag[];
  /**
   * It matches the typed text: it has every word, its own or through a synonym, or is exactly the code. False for a guess at a
   * misspelled word, for a code that only starts so, and if nothing was typed.
   */
  readonly fits: boolean;
}

/** Terms that come before all others: those with a flag, or codes of diseases before those of encounters and screening. */
export type TermPreference = TermFlag | 'disease';

/** Terms with all of `has` and none of `lacks`. */
export interface TermFilter {
  readonly has?: readonly TermFlag[];
  readonly lacks?: readonly TermFlag[];
}

export function isFlag(text: string): text is TermFlag {
  return TERM_FLAGS.some((flag) => flag === text);
}
