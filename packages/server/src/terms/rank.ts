// The order of search results: what a term is worth by itself, and how well it answers a query. Points; higher is first.

import type { Term, TermFlag } from './term.ts';

/** Common ones come before all others. By far the most are of the first few in their table, as with words of a language. */
const COMMON = 30;
const COMMONEST = 30;
const COMMON_HALF = 20;

/** A shorter term precedes a longer one with the same meaning. */
const PLAIN_WORDS = 3;
const LONGEST = 20;

const FLAG_POINTS: Readonly<Partial<Record<TermFlag, number>>> = { category: -6, inactive: -25, brand: -4, pack: -2 };

const PLAINEST = /\bunspecified\b|\bwithout (?:mention of )?complications?\b|\buncomplicated\b|\bNOS\b/i;
/** Of two that differ in it, the plainer one. */
const DENIAL = /\bwithout\b/i;
/** ICD-10-CM's seventh character: who is seen for the first time is charted more often than who comes again. */
const LATER_ENCOUNTER = /, (?:subsequent encounter|sequela)\b/;

/** What is known before anybody asks: common, short and unspecific terms first, headings and inactive ones last. */
export function prominence({ display, flags, common }: Term, words: number): number {
  let points = -Math.min(LONGEST, Math.max(0, words - PLAIN_WORDS));
  if (common !== undefined) points += COMMON + COMMONEST / (1 + common / COMMON_HALF);
  if (PLAINEST.test(display)) points += 5;
  else if (DENIAL.test(display)) points += 1;
  if (LATER_ENCOUNTER.test(display)) points -= 8;
  for (const flag of flags) points += FLAG_POINTS[flag] ?? 0;
  return points;
}

export interface Fit {
  /** Points of `prominence`. */
  readonly prominence: number;
  /** Share of the query's words that the term has as whole words, not only as beginnings of words. */
  readonly whole: number;
  /** The display begins with what was typed. */
  readonly begins: boolean;
  /** It has a word of the query only after "without". */
  readonly denied: boolean;
  /** How often this site picked it. */
  readonly uses: number;
}

/** What a display says to be so: `Hypertensive heart disease` of `Hypertensive heart disease without heart failure`. */
export function affirmed(display: string): string {
  const at = display.search(DENIAL);
  return at < 0 ? display : display.slice(0, at);
}

/** How high a term stands among those that have every word of the query. */
export function score({ prominence, whole, begins, denied, uses }: Fit): number {
  return prominence + 10 * whole + (begins ? 8 : 0) - (denied ? 30 : 0) + scoreOfUses(uses);
}

/** Half a thousand uses weigh as much as being common. */
export function scoreOfUses(uses: number): number {
  return 4 * Math.log2(1 + uses);
}
