// Answers to a FHIR Questionnaire as a note holds them: typed by its items, and nested like them.
// https://hl7.org/fhir/R4/questionnaire.html

import type {
  Attachment,
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireItemAnswerOption,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
  Quantity,
  Reference,
} from '@medplum/fhirtypes';
import { type Static, Type } from 'typebox';
import { filled } from '#kit/filled.ts';
import { literalOf, setLiteral } from '#kit/json/literals.ts';
import type { Coding } from '#kit/schema.ts';
import { type ChoicesOf, offered } from './questionnaire-choices.ts';
import { allItems } from './questionnaire-enabled.ts';
import { answerFaults, misfit } from './questionnaire-faults.ts';

/** One answer: text, a number, a boolean, a choice, or its type's FHIR form. */
export type AnswerValue = string | number | boolean | Coding | Quantity | Reference | Attachment;

/** An answer, and the answers to nested questions. */
export interface AnswerWithItems {
  readonly answer: AnswerValue;
  readonly items: Answers;
}

/** A list if the question repeats. A repeating group has a list of answers by linkId. */
export type Answer = AnswerValue | AnswerWithItems | Answers | readonly (AnswerValue | AnswerWithItems | Answers)[];

/** By linkId. */
export interface Answers {
  readonly [linkId: string]: Answer | undefined;
}

/** Which of these forms is right depends on the question, which the commit checks. */
export const AnswersSchema = Type.Record(
  Type.String({ maxLength: 255 }),
  Type.Unsafe<Answer>(
    Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Object({}), Type.Array(Type.Unknown())]),
  ),
);
export type AnswersSchema = Static<typeof AnswersSchema>;

/** Reports the question whose answer doesn't fit, and why. */
type Refused = (message: string) => Error;

/** The items of the response. Refuses unknown, misfitting, and missing answers. */
export function answeredItems(
  questionnaire: Questionnaire,
  answers: Answers,
  refused: Refused,
  sets: ChoicesOf = new Map(),
): QuestionnaireResponseItem[] {
  const item = itemsOf(questionnaire.item ?? [], answers, refused, sets);
  const [fault] = answerFaults(questionnaire, { status: 'completed', item }, sets);
  if (fault) throw refused(fault.message);
  return item;
}

/** The same for answers in progress: nothing is required, and misfits are left out. */
export function itemsSoFar(
  items: readonly QuestionnaireItem[],
  answers: Answers,
  sets: ChoicesOf = new Map(),
): QuestionnaireResponseItem[] {
  return itemsOf(items, answers, undefined, sets);
}

interface Reading {
  readonly sets: ChoicesOf;
  readonly refused: Refused | undefined;
  readonly known: ReadonlySet<string>;
}

function itemsOf(
  items: readonly QuestionnaireItem[],
  answers: Answers,
  refused: Refused | undefined,
  sets: ChoicesOf,
): QuestionnaireResponseItem[] {
  const known = new Set(allItems(items).map(({ linkId }) => linkId));
  return levelOf(items, answers, { sets, refused, known });
}

/** The items of one level: the questionnaire, a repetition of a group, or an answer. */
function levelOf(items: readonly QuestionnaireItem[], answers: Answers, reading: Reading): QuestionnaireResponseItem[] {
  const used = new Set<string>();
  const found = responses(items, answers, used, reading);
  const stray = Object.keys(answers).find((linkId) => answers[linkId] !== undefined && !used.has(linkId));
  if (stray !== undefined && reading.refused) {
    throw reading.refused(
      reading.known.has(stray)
        ? `${stray} is asked elsewhere in the questionnaire: put it where the questionnaire has it.`
        : `The questionnaire asks nothing by the linkId ${stray}.`,
    );
  }
  return found;
}

/** Questions in groups and in questions may be answered on the enclosing level; then they are asked once. */
function responses(
  items: readonly QuestionnaireItem[],
  answers: Answers,
  used: Set<string>,
  reading: Reading,
): QuestionnaireResponseItem[] {
  return items.flatMap((item): QuestionnaireResponseItem[] => {
    const { linkId, text, item: within = [] } = item;
    const given = Object.hasOwn(answers, linkId) ? answers[linkId] : undefined;
    if (given !== undefined) used.add(linkId);
    const around = within.length > 0 ? responses(within, answers, used, reading) : [];
    const several = severalOf(given).filter((one) => !isBlank(one));
    if (item.type === 'group') {
      const own = several.flatMap((one) => {
        if (isAnswers(one)) return [levelOf(within, one, reading)];
        if (reading.refused) throw reading.refused(`${linkId} takes the answers to what it contains, by linkId.`);
        return [];
      });
      if (own.length > 0 && around.length > 0 && reading.refused) {
        throw reading.refused(`${around[0]!.linkId} is answered beside ${linkId}: put it into ${linkId}.`);
      }
      return [...own, ...(own.length > 0 ? [] : [around])]
        .filter((one) => one.length > 0)
        .map((one) => filled({ linkId, text, item: one }));
    }
    const answer = severalOf(given).flatMap((one, index) => {
      if (isBlank(one)) return [];
      const literal = isWithItems(one)
        ? literalOf(one, 'answer')
        : given !== undefined && isSeveral(given)
          ? literalOf(given, index)
          : literalOf(answers, linkId);
      return answered(item, one, reading).map((each) => asWritten(each, literal));
    });
    if (answer.length === 0) {
      if (around.length > 0 && reading.refused) {
        throw reading.refused(`${linkId} must be answered where what it contains is.`);
      }
      return [];
    }
    return [filled({ linkId, text, answer: withItems(answer, around) })];
  });
}

/** Keeps how a number is written: 1.50 is more precise than 1.5. */
function asWritten(answer: QuestionnaireResponseItemAnswer, literal: string | undefined) {
  const { valueDecimal, valueQuantity } = answer;
  if (literal === undefined) return answer;
  if (valueDecimal !== undefined) setLiteral(answer, 'valueDecimal', literal);
  if (valueQuantity) setLiteral(valueQuantity, 'value', literal);
  return answer;
}

/** The answers of one question, one or several. */
export function severalOf(given: Answer | undefined): readonly (AnswerValue | AnswerWithItems | Answers)[] {
  if (given === undefined) return [];
  return isSeveral(given) ? given : [given];
}

function isSeveral(given: Answer): given is readonly (AnswerValue | AnswerWithItems | Answers)[] {
  return Array.isArray(given);
}

/** An empty placeholder for an answer. */
function isBlank(one: unknown): boolean {
  return (
    one === null || one === undefined || one === '' || (isWithItems(one) && isBlank(one.answer) && isEmpty(one.items))
  );
}

function isEmpty(answers: Answers): boolean {
  return Object.values(answers).every((one) => severalOf(one).every(isBlank));
}

/** A nested question that was answered next to its parent belongs to the parent's answer; of several, the first. */
function withItems(
  [first, ...others]: readonly QuestionnaireResponseItemAnswer[],
  around: QuestionnaireResponseItem[],
): QuestionnaireResponseItemAnswer[] {
  return [filled({ ...first, item: [...(first!.item ?? []), ...around] }), ...others];
}

function answered(item: QuestionnaireItem, given: unknown, reading: Reading): QuestionnaireResponseItemAnswer[] {
  const nested = isWithItems(given);
  const typed = typedAnswer(item, nested ? given.answer : given, reading.sets);
  if (typed) {
    const within = nested ? levelOf(item.item ?? [], given.items, reading) : [];
    return [within.length > 0 ? { ...typed, item: within } : typed];
  }
  if (reading.refused) throw reading.refused(misfit(item));
  return [];
}

export function isAnswers(given: unknown): given is Answers {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}

export function isWithItems(given: unknown): given is AnswerWithItems {
  return isAnswers(given) && 'answer' in given && isAnswers(given.items);
}

/** An answer as in a response; undefined if its question doesn't take it. */
export function typedAnswer(
  item: QuestionnaireItem,
  answer: unknown,
  sets: ChoicesOf,
): QuestionnaireResponseItemAnswer | undefined {
  const choices = offered(item, sets);
  if (!choices) return plain(item, answer);
  const option = choices.options.find((one) => isNamed(one, answer));
  if (option) return asAnswer(option);
  if (item.type === 'open-choice' && isText(answer)) return { valueString: answer };
  const free = isCoding(answer) && (!choices.complete || choices.systems.includes(answer.system ?? ''));
  return free ? { valueCoding: filled(answer) } : undefined;
}

/** An option as an answer, without display hints and the initial selection. */
function asAnswer({
  valueCoding,
  valueInteger,
  valueDate,
  valueTime,
  valueString,
  valueReference,
}: QuestionnaireItemAnswerOption): QuestionnaireResponseItemAnswer {
  if (valueCoding) return { valueCoding };
  if (valueReference) return { valueReference };
  if (valueInteger !== undefined) return { valueInteger };
  if (valueDate !== undefined) return { valueDate };
  return valueTime === undefined ? filled({ valueString }) : { valueTime };
}

/** Whether an answer refers to an option, by its code or value. */
export function isNamed(option: QuestionnaireItemAnswerOption, answer: unknown): boolean {
  const { valueCoding, valueReference } = option;
  if (valueCoding) {
    if (typeof answer === 'string') return answer === valueCoding.code;
    return (
      isCoding(answer) &&
      answer.code === valueCoding.code &&
      (answer.system ?? valueCoding.system) === valueCoding.system
    );
  }
  if (valueReference) {
    return (isReference(answer) ? answer.reference : answer) === valueReference.reference;
  }
  const { valueInteger, valueDate, valueTime, valueString } = option;
  return answer !== undefined && answer === (valueInteger ?? valueDate ?? valueTime ?? valueString);
}

const DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?$/;
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})T([^Z+-]+)(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;
const REFERENCE = /^([A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}|https?:\/\/\S+|urn:\S+)$/;

/** A year, month, or day that exists. */
function isDate(text: string): boolean {
  const [, year, month = '01', day = '01'] = DATE.exec(text) ?? [];
  const at = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.getUTCDate() === Number(day);
}

function isDateTime(text: string): boolean {
  const [, date, time] = DATE_TIME.exec(text) ?? [];
  return isDate(text) || (date !== undefined && isDate(date) && TIME.test(time!));
}

/** An answer to a question without choices. */
function plain(
  { type, maxLength = Number.POSITIVE_INFINITY, extension, initial }: QuestionnaireItem,
  answer: unknown,
): QuestionnaireResponseItemAnswer | undefined {
  switch (type) {
    case 'boolean':
      return typeof answer === 'boolean' ? { valueBoolean: answer } : undefined;
    case 'decimal':
      return isNumber(answer) ? { valueDecimal: answer } : undefined;
    case 'integer':
      return Number.isInteger(answer) ? { valueInteger: answer as number } : undefined;
    case 'quantity': {
      const coded = extension?.find(({ url }) => url === UNIT)?.valueCoding;
      const { unit, system, code } = coded
        ? { ...coded, unit: coded.display ?? coded.code }
        : (initial?.[0]?.valueQuantity ?? {});
      if (isNumber(answer)) return { valueQuantity: filled({ value: answer, unit, system, code }) };
      return isQuantity(answer) ? { valueQuantity: filled(answer) } : undefined;
    }
    case 'attachment':
      return isAttachment(answer) ? { valueAttachment: filled(answer) } : undefined;
    case 'reference': {
      const reference = typeof answer === 'string' ? { reference: answer } : answer;
      const fits = isReference(reference) && REFERENCE.test(reference.reference!);
      return fits ? { valueReference: filled(reference) } : undefined;
    }
    case 'choice':
    case 'open-choice':
      if (isCoding(answer)) return { valueCoding: filled(answer) };
      return type === 'open-choice' && isText(answer) ? { valueString: answer } : undefined;
    default:
      return isText(answer) ? worded(type, maxLength, answer) : undefined;
  }
}

function worded(type: string, maxLength: number, answer: string): QuestionnaireResponseItemAnswer | undefined {
  if (answer.length > maxLength) return undefined;
  if (type === 'string' || type === 'text') return { valueString: answer };
  if (type === 'date') return isDate(answer) ? { valueDate: answer } : undefined;
  if (type === 'dateTime') return isDateTime(answer) ? { valueDateTime: answer } : undefined;
  if (type === 'time') return TIME.test(answer) ? { valueTime: answer } : undefined;
  return type === 'url' && !/\s/.test(answer) ? { valueUri: answer } : undefined;
}

/** The unit for a quantity. http://hl7.org/fhir/R4/extension-questionnaire-unit.html */
const UNIT = 'http://hl7.org/fhir/StructureDefinition/questionnaire-unit';

function isText(answer: unknown): answer is string {
  return typeof answer === 'string' && answer.trim() !== '';
}

function isNumber(answer: unknown): answer is number {
  return typeof answer === 'number' && Number.isFinite(answer);
}

function isCoding(answer: unknown): answer is Coding {
  return hasOnly(answer, ['system', 'version', 'code', 'display', 'userSelected']) && isText(answer.code);
}

function isQuantity(answer: unknown): answer is Quantity {
  return hasOnly(answer, ['value', 'comparator', 'unit', 'system', 'code']) && isNumber(answer.value);
}

function isReference(answer: unknown): answer is Reference {
  return hasOnly(answer, ['reference', 'type', 'display', 'identifier']) && isText(answer.reference);
}

function isAttachment(answer: unknown): answer is Attachment {
  const known = ['contentType', 'language', 'data', 'url', 'size', 'hash', 'title', 'creation'];
  return hasOnly(answer, known) && (isText(answer.data) || isText(answer.url));
}

function hasOnly(answer: unknown, names: readonly string[]): answer is Readonly<Record<string, unknown>> {
  return isAnswers(answer) && Object.keys(answer).every((name) => names.includes(name));
}
