// By which reading a condition is followed, and how a reading is told.

import type { CodeableConcept, Coding, Observation } from 'chartwire/sdk';

const ICD10CM = 'http://hl7.org/fhir/sid/icd-10-cm';

export interface Reading {
  readonly name: string;
  /** LOINC codes; any of them. */
  readonly codes: readonly string[];
  /** Of a reading in parts, their LOINC codes in the order in which they are told. */
  readonly parts?: readonly string[];
}

const BLOOD_PRESSURE: Reading = { name: 'blood pressure', codes: ['85354-9'], parts: ['8480-6', '8462-4'] };
const A1C: Reading = { name: 'hemoglobin A1c', codes: ['4548-4'] };
const LDL: Reading = { name: 'LDL cholesterol', codes: ['13457-7', '18262-6'] };
const GFR: Reading = { name: 'glomerular filtration rate', codes: ['98979-8'] };

/** Categories of ICD-10-CM. */
const READINGS: Readonly<Record<string, Reading>> = {
  I10: BLOOD_PRESSURE,
  I11: BLOOD_PRESSURE,
  E10: A1C,
  E11: A1C,
  E78: LDL,
  N18: GFR,
};

export function followedBy(coding: readonly Coding[]): Reading | undefined {
  const category = coding.find(({ system }) => system === ICD10CM)?.code?.slice(0, 3);
  return category === undefined ? undefined : READINGS[category];
}

/** `Last blood pressure 128/82 mmHg on 2026-08-23.`; undefined for a reading without a value. */
export function told({ name, parts }: Reading, observation: Observation): string | undefined {
  const measured = parts ? parts.map((part) => observation.component?.find(isCoded(part))) : [observation];
  const quantities = measured.flatMap((one) => one?.valueQuantity ?? []);
  if (quantities.length < measured.length) return undefined;
  const unit = quantities[0]?.unit;
  const day = observation.effectiveDateTime?.slice(0, 10);
  const values = quantities.map(({ value }) => value).join('/');
  return `Last ${name} ${values}${unit ? ` ${unit}` : ''}${day ? ` on ${day}` : ''}.`;
}

function isCoded(loinc: string) {
  return ({ code }: { code: CodeableConcept }): boolean =>
    Boolean(code.coding?.some((coding) => coding.code === loinc));
}
