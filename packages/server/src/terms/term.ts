// A term of a code system: as a file brings it, and as a search answers with it.

/**
 * What a term is besides its words. ICD-10-CM: `category` is a heading of codes, which is not billed. RxNorm: `brand`,
 * `pack`, and `ingredient`, which is what drugs consist of and not prescribed by itself. LOINC: `order`, `result`, `panel`, `imaging`, `laboratory`. `inactive` is for the record of the past, not for new entries.
 */
export const TERM_FLAGS = [
  'category',
  'inactive',
  'brand',
  'pack',
  'ingredient',
  'order',
  'result',
  'panel',
  'imaging',
  'laboratory',
] as const;
export type TermFlag = (typeof TERM_FLAGS)[number];

export interface Term {
  readonly code: string;
  readonly display: string;
  readonly flags: readonly TermFlag[];
  /** Other words it is found by. */
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
   * It answers what was typed: it has every word, in its own words or those that a synonym stands for, or is the very
   * code. False of a guess at a misspelled word, of a code that only begins so, and of all where nothing was typed.
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
