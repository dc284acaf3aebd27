// Reads a phrase about an allergy: the substance, the reaction, and its severity. `PCN rash`, `shellfish - hives`, `NKDA except
// sulfa`. It finds names; the caller chooses among them.

import { NAMES_OF_ALLERGENS, namesOf } from './allergen-names.ts';
import { isDrugName } from './drug-name.ts';
import { REACTIONS } from './reactions.ts';

/** A parsed phrase. */
export interface AllergyPhrase {
  /** Known names as written, each once. Excludes what the phrase denies. */
  readonly names: readonly string[];
  /** The remaining words, without reactions and denials; empty if the names are everything. */
  readonly rest: string;
}

/** It says that there is no allergy: names after it aren't allergens, except for exceptions. */
const DENIES =
  /^(?:(?:pt|patient|has|reports) )*(?:no|nil|none|nk[a-z]{1,2}|denies|denied|not allergic|negative|without|tolerat(?:es|ed))\b/;
const EXCEPT =
  /\b(?:other than|except(?:ing|ion)?(?: for| of| to)?|excluding|besides|apart from|aside from|but(?: for)?|save(?: for)?|outside of)\b/;
/** Separators between statements about substances. */
const CLAUSE = /[;.\n]|,(?!\d)/;
/** Words in the longest name of an allergen. */
const LONGEST_NAME = 5;

/** By how a phrase is compared. */
const KNOWN: ReadonlyMap<string, string> = new Map(NAMES_OF_ALLERGENS.map((name) => [plain(name), name]));

/** Words for a reaction, its severity, or time, or that it is an allergy; longest first. */
const ABOUT = wordsPattern([
  ...REACTIONS.flatMap(({ label, also }) => [label, ...(also?.split('|') ?? [])]),
  ...[
    'rashes|itchy|itches|itched|hive|swells|swelled|swollen|throat|face|lip|lips|tongue|mouth|skin|breathing|breath|shortness|airway',
    'anaphylactic|anaphylactoid|reaction|reactions|reacts|reacted|bad reaction|allergy|allergies|allergic|intolerance|intolerant|sensitivity',
    'sensitive|hypersensitivity|adverse|side effect|side effects|upset|stomach|gi|gi upset|nauseous|sick|vomits|vomited|throws up|threw up',
    'mild|moderate|severe|serious|bad|badly|terrible|possible|probable|reported|known|causes|caused|causing|gives|gave|gets|got|makes|made',
    'breaks|broke|out|in|to|from|with|after|when|as|a|an|the|of|and|or|on|for|is|was|has|had|have|only|years|year|ago|since|child|childhood|infant|baby',
    'history|hx|h o|pt|patient|her|his|him|he|she|they|me|i|my|all over|swells up|up|closes|closed|taking|took|takes|all',
  ].flatMap((some) => some.split('|')),
]);

/** What a phrase names, clause by clause. A denying clause names only its exceptions. */
export function namesIn(phrase: string): AllergyPhrase {
  const read = phrase.split(CLAUSE).map((clause) => inClause(plain(clause)));
  return {
    names: [...new Set(read.flatMap(({ names }) => names))],
    rest: read
      .map(({ rest }) => rest)
      .filter(Boolean)
      .join(' '),
  };
}

/** Longest names first, from the left; in a denying clause, after `other than`. */
function inClause(clause: string): AllergyPhrase {
  const except = DENIES.test(clause) ? EXCEPT.exec(clause) : NO_DENIAL;
  if (!except) return { names: [], rest: clause };
  const words = clause
    .slice(except.index + except[0].length)
    .split(' ')
    .filter(Boolean);
  const names: string[] = [];
  const others: string[] = [];
  for (let at = 0; at < words.length; ) {
    const found = nameAt(words, at);
    if (found) names.push(found.name);
    else others.push(words[at]!);
    at += found?.length ?? 1;
  }
  const rest = others.join(' ').replaceAll(ABOUT, ' ').replaceAll(/\s+/g, ' ').trim();
  return { names, rest };
}

const NO_DENIAL = { index: 0, 0: '' } as const;

/** The longest known name that starts here, and its number of words. */
function nameAt(words: readonly string[], at: number): { readonly name: string; readonly length: number } | undefined {
  for (let length = Math.min(LONGEST_NAME, words.length - at); length > 0; length--) {
    const said = words.slice(at, at + length).join(' ');
    const name = namesOf(said).flatMap((one) => KNOWN.get(one) ?? [])[0] ?? (isDrugName(said) ? said : undefined);
    if (name !== undefined) return { name, length };
  }
  return undefined;
}

function wordsPattern(words: readonly string[]): RegExp {
  const all = [...new Set(words.map(plain))].toSorted((a, b) => b.length - a.length);
  return new RegExp(`\\b(?:${all.join('|')})\\b`, 'g');
}

function plain(words: string): string {
  return words
    .toLowerCase()
    .replaceAll(/['’]/g, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
