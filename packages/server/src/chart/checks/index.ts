// The checks that come with Chartwire. To add one: its file, and its line here.

import { allergyCheck } from './allergy.ts';
import type { BuiltInCheck } from './check.ts';
import { duplicateIngredientCheck } from './duplicate-ingredient.ts';
import { pregnancyCheck } from './pregnancy.ts';
import { quantityCheck } from './quantity.ts';
import { sameAllergyTwiceCheck } from './same-allergy-twice.ts';

/** In the order in which they are asked, after the plugins: they judge what those amended. */
export const CHECKS: readonly BuiltInCheck[] = [
  allergyCheck,
  duplicateIngredientCheck,
  pregnancyCheck,
  quantityCheck,
  sameAllergyTwiceCheck,
];

export function checkNamed(name: string): BuiltInCheck | undefined {
  return CHECKS.find((check) => check.name === name);
}
