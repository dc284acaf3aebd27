// How a question is to be shown, as far as its extensions say so, and how an answer reads.

import type { QuestionnaireItem } from '@medplum/fhirtypes';
import type { AnswerValue } from '#commands/questionnaire-answers.ts';

const EXTENSION = 'http://hl7.org/fhir/StructureDefinition/';

/** http://hl7.org/fhir/R4/extension-questionnaire-itemcontrol.html */
export function controlAskedFor({ extension = [] }: QuestionnaireItem): string | undefined {
  const found = extension.find(({ url }) => url === `${EXTENSION}questionnaire-itemControl`);
  return found?.valueCodeableConcept?.coding?.[0]?.code;
}

/** http://hl7.org/fhir/R4/extension-questionnaire-hidden.html */
export function isHidden({ extension = [] }: QuestionnaireItem): boolean {
  return extension.some(({ url, valueBoolean }) => url === `${EXTENSION}questionnaire-hidden` && valueBoolean === true);
}

/** http://hl7.org/fhir/R4/extension-entryformat.html */
export function formatAskedFor({ extension = [] }: QuestionnaireItem): string | undefined {
  return extension.find(({ url }) => url === `${EXTENSION}entryFormat`)?.valueString;
}

/** The unit of a quantity: http://hl7.org/fhir/R4/extension-questionnaire-unit.html */
export function unitAskedFor({ extension = [], initial }: QuestionnaireItem): string | undefined {
  const unit = extension.find(({ url }) => url === `${EXTENSION}questionnaire-unit`)?.valueCoding;
  const quantity = initial?.[0]?.valueQuantity;
  return unit?.display ?? unit?.code ?? quantity?.unit ?? quantity?.code;
}

export function shownAnswer(answer: AnswerValue): string {
  if (typeof answer === 'boolean') return answer ? 'Yes' : 'No';
  if (typeof answer !== 'object') return String(answer);
  const { display, code, value, unit, reference, title } = answer as Readonly<Record<string, unknown>>;
  if (value !== undefined) return [value, unit ?? code].filter((one) => one !== undefined).join(' ');
  return String(display ?? title ?? code ?? reference ?? 'A file');
}
