// Questionnaire answers as a score counts them.

import type { QuestionnaireResponse, QuestionnaireResponseItem } from '@medplum/fhirtypes';

const ORDINAL_VALUE = 'http://hl7.org/fhir/StructureDefinition/ordinalValue';

/**
 * The ordinal value of each answer, by linkId. The shipped questionnaires set one for every answer of a scale. Leaves out
 * questions without an answer or without an ordinal value. https://hl7.org/fhir/R4/extension-ordinalvalue.html
 */
export function ordinalsOf({ item = [] }: QuestionnaireResponse): ReadonlyMap<string, number> {
  return new Map(item.flatMap(counted));
}

function counted({ linkId, answer = [], item = [] }: QuestionnaireResponseItem): [string, number][] {
  const ordinals = answer.flatMap(({ valueCoding }) => {
    const ordinal = valueCoding?.extension?.find(({ url }) => url === ORDINAL_VALUE)?.valueDecimal;
    return ordinal === undefined ? [] : [ordinal];
  });
  const own: [string, number][] = ordinals.length > 0 ? [[linkId, ordinals.reduce((sum, one) => sum + one, 0)]] : [];
  const within = [...item, ...answer.flatMap((one) => one.item ?? [])];
  return [...own, ...within.flatMap(counted)];
}
