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

/** An answer from a response, with numbers as written. Undefined for an empty one. */
export function keptAnswer(answer: QuestionnaireResponseItemAnswer): string | undefined {
  const [name, held] = Object.entries(answer).find(([one]) => one.startsWith('value')) ?? [];
  return name === undefined ? undefined : (literalOf(answer, name) ?? shownAnswer(held as AnswerValue));
}

/** Answers with their questions, in one line: `Sleep: badly; Pain: Head, Back`. */
export function keptAnswers(items: readonly QuestionnaireResponseItem[]): string {
  return answeredIn(items)
    .map(({ question, answer }) => `${question}: ${answer}`)
    .join('; ');
}

/** Questions with their answers in words, in the questionnaire's order, without unanswered ones. */
export function answeredIn(items: readonly QuestionnaireResponseItem[]): { question: string; answer: string }[] {
  return items.flatMap(({ linkId, text = linkId, answer = [], item = [] }) => {
    const given = answer.flatMap((one) => keptAnswer(one) ?? []);
    const own = given.length > 0 ? [{ question: text.replace(/:$/, ''), answer: given.join(', ') }] : [];
    return [...own, ...answeredIn([...item, ...answer.flatMap((one) => one.item ?? [])])];
  });
}
