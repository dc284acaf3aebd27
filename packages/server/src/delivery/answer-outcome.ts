// What became of each thing that a handler said when it was asked: taken as an answer, or as a line of its log, or refused.

import { Value } from 'typebox/value';
import type { ReturnedEffect } from '#chart/effects.ts';
import { GATE_ANSWERS, SEARCH_ANSWERS } from '@chartwire/sdk/internal/effects/answers';
import { Log } from '@chartwire/sdk/internal/effects/log';
import { eventByType } from '@chartwire/sdk/internal/events/catalogue';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { schemaFaults } from '@chartwire/sdk/internal/kit/schema-faults';
import type { EffectOutcome } from '#store/contract.ts';

/** @param asked the type of the event that the handler was asked about */
export function outcomeOf(asked: string, { type, payload }: ReturnedEffect): EffectOutcome {
  const answers = { ...(eventByType(asked)?.kind === 'gate' ? GATE_ANSWERS : SEARCH_ANSWERS), LOG: Log.payload };
  const schema = Object.hasOwn(answers, type) ? answers[type as keyof typeof answers] : undefined;
  if (!schema) {
    const reason = `${asked} is answered with ${Object.keys(answers).join(', ')}`;
    return refused({ type, payload }, new Refusal('effect.refused', { type, reason }));
  }
  const [fault] = schemaFaults(schema, Value.Errors(schema, payload));
  if (!fault) return { type, payload, outcome: 'applied', references: [] };
  return refused({ type, payload }, new Refusal('effect.invalid', { type, reason: `${fault.path} ${fault.message}` }));
}

function refused(effect: ReturnedEffect, { code, message, next }: Refusal): EffectOutcome {
  return { ...effect, outcome: 'refused', references: [], error: { code, message: `${message} ${next}` } };
}
