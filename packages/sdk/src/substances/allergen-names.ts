// What an allergy may be to: drug classes, ingredients, foods, and the environment; and "none". Recorded by a standard code if
// one is reliable, otherwise by its key in Chartwire's own code system.

import { ALLERGENS, RXNORM, SNOMED } from '#kit/systems.ts';
import type { AllergenCategory } from './allergen-category.ts';
import { CLASSES } from './classes.ts';
import type { Code } from './coding.ts';
import { INGREDIENTS } from './ingredients.ts';
import { NONE_KNOWN } from './none-known.ts';
import { OTHER_ALLERGENS } from './other-allergens.ts';

export interface Allergen {
  /** Its key in Chartwire's own code system; of an ingredient, its name with hyphens. */
  readonly key: string;
  /** `Penicillins`, `Amoxicillin`. */
  readonly label: string;
  readonly kind: 'none-known' | 'class' | 'ingredient' | 'other';
  /** Undefined if it covers every kind. */
  readonly category: AllergenCategory | undefined;
  /** Of an ingredient: its name. */
  readonly ingredient?: string;
  /** Not in our tables: it can be compared by name, but its ingredients and classes are unknown. */
  readonly unlisted?: true;
  /** Its code: a standard one if reliable, with the system's term if reliable. */
  readonly coding: Code;
  /** Other names, separated by `|`. */
  readonly also: string | undefined;
}

const REACTS =
  /^(?:(?:allerg(?:y|ic)(?: reaction)?|hypersensitivity|intolerance|adverse reaction|sensitivity) (?:to|caused by) )|(?: (?:allergy|allergies|intolerance))$/g;

/** Default order of options: classes before their members. */
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

export function ingredientAllergen(name: string, rxcui: string | undefined): Allergen {
  const key = allergenKey(name);
  // `penicillin G`, `vitamin B12`: a single letter is a capital.
  const display = name.replaceAll(/\b[a-z](?=\d*$)/g, (letter) => letter.toUpperCase());
  const label = display[0]!.toUpperCase() + display.slice(1);
  const coding =
    rxcui === undefined ? { system: ALLERGENS, code: key, display: label } : { system: RXNORM, code: rxcui, display };
  return { key, label, kind: 'ingredient', category: 'medication', ingredient: name, also: undefined, coding };
}

export function allergenKey(name: string): string {
  return name.replaceAll(/[^a-z0-9]+/g, '-');
}

const byKey: ReadonlyMap<string, Allergen> = new Map(ALL_ALLERGENS.map((one) => [one.key, one]));
/** Several may share a name: `nuts` is peanut and tree nuts. What has it as its label owns it alone. */
const byName = new Map<string, readonly Allergen[]>();
for (const one of ALL_ALLERGENS) {
  for (const name of (one.also?.split('|') ?? []).flatMap(namesOf)) {
    const known = byName.get(name) ?? [];
    if (!known.includes(one)) byName.set(name, [...known, one]);
  }
}
for (const one of ALL_ALLERGENS.toReversed()) for (const name of namesOf(one.label)) byName.set(name, [one]);

/** In lower case: names of substances, without "none known". */
export const NAMES_OF_ALLERGENS = [...byName].flatMap(([name, called]) =>
  called.every(({ kind }) => kind !== 'none-known') ? [name] : [],
);

/** Ambiguous names. */
const SHARED_NAMES = [...byName].flatMap(([name, called]) => (called.length > 1 ? [name] : []));

/** Whether typed text starts a name that several allergens share, `nuts` or `insect st`: it selects none of them. */
export function isSharedName(typed: string): boolean {
  const said = typed.trim().toLowerCase();
  return said !== '' && SHARED_NAMES.some((name) => name.startsWith(said));
}

/** Allergens with exactly this name; several if they share it, none if it is unknown. */
export function allergensCalled(name: string): readonly Allergen[] {
  return (
    namesOf(name)
      .map((one) => byName.get(one))
      .find((called) => called !== undefined) ?? []
  );
}

export function allergenOfKey(key: string): Allergen | undefined {
  return byKey.get(key);
}

/** Spellings of a name: as it is, without `allergy to`, in the singular (`peaches`, `strawberries`). */
export function namesOf(words: string): readonly string[] {
  const plain = withoutKind(words.toLowerCase().replaceAll('’', "'")).trim();
  const bare = plain.replaceAll(REACTS, '').trim();
  const singular = [bare.replace(/s$/, ''), bare.replace(/ies$/, 'y'), bare.replace(/es$/, '')];
  return [...new Set([plain, bare, ...singular])].filter(Boolean);
}

/** Without SNOMED CT's semantic tag: `(substance)`. */
export function withoutKind(words: string): string {
  return words.replace(/\s*\((?:substance|disorder|finding|organism|product|situation)\)$/i, '');
}
