// Somebody asked, and there is no allergy: of any kind, or of one.

import { ALLERGENS, RXNORM, SNOMED } from '#kit/systems.ts';
import type { AllergenCategory } from './allergens.ts';

export interface NoneKnown {
  readonly key: string;
  /** `No known drug allergies`. */
  readonly label: string;
  /** SNOMED CT code of the situation, and its term. */
  readonly snomed: string;
  readonly term: string;
  /** Its codes elsewhere: a retired or a wider one of SNOMED CT, that of the International Patient Summary. */
  readonly codes: readonly string[];
  readonly also: string;
  /** What it speaks of; every kind where it is undefined. */
  readonly category: AllergenCategory | undefined;
}

// biome-ignore format: a table is read by its rows
export const NONE_KNOWN: readonly NoneKnown[] = [
  { key: 'no-known-allergies', label: 'No known allergies', snomed: '716186003', term: 'No known allergy', codes: ['160244002', 'no-known-allergies'], also: 'NKA|none|none known|no allergies', category: undefined },
  { key: 'no-known-drug-allergies', label: 'No known drug allergies', snomed: '409137002', term: 'No known drug allergy', codes: ['no-known-medication-allergies'], also: 'NKDA|no known medication allergies|no known medication allergy|no drug allergies', category: 'medication' },
  { key: 'no-known-food-allergies', label: 'No known food allergies', snomed: '429625007', term: 'No known food allergy', codes: ['no-known-food-allergies'], also: 'NKFA|no food allergies', category: 'food' },
  { key: 'no-known-environmental-allergies', label: 'No known environmental allergies', snomed: '428607008', term: 'No known environmental allergy', codes: ['no-known-environmental-allergies'], also: 'NKEA|no environmental allergies', category: 'environment' },
];

/** Of the International Patient Summary: that nothing is known, or nobody asked. */
const ABSENT_OR_UNKNOWN = 'http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips';

const byCode: ReadonlyMap<string, NoneKnown> = new Map(
  NONE_KNOWN.flatMap((one) => [
    [`${ALLERGENS}|${one.key}`, one] as const,
    ...[one.snomed, ...one.codes].map(
      (code) => [`${/^\d+$/.test(code) ? SNOMED : ABSENT_OR_UNKNOWN}|${code}`, one] as const,
    ),
  ]),
);
const byWords: ReadonlyMap<string, NoneKnown> = new Map(
  NONE_KNOWN.flatMap((one) =>
    [one.label, one.term, ...one.also.split('|')].map((words) => [words.toLowerCase(), one] as const),
  ),
);

/** Systems whose codes name substances: one that is not of an assertion is of what somebody reacts to, whatever the words. */
const NAMES_SUBSTANCES: ReadonlySet<string | undefined> = new Set([SNOMED, RXNORM, ALLERGENS]);

/** The assertion that a concept is, by a code or by exactly its words; undefined for what somebody reacts to. */
export function noneKnownIn({
  coding = [],
  text,
}: {
  readonly coding?: readonly { readonly system?: string; readonly code?: string; readonly display?: string }[];
  readonly text?: string;
}): NoneKnown | undefined {
  for (const { system = SNOMED, code } of coding) {
    const known = byCode.get(`${system}|${code}`);
    if (known) return known;
  }
  const words = [
    ...coding.map(({ display }) => display),
    coding.some(({ system }) => NAMES_SUBSTANCES.has(system)) ? undefined : text,
  ];
  for (const one of words) {
    const known = one === undefined ? undefined : byWords.get(plain(one));
    if (known) return known;
  }
  return undefined;
}

/** `No known allergies.`, `No known allergy (situation)`: without what says nothing. */
function plain(words: string): string {
  return words
    .toLowerCase()
    .replace(/\s*\((?:situation|finding|context-dependent category)\)\s*$/, '')
    .replaceAll(/\s+/g, ' ')
    .replace(/[\s.]+$/, '')
    .trim();
}
