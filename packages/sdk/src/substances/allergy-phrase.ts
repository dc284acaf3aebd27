// What people write of an allergy in one phrase: the substance, how it shows, how bad it was. `PCN rash`, `shellfish - hives`,
// `NKDA except sulfa`. Which names are in it; what it is to is said by who chooses one.

import { NAMES_OF_ALLERGENS, namesOf } from './allergen-names.ts';
import { isDrugName } from './drug-name.ts';
import { REACTIONS } from './reactions.ts';

/** A phrase, read. */
export interface AllergyPhrase {
  /** Names that are known here, as they are written, each once. None of what the phrase denies. */
  readonly names: readonly string[];
  /** The other words, without those that say how it shows, and what it denies; empty where the names are all it says. */
  readonly rest: string;
}

/** It says that there is none: whatever is named after it is not what the patient reacts to, but for an exception. */
const DENIES =
  /^(?:(?:pt|patient|has|reports) )*(?:no|nil|none|nk[a-z]{1,2}|denies|denied|not allergic|negative|without|tolerat(?:es|ed))\b/;
const EXCEPT =
  /\b(?:other than|except(?:ing|ion)?(?: for| of| to)?|excluding|besides|apart from|aside from|but(?: for)?|save(?: for)?|outside of)\b/;
/** Between what is said of one substance and of the next. */
const CLAUSE = /[;.\n]|,(?!\d)/;
/** Words of the longest name of an allergen. */
const LONGEST_NAME = 5;

/** By how a phrase is compared. */
const KNOWN: ReadonlyMap<string, string> = new Map(NAMES_OF_ALLERGENS.map((name) => [plain(name), name]));

/** Words that say how it showed, how bad it was, when, or that it is an allergy; the longest first. */
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

/** What a phrase names, clause by clause; a denied clause names what it excepts, and no more. */
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

/** The longest names first, from the left; of a clause that denies, after `other than`. */
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

/** The longest name that begins here, as it is known, and how many words it has. */
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
