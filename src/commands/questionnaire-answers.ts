// Answers to a FHIR Questionnaire: typed by its items, asked only where enableWhen says so, nested as its items are.
// https://hl7.org/fhir/R4/questionnaire.html

import type {
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireItemAnswerOption,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
} from '@medplum/fhirtypes';
import { type Static, Type } from 'typebox';
import { filled } from '#kit/filled.ts';
import { literalOf, setLiteral } from '#kit/json/literals.ts';
import { Coding } from '#kit/schema.ts';
import { isEnabled } from './questionnaire-enabled.ts';

/** A text, number, yes or no, a choice, or several. */
export const Answer = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Coding, Type.Array(Coding)]);
export type Answer = Static<typeof Answer>;

/** Says at which question an answer does not fit, and why. */
type Refuse = (message: string) => Error;
type Given = ReadonlyMap<string, readonly QuestionnaireResponseItemAnswer[]>;

/** The items of the response. Refuses answers that no question asks for or that do not fit theirs, and missing ones. */
export function answeredItems(
  { item: items = [] }: Questionnaire,
  answers: Readonly<Record<string, Answer>>,
  refuse: Refuse,
): QuestionnaireResponseItem[] {
  const questions = new Map(flat(items).map((item) => [item.linkId, item]));
  const given = new Map<string, QuestionnaireResponseItemAnswer[]>();
  for (const [linkId, answer] of Object.entries(answers)) {
    const question = questions.get(linkId);
    if (!question) throw refuse(`The questionnaire asks nothing by the linkId ${linkId}.`);
    given.set(linkId, written(typed(question, answer, refuse), literalOf(answers, linkId)));
  }
  return respond(items, given, refuse);
}

/** Answers whose number, if they have one, is written as it was given: 1.50 is more exact than 1.5. */
function written(answers: QuestionnaireResponseItemAnswer[], literal: string | undefined) {
  const [{ valueDecimal, valueQuantity } = {}] = answers;
  if (valueDecimal !== undefined) setLiteral(answers[0]!, 'valueDecimal', literal);
  if (valueQuantity) setLiteral(valueQuantity, 'value', literal);
  return answers;
}

function flat(items: readonly QuestionnaireItem[]): QuestionnaireItem[] {
  return items.flatMap((item) => [item, ...flat(item.item ?? [])]);
}

function respond(items: readonly QuestionnaireItem[], given: Given, refuse: Refuse): QuestionnaireResponseItem[] {
  return items.flatMap((item): QuestionnaireResponseItem[] => {
    const { linkId, text, type } = item;
    const answer = given.get(linkId) ?? [];
    if (!isEnabled(item, given)) {
      const stray = flat([item]).find((each) => given.has(each.linkId));
      if (stray) throw refuse(`${stray.linkId} is not asked, given the other answers: leave it out.`);
      return [];
    }
    const nested = respond(item.item ?? [], given, refuse);
    if (type === 'group') return nested.length > 0 ? [filled({ linkId, text, item: nested })] : [];
    if (answer.length > 0) return [filled({ linkId, text, answer: withItems(answer, nested) })];
    if (item.required && type !== 'display') throw refuse(`${linkId} must be answered.`);
    if (nested.length > 0) throw refuse(`${linkId} must be answered where what it contains is.`);
    return [];
  });
}

/** What a question contains is asked of its answer; of several, of the first. */
function withItems([first, ...others]: readonly QuestionnaireResponseItemAnswer[], item: QuestionnaireResponseItem[]) {
  return [filled({ ...first, item }), ...others];
}

function typed(item: QuestionnaireItem, answer: Answer, refuse: Refuse): QuestionnaireResponseItemAnswer[] {
  const several = Array.isArray(answer) ? answer : [answer];
  if (several.length > 1 && !item.repeats) throw refuse(`${item.linkId} takes one answer.`);
  return several.map((one) => {
    const value = item.answerOption ? option(item.answerOption, one, item.type) : plain(item, one);
    if (value) return value;
    throw refuse(`${item.linkId} takes ${EXPECTED[item.type] ?? 'no answer here'}: its answer does not fit.`);
  });
}

const EXPECTED: Readonly<Record<string, string>> = {
  boolean: 'true or false',
  decimal: 'a number',
  integer: 'a whole number',
  quantity: 'a number',
  date: 'a day, as 2026-08-23',
  dateTime: 'a time with its zone, as 2026-08-23T10:00:00Z',
  time: 'a time of the day, as 10:00:00',
  string: 'text of at most its length',
  text: 'text of at most its length',
  url: 'an address',
  choice: 'one of its options',
  'open-choice': 'one of its options, or text',
};

/** The option that was picked, by its code or its value; for an open choice, other text. */
function option(
  options: readonly QuestionnaireItemAnswerOption[],
  answer: string | number | boolean | Coding,
  type: QuestionnaireItem['type'],
): QuestionnaireResponseItemAnswer | undefined {
  for (const { valueCoding, valueInteger, valueDate, valueTime, valueString } of options) {
    if (valueCoding && isCoding(valueCoding, answer)) return { valueCoding };
    if (valueInteger !== undefined && valueInteger === answer) return { valueInteger };
    if (valueDate !== undefined && valueDate === answer) return { valueDate };
    if (valueTime !== undefined && valueTime === answer) return { valueTime };
    if (valueString !== undefined && valueString === answer) return { valueString };
  }
  return type === 'open-choice' && typeof answer === 'string' && answer.trim() ? { valueString: answer } : undefined;
}

function isCoding({ system, code }: { system?: string; code?: string }, answer: unknown): boolean {
  if (typeof answer === 'string') return answer === code;
  const given = answer as Coding;
  return typeof answer === 'object' && given.code === code && (given.system ?? system) === system;
}

const DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?$/;
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})T([^Z+-]+)(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;

/** A year, a month or a day that the calendar has. */
function isDate(text: string): boolean {
  const [, year, month = '01', day = '01'] = DATE.exec(text) ?? [];
  const at = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.getUTCDate() === Number(day);
}

function isDateTime(text: string): boolean {
  const [, date, time] = DATE_TIME.exec(text) ?? [];
  return isDate(text) || (date !== undefined && isDate(date) && TIME.test(time!));
}

/** An answer to a question without options of its own. */
function plain(
  { type, maxLength = Number.POSITIVE_INFINITY }: QuestionnaireItem,
  answer: string | number | boolean | Coding,
): QuestionnaireResponseItemAnswer | undefined {
  if (typeof answer === 'boolean') return type === 'boolean' ? { valueBoolean: answer } : undefined;
  if (typeof answer === 'object') {
    return type === 'choice' || type === 'open-choice' ? { valueCoding: filled(answer) } : undefined;
  }
  if (typeof answer === 'number') {
    if (type === 'decimal') return { valueDecimal: answer };
    if (type === 'quantity') return { valueQuantity: { value: answer } };
    return type === 'integer' && Number.isInteger(answer) ? { valueInteger: answer } : undefined;
  }
  if (answer.trim() === '') return undefined;
  if (type === 'string' || type === 'text') return answer.length <= maxLength ? { valueString: answer } : undefined;
  if (type === 'open-choice') return { valueString: answer };
  if (type === 'date') return isDate(answer) ? { valueDate: answer } : undefined;
  if (type === 'dateTime') return isDateTime(answer) ? { valueDateTime: answer } : undefined;
  if (type === 'time') return TIME.test(answer) ? { valueTime: answer } : undefined;
  return type === 'url' && !/\s/.test(answer) ? { valueUri: answer } : undefined;
}
