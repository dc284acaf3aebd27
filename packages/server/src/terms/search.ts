// Search in a code system: by code first, then abbreviations, then words; likeliest first.

import { normalise } from '#r4/search-text.ts';
import type { LoadedTerms } from './loaded.ts';
import { type Query, readQuery, sought } from './query.ts';
import { affirmed, score, scoreOfUses } from './rank.ts';
import { type CodeSystem, codeSystem } from './systems.ts';
import type { TermFilter, TermHit, TermPreference } from './term.ts';
import type { TermIndex } from './term-index.ts';
import { wordsOf } from './words.ts';

export interface TermSearch {
  /** The URI of the code system, or its name. */
  readonly system: string;
  readonly query: string;
  /** Defaults to 20. */
  readonly limit?: number;
  readonly filter?: TermFilter;
  /** Terms of it come before all others. */
  readonly prefer?: TermPreference;
}

/** How often the site picked the term of a row. */
type Uses = ReadonlyMap<number, number>;

/** Rows in their order, each with whether it fits what was typed: see `TermHit.fits`. */
type Rows = ReadonlyMap<number, boolean>;

/** The most prominent terms with the words; the best are chosen from them. */
const CANDIDATES = 250;
/** The possible meanings of each misspelled word, and of the whole query. */
const CORRECTIONS = 3;
const MOST_CORRECTED = 8;

/**
 * Terms of a code system that a query may mean, likeliest first. Without a query, those that the site uses most, then common
 * ones. Empty if no edition is loaded.
 */
export async function searchTerms(terms: LoadedTerms, search: TermSearch): Promise<TermHit[]> {
  const system = codeSystem(search.system);
  const loaded = await terms.get(system.uri);
  if (!loaded) return [];
  const { index, uses } = loaded;
  const rows = rowsPreferred(index, system, search, await uses());
  return Array.from(rows, ([row, fits]) => ({ system: system.uri, ...index.term(row), fits }));
}

/** Those that are preferred are looked for by themselves too: the others would keep them out of the best. */
function rowsPreferred(index: TermIndex, system: CodeSystem, search: TermSearch, used: Uses): Rows {
  const { limit = 20, filter = {}, prefer } = search;
  const accept = index.filter(filter);
  const all = rowsFor(index, system, { ...search, limit, accept, corrects: true }, used);
  if (prefer === undefined) return all;
  const preferred = preferredBy(index, system, prefer);
  const both = (row: number): boolean => accept(row) && preferred(row);
  // A correctly spelled word that isn't among them must not be treated as misspelled.
  const first = rowsFor(index, system, { ...search, limit, accept: both, corrects: false }, used);
  const others = [...all].sort(([a], [b]) => Number(preferred(b)) - Number(preferred(a)));
  return new Map([...first, ...others.filter(([row]) => !first.has(row))].slice(0, limit));
}

function preferredBy(index: TermIndex, { disease }: CodeSystem, prefer: TermPreference): (row: number) => boolean {
  if (prefer !== 'disease') return index.filter({ has: [prefer] });
  return disease ? (row) => disease.test(index.term(row).code) : () => true;
}

interface Looking {
  readonly query: string;
  readonly limit: number;
  readonly accept: (row: number) => boolean;
  /** If nothing is found, words are treated as misspelled. */
  readonly corrects: boolean;
}

function rowsFor(index: TermIndex, system: CodeSystem, search: Looking, used: Uses): Rows {
  const { limit, accept, corrects } = search;
  const query = readQuery(search.query, system.uri);
  const rows = new Map<number, boolean>();
  const take = (some: Iterable<number | undefined>, fits: boolean): void => {
    for (const row of some) {
      if (row !== undefined && rows.size < limit && !rows.has(row) && accept(row)) rows.set(row, fits);
    }
  };

  if (query.words.length === 0) {
    const common = [...used].sort(([, a], [, b]) => b - a).map(([row]) => row);
    take([...common, ...index.common], false);
    return rows;
  }
  const typed = search.query.trim();
  take([index.rowOf(system.official?.(typed) ?? typed)], true);
  const coded = query.code === undefined ? NO_CODES : rowsOfCode(index, query.code, used);
  take(coded.exact, true);
  take(
    query.codes.map((code) => index.rowOf(code)),
    true,
  );
  const rating: Rating = { accept, used, limit: Math.max(limit, CANDIDATES) };
  if (rows.size < limit) take(rowsOfWords(index, query.readings, rating), true);
  // The start of a code isn't a code yet: typed words of a term aren't meant as one.
  take(coded.longer, false);
  if (rows.size === 0 && corrects) take(rowsOfWords(index, corrected(index, query), rating), false);
  return rows;
}

const NO_CODES = { exact: [], longer: [] } as const;

/** The code itself, and those that begin so: used and common ones by worth, then the others in the order of codes. */
function rowsOfCode(index: TermIndex, beginning: string, used: Uses): { exact: number[]; longer: number[] } {
  const { exact, longer } = index.withCode(beginning);
  const worth = (row: number): number => index.prominence(row) + scoreOfUses(used.get(row) ?? 0);
  const likely = longer.filter((row) => index.isCommon(row) || used.has(row)).sort((a, b) => worth(b) - worth(a));
  return { exact, longer: [...likely, ...longer] };
}

interface Rating {
  readonly limit: number;
  readonly accept: (row: number) => boolean;
  readonly used: Uses;
}

/** Terms that have all words of any of the readings, the best first. */
function rowsOfWords(index: TermIndex, readings: Query['readings'], { accept, used, limit }: Rating): number[] {
  const points = new Map<number, number>();
  for (const words of readings) {
    const typed = words.join(' ');
    const found = index.withWords(words.map(sought), { limit, accept, besides: used.keys() });
    for (const { row, whole } of found) {
      const { display } = index.term(row);
      const now = score({
        prominence: index.prominence(row),
        whole: whole / words.length,
        // Only as much of it as can decide: normalizing all of 250 displays is half the cost of a search.
        begins: normalise(display.slice(0, 2 * typed.length)).startsWith(typed),
        denied: isDenied(display, words),
        uses: used.get(row) ?? 0,
      });
      points.set(row, Math.max(now, points.get(row) ?? Number.NEGATIVE_INFINITY));
    }
  }
  return [...points].sort(([rowA, a], [rowB, b]) => b - a || rowA - rowB).map(([row]) => row);
}

/** Whether a word is there only after "without", and the query does not say "without" itself. */
function isDenied(display: string, words: readonly string[]): boolean {
  const affirming = affirmed(display);
  if (affirming === display || words.includes('without')) return false;
  const all = wordsOf(display);
  const said = wordsOf(affirming);
  const among = (list: readonly string[], word: string): boolean =>
    list.some((one) => one.startsWith(sought(word).prefix));
  return words.some((word) => among(all, word) && !among(said, word));
}

/** The query with corrections for its misspelled words. If no word is unknown, any may be misspelled. */
function corrected(index: TermIndex, { words }: Query): string[][] {
  const unknown = words.filter((word) => !index.knows(word));
  const suspects = unknown.length > 0 ? [unknown] : words.map((word) => [word]);
  const readings = suspects.flatMap((misspelt) => {
    const meant = words.map((word) => (misspelt.includes(word) ? index.spelled(word, CORRECTIONS) : [word]));
    return combinations(meant);
  });
  return readings.slice(0, MOST_CORRECTED);
}

/** One of each. */
function combinations(choices: readonly (readonly string[])[]): string[][] {
  return choices.reduce<string[][]>((lists, some) => lists.flatMap((list) => some.map((one) => [...list, one])), [[]]);
}
