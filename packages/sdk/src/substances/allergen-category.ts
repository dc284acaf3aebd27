// FHIR's categories of allergens, as far as we use them.

/** AllergyIntolerance.category. */
export type AllergenCategory = 'medication' | 'food' | 'environment';
