// Which questions of a questionnaire are asked, given the answers so far, and what those add up to.

import type {
  Extension,
  QuestionnaireItem,
  QuestionnaireItemAnswerOption,
  QuestionnaireResponseItemAnswer,
} from '@medplum/fhirtypes';
import type { Answer } from '#commands/questionnaire-answers.ts';
import { isEnabled } from '#commands/questionnaire-enabled.ts';

export type Answers = Readonly<Record<string, Answer | undefined>>;

/** Extensions that say how much an option counts. */
const SCORES = [
  'http://hl7.org/fhir/StructureDefinition/ordinalValue',
  'http://hl7.org/fhir/StructureDefinition/questionnaire-ordinalValue',
  'http://hl7.org/fhir/StructureDefinition/itemWeight',
];

/** Those that are asked, groups and their questions one after the other. */
export function askedItems(items: readonly QuestionnaireItem[], answers: Answers): readonly QuestionnaireItem[] {
  const given = new Map(
    allOf(items).flatMap((item) => {
      const answer = answers[item.linkId];
      return answer === undefined ? [] : [[item.linkId, [answer].flat().map((one) => heldAs(item, one))] as const];
    }),
  );
  const asked = (within: readonly QuestionnaireItem[]): QuestionnaireItem[] =>
    within.flatMap((item) => (isEnabled(item, given) ? [item, ...asked(item.item ?? [])] : []));
  return asked(items);
}

function allOf(items: readonly QuestionnaireItem[]): QuestionnaireItem[] {
  return items.flatMap((item) => [item, ...allOf(item.item ?? [])]);
}

/** An answer as a response would hold it, for the conditions of others. */
function heldAs(item: QuestionnaireItem, answer: Answer): QuestionnaireResponseItemAnswer {
  const option = item.answerOption?.find((one) => isPicked(one, answer));
  if (option) return option as QuestionnaireResponseItemAnswer;
  if (typeof answer === 'boolean') return { valueBoolean: answer };
  if (typeof answer === 'number') return { valueDecimal: answer };
  return typeof answer === 'string' ? { valueString: answer } : { valueCoding: [answer].flat()[0]! };
}

/** What an option is answered by. */
export function answerOf(option: QuestionnaireItemAnswerOption): Exclude<Answer, readonly unknown[]> {
  const { valueCoding, valueInteger, valueDate, valueTime, valueString } = option;
  if (!valueCoding?.code) return valueInteger ?? valueDate ?? valueTime ?? valueString ?? '';
  const { system, code, display } = valueCoding;
  return { ...(system && { system }), code, ...(display && { display }) };
}

export function optionText(option: QuestionnaireItemAnswerOption): string {
  const { valueCoding } = option;
  return valueCoding ? (valueCoding.display ?? valueCoding.code ?? '') : String(answerOf(option));
}

export function isPicked(option: QuestionnaireItemAnswerOption, answer: Answer | undefined): boolean {
  if (answer === undefined) return false;
  if (Array.isArray(answer)) return answer.some((one) => isPicked(option, one));
  const own = answerOf(option);
  if (typeof own !== 'object') return own === answer;
  return own.code === (typeof answer === 'object' ? (answer as { code: string }).code : answer);
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
