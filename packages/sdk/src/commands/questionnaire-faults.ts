// Faults in answers to a Questionnaire, whether entered in a note or sent through the FHIR API.
// https://hl7.org/fhir/R4/questionnaireresponse.html#notes

import type {
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireItemAnswerOption,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
} from '@medplum/fhirtypes';
import type { Fault } from '#kit/errors.ts';
import { type ChoicesOf, offered } from './questionnaire-choices.ts';
import { countBroken, limitBroken } from './questionnaire-limits.ts';
import { allItems, answersAround, isEnabled, type Level, levelWithin } from './questionnaire-enabled.ts';

/** More aren't useful. */
const MOST = 100;
/** Limit on questions and conditions to check in one response, per repetition: about a second's work. */
const MOST_WORK = 1_000_000;

export interface AnswerFault extends Fault {
  /** The item with the fault. */
  readonly linkId: string;
  /** What it takes, for a reader who sees the question: `at most 10`. */
  readonly takes?: string;
}

interface Visit {
  readonly faults: AnswerFault[];
  readonly sets: ChoicesOf;
  readonly known: ReadonlySet<string>;
  /** Whether every required question is answered, and no disabled one. */
  readonly finished: boolean;
  /** Remaining part of MOST_WORK. */
  left: number;
}

/** Empty if the answers fit. Paths are FHIRPath (`QuestionnaireResponse.item[1].answer[0]`); messages contain no answers. */
export function answerFaults(
  { item: items = [] }: Questionnaire,
  { status, item: answered = [] }: Pick<QuestionnaireResponse, 'status' | 'item'>,
  sets: ChoicesOf,
): AnswerFault[] {
  const visit: Visit = {
    faults: [],
    sets,
    known: new Set(allItems(items).map(({ linkId }) => linkId)),
    finished: status === 'completed' || status === 'amended',
    left: MOST_WORK,
  };
  checkLevel({ items, answered, around: undefined }, 'QuestionnaireResponse', visit);
  if (visit.left < 0 && visit.faults.length === 0) return [TOO_MANY];
  return visit.faults.slice(0, MOST);
}

const TOO_MANY: AnswerFault = {
  path: 'QuestionnaireResponse',
  linkId: '',
  message:
    'The answers repeat too many questions with conditions to be checked. Put fewer repetitions into one response.',
  issue: 'too-costly',
};

/** The message for an answer that its question doesn't take. */
export function misfit(item: QuestionnaireItem): string {
  return `${item.linkId} takes ${taken(item)}: its answer does not fit${textOf(item)}.`;
}

/** What a question takes by its type and options, in words: `a whole number`. */
export function taken(item: QuestionnaireItem): string {
  const wanted = item.answerOption || item.answerValueSet ? undefined : EXPECTED[item.type];
  return wanted ?? CHOSEN[item.type] ?? 'one of its options';
}

/** A linkId is often a code; people know a question by its text. */
function textOf({ text }: QuestionnaireItem): string {
  return text === undefined ? '' : ` (“${text.length > 80 ? `${text.slice(0, 79)}…` : text}”)`;
}

const CHOSEN: Readonly<Record<string, string>> = { 'open-choice': 'one of its options, or text' };

const EXPECTED: Readonly<Record<string, string>> = {
  group: 'no answer of its own',
  display: 'no answer',
  boolean: 'true or false',
  decimal: 'a number',
  integer: 'a whole number',
  quantity: 'a number, or a quantity',
  date: 'a date, as 2026-08-23, 2026-08 or 2026',
  dateTime: 'a time with its zone, as 2026-08-23T10:00:00Z',
  time: 'a time of the day, as 10:00:00',
  string: 'text of at most its length',
  text: 'text of at most its length',
  url: 'an address',
  choice: 'a coding',
  'open-choice': 'a coding, or text',
  reference: 'a reference, as Patient/123',
  attachment: 'a file',
};

/** Facts about the items of a level, for any number of repetitions. */
interface Questions {
  readonly places: ReadonlyMap<string, number>;
  /** Positions of items that may be at fault even if the response lacks them. */
  readonly demanding: readonly number[];
}

const questions = new WeakMap<readonly QuestionnaireItem[], Questions>();

function questionsOf(items: readonly QuestionnaireItem[]): Questions {
  let known = questions.get(items);
  if (!known) {
    known = {
      places: new Map(items.map(({ linkId }, place) => [linkId, place])),
      demanding: items.flatMap((item, place) => (isDemanding(item) ? [place] : [])),
    };
    questions.set(items, known);
  }
  return known;
}

/** Whether something in it is required: see checkMissing. */
function isDemanding({ type, required, repeats, item = [] }: QuestionnaireItem): boolean {
  if (type === 'display') return false;
  return required === true || (type === 'group' && !repeats && questionsOf(item).demanding.length > 0);
}

type Placed = readonly [response: QuestionnaireResponseItem, path: string];

function isOver({ left, faults }: Visit): boolean {
  return left < 0 || faults.length >= MOST;
}

function checkLevel(level: Level, path: string, visit: Visit): void {
  if (isOver(visit)) return;
  const { items, answered } = level;
  const add = (at: string, linkId: string, message: string, issue = 'invalid'): void => {
    visit.faults.push({ path: at, linkId, message, issue });
  };
  const { places, demanding } = questionsOf(items);
  const byLinkId = Map.groupBy(
    answered.map((response, index): Placed => [response, `${path}.item[${index}]`]),
    ([{ linkId }]) => linkId,
  );
  let furthest = -1;
  answered.forEach(({ linkId }, index) => {
    const place = places.get(linkId) ?? -1;
    const at = `${path}.item[${index}]`;
    if (place < 0) {
      const message = visit.known.has(linkId)
        ? `${linkId} is asked elsewhere in the questionnaire: put it where the questionnaire has it.`
        : 'The questionnaire asks nothing by this linkId.';
      add(`${at}.linkId`, linkId, message);
    } else if (place < furthest) add(at, linkId, `${linkId} is out of order: keep the order of the questionnaire.`);
    furthest = Math.max(furthest, place);
  });
  const there = [...byLinkId.keys()].flatMap((linkId) => places.get(linkId) ?? []);
  const asked = [...new Set([...there, ...(visit.finished ? demanding : [])])].sort((one, other) => one - other);
  for (const place of asked) {
    const item = items[place]!;
    const { linkId, type, repeats } = item;
    visit.left -= 1 + (item.enableWhen?.length ?? 0);
    if (isOver(visit)) return;
    const own = byLinkId.get(linkId) ?? [];
    const enabled = isEnabled(item, answersAround(level));
    const given = own.find(([response]) => isAnswered(response));
    if (!enabled && visit.finished) {
      if (given) add(given[1], linkId, `${linkId} is not asked, given the other answers: leave it out${textOf(item)}.`);
      continue;
    }
    if (own.length > 1 && type !== 'group') add(own[1]![1], linkId, `${linkId} takes its answers in one item.`);
    if (own.length > 1 && type === 'group' && !repeats) add(own[1]![1], linkId, `${linkId} does not repeat.`);
    const count =
      type === 'group' ? own.filter(([response]) => isAnswered(response)).length : (given?.[0].answer?.length ?? 0);
    const broken = countBroken(item, count, visit.finished);
    if (broken) visit.faults.push(limitFault(item, own[0]![1], broken));
    for (const [response, at] of own) checkItem(item, response, at, level, visit);
    if (visit.finished && !given && type !== 'display') checkMissing(item, own.length > 0, path, level, visit);
  }
}

/** Checks an item without an answer. Groups that don't repeat are checked whether or not anything in them is answered. */
function checkMissing(item: QuestionnaireItem, isThere: boolean, path: string, level: Level, visit: Visit): void {
  const { linkId, type, repeats, required, item: items = [] } = item;
  if (required) {
    visit.faults.push({ path, linkId, message: `${linkId} must be answered${textOf(item)}.`, issue: 'required' });
  } else if (type === 'group' && !repeats && !isThere) {
    checkLevel({ items, answered: [], around: level }, path, visit);
  }
}

function checkItem(
  item: QuestionnaireItem,
  { answer = [], item: within = [] }: QuestionnaireResponseItem,
  path: string,
  around: Level,
  visit: Visit,
): void {
  const { linkId, type, repeats, item: items = [] } = item;
  const add = (at: string, message: string, issue = 'invalid'): void => {
    visit.faults.push({ path: at, linkId, message, issue });
  };
  if (type === 'group' || type === 'display') {
    if (answer.length > 0) add(`${path}.answer[0]`, misfit(item));
    if (type === 'group') checkLevel({ items, answered: within, around }, path, visit);
    else if (within.length > 0) add(`${path}.item[0]`, `${linkId} holds no questions.`);
    return;
  }
  if (within.length > 0) add(`${path}.item[0]`, `What ${linkId} contains is answered within its answer.`);
  if (answer.length > 1 && !repeats) add(`${path}.answer[1]`, `${linkId} takes one answer.`);
  answer.forEach((one, index) => {
    const at = `${path}.answer[${index}]`;
    const broken = limitBroken(item, one);
    if (!fits(item, one, visit.sets)) add(at, misfit(item), 'value');
    else if (broken) visit.faults.push(limitFault(item, at, broken));
    checkLevel(levelWithin(item, one, around), at, visit);
  });
}

function limitFault(item: QuestionnaireItem, path: string, takes: string): AnswerFault {
  const { linkId } = item;
  return { path, linkId, message: `${linkId} takes ${takes}${textOf(item)}.`, issue: 'business-rule', takes };
}

function isAnswered({ answer = [], item = [] }: QuestionnaireResponseItem): boolean {
  return answer.length > 0 || item.some(isAnswered);
}

/** Which element of an answer each type of question takes. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  boolean: ['valueBoolean'],
  decimal: ['valueDecimal'],
  integer: ['valueInteger'],
  date: ['valueDate'],
  dateTime: ['valueDateTime'],
  time: ['valueTime'],
  string: ['valueString'],
  text: ['valueString'],
  url: ['valueUri'],
  choice: ['valueCoding'],
  'open-choice': ['valueCoding', 'valueString'],
  attachment: ['valueAttachment'],
  reference: ['valueReference'],
  quantity: ['valueQuantity'],
};

function fits(item: QuestionnaireItem, answer: QuestionnaireResponseItemAnswer, sets: ChoicesOf): boolean {
  const { type, maxLength = Number.POSITIVE_INFINITY } = item;
  const names = Object.keys(answer);
  // A value absent for a reason has extensions instead.
  if (names.some((name) => name.startsWith('_value')) && !names.some((name) => name.startsWith('value'))) return true;
  const { valueCoding, valueString, valueUri } = answer;
  if ((valueString ?? valueUri ?? '').length > maxLength) return false;
  const choices = offered(item, sets);
  if (!choices) return names.some((name) => VALUES[type]?.includes(name));
  const options = optionsOf(choices.options);
  if (keysOf(answer).some((key) => options.has(key))) return true;
  if (type === 'open-choice' && valueString !== undefined) return valueString.trim() !== '';
  return valueCoding !== undefined && (!choices.complete || choices.systems.includes(valueCoding.system ?? ''));
}

/** The options of each list, cached: a list may be long and checked for many answers. */
const known = new WeakMap<readonly QuestionnaireItemAnswerOption[], ReadonlySet<string>>();

function optionsOf(options: readonly QuestionnaireItemAnswerOption[]): ReadonlySet<string> {
  let keys = known.get(options);
  if (!keys) {
    keys = new Set(options.flatMap((option) => keysOf(option).slice(0, 1)));
    known.set(options, keys);
  }
  return keys;
}

/** The values that distinguish one option or answer from another. */
function keysOf(one: QuestionnaireItemAnswerOption | QuestionnaireResponseItemAnswer): string[] {
  const { valueCoding, valueReference, valueInteger, valueDate, valueTime, valueString } = one;
  const values = {
    coding: valueCoding && [valueCoding.system, valueCoding.code],
    reference: valueReference && [valueReference.reference],
    integer: valueInteger,
    date: valueDate,
    time: valueTime,
    string: valueString,
  };
  return Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} ${JSON.stringify(value)}`],
  );
}
