// Builds the index of an edition term by term, so that other work can run in between.

import { setImmediate as pause } from 'node:timers/promises';
import { RXNORM } from '@chartwire/sdk/internal/kit/systems';
import { prominence } from './rank.ts';
import { spokenStrengths } from './strengths.ts';
import { codeKey } from './systems.ts';
import type { Term, TermFlag } from './term.ts';
import { TermIndex } from './term-index.ts';
import { wordsOf } from './words.ts';

export class IndexBuilder {
  readonly #strengths: boolean;
  readonly #codes: string[] = [];
  readonly #displays: string[] = [];
  readonly #flagSets: (readonly TermFlag[])[] = [];
  readonly #flagSetOf = new Map<string, number>();
  readonly #flags: number[] = [];
  readonly #prominence: number[] = [];
  readonly #keys: string[] = [];
  readonly #common: { added: number; common: number }[] = [];
  /** Of each word, which terms have it. */
  readonly #addedWith = new Map<string, number[]>();

  /** `system` is the URI of the code system. */
  constructor(system: string) {
    this.#strengths = system === RXNORM;
  }

  /** Terms come in the order of their codes. */
  add(term: Term): void {
    const added = this.#codes.length;
    const words = wordsOf(term.display);
    this.#codes.push(term.code);
    this.#keys.push(codeKey(term.code));
    this.#displays.push(term.display);
    this.#flags.push(this.#flagSet(term.flags));
    this.#prominence.push(prominence(term, words.length));
    if (term.common !== undefined) this.#common.push({ added, common: term.common });
    const besides = this.#strengths ? `${term.also ?? ''} ${spokenStrengths(term.display)}` : term.also;
    for (const word of new Set(besides ? [...words, ...wordsOf(besides)] : words)) this.#note(word, added);
  }

  #flagSet(flags: readonly TermFlag[]): number {
    const name = flags.join(' ');
    const known = this.#flagSetOf.get(name);
    if (known !== undefined) return known;
    this.#flagSetOf.set(name, this.#flagSets.length);
    return this.#flagSets.push(flags) - 1;
  }

  #note(word: string, added: number): void {
    const known = this.#addedWith.get(word);
    if (known) known.push(added);
    else this.#addedWith.set(word, [added]);
  }

  /** Pauses between its steps. */
  async build(): Promise<TermIndex> {
    const order = inOrder(this.#prominence);
    const rowOf = new Uint32Array(order.length);
    for (const [row, added] of order.entries()) rowOf[added] = row;
    await pause();
    const byKey = sortedByKey(this.#keys);
    await pause();
    const vocabulary = [...this.#addedWith.keys()].sort();
    await pause();
    const words = await this.#postings(vocabulary, rowOf);
    return new TermIndex({
      codes: Array.from(order, (added) => this.#codes[added]!),
      displays: Array.from(order, (added) => this.#displays[added]!),
      flagSets: this.#flagSets,
      flags: Uint16Array.from(order, (added) => this.#flags[added]!),
      prominence: Float32Array.from(order, (added) => this.#prominence[added]!),
      common: this.#common.sort((a, b) => a.common - b.common).map(({ added }) => rowOf[added]!),
      vocabulary,
      ...words,
      keys: byKey.map((added) => this.#keys[added]!),
      keyRows: byKey.map((added) => rowOf[added]!),
    });
  }

  /** The rows of each word, in one list. */
  async #postings(
    vocabulary: readonly string[],
    rowOf: Uint32Array,
  ): Promise<{ starts: Uint32Array; postings: Uint32Array }> {
    const starts = new Uint32Array(vocabulary.length + 1);
    for (const [word, text] of vocabulary.entries()) {
      starts[word + 1] = starts[word]! + this.#addedWith.get(text)!.length;
    }
    const postings = new Uint32Array(starts.at(-1)!);
    for (const [word, text] of vocabulary.entries()) {
      let at = starts[word]!;
      for (const added of this.#addedWith.get(text)!) postings[at++] = rowOf[added]!;
      if (word % PAUSE_EVERY === 0) await pause();
    }
    return { starts, postings };
  }
}

/** Words after which others may run. */
const PAUSE_EVERY = 4_000;

/** Numbers of the terms in the order of their keys; mostly they come in it, since codes do. */
function sortedByKey(keys: readonly string[]): number[] {
  const all = Array.from(keys, (_, added) => added);
  if (keys.every((key, added) => added === 0 || keys[added - 1]! <= key)) return all;
  return all.sort((a, b) => (keys[a]! < keys[b]! ? -1 : keys[a]! > keys[b]! ? 1 : a - b));
}

/** Rows may number up to this, so that a row and its points fit one double. */
const ROWS = 2 ** 24;

/** Numbers of the terms as they were added, the most prominent first. Sorted as numbers: much faster than by a function. */
function inOrder(points: readonly number[]): Uint32Array {
  const packed = Float64Array.from(points, (value, added) => Math.round((1_000 - value) * 100) * ROWS + added).sort();
  return Uint32Array.from(packed, (value) => value % ROWS);
}
