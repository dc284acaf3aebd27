// The kinds of allergens that FHIR tells apart, as far as we use them.

/** AllergyIntolerance.category. */
export type AllergenCategory = 'medication' | 'food' | 'environment';
