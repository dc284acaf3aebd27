// Whether a question is asked, given the answers to others: Questionnaire.item.enableWhen.
// https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen

import type {
  QuestionnaireItem,
  QuestionnaireItemEnableWhen,
  QuestionnaireResponseItemAnswer,
} from '@medplum/fhirtypes';

type Given = ReadonlyMap<string, readonly QuestionnaireResponseItemAnswer[]>;

export function isEnabled({ enableWhen = [], enableBehavior }: QuestionnaireItem, given: Given): boolean {
  if (enableWhen.length === 0) return true;
  const holds = (condition: QuestionnaireItemEnableWhen): boolean => isMet(condition, given);
  return enableBehavior === 'any' ? enableWhen.some(holds) : enableWhen.every(holds);
}

/** Of several answers, one that meets the condition is enough; `!=` is met where none is equal. */
function isMet(condition: QuestionnaireItemEnableWhen, given: Given): boolean {
  const answers = given.get(condition.question) ?? [];
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
  return valueBoolean ?? number ?? valueCoding ?? text;
}

function expectedOf(condition: QuestionnaireItemEnableWhen): Value {
  const { answerBoolean, answerDecimal, answerInteger, answerQuantity, answerCoding } = condition;
  const number = answerDecimal ?? answerInteger ?? answerQuantity?.value;
  const text = condition.answerDate ?? condition.answerDateTime ?? condition.answerTime ?? condition.answerString;
  return answerBoolean ?? number ?? answerCoding ?? text;
}

function isSame(one: Value, other: Value): boolean {
  if (typeof one !== 'object' || typeof other !== 'object') return one === other;
  return one.code === other.code && (one.system ?? other.system) === (other.system ?? one.system);
}

/** Numbers by their size; days and times of one form by their text. */
function isOrdered(one: Value, operator: string, other: Value): boolean {
  const comparable = typeof one === typeof other && (typeof one === 'number' || typeof one === 'string');
  if (!comparable || one === undefined || other === undefined) return false;
  if (operator === '>') return one > other;
  if (operator === '<') return one < other;
  return operator === '>=' ? one >= other : one <= other;
}
