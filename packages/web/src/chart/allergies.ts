// Allergies in words: what to, how bad, and which kinds somebody asked about and knows of none.

import type { AllergyIntolerance } from '@medplum/fhirtypes';
import { isAllergy, noneKnownOf, stands } from '@chartwire/sdk/internal/substances/allergy-state';
import { isOfEveryKind, type NoneKnown } from '@chartwire/sdk/internal/substances/none-known';
import { conceptText } from '../fhir/words.ts';

export interface Allergies {
  /** What the patient reacts to. */
  readonly real: readonly (AllergyIntolerance & { readonly id: string })[];
  /** Of which kinds none is known: one that covers all of them alone. */
  readonly none: readonly NoneKnown[];
}

/** What counts of them now. That none is known says nothing once there is one: the list is what is read. */
export function allergiesNow(allergies: readonly (AllergyIntolerance & { readonly id: string })[]): Allergies {
  const present = allergies.filter(stands);
  const said = present.flatMap((allergy) => noneKnownOf(allergy) ?? []);
  const none = [...new Map(said.map((one) => [one.label, one])).values()];
  const whole = none.filter(isOfEveryKind);
  const real = present.filter(isAllergy);
  if (real.length > 0) return { real, none: none.filter((one) => !isOfEveryKind(one)) };
  return { real, none: whole.length > 0 ? whole : none };
}

/** `Hives, wheezing (severe)`. */
export function reactionText({ reaction = [] }: AllergyIntolerance): string {
  return reaction
    .map(({ manifestation, description, severity }) => {
      const shown = manifestation.map(conceptText).filter(Boolean).join(', ') || description;
      const more = description !== shown && description;
      return [shown, severity && `(${severity})`, more && `– ${more}`].filter(Boolean).join(' ');
    })
    .filter(Boolean)
    .join('; ');
}
