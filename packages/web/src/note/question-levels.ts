// Which questions are asked, level by level: those of the questionnaire, of each repetition of a group, and within an answer.

import type { QuestionnaireItem } from '@medplum/fhirtypes';
import { shownAnswer } from '@chartwire/sdk/internal/commands/answer-text';
import {
  type Answer,
  type Answers,
  type AnswerValue,
  type AnswerWithItems,
  isAnswers,
  isWithItems,
  itemsSoFar,
  severalOf,
  typedAnswer,
} from '@chartwire/sdk/internal/commands/questionnaire-answers';
import { type ChoicesOf, offered } from '@chartwire/sdk/internal/commands/questionnaire-choices';
import {
  allItems,
  answersAround,
  isEnabled,
  type Level,
  levelWithin,
} from '@chartwire/sdk/internal/commands/questionnaire-enabled';
import { fromEntriesOf } from '@chartwire/sdk/internal/kit/json/literals';
import { Exact, exactAt, exactList, putExact } from './exact.ts';

export type { Level };

/** One answer by itself, a number as it is written. */
export type Given = AnswerValue | Exact;

export function givenText(given: Given): string {
  return given instanceof Exact ? given.literal : shownAnswer(given);
}

/** The answers to a question by themselves. */
export function givenTo(answers: Answers, linkId: string): readonly Given[] {
  return severalAt(answers, linkId).map((one) => (isWithItems(one) ? exactAt(one, 'answer') : one) as Given);
}

/** With the answers to a question, of which one that doesn't repeat has one. */
export function withGiven(answers: Answers, { linkId, repeats }: QuestionnaireItem, given: readonly Given[]): Answers {
  return putExact({ ...answers }, linkId, repeats ? exactList(given) : given[0]);
}

function severalAt(answers: Answers, linkId: string): readonly unknown[] {
  const value = answers[linkId];
  if (Array.isArray(value)) return value.map((_, index) => exactAt(value, index));
  return value === undefined ? [] : [exactAt(answers, linkId)];
}

export function levelAt(items: readonly QuestionnaireItem[], answers: Answers, sets: ChoicesOf, around?: Level): Level {
  return { items, answered: itemsSoFar(items, answers, sets), around };
}

/** The level within one answer to a question. */
export function levelIn(item: QuestionnaireItem, element: AnswerWithItems, sets: ChoicesOf, around: Level): Level {
  const typed = typedAnswer(item, element.answer, sets) ?? {};
  return levelWithin(item, { ...typed, item: itemsSoFar(item.item ?? [], element.items, sets) }, around);
}

export function isAsked(item: QuestionnaireItem, level: Level): boolean {
  return isEnabled(item, answersAround(level));
}

/** Of a group that has answers of its own, those: one repetition each. */
export function repetitionsOf(value: Answer | undefined): readonly Answers[] {
  return severalOf(value).filter((one): one is Answers => isAnswers(one) && !isWithItems(one));
}

/** The answers to a question, each with those to what it contains. */
export function elementsOf(answers: Answers, linkId: string): readonly AnswerWithItems[] {
  return severalAt(answers, linkId).map((one) => (isWithItems(one) ? one : elementFrom(one as Given)));
}

/** An answer to which nothing of what its question contains is answered yet, unless `items` says so. */
export function elementFrom(given: Given, items: Answers = {}): AnswerWithItems {
  return putExact({ answer: '', items }, 'answer', given);
}

/** Whether what a question contains is answered with each of its answers, and not once beside it. */
export function isAnsweredWithin({ item = [], repeats = false }: QuestionnaireItem): boolean {
  return repeats && item.length > 0;
}

/** The answers that are to questions of these items, and not of another questionnaire that was chosen before. */
export function toThese(items: readonly QuestionnaireItem[], answers: Answers): Answers {
  const linkIds = new Set(allItems(items).map(({ linkId }) => linkId));
  const own = Object.entries(answers).filter(([linkId]) => linkIds.has(linkId));
  return fromEntriesOf(answers, own) as Answers;
}

/** Without answers to what is no longer asked, which would be refused: they go with what called for them. */
export function stillAsked(items: readonly QuestionnaireItem[], answers: Answers, sets: ChoicesOf): Answers {
  let now = toThese(items, answers);
  // What is taken away may have called for something in turn.
  for (let round = 0; round < 10; round++) {
    const next = kept(items, now, levelAt(items, now, sets), sets);
    if (JSON.stringify(next) === JSON.stringify(now)) break;
    now = next;
  }
  return now;
}

function kept(items: readonly QuestionnaireItem[], answers: Answers, level: Level, sets: ChoicesOf): Answers {
  let left = answers;
  for (const item of items) {
    const { linkId, item: within = [] } = item;
    if (!isAsked(item, level)) {
      left = without([item], left);
      continue;
    }
    const value = left[linkId];
    if (item.type === 'group' && value !== undefined) {
      const own = repetitionsOf(value).map((one) => kept(within, one, levelAt(within, one, sets, level), sets));
      left = { ...left, [linkId]: own };
    } else if (value !== undefined && within.length > 0 && severalOf(value).some(isWithItems)) {
      const own = elementsOf(left, linkId).map((one) => {
        const around = levelIn(item, one, sets, level);
        return { ...one, items: kept(within, one.items, around, sets) };
      });
      left = { ...left, [linkId]: own };
    }
    left = kept(within, left, level, sets);
  }
  return left;
}

function without(items: readonly QuestionnaireItem[], answers: Answers): Answers {
  let left = answers;
  for (const { linkId, item = [] } of items) {
    const { [linkId]: _, ...others } = left;
    left = without(item, others);
  }
  return left;
}

/** What a questionnaire proposes as answers; whoever answers it sees them and may change them. */
export function proposed(items: readonly QuestionnaireItem[], sets: ChoicesOf): Answers {
  let answers: Answers = {};
  for (const item of items) {
    const { linkId, type, initial = [], item: within = [], repeats } = item;
    const picked = (offered(item, sets)?.options ?? []).filter(({ initialSelected }) => initialSelected);
    const given = [...initial, ...picked].flatMap((one) => {
      const name = Object.keys(one).find((element) => element.startsWith('value'));
      return name === undefined ? [] : [exactAt(one, name) as Given];
    });
    const inner = proposed(within, sets);
    if (type === 'group' && repeats) {
      if (Object.keys(inner).length > 0) answers = { ...answers, [linkId]: [inner] };
      continue;
    }
    if (given.length === 0) answers = type === 'group' ? { ...answers, ...inner } : answers;
    else if (isAnsweredWithin(item))
      answers = { ...answers, [linkId]: given.map((answer) => elementFrom(answer, inner)) };
    else answers = { ...withGiven(answers, item, given), ...inner };
  }
  return answers;
}
