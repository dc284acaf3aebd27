// What the stories' patients are allergic to, and how it shows.
// SNOMED CT codes here are of the International Patient Summary free set; RxNorm codes are ingredients.

import { RXNORM, SNOMED } from '@chartwire/sdk/internal/kit/systems';

export interface Allergen {
  readonly system: string;
  readonly code: string;
  readonly display: string;
  /** AllergyIntolerance.category. */
  readonly category: 'medication' | 'food' | 'environment';
}

export const ALLERGENS = {
  amoxicillin: { system: RXNORM, code: '723', display: 'amoxicillin', category: 'medication' },
  codeine: { system: RXNORM, code: '2670', display: 'codeine', category: 'medication' },
  ibuprofen: { system: RXNORM, code: '5640', display: 'ibuprofen', category: 'medication' },
  lisinopril: { system: RXNORM, code: '29046', display: 'lisinopril', category: 'medication' },
  peanut: { system: SNOMED, code: '91935009', display: 'Allergy to peanut', category: 'food' },
  sulfamethoxazole: { system: RXNORM, code: '10180', display: 'sulfamethoxazole', category: 'medication' },
} as const satisfies Record<string, Allergen>;

export const REACTIONS = {
  anaphylaxis: { code: '39579001', display: 'Anaphylaxis' },
  cough: { code: '49727002', display: 'Cough' },
  nausea: { code: '422587007', display: 'Nausea' },
  rash: { code: '271807003', display: 'Eruption of skin' },
  urticaria: { code: '126485001', display: 'Urticaria' },
} as const;

/** SNOMED CT: it was asked, and there is none. */
export const NO_KNOWN_ALLERGY = { code: '716186003', display: 'No known allergy' } as const;

export type AllergenName = keyof typeof ALLERGENS;
export type ReactionName = keyof typeof REACTIONS;
