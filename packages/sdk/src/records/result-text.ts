// Results in words for charts, lists, and timelines: name, value, unit, and range.

import type { CodeableConcept, Observation, ObservationReferenceRange, Quantity } from '@medplum/fhirtypes';
import { literalOf } from '#kit/json/literals.ts';

/** The members that an Observation and its components share. */
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

/** The full name from the laboratory. */
export function resultName({ code }: Pick<Observation, 'code'>): string {
  return wordsOf(code);
}

/**
 * LOINC includes specimen and method: `Glucose [Mass/volume] in Blood` is shortened to Glucose where possible, and `Hemoglobin
 * A1c/Hemoglobin.total in Blood` to Hemoglobin A1c.
 */
export function shortName(name: string): string {
  return name.split(/ \[|\/Hemoglobin\.total\b| - /)[0] ?? name;
}

/** The semantic tag of a SNOMED CT term. */
const SEMANTIC_TAG = / \((?:finding|qualifier value|disorder|situation|observable entity|substance)\)$/;

/** The value without its unit, with its reported digits. */
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

/** Empty if it has none. */
export function resultUnit({ valueQuantity, valueRange }: Valued): string {
  const quantity = valueQuantity ?? valueRange?.low ?? valueRange?.high;
  return quantity ? unitOf(quantity) : '';
}

/** The normal range as printed, or else its numbers. */
export function normalText({ referenceRange: [range] = [] }: Pick<Observation, 'referenceRange'>): string {
  return range?.text ?? spanText(range);
}

function numberText(quantity: Quantity): string {
  return `${quantity.comparator ?? ''}${writtenNumber(quantity) ?? ''}`;
}

/** The number of a quantity as written: `1.00` is more precise than `1`. */
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
