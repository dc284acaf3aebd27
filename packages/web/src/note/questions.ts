// Which questions of a questionnaire are asked, given the answers so far, and what those add up to.

import type { Extension, QuestionnaireItem, QuestionnaireItemAnswerOption } from '@medplum/fhirtypes';
import {
  type Answer,
  type Answers,
  type AnswerValue,
  isNamed,
  isWithItems,
  severalOf,
} from '@chartwire/sdk/internal/commands/questionnaire-answers';
import { Exact } from './exact.ts';
import { isAsked, type Level, levelAt } from './question-levels.ts';

export type { Answers };

/** Extensions that say how much an option counts. */
const SCORES = [
  'http://hl7.org/fhir/StructureDefinition/ordinalValue',
  'http://hl7.org/fhir/StructureDefinition/questionnaire-ordinalValue',
  'http://hl7.org/fhir/StructureDefinition/itemWeight',
];

/** Those that are asked, groups and their questions one after the other. */
function askedItems(items: readonly QuestionnaireItem[], answers: Answers): readonly QuestionnaireItem[] {
  const asked = (within: readonly QuestionnaireItem[], level: Level): QuestionnaireItem[] =>
    within.flatMap((item) => (isAsked(item, level) ? [item, ...asked(item.item ?? [], level)] : []));
  return asked(items, levelAt(items, answers, new Map()));
}

/** What an option is answered by. */
export function answerOf(option: QuestionnaireItemAnswerOption): AnswerValue {
  const { valueCoding, valueReference, valueInteger, valueDate, valueTime, valueString } = option;
  if (valueReference) return valueReference;
  if (!valueCoding?.code) return valueInteger ?? valueDate ?? valueTime ?? valueString ?? '';
  const { system, code, display } = valueCoding;
  return { ...(system && { system }), code, ...(display && { display }) };
}

export function optionText(option: QuestionnaireItemAnswerOption): string {
  const { valueCoding, valueReference } = option;
  if (valueReference) return valueReference.display ?? valueReference.reference ?? '';
  return valueCoding ? (valueCoding.display ?? valueCoding.code ?? '') : String(answerOf(option));
}

export function isPicked(option: QuestionnaireItemAnswerOption, answer: Answer | Exact | undefined): boolean {
  // No option is a number with decimals.
  if (answer instanceof Exact) return false;
  return severalOf(answer).some((one) => isNamed(option, isWithItems(one) ? one.answer : one));
}

export interface Score {
  readonly sum: number;
  readonly answered: number;
  readonly of: number;
}

/** Undefined for a questionnaire without scores. */
export function scoreOf(items: readonly QuestionnaireItem[], answers: Answers): Score | undefined {
  const scored = askedItems(items, answers).filter(({ answerOption }) =>
    answerOption?.some((one) => weightOf(one) !== undefined),
  );
  if (scored.length === 0) return undefined;
  const weights = scored.flatMap(({ linkId, answerOption = [] }) => {
    const picked = answerOption.filter((one) => isPicked(one, answers[linkId]));
    return picked.length > 0 ? [picked.reduce((sum, one) => sum + (weightOf(one) ?? 0), 0)] : [];
  });
  return { sum: weights.reduce((sum, one) => sum + one, 0), answered: weights.length, of: scored.length };
}

function weightOf({ extension, valueCoding }: QuestionnaireItemAnswerOption): number | undefined {
  const all: readonly Extension[] = [...(extension ?? []), ...(valueCoding?.extension ?? [])];
  return all.find(({ url }) => SCORES.includes(url ?? ''))?.valueDecimal;
}
