// What an allergy may be to: classes of drugs, their ingredients, foods and what surrounds us; and that there is none.
// Recorded by its standard code where one is certain, else by its key in Chartwire's own code system.

import { ALLERGENS, RXNORM, SNOMED } from '#kit/systems.ts';
import { CLASSES } from './classes.ts';
import type { Code, Coding } from './coding.ts';
import { baseOf, ingredientsIn } from './drug-name.ts';
import { INGREDIENTS } from './ingredients.ts';
import { NONE_KNOWN } from './none-known.ts';
import { OTHER_ALLERGENS } from './other-allergens.ts';

/** AllergyIntolerance.category. */
export type AllergenCategory = 'medication' | 'food' | 'environment';

export interface Allergen {
  /** Its key in Chartwire's own code system; of an ingredient, its name with hyphens. */
  readonly key: string;
  /** `Penicillins`, `Amoxicillin`. */
  readonly label: string;
  readonly kind: 'none-known' | 'class' | 'ingredient' | 'other';
  /** Undefined for what speaks of every kind. */
  readonly category: AllergenCategory | undefined;
  /** Of an ingredient: its name. */
  readonly ingredient?: string;
  /** Its code: a standard one where it is certain, with the term that its system has for it where that is certain too. */
  readonly coding: Code;
  /** Other words it is found by, parted by `|`. */
  readonly also: string | undefined;
}

const REACTS =
  /^(?:(?:allerg(?:y|ic)(?: reaction)?|hypersensitivity|intolerance|adverse reaction|sensitivity) (?:to|caused by) )|(?: (?:allergy|allergies|intolerance))$/g;

/** Such concepts as records have. */
interface Concept {
  readonly coding?: readonly Coding[];
  readonly text?: string;
}

/** In the order in which they are offered where nothing else decides: classes before what is in them. */
export const ALL_ALLERGENS: readonly Allergen[] = [
  ...NONE_KNOWN.map(({ key, label, snomed, term, also, category }): Allergen => {
    return { key, label, kind: 'none-known', category, also, coding: { system: SNOMED, code: snomed, display: term } };
  }),
  ...CLASSES.map(({ key, label, snomed, also }): Allergen => {
    return { key, label, kind: 'class', category: 'medication', also, coding: snomedOr(key, label, snomed) };
  }),
  ...OTHER_ALLERGENS.map(({ key, label, category, snomed, also }): Allergen => {
    return { key, label, kind: 'other', category, also, coding: snomedOr(key, label, snomed) };
  }),
  ...INGREDIENTS.map(({ name, rxcui }): Allergen => ingredientAllergen(name, rxcui)),
];

function snomedOr(key: string, label: string, snomed: string | undefined): Code {
  return snomed === undefined ? { system: ALLERGENS, code: key, display: label } : { system: SNOMED, code: snomed };
}

function ingredientAllergen(name: string, rxcui: string | undefined): Allergen {
  const key = name.replaceAll(/[^a-z0-9]+/g, '-');
  // `penicillin G`, `vitamin B12`: a letter by itself is a capital.
  const display = name.replaceAll(/\b[a-z](?=\d*$)/g, (letter) => letter.toUpperCase());
  const label = display[0]!.toUpperCase() + display.slice(1);
  const coding =
    rxcui === undefined ? { system: ALLERGENS, code: key, display: label } : { system: RXNORM, code: rxcui, display };
  return { key, label, kind: 'ingredient', category: 'medication', ingredient: name, also: undefined, coding };
}

const byKey: ReadonlyMap<string, Allergen> = new Map(ALL_ALLERGENS.map((one) => [one.key, one]));
const byCode: ReadonlyMap<string, Allergen> = new Map(
  ALL_ALLERGENS.map((one) => [`${one.coding.system}|${one.coding.code}`, one]),
);
/** The first that has a name keeps it: `nuts` is peanut and tree nuts. */
const byName = new Map<string, Allergen>();
for (const one of ALL_ALLERGENS) {
  for (const name of [one.label, ...(one.also?.split('|') ?? [])].flatMap(namesOf)) {
    if (!byName.has(name)) byName.set(name, one);
  }
}

export function allergenOfKey(key: string): Allergen | undefined {
  return byKey.get(key);
}

/**
 * What an allergy is to, as far as its codes or its words tell: several for a product of several ingredients, none for
 * what is not known here. Codes outrank words.
 */
export function allergensOf({ coding = [], text }: Concept): readonly Allergen[] {
  for (const one of coding) {
    const known =
      byCode.get(`${one.system}|${one.code}`) ?? (one.system === ALLERGENS ? byKey.get(one.code ?? '') : undefined);
    if (known) return [known];
  }
  for (const { system, display } of coding) {
    const named = display === undefined ? [] : ofWords(display, system === RXNORM);
    if (named.length > 0) return named;
  }
  return text === undefined ? [] : ofWords(text, false);
}

/** @param drug the words are those of RxNorm: what they name is an ingredient, whether it is in our table or not. */
function ofWords(words: string, drug: boolean): readonly Allergen[] {
  const known = namesOf(words).flatMap((name) => byName.get(name) ?? [])[0];
  if (known) return [known];
  const ingredients = ingredientsIn(words);
  const names = ingredients.length > 0 || !drug ? ingredients : [baseOf(words)];
  return names.map((name) => byKey.get(name.replaceAll(/[^a-z0-9]+/g, '-')) ?? ingredientAllergen(name, undefined));
}

/** The ways in which a name may be written: as it is, without `allergy to`, in the singular. */
function namesOf(words: string): readonly string[] {
  const plain = words
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/\s*\((?:substance|disorder|finding|organism|product|situation)\)$/, '')
    .trim();
  const bare = plain.replaceAll(REACTS, '').trim();
  return [...new Set([plain, bare, bare.replace(/s$/, '')])].filter(Boolean);
}
