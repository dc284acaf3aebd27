// What follows from a change in the very unit of work that makes it, whichever door it came through. One line a rule.

import type { ChartDraft } from '../draft.ts';
import { refuseInvalidOf } from '../unit.ts';
import { coverageOrder } from './coverage-order.ts';
import { noKnownAllergies } from './no-known-allergies.ts';
import { reviewAgain } from './review-again.ts';
import type { Rule } from './rule.ts';
import { unreportedResults } from './unreported-results.ts';

const RULES: readonly Rule[] = [coverageOrder, reviewAgain, unreportedResults, noKnownAllergies];

/** Thrown when rules need keys that are not held: the unit of work is begun again with them. */
export class KeysNeeded extends Error {
  readonly keys: readonly string[];

  constructor(keys: readonly string[]) {
    super('the rules of this change need keys that are not held');
    this.name = 'KeysNeeded';
    this.keys = keys;
  }
}

/** @param held the keys under which the unit of work runs. */
export async function applyRules(draft: ChartDraft, held: readonly string[]): Promise<void> {
  const types = new Set(draft.records.map(({ type }) => type));
  const ruled = draft.records.filter(({ type }) => RULES.some((rule) => rule.types.some((one) => one === type)));
  await refuseInvalidOf(ruled);
  const due = RULES.filter((rule) => rule.types.some((type) => types.has(type))).map((rule) => ({
    rule,
    keys: rule.keys(draft),
  }));
  const keys = due.flatMap((one) => one.keys);
  if (keys.some((key) => !held.includes(key))) throw new KeysNeeded([...new Set([...held, ...keys])]);
  for (const { rule, keys } of due) if (keys.length > 0) await rule.apply(draft.bySystem());
}
