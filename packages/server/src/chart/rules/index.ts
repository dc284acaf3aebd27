// Consequences of a change in the same unit of work, however it was made. One line per rule.

import type { ChartDraft } from '../draft.ts';
import { refuseInvalidOf } from '../unit.ts';
import { coverageOrder } from './coverage-order.ts';
import { noKnownAllergies } from './no-known-allergies.ts';
import { reviewAgain } from './review-again.ts';
import type { Rule } from './rule.ts';
import { unreportedResults } from './unreported-results.ts';

const RULES: readonly Rule[] = [coverageOrder, reviewAgain, unreportedResults, noKnownAllergies];

/** Rules need keys that aren't held: the unit of work restarts with them. */
export class KeysNeeded extends Error {
  readonly keys: readonly string[];

  constructor(keys: readonly string[]) {
    super('the rules of this change need keys that are not held');
    this.name = 'KeysNeeded';
    this.keys = keys;
  }
}

/** @param held the keys that the unit of work holds */
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
