// Somebody asked, and there is no allergy: of any kind, or of one.

import type { AllergenCategory } from './allergens.ts';

export interface NoneKnown {
  readonly key: string;
  /** `No known drug allergies`. */
  readonly label: string;
  /** SNOMED CT code of the situation, and its term. */
  readonly snomed: string;
  readonly term: string;
  readonly also: string;
  /** What it speaks of; every kind where it is undefined. */
  readonly category: AllergenCategory | undefined;
}

// biome-ignore format: a table is read by its rows
export const NONE_KNOWN: readonly NoneKnown[] = [
  { key: 'no-known-allergies', label: 'No known allergies', snomed: '716186003', term: 'No known allergy', also: 'NKA|none', category: undefined },
  { key: 'no-known-drug-allergies', label: 'No known drug allergies', snomed: '409137002', term: 'No known drug allergy', also: 'NKDA|no known medication allergies', category: 'medication' },
  { key: 'no-known-food-allergies', label: 'No known food allergies', snomed: '429625007', term: 'No known food allergy', also: 'NKFA', category: 'food' },
  { key: 'no-known-environmental-allergies', label: 'No known environmental allergies', snomed: '428607008', term: 'No known environmental allergy', also: 'NKEA', category: 'environment' },
];
