// What a query may mean: its words as they stand, and with abbreviations and everyday names in the words of the code system.

import { LOINC } from '@chartwire/sdk/internal/kit/systems';
import { codesOf, LONGEST_SYNONYM, synonymsOf } from './synonyms.ts';
import type { SoughtWord } from './term-index.ts';
import { tellingWords } from './words.ts';

export interface Query {
  readonly words: readonly string[];
  /** What may be meant, the words as they stand first. Each is a list of words that a term must have. */
  readonly readings: readonly (readonly string[])[];
  /** Codes that the whole query is an abbreviation or a name of, the best first. */
  readonly codes: readonly string[];
  /** It looks like a code or its beginning. */
  readonly code?: string;
}

/** Words of a query beyond these are not looked at, and readings beyond these not tried. */
const MOST_WORDS = 16;
const MOST_READINGS = 8;

const CODE = /^(?:[a-z]{1,2}\d[a-z0-9.]*|\d{3}[\d-]*)$/i;

/** Words that say which table is searched, and stand in few of its terms: `strep test` asks for strep. */
const SAID_BY_THE_TABLE: Readonly<Record<string, ReadonlySet<string>>> = {
  [LOINC]: new Set(['test', 'tests', 'testing', 'lab', 'labs', 'level', 'levels']),
};

export function readQuery(text: string, system: string): Query {
  const words = tellingWords(text).slice(0, MOST_WORDS);
  const plain = words.filter((word) => !SAID_BY_THE_TABLE[system]?.has(word));
  const all = plain.length > 0 && plain.length < words.length ? [words, plain] : [words];
  const trimmed = text.trim();
  return {
    words,
    readings: all.flatMap((some) => readings(some, system)),
    codes: all.flatMap((some) => synonymsOf(some, system).flatMap((synonym) => codesOf(synonym, system))),
    ...(CODE.test(trimmed) && { code: trimmed }),
  };
}

function readings(words: readonly string[], system: string): string[][] {
  let all: string[][] = [[]];
  // From the end, so that the rest has been read when a word is put in front of it.
  const rests: string[][][] = [all];
  for (let at = words.length - 1; at >= 0; at--) {
    all = rests[0]!.map((rest) => [words[at]!, ...rest]);
    for (let end = at + 1; end <= Math.min(words.length, at + LONGEST_SYNONYM); end++) {
      for (const meaning of meanings(words.slice(at, end), words.length, system)) {
        all.push(...rests[end - at - 1]!.map((rest) => [...meaning, ...rest]));
      }
    }
    rests.unshift(all.slice(0, MOST_READINGS));
  }
  return rests[0]!;
}

function meanings(phrase: readonly string[], of: number, system: string): string[][] {
  // One letter alone is the beginning of something; beside other words it may be an abbreviation.
  if (of === 1 && phrase[0]!.length === 1) return [];
  return synonymsOf(phrase, system).flatMap(({ means }) => (means ? [tellingWords(means)] : []));
}

/** A plural finds the singular: `headaches`, `allergies`. What is shorter is more often no plural. */
export function sought(word: string): SoughtWord {
  const stem = word.length >= 5 && /[^s]s$/.test(word) ? word.slice(0, -1) : word;
  return { prefix: stem.length >= 6 && stem.endsWith('ie') ? stem.slice(0, -2) : stem, whole: [word, stem] };
}
