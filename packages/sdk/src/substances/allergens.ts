// What an allergy may be to: classes of drugs, their ingredients, foods and what surrounds us; and that there is none.
// Recorded by its standard code where one is certain, else by its key in Chartwire's own code system.

import { ALLERGENS, RXNORM, SNOMED } from '#kit/systems.ts';
import type { AllergenCategory } from './allergen-category.ts';
import { CLASSES } from './classes.ts';
import type { Code, Coding } from './coding.ts';
import { baseOf, readDrugName } from './drug-name.ts';
import { INGREDIENTS, ingredientNamed } from './ingredients.ts';
import { hasCode, NONE_KNOWN, type NoneKnown, noneKnownIn, noneKnownInWords } from './none-known.ts';
import { OTHER_ALLERGENS } from './other-allergens.ts';

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
  /** It is in no table of ours: it can be compared by its name, but neither its ingredients nor its classes are known. */
  readonly unlisted?: true;
  /** Its code: a standard one where it is certain, with the term that its system has for it where that is certain too. */
  readonly coding: Code;
  /** Other words it is found by, parted by `|`. */
  readonly also: string | undefined;
}

const REACTS =
  /^(?:(?:allerg(?:y|ic)(?: reaction)?|hypersensitivity|intolerance|adverse reaction|sensitivity) (?:to|caused by) )|(?: (?:allergy|allergies|intolerance))$/g;

/** What people write between two allergens, or around another name of one. */
const BETWEEN = /[,;/+&()[\]]|\s(?:and|with)\s/i;

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
  const key = keyOf(name);
  // `penicillin G`, `vitamin B12`: a letter by itself is a capital.
  const display = name.replaceAll(/\b[a-z](?=\d*$)/g, (letter) => letter.toUpperCase());
  const label = display[0]!.toUpperCase() + display.slice(1);
  const coding =
    rxcui === undefined ? { system: ALLERGENS, code: key, display: label } : { system: RXNORM, code: rxcui, display };
  return { key, label, kind: 'ingredient', category: 'medication', ingredient: name, also: undefined, coding };
}

function keyOf(name: string): string {
  return name.replaceAll(/[^a-z0-9]+/g, '-');
}

const byKey: ReadonlyMap<string, Allergen> = new Map(ALL_ALLERGENS.map((one) => [one.key, one]));
const byCode: ReadonlyMap<string, Allergen> = new Map(
  ALL_ALLERGENS.map((one) => [`${one.coding.system}|${one.coding.code}`, one]),
);
/** Several have one name: `nuts` is peanut and tree nuts. What is called so by its label has the name alone. */
const byName = new Map<string, readonly Allergen[]>();
for (const one of ALL_ALLERGENS) {
  for (const name of (one.also?.split('|') ?? []).flatMap(namesOf)) {
    const known = byName.get(name) ?? [];
    if (!known.includes(one)) byName.set(name, [...known, one]);
  }
}
for (const one of ALL_ALLERGENS.toReversed()) for (const name of namesOf(one.label)) byName.set(name, [one]);

/** Names that tell nobody which of several is meant. */
const SHARED_NAMES = [...byName].flatMap(([name, called]) => (called.length > 1 ? [name] : []));

/** Whether what is typed is the beginning of a name that several allergens share, `nuts` or `insect st`: it chooses none of them. */
export function isSharedName(typed: string): boolean {
  const said = typed.trim().toLowerCase();
  return said !== '' && SHARED_NAMES.some((name) => name.startsWith(said));
}

export function allergenOfKey(key: string): Allergen | undefined {
  return byKey.get(key);
}

/**
 * What an allergy is to, as far as its codes or its words tell: several for a product of several ingredients, none for
 * what is not known here. Codes outrank words, and words that we know all of outrank others.
 */
export function allergensOf({ coding = [], text }: Concept): readonly Allergen[] {
  const none = noneKnownIn({ coding, ...(text !== undefined && { text }) });
  if (none) return [ofNone(none)];
  for (const one of coding) {
    const known =
      byCode.get(`${one.system}|${one.code}`) ?? (one.system === ALLERGENS ? byKey.get(one.code ?? '') : undefined);
    if (known) return [known];
  }
  const read = coding.map(({ system, display }) => (display ? ofWords(display, system === RXNORM) : []));
  if (text !== undefined) read.push(ofWords(text, false));
  const clear = read.find((found) => found.length > 0 && found.every(isListed));
  if (clear) return [...new Set([...clear, ...read.flat().filter(isListed)])];
  return read.find((found) => found.some(isListed)) ?? read.find((found) => found.length > 0) ?? [];
}

function ofNone(none: NoneKnown): Allergen {
  if (hasCode(none)) return byKey.get(none.key)!;
  const { label, category } = none;
  const key = keyOf(label.toLowerCase());
  return { key, label, kind: 'none-known', category, also: undefined, coding: { system: ALLERGENS, code: key } };
}

export function isListed({ unlisted }: Allergen): boolean {
  return unlisted === undefined;
}

export function isDrug({ kind }: Allergen): boolean {
  return kind === 'class' || kind === 'ingredient';
}

/**
 * What we know in words; where there is more in them, that too, as what is in no table of ours. None where we know nothing.
 *
 * @param drug the words are those of RxNorm: what they name is a drug, whether it is in our tables or not.
 */
function ofWords(words: string, drug: boolean): readonly Allergen[] {
  const known = named(words);
  if (known.length > 0) return known;
  const pieces = withoutKind(words)
    .split(BETWEEN)
    // `Peanut; no known latex allergy`.
    .filter((piece) => /[a-z]/i.test(piece) && !noneKnownInWords(piece));
  const found = pieces.flatMap((piece) => {
    const whole = named(piece);
    return whole.length > 0 ? whole : inPiece(piece, drug);
  });
  const told = drug || found.some(isListed) ? found : found.filter(({ category }) => category !== undefined);
  return [...new Map(told.map((one) => [one.key, one])).values()];
}

/** What a piece of words mentions, and what else it may be. */
function inPiece(piece: string, drug: boolean): readonly Allergen[] {
  const { ingredients, whole } = readDrugName(piece);
  const medication = drug || ingredients.length > 0;
  const found = ingredients.map(ofIngredient);
  return whole && found.length > 0 ? found : [...found, unlistedAllergen(baseOf(piece), medication)];
}

function ofIngredient(name: string): Allergen {
  return byKey.get(keyOf(name)) ?? unlistedAllergen(name, true);
}

/** @param medication it is a drug; else it may be of any kind. */
function unlistedAllergen(name: string, medication: boolean): Allergen {
  const drug: Allergen = { ...ingredientAllergen(name, undefined), unlisted: true };
  return medication ? drug : { ...drug, kind: 'other', category: undefined };
}

/** What we know by these words as a whole: a class, a food, an ingredient, a product. */
function named(words: string): readonly Allergen[] {
  const names = namesOf(words);
  const known = names.map((name) => byName.get(name)).find((called) => called !== undefined);
  if (known) return known;
  for (const name of names) {
    const { ingredients, whole } = readDrugName(name);
    if (whole && ingredients.length > 0 && ingredients.every(ingredientNamed)) return ingredients.map(ofIngredient);
  }
  return [];
}

/** The ways in which a name may be written: as it is, without `allergy to`, in the singular. */
function namesOf(words: string): readonly string[] {
  const plain = withoutKind(words.toLowerCase().replaceAll('’', "'")).trim();
  const bare = plain.replaceAll(REACTS, '').trim();
  return [...new Set([plain, bare, bare.replace(/s$/, '')])].filter(Boolean);
}

/** Without the kind that SNOMED CT has at the end of its names: `(substance)`. */
function withoutKind(words: string): string {
  return words.replace(/\s*\((?:substance|disorder|finding|organism|product|situation)\)$/i, '');
}
