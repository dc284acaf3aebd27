// The built-in checks. To add one, write its file and list it here.

import { allergyCheck } from './allergy.ts';
import type { BuiltInCheck } from './check.ts';
import { duplicateIngredientCheck } from './duplicate-ingredient.ts';
import { pregnancyCheck } from './pregnancy.ts';
import { quantityCheck } from './quantity.ts';
import { sameAllergyTwiceCheck } from './same-allergy-twice.ts';

/** In order, after the plugins, so that they see amended values. */
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
