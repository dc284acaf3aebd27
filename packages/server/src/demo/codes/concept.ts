// How a code of a table becomes a FHIR CodeableConcept or Quantity, and the systems only the demo needs.

import type { CodeableConcept, Quantity } from '@medplum/fhirtypes';

/** Vaccine manufacturers (CDC). */
export const MVX = 'http://hl7.org/fhir/sid/mvx';
export const UCUM = 'http://unitsofmeasure.org';
/** Specialties of US clinicians (National Uniform Claim Committee). */
export const NUCC = 'http://nucc.org/provider-taxonomy';

/** A code system of HL7 Terminology, by the last part of its URL. */
export function hl7(name: string): string {
  return `http://terminology.hl7.org/CodeSystem/${name}`;
}

export function concept(system: string, code: string, display: string, text?: string): CodeableConcept {
  return { coding: [{ system, code, display }], ...(text === undefined ? {} : { text }) };
}

/** A measured amount; `ucum` is given where people write the unit otherwise than UCUM does. */
export function quantity(value: number, unit: string, ucum: string = unit): Quantity {
  return { value, unit, system: UCUM, code: ucum };
}
