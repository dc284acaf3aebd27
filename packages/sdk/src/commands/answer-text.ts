// An answer to a question of a questionnaire, in words.

import type { QuestionnaireResponseItem, QuestionnaireResponseItemAnswer } from '@medplum/fhirtypes';
import { literalOf } from '#kit/json/literals.ts';
import type { AnswerValue } from './questionnaire-answers.ts';

export function shownAnswer(answer: AnswerValue): string {
  if (typeof answer === 'boolean') return answer ? 'Yes' : 'No';
  if (typeof answer !== 'object') return String(answer);
  const { display, code, value, unit, reference, title } = answer as Readonly<Record<string, unknown>>;
  if (value !== undefined)
    return [literalOf(answer, 'value') ?? value, unit ?? code].filter((one) => one !== undefined).join(' ');
  return String(display ?? title ?? code ?? reference ?? 'A file');
}

/** An answer as a response holds it, a number as it was written. Undefined for one that says nothing. */
export function keptAnswer(answer: QuestionnaireResponseItemAnswer): string | undefined {
  const [name, held] = Object.entries(answer).find(([one]) => one.startsWith('value')) ?? [];
  return name === undefined ? undefined : (literalOf(answer, name) ?? shownAnswer(held as AnswerValue));
}

/** Answers with their questions, in one line: `Sleep: badly; Pain: Head, Back`. */
export function keptAnswers(items: readonly QuestionnaireResponseItem[]): string {
  return items.flatMap(linesOf).join('; ');
}

function linesOf({ linkId, text = linkId, answer = [], item = [] }: QuestionnaireResponseItem): string[] {
  const given = answer.flatMap((one) => keptAnswer(one) ?? []);
  const own = given.length > 0 ? [`${text.replace(/:$/, '')}: ${given.join(', ')}`] : [];
  return [...own, ...[...item, ...answer.flatMap((one) => one.item ?? [])].flatMap(linesOf)];
}
