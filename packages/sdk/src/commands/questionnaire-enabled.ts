// Whether a question is asked, given other answers: Questionnaire.item.enableWhen.
// https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen

import type {
  QuestionnaireItem,
  QuestionnaireItemEnableWhen,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
} from '@medplum/fhirtypes';

type AnswersTo = (linkId: string) => readonly QuestionnaireResponseItemAnswer[];

/** The place of an item: the items and answers of its level, and the enclosing level. */
export interface Level {
  readonly items: readonly QuestionnaireItem[];
  readonly answered: readonly QuestionnaireResponseItem[];
  readonly around: Level | undefined;
}

/** The answers that a condition refers to: those in the same repetition if the question is there, otherwise those further out. */
export function answersAround(level: Level): AnswersTo {
  return (linkId) => {
    for (let at: Level | undefined = level; at; at = at.around) {
      if (linkIdsOf(at.items).has(linkId)) return answersOf(at.answered).get(linkId) ?? [];
    }
    return [];
  };
}

/** The level within an answer; its enclosing level has only that answer, not the others to its question. */
export function levelWithin(item: QuestionnaireItem, answer: QuestionnaireResponseItemAnswer, around: Level): Level {
  const { linkId } = item;
  return {
    items: item.item ?? [],
    answered: answer.item ?? [],
    around: { items: aloneOf(item), answered: [{ linkId, answer: [answer] }], around },
  };
}

/** One list per question, since results are cached by list. */
function aloneOf(item: QuestionnaireItem): readonly QuestionnaireItem[] {
  let known = alone.get(item);
  if (!known) {
    known = [item];
    alone.set(item, known);
  }
  return known;
}

/** Items with all nested ones. */
export function allItems(items: readonly QuestionnaireItem[]): QuestionnaireItem[] {
  return items.flatMap((item) => [item, ...allItems(item.item ?? [])]);
}

const alone = new WeakMap<QuestionnaireItem, readonly QuestionnaireItem[]>();
const linkIds = new WeakMap<readonly QuestionnaireItem[], ReadonlySet<string>>();
const answers = new WeakMap<readonly QuestionnaireResponseItem[], AnswersByLinkId>();

type AnswersByLinkId = ReadonlyMap<string, readonly QuestionnaireResponseItemAnswer[]>;

/** Computed once per level, which is queried for every condition. */
function linkIdsOf(items: readonly QuestionnaireItem[]): ReadonlySet<string> {
  let known = linkIds.get(items);
  if (!known) {
    known = new Set(allItems(items).map(({ linkId }) => linkId));
    linkIds.set(items, known);
  }
  return known;
}

function answersOf(answered: readonly QuestionnaireResponseItem[]): AnswersByLinkId {
  let known = answers.get(answered);
  if (!known) {
    const found = new Map<string, QuestionnaireResponseItemAnswer[]>();
    collect(answered, found);
    known = found;
    answers.set(answered, known);
  }
  return known;
}

function collect(
  answered: readonly QuestionnaireResponseItem[],
  found: Map<string, QuestionnaireResponseItemAnswer[]>,
): void {
  for (const { linkId, answer = [], item = [] } of answered) {
    const own = found.get(linkId) ?? [];
    found.set(linkId, own);
    for (const one of answer) own.push(one);
    collect(item, found);
    for (const one of answer) collect(one.item ?? [], found);
  }
}

export function isEnabled({ enableWhen = [], enableBehavior }: QuestionnaireItem, answersTo: AnswersTo): boolean {
  if (enableWhen.length === 0) return true;
  const holds = (condition: QuestionnaireItemEnableWhen): boolean => isMetBy(condition, answersTo(condition.question));
  return enableBehavior === 'any' ? enableWhen.some(holds) : enableWhen.every(holds);
}

const met = new WeakMap<QuestionnaireItemEnableWhen, WeakMap<readonly QuestionnaireResponseItemAnswer[], boolean>>();

/** Cached, since many repetitions may have the same condition on the same answers. */
function isMetBy(condition: QuestionnaireItemEnableWhen, answers: readonly QuestionnaireResponseItemAnswer[]): boolean {
  if (answers.length < 2) return isMet(condition, answers);
  const of = met.get(condition) ?? new WeakMap<readonly QuestionnaireResponseItemAnswer[], boolean>();
  met.set(condition, of);
  const known = of.get(answers) ?? isMet(condition, answers);
  of.set(answers, known);
  return known;
}

/** With several answers, one that meets the condition is enough; `!=` requires that none is equal. */
function isMet(condition: QuestionnaireItemEnableWhen, answers: readonly QuestionnaireResponseItemAnswer[]): boolean {
  const expected = expectedOf(condition);
  switch (condition.operator) {
    case 'exists':
      return answers.length > 0 === (condition.answerBoolean ?? true);
    case '=':
      return answers.some((answer) => isSame(heldBy(answer), expected));
    case '!=':
      return !answers.some((answer) => isSame(heldBy(answer), expected));
    default:
      return answers.some((answer) => isOrdered(heldBy(answer), condition.operator, expected));
  }
}

interface Coded {
  readonly system?: string;
  readonly code?: string;
}
type Value = boolean | number | string | Coded | undefined;

function heldBy(answer: QuestionnaireResponseItemAnswer): Value {
  const { valueBoolean, valueDecimal, valueInteger, valueQuantity, valueCoding } = answer;
  const number = valueDecimal ?? valueInteger ?? valueQuantity?.value;
  const text = answer.valueDate ?? answer.valueDateTime ?? answer.valueTime ?? answer.valueString ?? answer.valueUri;
  return valueBoolean ?? number ?? valueCoding ?? text ?? answer.valueReference?.reference;
}

function expectedOf(condition: QuestionnaireItemEnableWhen): Value {
  const { answerBoolean, answerDecimal, answerInteger, answerQuantity, answerCoding } = condition;
  const number = answerDecimal ?? answerInteger ?? answerQuantity?.value;
  const text = condition.answerDate ?? condition.answerDateTime ?? condition.answerTime ?? condition.answerString;
  return answerBoolean ?? number ?? answerCoding ?? text ?? condition.answerReference?.reference;
}

function isSame(one: Value, other: Value): boolean {
  if (typeof one !== 'object' || typeof other !== 'object') return one === other;
  return one.code === other.code && (one.system ?? other.system) === (other.system ?? one.system);
}

/** Numbers by value; days and times of the same form by text. */
function isOrdered(one: Value, operator: string, other: Value): boolean {
  const comparable = typeof one === typeof other && (typeof one === 'number' || typeof one === 'string');
  if (!comparable || one === undefined || other === undefined) return false;
  if (operator === '>') return one > other;
  if (operator === '<') return one < other;
  return operator === '>=' ? one >= other : one <= other;
}
