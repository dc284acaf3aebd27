// How a question is to be shown, as far as its extensions say so.

import type { QuestionnaireItem } from '@medplum/fhirtypes';

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
