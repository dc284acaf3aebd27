// Finds the ingredients in a drug's name. RxNorm composes names by a rule, so they can be parsed: `amoxicillin 875 MG /
// clavulanate 125 MG Oral Tablet`. Typed names are parsed the same way.

import { BRANDS } from './brands.ts';
import { INGREDIENTS, ingredientNamed } from './ingredients.ts';

/** A strength, which ends the name of an ingredient, or of several: `800-160 mg`. */
const STRENGTH =
  /\s\d[\d.,]*(?:[-/]\d[\d.,]*)*\s*(?:MG|MCG|UG|G|MEQ|UNT|UNITS?|IU|ML|MMOL|CELLS|PNU|SQ|BAU|ACTUAT|HR|%)(?![a-z])/i;
/** The denominator of a strength: `/ML`, ` / 5 mL`, ` per 24 hours`. */
const DENOMINATOR =
  /\s*(?:\/|\bper\b)\s*[\d.,]*\s*(?:ML|L|ACTUAT|HR?|HOURS?|DAY|DOSE|SPRAY|PUFF|INHALATION|MG|MCG|G|UNT|TABLET|TAB|CAPSULE|CAP|PATCH|VIAL|SQCM|CM2)(?![a-z])/i;
/** An amount other than a volume or time: after the first strength, it is another ingredient's. */
const AMOUNT =
  /\d[\d.,]*\s*(?:MG|MILLIGRAMS?|MCG|MICROGRAMS?|UG|G|GRAMS?|MEQ|UNT|UNITS?|IU|MMOL|CELLS|PNU|SQ|BAU|%)(?![a-z])/i;
/** Separators between the ingredients of a combination. */
export const JOINED = /\s*[-–/+&,;]\s*|\s+(?:and|with|plus)\s+/i;
/** After a strength and its denominator: another substance follows, known or not. */
const JOINS_MORE = /[/+&]|\b(?:and|with|plus)\b|^\s*[-–]\s*[a-z]/i;
const LEADING_JOIN = /^[\s\-–/+&,;]*(?:(?:and|with|plus)\s+)?/i;
/** What precedes the first ingredient: NDA number, doses in a device, hours, volume, and dose choices of pens. */
const PACKAGING =
  /^(?:NDA\d+\s+|\d[\d.]*\s+(?:ACTUAT|HR|ML)\s+|(?:\d[\d.]*\s+MG,?\s+)+Dose\s+|Once-Daily\s+|Abuse-Deterrent\s+)/i;
const BRAND = /\s*\[[^\]]*\]\s*$/g;
/** A pack's brand may say who it is for: `[Lamictal Green (... Not Taking Valproate)]`. */
const BRANDS_IN = /\[[^\]]*\]/g;
/** A product in a pack: `21 (norethindrone 0.35 MG Oral Tablet)`. */
const PACKED = /\d+ \((.*?)\)(?= \/| ?\})/g;

/** Words after an ingredient for its salt, form, or source. */
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
/** A mineral without its salt would be something else. */
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
/** Synonyms of names in the table. */
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

/** The ingredients that a drug's name states. */
export interface ReadName {
  /** In lower case without salts, each once. */
  readonly ingredients: readonly string[];
  /** The name can't contain any further ingredient. */
  readonly whole: boolean;
}

/** The ingredients in a drug's name; empty if it has no strength and mentions none that we know. */
export function ingredientsIn(drug: string): readonly string[] {
  return readDrugName(drug).ingredients;
}

/** Parses a drug's name. Known ingredients count anywhere in it. */
export function readDrugName(drug: string): ReadName {
  const pack = drug.trimStart().startsWith('{');
  const name = drug.replaceAll(pack ? BRANDS_IN : BRAND, '').trim();
  const products = pack ? Array.from(name.matchAll(PACKED), ([, product]) => product!) : [name];
  const parts = products.flatMap(partsOf).map(readPart);
  const said = [...parts.flatMap((part) => part.ingredients), ...mentioned(name)];
  // Text in brackets may be another ingredient when typed.
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

/** A name and its strength; in typed text maybe followed by the next: `trimethoprim 160 mg/sulfamethoxazole 800 mg`. */
function readPart(text: string): ReadName {
  const part = unpacked(text.trim());
  const strength = STRENGTH.exec(part);
  const head = namesIn(strength ? part.slice(0, strength.index) : part);
  if (!strength) return allKnown(head) ? head : { ingredients: [], whole: false };
  let rest = afterDenominator(part.slice(strength.index + strength[0].length));
  // Several names, each with a strength: `sulfamethoxazole-trimethoprim 800 mg-160 mg`.
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

/** The ingredients before a strength: known ones, or one that isn't in our tables. */
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
/** Longest first: ethinyl estradiol isn't estradiol. */
const ANY_PHRASE = new RegExp(
  `\\b(?:${[...PHRASES.keys()].toSorted((a, b) => b.length - a.length).join('|')})\\b`,
  'g',
);

/** Known ingredients that words mention, by name, synonym, or brand. */
export function mentioned(words: string): readonly string[] {
  const found = plain(words).match(ANY_PHRASE) ?? [];
  return [...new Set(found.flatMap((phrase) => PHRASES.get(phrase) ?? []))];
}

/** Whether words are exactly the name of a known ingredient or a brand. */
export function isDrugName(words: string): boolean {
  return PHRASES.has(plain(words));
}

/** The rest of the words after removing known ingredients, normalized by `plain`, in pieces. */
export function withoutKnown(words: string): readonly string[] {
  return plain(words)
    .split(ANY_PHRASE)
    .map((piece) => piece.trim())
    .filter(Boolean);
}

/** A drug's name without brand, strengths, and denominators. */
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
