// A questionnaire on paper: each question with its answer, in its groups.

import type {
  Questionnaire,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
} from '@medplum/fhirtypes';
import { keptAnswer } from '@chartwire/sdk/internal/commands/answer-text';
import { type Answers, itemsSoFar } from '@chartwire/sdk/internal/commands/questionnaire-answers';
import { dateText } from '@chartwire/sdk/internal/kit/partial-date';
import { momentText } from './moment.ts';
import type { Fact } from './printout.ts';

/** As stored. A group's title is a label without text. */
export function printedAnswers({ item = [] }: Pick<QuestionnaireResponse, 'item'>, timeZone: string): Fact[] {
  return item.flatMap((one) => factsOf(one, timeZone));
}

/** The choices so far, before a commit stores them. */
export function chosenAnswers({ item = [] }: Pick<Questionnaire, 'item'>, chosen: Answers, timeZone: string): Fact[] {
  return printedAnswers({ item: itemsSoFar(item, chosen) }, timeZone);
}

function factsOf({ linkId, text, answer = [], item = [] }: QuestionnaireResponseItem, timeZone: string): Fact[] {
  const label = text ?? linkId;
  const within = (items: readonly QuestionnaireResponseItem[] = []) => items.flatMap((one) => factsOf(one, timeZone));
  if (answer.length === 0) return [[label, ''], ...within(item)];
  // Nested answers follow the answer that contains them.
  if (answer.some((one) => one.item)) {
    return [
      ...answer.flatMap((one): Fact[] => [[label, answerText(one, timeZone)], ...within(one.item)]),
      ...within(item),
    ];
  }
  return [[label, answer.map((one) => answerText(one, timeZone)).join(', ')], ...within(item)];
}

function answerText(answer: QuestionnaireResponseItemAnswer, timeZone: string): string {
  const { valueDate, valueDateTime, valueTime } = answer;
  if (valueDate) return dateText(valueDate);
  if (valueDateTime) return valueDateTime.includes('T') ? momentText(valueDateTime, timeZone) : dateText(valueDateTime);
  if (valueTime) return valueTime.replace(/^(\d\d:\d\d):00$/, '$1');
  return keptAnswer(answer) ?? 'Not said';
}
