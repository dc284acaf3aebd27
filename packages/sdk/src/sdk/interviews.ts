// Answers to questionnaires, as a score counts them.

import type { QuestionnaireResponse, QuestionnaireResponseItem } from '@medplum/fhirtypes';

const ORDINAL_VALUE = 'http://hl7.org/fhir/StructureDefinition/ordinalValue';

/**
 * What each answer counts, by linkId: the ordinal value of its coding, which the shipped questionnaires give every
 * answer of a scale. Questions that were not answered, or whose answers count nothing, are not in it.
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
