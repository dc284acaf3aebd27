// Applies a plugin's effects: each is checked against its schema, under the plugin's authority; all apply or none.

import { Value } from 'typebox/value';
import { effectByType } from '@chartwire/sdk/internal/effects/index';
import type { EffectRequest } from '@chartwire/sdk/internal/effects/port';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { schemaFaults } from '@chartwire/sdk/internal/kit/schema-faults';
import type { EffectOutcome } from '#store/contract.ts';
import type { ChartDraft } from './draft.ts';
import { Slices } from './slice.ts';

/** An effect was refused, so none of the execution's effects is written. */
export class EffectsRefused extends Error {
  readonly refusal: Refusal;
  readonly outcomes: readonly EffectOutcome[];

  constructor(refusal: Refusal, outcomes: readonly EffectOutcome[]) {
    super(refusal.message);
    this.name = 'EffectsRefused';
    this.refusal = refusal;
    this.outcomes = outcomes;
  }
}

/** Effects as a plugin returned them: untrusted. */
export type ReturnedEffect = { readonly type: string; readonly payload: unknown };

/**
 * Fills the draft with the effects.
 *
 * @throws {EffectsRefused} at the first that is refused
 */
export async function applyEffects(
  draft: ChartDraft,
  effects: readonly ReturnedEffect[],
  request: EffectRequest,
): Promise<EffectOutcome[]> {
  const outcomes: EffectOutcome[] = [];
  const slices = new Slices();
  for (const [index, effect] of effects.entries()) {
    try {
      const references = await applyOne(draft, index, effect, request);
      outcomes.push({ ...effect, outcome: 'applied', references });
      await slices.pause();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw new EffectsRefused(error, outcomesOfRefusal(effects, index, error));
    }
  }
  return outcomes;
}

/** The outcome of each effect when the one at `refused` failed: it has the reason, and none was applied. */
export function outcomesOfRefusal(
  effects: readonly ReturnedEffect[],
  refused: number | undefined,
  { code, message, next }: Refusal,
): EffectOutcome[] {
  return effects.map((effect, index) =>
    index === refused
      ? { ...effect, outcome: 'refused', references: [], error: { code, message: `${message} ${next}` } }
      : { ...effect, outcome: 'not-applied', references: [] },
  );
}

async function applyOne(
  draft: ChartDraft,
  index: number,
  { type, payload }: ReturnedEffect,
  request: EffectRequest,
): Promise<readonly string[]> {
  const definition = effectByType(type);
  if (!definition) throw new Refusal('effect.unknown', { type });
  const [fault, ...more] = schemaFaults(definition.payload, Value.Errors(definition.payload, payload));
  if (fault) throw new Refusal('effect.invalid', { type, reason: `${fault.path} ${fault.message}` }, [fault, ...more]);
  draft.effect = index;
  return definition.apply(payload, draft, request);
}
