// Answers that become observations: social history, assessments, examinations. The questionnaire says so for itself or for items,
// as in HL7's Structured Data Capture. https://hl7.org/fhir/uv/sdc/extraction.html#observation-based-extraction

import type {
  CodeableConcept,
  Extension,
  Observation,
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
} from '@medplum/fhirtypes';
import { filled } from '#kit/filled.ts';
import { copyLiteral } from '#kit/json/literals.ts';
import { OBSERVATION_EXTRACT, OBSERVATION_EXTRACT_CATEGORY } from '#kit/systems.ts';
import { SURVEY } from '#records/questionnaire-result.ts';

/** Applies to an item and its nested items unless they override it. */
interface Extraction {
  readonly wanted: boolean;
  readonly category: CodeableConcept;
}

type Observed = Pick<Observation, 'category' | 'code'> & Partial<Observation>;

/** What the answers give each Observation: one per answer to each coded question that is marked for extraction. */
export function observed({ extension, item = [] }: Questionnaire, answered: readonly QuestionnaireResponseItem[]) {
  return ofItems(item, answered, extractionOf(extension, { wanted: false, category: SURVEY }));
}

function ofItems(
  items: readonly QuestionnaireItem[],
  answered: readonly QuestionnaireResponseItem[],
  around: Extraction,
): Observed[] {
  return answered.flatMap((response) => {
    const item = items.find(({ linkId }) => linkId === response.linkId);
    if (!item) return [];
    const extraction = extractionOf(item.extension, around);
    const { code, text } = item;
    const answers = response.answer ?? [];
    const own = extraction.wanted && code?.length ? answers : [];
    const within = [...(response.item ?? []), ...answers.flatMap((answer) => answer.item ?? [])];
    return [
      ...own.flatMap((answer) => {
        const value = asValue(answer);
        return value ? [{ category: [extraction.category], code: filled({ coding: code, text }), ...value }] : [];
      }),
      ...ofItems(item.item ?? [], within, extraction),
    ];
  });
}

function extractionOf(extension: readonly Extension[] = [], around: Extraction): Extraction {
  const find = (url: string): Extension | undefined => extension.find((one) => one.url === url);
  return {
    wanted: find(OBSERVATION_EXTRACT)?.valueBoolean ?? around.wanted,
    category: find(OBSERVATION_EXTRACT_CATEGORY)?.valueCodeableConcept ?? around.category,
  };
}

/** An answer as an Observation's value, which has fewer types: no files or references. */
function asValue(answer: QuestionnaireResponseItemAnswer): Partial<Observation> | undefined {
  const { valueBoolean, valueInteger, valueDecimal, valueQuantity, valueCoding, valueTime } = answer;
  if (valueCoding) return { valueCodeableConcept: { coding: [valueCoding] } };
  if (valueBoolean !== undefined) return { valueBoolean };
  if (valueInteger !== undefined) return { valueInteger };
  if (valueDecimal !== undefined)
    return { valueQuantity: copyLiteral({ value: valueDecimal }, 'value', answer, 'valueDecimal') };
  if (valueQuantity) return { valueQuantity };
  if (valueTime) return { valueTime };
  const day = answer.valueDateTime ?? answer.valueDate;
  if (day) return { valueDateTime: day };
  const valueString = answer.valueString ?? answer.valueUri;
  return valueString === undefined ? undefined : { valueString };
}
