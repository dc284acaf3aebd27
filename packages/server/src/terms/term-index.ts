// An edition in memory: which terms have words that begin so, in the order of their prominence. Built by index-builder.ts.

import { codeKey } from './systems.ts';
import type { Term, TermFilter, TermFlag } from './term.ts';
import { nearestWords } from './spelling.ts';

/** Rows are numbered by prominence: the most prominent term is row 0. */
export interface IndexData {
  readonly codes: readonly string[];
  readonly displays: readonly string[];
  /** The sets of flags that occur, and which of them each row has. */
  readonly flagSets: readonly (readonly TermFlag[])[];
  readonly flags: Uint16Array;
  readonly prominence: Float32Array;
  /** The common ones, the commonest first. */
  readonly common: readonly number[];
  /** Sorted by code unit. */
  readonly vocabulary: readonly string[];
  /** The rows of word `w` are those from `starts[w]` to before `starts[w + 1]`. */
  readonly starts: Uint32Array;
  readonly postings: Uint32Array;
  /** Codes as `codeKey` writes them, sorted, and the rows they are of. */
  readonly keys: readonly string[];
  readonly keyRows: readonly number[];
}

export interface Found {
  readonly row: number;
  /** How many of the words it has as whole words. */
  readonly whole: number;
}

/** A word of a query: any word with the prefix `prefix` matches; one in `whole` matches better. */
export interface SoughtWord {
  readonly prefix: string;
  readonly whole: readonly string[];
}

export class TermIndex {
  readonly #data: IndexData;
  readonly #common: ReadonlySet<number>;
  /** For one search at a time: how many of its words each row has had so far, and how many as whole words. */
  readonly #met: Uint8Array;
  readonly #whole: Uint8Array;

  constructor(data: IndexData) {
    this.#data = data;
    this.#common = new Set(data.common);
    this.#met = new Uint8Array(data.codes.length);
    this.#whole = new Uint8Array(data.codes.length);
  }

  get size(): number {
    return this.#data.codes.length;
  }

  /** The rows of the common terms, the commonest first. */
  get common(): readonly number[] {
    return this.#data.common;
  }

  term(row: number): Term {
    const { codes, displays, flagSets, flags } = this.#data;
    return { code: codes[row]!, display: displays[row]!, flags: flagSets[flags[row]!]! };
  }

  isCommon(row: number): boolean {
    return this.#common.has(row);
  }

  prominence(row: number): number {
    return this.#data.prominence[row]!;
  }

  /** A test for rows, worked out once for each set of flags. */
  filter({ has = [], lacks = [] }: TermFilter): (row: number) => boolean {
    if (has.length === 0 && lacks.length === 0) return () => true;
    const { flagSets, flags } = this.#data;
    const fit = flagSets.map(
      (set) => has.every((flag) => set.includes(flag)) && !lacks.some((flag) => set.includes(flag)),
    );
    return (row) => fit[flags[row]!]!;
  }

  /** The row of a code as the code system writes it. */
  rowOf(code: string): number | undefined {
    const { codes, keys, keyRows } = this.#data;
    const key = codeKey(code);
    for (let at = lowerBound(keys, key); keys[at] === key; at++) {
      if (codes[keyRows[at]!] === code) return keyRows[at];
    }
    return undefined;
  }

  /** Rows whose code begins so, with or without its dots and hyphens, in the order of codes; `exact` are of the code itself. */
  withCode(beginning: string): { exact: number[]; longer: number[] } {
    const { keys, keyRows } = this.#data;
    const key = codeKey(beginning);
    const from = lowerBound(keys, key);
    let longer = from;
    while (keys[longer] === key) longer++;
    let to = longer;
    while (keys[to]?.startsWith(key)) to++;
    return { exact: keyRows.slice(from, longer), longer: keyRows.slice(longer, to) };
  }

  /** Rows with every word: the `limit` most prominent that `accept` allows, and those of `besides` that match. */
  withWords(
    words: readonly SoughtWord[],
    options: { limit: number; accept: (row: number) => boolean; besides: Iterable<number> },
  ): Found[] {
    this.#met.fill(0);
    this.#whole.fill(0);
    words.forEach((word, position) => {
      this.#meet(word, position);
    });
    const rows = new Set<number>();
    const all = words.length;
    for (
      let row = this.#met.indexOf(all);
      row >= 0 && rows.size < options.limit;
      row = this.#met.indexOf(all, row + 1)
    ) {
      if (options.accept(row)) rows.add(row);
    }
    for (const row of options.besides) if (this.#met[row] === all && options.accept(row)) rows.add(row);
    return Array.from(rows, (row) => ({ row, whole: this.#whole[row]! }));
  }

  /** Counts a word on every row that has it and has all words before it. */
  #meet({ prefix, whole }: SoughtWord, position: number): void {
    const { vocabulary, starts, postings } = this.#data;
    const met = this.#met;
    let word = lowerBound(vocabulary, prefix);
    for (; word < vocabulary.length && vocabulary[word]!.startsWith(prefix); word++) {
      const isWhole = whole.includes(vocabulary[word]!);
      for (let at = starts[word]!; at < starts[word + 1]!; at++) {
        const row = postings[at]!;
        if (isWhole && this.#whole[row]! <= position) this.#whole[row]!++;
        if (met[row] === position) met[row] = position + 1;
      }
    }
  }

  /** Whether any word begins so. */
  knows(prefix: string): boolean {
    const { vocabulary } = this.#data;
    return vocabulary[lowerBound(vocabulary, prefix)]?.startsWith(prefix) ?? false;
  }

  /** Words, or prefixes, that a misspelled one may mean; likeliest first. */
  spelled(misspelt: string, limit: number): string[] {
    const { vocabulary, starts } = this.#data;
    const first = misspelt[0]!;
    const from = lowerBound(vocabulary, first);
    const candidates = [];
    for (let word = from; word < vocabulary.length && vocabulary[word]!.startsWith(first); word++) {
      candidates.push({ word: vocabulary[word]!, terms: starts[word + 1]! - starts[word]! });
    }
    return nearestWords(misspelt, candidates, limit);
  }
}

/** Where `text` is in a sorted list, or would be. */
function lowerBound(sorted: readonly string[], text: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < text) low = middle + 1;
    else high = middle;
  }
  return low;
}
