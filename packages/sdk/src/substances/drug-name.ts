// The ingredients that the name of a drug names. RxNorm's names of drugs are made of them by a rule, so that they can be
// read back: `amoxicillin 875 MG / clavulanate 125 MG Oral Tablet`. What people type is read in the same way.

import { BRANDS } from './brands.ts';
import { INGREDIENTS, ingredientNamed } from './ingredients.ts';

/** A strength, where the name of an ingredient ends; of several ingredients at once too: `800-160 mg`. */
const STRENGTH =
  /\s\d[\d.,]*(?:[-/]\d[\d.,]*)*\s*(?:MG|MCG|UG|G|MEQ|UNT|UNITS?|IU|ML|MMOL|CELLS|PNU|SQ|BAU|ACTUAT|HR|%)(?![a-z])/i;
/** What a strength is in: `/ML`, ` / 5 mL`, ` per 24 hours`. */
const DENOMINATOR =
  /\s*(?:\/|\bper\b)\s*[\d.,]*\s*(?:ML|L|ACTUAT|HR?|HOURS?|DAY|DOSE|SPRAY|PUFF|INHALATION|MG|MCG|G|UNT|TABLET|TAB|CAPSULE|CAP|PATCH|VIAL|SQCM|CM2)(?![a-z])/i;
/** An amount that is more than a volume or a time: after the first strength, that of another ingredient. */
const AMOUNT =
  /\d[\d.,]*\s*(?:MG|MILLIGRAMS?|MCG|MICROGRAMS?|UG|G|GRAMS?|MEQ|UNT|UNITS?|IU|MMOL|CELLS|PNU|SQ|BAU|%)(?![a-z])/i;
/** What people write between the ingredients of a combination. */
export const JOINED = /\s*[-–/+&,;]\s*|\s+(?:and|with|plus)\s+/i;
/** After a strength and what it is in: another substance follows, whether we know it or not. */
const JOINS_MORE = /[/+&]|\b(?:and|with|plus)\b|^\s*[-–]\s*[a-z]/i;
const LEADING_JOIN = /^[\s\-–/+&,;]*(?:(?:and|with|plus)\s+)?/i;
/** What stands before the first ingredient: NDA number, doses in a device, hours, volume, and pens' choices of dose. */
const PACKAGING =
  /^(?:NDA\d+\s+|\d[\d.]*\s+(?:ACTUAT|HR|ML)\s+|(?:\d[\d.]*\s+MG,?\s+)+Dose\s+|Once-Daily\s+|Abuse-Deterrent\s+)/i;
const BRAND = /\s*\[[^\]]*\]\s*$/g;
/** The brand of a pack may say for whom it is: `[Lamictal Green (... Not Taking Valproate)]`. */
const BRANDS_IN = /\[[^\]]*\]/g;
/** A product in a pack: `21 (norethindrone 0.35 MG Oral Tablet)`. */
const PACKED = /\d+ \((.*?)\)(?= \/| ?\})/g;

/** Words after an ingredient that say which salt, form or source it is. */
// biome-ignore format: a table is read by its rows
export const SALTS: ReadonlySet<string> = new Set([
  'hydrochloride', 'hcl', 'dihydrochloride', 'hydrobromide', 'sodium', 'disodium', 'potassium', 'calcium', 'magnesium', 'zinc',
  'tartrate', 'bitartrate', 'succinate', 'maleate', 'fumarate', 'mesylate', 'dimesylate', 'besylate', 'tosylate', 'phosphate',
  'sulfate', 'nitrate', 'hyclate', 'bromide', 'chloride', 'iodide', 'acetate', 'propionate', 'dipropionate', 'furoate', 'valerate',
  'citrate', 'pamoate', 'medoxomil', 'cilexetil', 'proxetil', 'axetil', 'carbonate', 'cypionate', 'enanthate', 'acetonide',
  'aspartate', 'saccharate', 'lactate', 'gluconate', 'estolate', 'stearate', 'ethylsuccinate', 'benzathine', 'procaine', 'tromethamine',
  'mofetil', 'porcine', 'anhydrous', 'monohydrate', 'dihydrate', 'trihydrate', 'hydrate', 'macrocrystals', 'human', 'usp', 'topical', 'oral',
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

/** What the name of a drug says of its ingredients. */
export interface ReadName {
  /** In lower case and without their salts, each once. */
  readonly ingredients: readonly string[];
  /** Nothing in the name may be a further ingredient. */
  readonly whole: boolean;
}

/**
 * The ingredients that a drug's name names; empty where the name has no strength to tell them by and mentions none that we
 * know.
 */
export function ingredientsIn(drug: string): readonly string[] {
  return readDrugName(drug).ingredients;
}

/** Reads the name of a drug; what it mentions of known ingredients counts wherever it stands. */
export function readDrugName(drug: string): ReadName {
  const pack = drug.trimStart().startsWith('{');
  const name = drug.replaceAll(pack ? BRANDS_IN : BRAND, '').trim();
  const products = pack ? Array.from(name.matchAll(PACKED), ([, product]) => product!) : [name];
  const parts = products.flatMap(partsOf).map(readPart);
  const said = [...parts.flatMap((part) => part.ingredients), ...mentioned(name)];
  // What people type in brackets may be another ingredient.
  const beside = pack && parts.length > 0 ? [] : mentioned(drug).filter((one) => !said.includes(one));
  return {
    ingredients: [...new Set([...said, ...beside])].filter((one) => one !== 'inert ingredients'),
    whole: parts.length > 0 && parts.every((part) => part.whole) && beside.length === 0,
  };
}

function partsOf(product: string): string[] {
  const denominators = new RegExp(DENOMINATOR, 'gi');
  return product.replace(denominators, (one) => one.trim().replace(/^\/\s+/, '/')).split(/ \/ /);
}

/** A name and its strength; after it, where people type, maybe the next: `trimethoprim 160 mg/sulfamethoxazole 800 mg`. */
function readPart(text: string): ReadName {
  const part = unpacked(text.trim());
  const strength = STRENGTH.exec(part);
  const head = namesIn(strength ? part.slice(0, strength.index) : part);
  if (!strength) return allKnown(head) ? head : { ingredients: [], whole: false };
  let rest = afterDenominator(part.slice(strength.index + strength[0].length));
  // Each of several names has its strength: `sulfamethoxazole-trimethoprim 800 mg-160 mg`.
  for (let others = head.ingredients.length - 1; others > 0; others--) {
    const next = rest.replace(LEADING_JOIN, '');
    const own = AMOUNT.exec(next);
    if (own?.index !== 0) break;
    rest = afterDenominator(next.slice(own[0].length));
  }
  if (!AMOUNT.test(rest)) {
    const ends = !JOINS_MORE.test(rest) && mentioned(rest).length === 0;
    return { ingredients: head.ingredients, whole: head.whole && ends };
  }
  const next = readPart(rest.replace(LEADING_JOIN, ''));
  const known = next.ingredients.filter(ingredientNamed);
  return { ingredients: [...head.ingredients, ...known], whole: head.whole && allKnown(next) };
}

function afterDenominator(rest: string): string {
  const found = DENOMINATOR.exec(rest);
  return found?.index === 0 ? rest.slice(found[0].length) : rest;
}

function allKnown({ ingredients, whole }: ReadName): boolean {
  return whole && ingredients.every(ingredientNamed);
}

/** The ingredients that stand before a strength: known ones, or one that is in no table of ours. */
function namesIn(text: string): ReadName {
  const one = substancesNamed(text);
  if (one) return { ingredients: one, whole: true };
  const several = text.split(JOINED).filter(Boolean).map(substancesNamed);
  if (several.length > 0 && several.every((names) => names !== undefined)) {
    return { ingredients: several.flat(), whole: true };
  }
  const known = mentioned(text);
  return known.length > 0 ? { ingredients: known, whole: false } : { ingredients: [baseOf(text)], whole: true };
}

/** Of a known ingredient or brand. */
function substancesNamed(text: string): readonly string[] | undefined {
  const base = baseOf(text);
  return ingredientNamed(base) ? [base] : BRANDS.get(base);
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

/** Words that name known ingredients, as `mentioned` compares them. */
const PHRASES: ReadonlyMap<string, readonly string[]> = new Map(
  [
    ...BRANDS,
    ...INGREDIENTS.map(({ name }) => [name, [name]] as const),
    ...Object.entries(OTHER_NAMES).map(([name, known]) => [name, [known]] as const),
  ].map(([name, ingredients]) => [plain(name), ingredients]),
);
/** The longest first: ethinyl estradiol is no estradiol. */
const ANY_PHRASE = new RegExp(
  `\\b(?:${[...PHRASES.keys()].toSorted((a, b) => b.length - a.length).join('|')})\\b`,
  'g',
);

/** The known ingredients that words mention, by their own names, other names and brands. */
export function mentioned(words: string): readonly string[] {
  const found = plain(words).match(ANY_PHRASE) ?? [];
  return [...new Set(found.flatMap((phrase) => PHRASES.get(phrase) ?? []))];
}

/** Whether words are the name of a known ingredient or a brand, and nothing beside it. */
export function isDrugName(words: string): boolean {
  return PHRASES.has(plain(words));
}

/** What words hold beside the known ingredients that they mention, as `plain` writes it: in pieces, between those. */
export function withoutKnown(words: string): readonly string[] {
  return plain(words)
    .split(ANY_PHRASE)
    .map((piece) => piece.trim())
    .filter(Boolean);
}

/** The words of a drug's name without its brand, its strengths and what they are in. */
export function withoutAmounts(drug: string): string {
  return [DENOMINATOR, AMOUNT].reduce(
    (text, amount) => text.replaceAll(new RegExp(amount, 'gi'), ' '),
    drug.replaceAll(BRANDS_IN, ' '),
  );
}

function plain(words: string): string {
  return words
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim();
}
