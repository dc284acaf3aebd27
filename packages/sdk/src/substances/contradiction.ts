// Which assertions of "none known" an allergy contradicts, by kind.

import type { AllergyIntolerance } from '@medplum/fhirtypes';
import type { AllergenCategory } from './allergen-category.ts';
import type { Allergen } from './allergen-names.ts';
import { allergensOf, isDrug, isListed } from './allergens.ts';
import { ingredientNamed } from './ingredients.ts';
import type { NoneKnown } from './none-known.ts';

/** Its kinds; empty if unknown, since it may be of any kind. */
export function categoriesOf({
  category,
  code,
}: Pick<AllergyIntolerance, 'category' | 'code'>): ReadonlySet<AllergenCategory> {
  const said = (category ?? []).filter((one) => one !== 'biologic');
  const allergens = allergensOf(code ?? {});
  // A known drug is a drug, whatever its recorded category.
  if (said.length > 0) return new Set(allergens.some(isDrug) ? [...said, 'medication'] : said);
  if (allergens.some((one) => !isListed(one) && one.category === undefined)) return new Set();
  return new Set(allergens.flatMap((one) => one.category ?? []));
}

/** An allergy of unknown kind contradicts assertions of every kind; one of unknown substance, those of each. */
export function contradicts(allergy: AllergyIntolerance, none: NoneKnown): boolean {
  if (none.several) return none.several.some((one) => contradicts(allergy, one));
  const denied = (none.of ?? []).flatMap((text) => allergensOf({ text }));
  if (none.of) {
    const allergens = allergensOf(allergy.code ?? {});
    if (allergens.some((one) => denied.some((other) => isSame(one, other)))) return true;
    if (allergens.length > 0 && allergens.every(isListed)) return false;
  }
  const about = none.category ? [none.category] : denied.flatMap(({ category }) => category ?? []);
  const kinds = categoriesOf(allergy);
  return about.length === 0 || kinds.size === 0 || about.some((one) => kinds.has(one));
}

/** The same substance, or one of the other's class. */
function isSame(one: Allergen, other: Allergen): boolean {
  return one.key === other.key || classesOf(one).includes(other.key) || classesOf(other).includes(one.key);
}

function classesOf({ ingredient }: Allergen): readonly string[] {
  return (ingredient && ingredientNamed(ingredient)?.classes) || [];
}
