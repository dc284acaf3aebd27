// The ingredients that the name of a drug names. RxNorm's names of drugs are made of them by a rule, so that they can be
// read back: `amoxicillin 875 MG / clavulanate 125 MG Oral Tablet`. What people type is read in the same way.

import { ingredientNamed } from './ingredients.ts';

/** A strength, where the name of an ingredient ends. */
const STRENGTH = /\s\d[\d.,]*\s*(?:MG|MCG|UG|G|MEQ|UNT|UNITS?|IU|ML|MMOL|CELLS|PNU|SQ|BAU|ACTUAT|HR|%)(?![a-z])/i;
/** What stands before the first ingredient: NDA number, doses in a device, hours, volume, and pens' choices of dose. */
const PACKAGING =
  /^(?:NDA\d+\s+|\d[\d.]*\s+(?:ACTUAT|HR|ML)\s+|(?:\d[\d.]*\s+MG,?\s+)+Dose\s+|Once-Daily\s+|Abuse-Deterrent\s+)/i;
const BRAND = /\s*\[[^\]]*\]\s*$/;
/** A product in a pack: `21 (norethindrone 0.35 MG Oral Tablet)`. */
const PACKED = /\d+ \((.*?)\)(?= \/| ?\})/g;

/** Words after an ingredient that say which salt, form or source it is. */
// biome-ignore format: a table is read by its rows
const SALTS: ReadonlySet<string> = new Set([
  'hydrochloride', 'hcl', 'dihydrochloride', 'hydrobromide', 'sodium', 'disodium', 'potassium', 'calcium', 'magnesium', 'zinc',
  'tartrate', 'bitartrate', 'succinate', 'maleate', 'fumarate', 'mesylate', 'dimesylate', 'besylate', 'tosylate', 'phosphate',
  'sulfate', 'nitrate', 'hyclate', 'bromide', 'chloride', 'iodide', 'acetate', 'propionate', 'dipropionate', 'furoate', 'valerate',
  'citrate', 'pamoate', 'medoxomil', 'cilexetil', 'proxetil', 'axetil', 'carbonate', 'cypionate', 'enanthate', 'acetonide',
  'aspartate', 'saccharate', 'lactate', 'gluconate', 'estolate', 'stearate', 'ethylsuccinate', 'benzathine', 'procaine', 'tromethamine',
  'anhydrous', 'monohydrate', 'dihydrate', 'trihydrate', 'hydrate', 'macrocrystals', 'human', 'usp', 'topical', 'oral',
  'er', 'xr', 'xl', 'sr', 'cr', 'dr', 'ec', 'odt', 'hfa', 'ir', 'ds', 'susp', 'suspension', 'tablet', 'tablets', 'capsule', 'capsules',
]);
/** What is left of a mineral without its salt would be another thing. */
const MINERALS: ReadonlySet<string> = new Set([
  'sodium',
  'potassium',
  'calcium',
  'magnesium',
  'zinc',
  'iron',
  'ferrous',
  'aluminum',
  'silver',
]);
/** Names of one substance that the table has under another. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  alendronate: 'alendronic acid',
  'acetylsalicylic acid': 'aspirin',
  paracetamol: 'acetaminophen',
  salbutamol: 'albuterol',
  cyanocobalamin: 'vitamin b12',
  'divalproex sodium': 'divalproex',
  'clavulanic acid': 'clavulanate',
  'penicillin v potassium': 'penicillin v',
  penicillin: 'penicillin v',
  'vitamin d3': 'cholecalciferol',
  'vitamin d2': 'ergocalciferol',
  'tenofovir disoproxil fumarate': 'tenofovir disoproxil',
};

/**
 * The ingredients that a drug's name names, in lower case and without their salts, each once; empty where the name has no
 * strength to tell them by and is not that of an ingredient itself.
 */
export function ingredientsIn(drug: string): readonly string[] {
  const name = drug.replace(BRAND, '').trim();
  const products = name.startsWith('{') ? Array.from(name.matchAll(PACKED), ([, product]) => product!) : [name];
  const found = products.flatMap(ingredientsOfProduct).filter((one) => one !== 'inert ingredients');
  return [...new Set(found)];
}

function ingredientsOfProduct(product: string): string[] {
  const parts = product.split(/ \/ /).map(ingredientOfPart);
  return parts.every((part) => part !== undefined) ? parts : [];
}

function ingredientOfPart(text: string): string | undefined {
  const part = unpacked(text.trim());
  const end = part.search(STRENGTH);
  if (end > 0) return baseOf(part.slice(0, end));
  const whole = baseOf(part);
  return ingredientNamed(whole) && whole;
}

function unpacked(text: string): string {
  const rest = text.replace(PACKAGING, '');
  return rest === text ? text : unpacked(rest);
}

/** `metoprolol` of `Metoprolol succinate`, `insulin isophane` of `insulin isophane, human`. */
export function baseOf(text: string): string {
  let words = text.toLowerCase().replaceAll(',', ' ').split(/\s+/).filter(Boolean);
  for (;;) {
    const name = words.join(' ');
    const known = OTHER_NAMES[name] ?? name;
    const last = words.at(-1) ?? '';
    const rest = words.slice(0, -1);
    const bare = rest.length === 0 || (rest.length === 1 && MINERALS.has(rest[0]!));
    if (ingredientNamed(known) || !SALTS.has(last) || bare) return known;
    words = rest;
  }
}
