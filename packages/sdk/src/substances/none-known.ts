// The patient was asked and has no allergy: of any kind, of one kind, or to one substance.

import { ALLERGENS, RXNORM, SNOMED } from '#kit/systems.ts';
import type { AllergenCategory } from './allergen-category.ts';
import { deniedIn } from './denied-words.ts';

/** An assertion of "none known", as far as its code or words tell. */
export interface NoneKnown {
  /** `No known drug allergies`; of one in no table of ours, its words. */
  readonly label: string;
  /** Its kind; every kind if undefined and neither `of` nor `several` is present. */
  readonly category: AllergenCategory | undefined;
  /** Names of its substances, if narrower than its category. */
  readonly of?: readonly string[];
  /** The assertions that it combines: `no known drug or latex allergies`. */
  readonly several?: readonly NoneKnown[];
}

/** An assertion with a code. */
export interface NoneKnownTerm extends NoneKnown {
  readonly key: string;
  /** SNOMED CT code of the situation, and its term. */
  readonly snomed: string;
  readonly term: string;
  /** Other codes: a retired or broader one of SNOMED CT, or that of the International Patient Summary. */
  readonly codes: readonly string[];
  readonly also: string;
  /** Other ways to deny it: `no known allergy to insects`. */
  readonly subjects: string;
}

// biome-ignore format: a table is read by its rows
export const NONE_KNOWN: readonly NoneKnownTerm[] = [
  { key: 'no-known-allergies', label: 'No known allergies', snomed: '716186003', term: 'No known allergy', codes: ['160244002', 'no-known-allergies'], also: 'NKA|none|none known|nil known|no allergies', subjects: 'anything|any substance', category: undefined },
  { key: 'no-known-drug-allergies', label: 'No known drug allergies', snomed: '409137002', term: 'No known drug allergy', codes: ['no-known-medication-allergies'], also: 'NKDA|no known medication allergies|no known medication allergy|no drug allergies', subjects: 'drug|drugs|medication|medications|medicine|medicines|medicinal|pharmaceutical', category: 'medication' },
  { key: 'no-known-food-allergies', label: 'No known food allergies', snomed: '429625007', term: 'No known food allergy', codes: ['no-known-food-allergies'], also: 'NKFA|no food allergies', subjects: 'food|foods', category: 'food' },
  { key: 'no-known-environmental-allergies', label: 'No known environmental allergies', snomed: '428607008', term: 'No known environmental allergy', codes: ['no-known-environmental-allergies'], also: 'NKEA|no environmental allergies', subjects: 'environmental|environment|seasonal', category: 'environment' },
  { key: 'no-known-latex-allergy', label: 'No known latex allergy', snomed: '1003774007', term: 'No known Hevea brasiliensis latex allergy', codes: ['716184000'], also: 'no latex allergy', subjects: 'latex|natural rubber latex|Hevea brasiliensis latex', category: 'environment', of: ['Latex'] },
  { key: 'no-known-insect-allergy', label: 'No known insect allergy', snomed: '428197003', term: 'No known insect allergy', codes: [], also: 'no insect allergy', subjects: 'insect|insects|insect sting|insect stings|insect venom', category: 'environment', of: ['Bee venom', 'Wasp venom', 'Hornet venom', 'Ant venom', 'Insect venom', 'Cockroach'] },
  { key: 'no-known-animal-allergy', label: 'No known animal allergy', snomed: '716220001', term: 'No known animal allergy', codes: [], also: 'no animal allergy', subjects: 'animal|animals|animal dander', category: 'environment', of: ['Animal dander', 'Cat dander', 'Dog dander', 'Horse dander', 'Rabbit dander', 'Feathers'] },
];

/** International Patient Summary: nothing known, or not asked. */
const ABSENT_OR_UNKNOWN = 'http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips';

/** SNOMED CT: the patient was not asked. */
const NOT_ASKED = '1631000175102';
const UNASKED: ReadonlySet<string> = new Set([
  'no information about allergies',
  'no allergy information',
  'allergies unknown',
  'allergy status unknown',
  'patient not asked',
  'not asked',
]);

const byCode: ReadonlyMap<string, NoneKnownTerm> = new Map(
  NONE_KNOWN.flatMap((one) => [
    [`${ALLERGENS}|${one.key}`, one] as const,
    ...[one.snomed, ...one.codes].map(
      (code) => [`${/^\d+$/.test(code) ? SNOMED : ABSENT_OR_UNKNOWN}|${code}`, one] as const,
    ),
  ]),
);
const byWords: ReadonlyMap<string, NoneKnownTerm> = new Map(
  NONE_KNOWN.flatMap((one) =>
    [one.label, one.term, ...one.also.split('|')].map((words) => [words.toLowerCase(), one] as const),
  ),
);
const bySubject: ReadonlyMap<string, NoneKnownTerm> = new Map(
  NONE_KNOWN.flatMap((one) => one.subjects.split('|').map((subject) => [subject.toLowerCase(), one] as const)),
);

/** Systems whose codes name substances: any code that isn't an assertion's is an allergen, whatever the words. */
const NAMES_SUBSTANCES: ReadonlySet<string | undefined> = new Set([SNOMED, RXNORM, ALLERGENS]);

/** It covers all allergies. */
export function isOfEveryKind({ category, of, several }: NoneKnown): boolean {
  return category === undefined && of === undefined && several === undefined;
}

export function hasCode(none: NoneKnown): none is NoneKnownTerm {
  return 'key' in none;
}

/** Codes and words, as records have them. */
interface Concept {
  readonly coding?: readonly { readonly system?: string; readonly code?: string; readonly display?: string }[];
  readonly text?: string;
}

/** A concept for "not asked" or "unknown": neither an allergy nor an assertion. */
export function isUnasked({ coding = [], text }: Concept): boolean {
  if (coding.length === 0) return text !== undefined && UNASKED.has(text.trim().toLowerCase().replace(/\.$/, ''));
  return coding.some(
    ({ system, code }) =>
      (system === ABSENT_OR_UNKNOWN && code === 'no-allergy-info') || (system === SNOMED && code === NOT_ASKED),
  );
}

/** The assertion that a concept is, by code or by its exact words; undefined for an allergen. */
export function noneKnownIn({ coding = [], text }: Concept): NoneKnown | undefined {
  for (const { system = SNOMED, code } of coding) {
    const known = byCode.get(`${system}|${code}`);
    if (known) return known;
  }
  const words = [
    ...coding.map(({ display }) => display),
    coding.some(({ system }) => NAMES_SUBSTANCES.has(system)) ? undefined : text,
  ];
  for (const one of words) {
    const known = one === undefined ? undefined : noneKnownInWords(one);
    if (known) return known;
  }
  return undefined;
}

/** `NKDA`, `denies drug allergies`, `No known allergy to latex (situation)`; undefined if the words may say more. */
export function noneKnownInWords(words: string): NoneKnown | undefined {
  const label = words.trim();
  const whole = byWords.get(plain(words)) ?? denied(plain(words), label);
  if (whole) return whole;
  const clauses = clausesOf(plain(words));
  const found = clauses.map((clause) => byWords.get(clause) ?? denied(clause, label));
  return found.every((one) => one !== undefined) ? together(found, label) : undefined;
}

/** One clause: the kinds or substances for which it denies an allergy. */
function denied(clause: string, label: string): NoneKnown | undefined {
  const subjects = deniedIn(clause, (subject) => bySubject.has(subject));
  if (subjects === undefined) return undefined;
  if (subjects.length === 0) return NONE_KNOWN[0];
  return together(
    subjects.map((subject) => bySubject.get(subject) ?? { label, category: undefined, of: [subject] }),
    label,
  );
}

function together(all: readonly NoneKnown[], label: string): NoneKnown | undefined {
  const several = [...new Set(all.flatMap((one) => one.several ?? [one]))];
  return several.find(isOfEveryKind) ?? (several.length > 1 ? { label, category: undefined, several } : several[0]);
}

/** `No known drug allergies. Denies latex allergy`. */
function clausesOf(words: string): readonly string[] {
  return words
    .split(/[;.\n/]+|(?:,|\band\b)\s*(?=(?:no|not|denies|nk[a-z]{1,2})\b)/)
    .map((clause) => clause.trim())
    .filter(Boolean);
}

/** `No known allergies.`, `No known allergy (situation)`, `Allergies: none`: without redundant words. */
function plain(words: string): string {
  return words
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/\s*\((?:situation|finding|context-dependent category|nk[a-z]{1,2})\)\s*$/, '')
    .replaceAll(/[^\S\n]+/g, ' ')
    .replace(/^(?:allerg(?:y|ies)\s*[:-]?|(?:the )?(?:patient|pt\.?))\s+/, '')
    .replace(/[\s.]+$/, '')
    .trim();
}
