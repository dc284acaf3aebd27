// What a recorded allergy is to, by its codes or words.

import { ALLERGENS, RXNORM } from '#kit/systems.ts';
import {
  ALL_ALLERGENS,
  type Allergen,
  allergenKey,
  allergenOfKey,
  allergensCalled,
  ingredientAllergen,
  namesOf,
  withoutKind,
} from './allergen-names.ts';
import { namesIn } from './allergy-phrase.ts';
import type { LooseCoding } from './coding.ts';
import { baseOf, mentioned, readDrugName } from './drug-name.ts';
import { ingredientNamed } from './ingredients.ts';
import { hasCode, type NoneKnown, noneKnownIn, noneKnownInWords } from './none-known.ts';

/** Separators between allergens, or around an alternative name. */
const BETWEEN = /[,;/+&()[\]]|\s(?:and|with)\s/i;

/** Such concepts as records have. */
interface Concept {
  readonly coding?: readonly LooseCoding[];
  readonly text?: string;
}

const byCode: ReadonlyMap<string, Allergen> = new Map(
  ALL_ALLERGENS.map((one) => [`${one.coding.system}|${one.coding.code}`, one]),
);
/**
 * What an allergy is to, as far as its codes or words tell: several for a product with several ingredients, none if unknown.
 * Codes take precedence over words, and fully known words over others.
 */
export function allergensOf({ coding = [], text }: Concept): readonly Allergen[] {
  const none = noneKnownIn({ coding, ...(text !== undefined && { text }) });
  if (none) return [ofNone(none)];
  for (const one of coding) {
    const known =
      byCode.get(`${one.system}|${one.code}`) ?? (one.system === ALLERGENS ? allergenOfKey(one.code ?? '') : undefined);
    if (known) return [known];
  }
  const read = coding.map(({ system, display }) => (display ? ofWords(display, system === RXNORM) : []));
  if (text !== undefined) read.push(ofWords(text, false));
  const clear = read.find((found) => found.length > 0 && found.every(isListed));
  if (clear) return [...new Set([...clear, ...read.flat().filter(isListed)])];
  return read.find((found) => found.some(isListed)) ?? read.find((found) => found.length > 0) ?? [];
}

function ofNone(none: NoneKnown): Allergen {
  if (hasCode(none)) return allergenOfKey(none.key)!;
  const { label, category } = none;
  const key = allergenKey(label.toLowerCase());
  return { key, label, kind: 'none-known', category, also: undefined, coding: { system: ALLERGENS, code: key } };
}

export function isListed({ unlisted }: Allergen): boolean {
  return unlisted === undefined;
}

export function isDrug({ kind }: Allergen): boolean {
  return kind === 'class' || kind === 'ingredient';
}

/**
 * Known names in words, plus the rest if there is more, as an unknown substance. None if nothing is known.
 *
 * @param drug the words are RxNorm's, so they name a drug, whether in our tables or not
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

/** What a phrase mentions, and what else it may mean: nothing if the rest describes the reaction, `PCN rash`. */
function inPiece(piece: string, drug: boolean): readonly Allergen[] {
  const { ingredients, whole } = readDrugName(piece);
  // RxNorm names what is in a drug: the fish in fish oil isn't a food.
  const { names, rest } = drug ? { names: [], rest: piece } : namesIn(piece);
  // The iodine of `iodine dye` is part of its name.
  const beside = ingredients.filter((one) => !names.some((name) => mentioned(name).includes(one)));
  const found = [...names.flatMap(named), ...beside.map(ofIngredient)];
  const told = rest === '' || (whole && ingredients.length > 0);
  return told ? found : [...found, unlistedAllergen(baseOf(piece), drug || found.some(isDrug))];
}

function ofIngredient(name: string): Allergen {
  return allergenOfKey(allergenKey(name)) ?? unlistedAllergen(name, true);
}

/** @param medication it is a drug; otherwise it may be of any kind */
function unlistedAllergen(name: string, medication: boolean): Allergen {
  const drug: Allergen = { ...ingredientAllergen(name, undefined), unlisted: true };
  return medication ? drug : { ...drug, kind: 'other', category: undefined };
}

/** What these exact words name: a class, food, ingredient, or product. */
function named(words: string): readonly Allergen[] {
  const known = allergensCalled(words);
  if (known.length > 0) return known;
  for (const name of namesOf(words)) {
    const { ingredients, whole } = readDrugName(name);
    if (whole && ingredients.length > 0 && ingredients.every(ingredientNamed)) return ingredients.map(ofIngredient);
  }
  return [];
}
