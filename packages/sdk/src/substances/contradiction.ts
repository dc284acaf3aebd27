// Which assertions that none is known an allergy makes untrue: by the kinds it is of.

import type { AllergyIntolerance } from '@medplum/fhirtypes';
import { type AllergenCategory, allergensOf, isDrug, isListed } from './allergens.ts';
import type { NoneKnown } from './none-known.ts';

/** The kinds it is of; none where nobody can tell: it may be of any. */
export function categoriesOf({
  category,
  code,
}: Pick<AllergyIntolerance, 'category' | 'code'>): ReadonlySet<AllergenCategory> {
  const said = (category ?? []).filter((one) => one !== 'biologic');
  const allergens = allergensOf(code ?? {});
  // What is known to be a drug is one, whatever category it was recorded with.
  if (said.length > 0) return new Set(allergens.some(isDrug) ? [...said, 'medication'] : said);
  if (allergens.some((one) => !isListed(one) && one.category === undefined)) return new Set();
  return new Set(allergens.flatMap((one) => one.category ?? []));
}

/** What may be of any kind makes it untrue for every kind. */
export function contradicts(allergy: AllergyIntolerance, none: NoneKnown): boolean {
  const kinds = categoriesOf(allergy);
  return none.category === undefined || kinds.size === 0 || kinds.has(none.category);
}
