// Results in words, as a chart, a list and a timeline show them: name, value, unit, range.

import type { CodeableConcept, Observation, ObservationReferenceRange, Quantity } from '@medplum/fhirtypes';
import { literalOf } from '#kit/json/literals.ts';

/** As much of an Observation, or of a component of one, as its value is. */
export type Valued = Pick<
  Observation,
  | 'valueQuantity'
  | 'valueString'
  | 'valueCodeableConcept'
  | 'valueInteger'
  | 'valueBoolean'
  | 'valueDateTime'
  | 'valueTime'
  | 'valuePeriod'
  | 'valueRange'
  | 'valueRatio'
  | 'dataAbsentReason'
>;

/** Whole, as the laboratory has it. */
export function resultName({ code }: Pick<Observation, 'code'>): string {
  return wordsOf(code);
}

/**
 * LOINC says of which specimen by which method: `Glucose [Mass/volume] in Blood` is read as Glucose where that will do, and
 * `Hemoglobin A1c/Hemoglobin.total in Blood` as Hemoglobin A1c.
 */
export function shortName(name: string): string {
  return name.split(/ \[|\/Hemoglobin\.total\b| - /)[0] ?? name;
}

/** What SNOMED CT puts behind a term to say of what kind it is. */
const SEMANTIC_TAG = / \((?:finding|qualifier value|disorder|situation|observable entity|substance)\)$/;

/** The value without its unit, as it was reported: no digit more or less. */
export function resultText(valued: Valued): string {
  const { valueQuantity, valueString, valueCodeableConcept, valueRange, valueRatio, valuePeriod } = valued;
  if (valueQuantity?.value !== undefined) return numberText(valueQuantity);
  if (valueString !== undefined) return valueString;
  if (valueCodeableConcept) return wordsOf(valueCodeableConcept).replace(SEMANTIC_TAG, '');
  if (valueRange) return spanText(valueRange);
  if (valueRatio)
    return [valueRatio.numerator, valueRatio.denominator].map((part) => part && numberText(part)).join(':');
  if (valued.valueInteger !== undefined) return String(valued.valueInteger);
  if (valued.valueBoolean !== undefined) return valued.valueBoolean ? 'yes' : 'no';
  if (valuePeriod) return [valuePeriod.start, valuePeriod.end].filter(Boolean).join(' – ');
  return valued.valueDateTime ?? valued.valueTime ?? wordsOf(valued.dataAbsentReason);
}

/** Empty for what has none. */
export function resultUnit({ valueQuantity, valueRange }: Valued): string {
  const quantity = valueQuantity ?? valueRange?.low ?? valueRange?.high;
  return quantity ? unitOf(quantity) : '';
}

/** The normal range as it was printed, else its numbers. */
export function normalText({ referenceRange: [range] = [] }: Pick<Observation, 'referenceRange'>): string {
  return range?.text ?? spanText(range);
}

function numberText(quantity: Quantity): string {
  return `${quantity.comparator ?? ''}${writtenNumber(quantity) ?? ''}`;
}

/** The number of a quantity as it was written: `1.00` says more than `1`. */
export function writtenNumber(quantity: Pick<Quantity, 'value'> | undefined): string | undefined {
  if (quantity?.value === undefined) return undefined;
  return literalOf(quantity, 'value') ?? String(quantity.value);
}

function spanText(span: Pick<ObservationReferenceRange, 'low' | 'high'> | undefined): string {
  const [low, high] = [writtenNumber(span?.low), writtenNumber(span?.high)];
  if (low !== undefined && high !== undefined) return `${low} – ${high}`;
  if (low !== undefined) return `≥ ${low}`;
  return high === undefined ? '' : `≤ ${high}`;
}

function wordsOf(concept: CodeableConcept | undefined): string {
  const { text, coding = [] } = concept ?? {};
  return text ?? coding.find(({ display }) => display)?.display ?? coding.find(({ code }) => code)?.code ?? '';
}

const UNITS: ReadonlyMap<string, string> = new Map([
  ['mm[Hg]', 'mmHg'],
  ['{beats}/min', '/min'],
  ['beats/min', '/min'],
  ['breaths/min', '/min'],
  ['Cel', '°C'],
  ['[degF]', '°F'],
  ['[lb_av]', 'lb'],
  ['[oz_av]', 'oz'],
  ['[in_i]', 'in'],
  ['kg/m2', 'kg/m²'],
  ['{score}', ''],
  ['1', ''],
  ['10*3/uL', '10³/µL'],
  ['10*6/uL', '10⁶/µL'],
]);

/** As people write it. */
export function unitOf({ unit, code }: Pick<Quantity, 'unit' | 'code'>): string {
  const written = unit ?? code ?? '';
  return UNITS.get(written) ?? UNITS.get(code ?? '') ?? written;
}
