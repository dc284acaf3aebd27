// When a laboratory value is abnormal: the laboratory says so, or the value lies outside its reference range.

import type { CodeableConcept, Observation, ObservationComponent, Quantity } from 'chartwire/sdk';

/** Codes of HL7's ObservationInterpretation that alarm nobody: normal, negative, not detected, non-reactive, susceptible. */
const UNREMARKABLE = new Set(['N', 'NEG', 'ND', 'NR', 'S']);

/** How many abnormal values an observation holds; one with components (a blood pressure) may hold several. */
export function abnormalValues(observation: Observation): number {
  return [observation, ...(observation.component ?? [])].filter(isAbnormal).length;
}

function isAbnormal(value: Observation | ObservationComponent): boolean {
  return Boolean(value.interpretation?.some(isRemarkable)) || isOutOfRange(value);
}

function isRemarkable({ coding, text }: CodeableConcept): boolean {
  const codes = coding?.flatMap(({ code }) => code ?? []) ?? [];
  if (codes.length > 0) return !codes.some((code) => UNREMARKABLE.has(code));
  return text !== undefined && !/^(normal|negative|not detected|non-?reactive)$/i.test(text.trim());
}

function isOutOfRange({ valueQuantity, referenceRange }: Observation | ObservationComponent): boolean {
  const value = valueQuantity?.value;
  if (value === undefined) return false;
  // A range may also say what is wanted of a treatment, or of other people: without a type it is what is normal.
  const normal = referenceRange?.find(({ type, appliesTo }) => !type && !appliesTo?.length);
  const low = comparable(normal?.low, valueQuantity);
  const high = comparable(normal?.high, valueQuantity);
  return (low !== undefined && value < low) || (high !== undefined && value > high);
}

/** A bound in the unit of the value. Whoever writes none means the same. */
function comparable(bound: Quantity | undefined, value: Quantity | undefined): number | undefined {
  const unit = bound?.code ?? bound?.unit;
  return unit === undefined || unit === (value?.code ?? value?.unit) || unit === value?.unit ? bound?.value : undefined;
}
