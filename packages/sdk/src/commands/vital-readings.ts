// The readings of a visit as Observations: LOINC codes and units of the FHIR vital-signs profiles, in metric units.
// https://hl7.org/fhir/R4/observation-vitalsigns.html

import type {
  CodeableConcept,
  Coding,
  Extension,
  Observation,
  ObservationComponent,
  Quantity,
} from '@medplum/fhirtypes';
import { filled } from '#kit/filled.ts';
import { copyLiteral } from '#kit/json/literals.ts';
import { DATA_ABSENT, LOINC, SNOMED, UCUM } from '#kit/systems.ts';
import { enteredAs } from '#records/entered-as.ts';
import { concept } from './concepts.ts';

/** What distinguishes a reading as its own Observation from the shared parts. */
export type Reading = Pick<Observation, 'code'> &
  Partial<Pick<Observation, 'valueQuantity' | 'component' | 'bodySite' | 'extension' | 'derivedFrom'>>;

export interface VitalValues {
  /** Inches. */
  readonly height?: number;
  /** Avoirdupois pounds, and the remaining ounces. */
  readonly weightLbs?: number;
  readonly weightOz?: number;
  /** Inches. */
  readonly waistCircumference?: number;
  /** Degrees Fahrenheit. */
  readonly bodyTemperature?: number;
  readonly bodyTemperatureSite?: keyof typeof TEMPERATURE_SITES;
  /** mm[Hg] */
  readonly bloodPressureSystole?: number;
  readonly bloodPressureDiastole?: number;
  /** `sitting-right-arm` */
  readonly bloodPressurePositionAndSite?: string;
  /** /min */
  readonly pulse?: number;
  readonly pulseRhythm?: string;
  readonly respirationRate?: number;
  /** % */
  readonly oxygenSaturation?: number;
  /** A LOINC answer code. */
  readonly supplementalOxygen?: string;
}

const TEMPERATURE_SITES = {
  axillary: loinc('8328-7', 'Axillary temperature'),
  oral: loinc('8331-1', 'Oral temperature'),
  rectal: loinc('8332-9', 'Rectal temperature'),
  temporal: loinc('75539-7', 'Body temperature - Temporal artery'),
  tympanic: loinc('8333-7', 'Tympanic membrane temperature'),
} as const;

const POSITIONS: Readonly<Record<string, CodeableConcept>> = {
  sitting: concept(SNOMED, '33586001', 'Sitting position'),
  standing: concept(SNOMED, '10904000', 'Orthostatic body position'),
  supine: concept(SNOMED, '40199007', 'Supine body position'),
};
const LIMBS: Readonly<Record<string, CodeableConcept>> = {
  'right-arm': concept(SNOMED, '6921000', 'Structure of right upper limb'),
  'left-arm': concept(SNOMED, '80768000', 'Structure of left upper limb'),
  'right-leg': concept(SNOMED, '62175007', 'Structure of right lower limb'),
  'left-leg': concept(SNOMED, '32153003', 'Structure of left lower limb'),
};
const BODY_POSITION = 'http://hl7.org/fhir/StructureDefinition/observation-bodyPosition';
const UNKNOWN = concept(DATA_ABSENT, 'unknown', 'Unknown');

/** In centimeters. */
export function heightOf(values: VitalValues): Reading | undefined {
  const { height } = values;
  if (height === undefined) return undefined;
  return {
    extension: enteredAs(values, ['height', '[in_i]']),
    code: coded(loinc('8302-2', 'Body height')),
    valueQuantity: quantity(height * 2.54, 'cm'),
  };
}

/** In kilograms. Ounces count only together with pounds. */
export function weightOf(values: VitalValues): Reading | undefined {
  const { weightLbs, weightOz } = values;
  if (weightLbs === undefined) return undefined;
  const kilograms = (weightLbs + (weightOz ?? 0) / 16) * 0.45359237;
  return {
    extension: enteredAs(values, ['weightLbs', '[lb_av]'], ['weightOz', '[oz_av]']),
    code: coded(loinc('29463-7', 'Body weight')),
    valueQuantity: quantity(kilograms, 'kg'),
  };
}

/** From both, in kg/m2. */
export function bodyMassIndexOf(height: Reading, weight: Reading): Reading {
  const metres = (height.valueQuantity?.value ?? 0) / 100;
  const index = (weight.valueQuantity?.value ?? 0) / metres ** 2;
  return { code: coded(loinc('39156-5', 'Body mass index (BMI) [Ratio]')), valueQuantity: quantity(index, 'kg/m2', 1) };
}

/** The remaining readings. */
export function otherReadingsOf(values: VitalValues): Reading[] {
  const readings = [waist, temperature, bloodPressure, pulse, respiration, oxygen].map((reading) => reading(values));
  return readings.filter((reading) => reading !== undefined);
}

function waist(values: VitalValues): Reading | undefined {
  const { waistCircumference: inches } = values;
  if (inches === undefined) return undefined;
  const code = coded(loinc('8280-0', 'Waist Circumference at umbilicus by Tape measure'));
  const extension = enteredAs(values, ['waistCircumference', '[in_i]']);
  return { extension, code, valueQuantity: quantity(inches * 2.54, 'cm') };
}

function temperature(values: VitalValues): Reading | undefined {
  const { bodyTemperature: degrees, bodyTemperatureSite: site } = values;
  if (degrees === undefined) return undefined;
  const body = loinc('8310-5', 'Body temperature');
  const code = site ? coded(body, TEMPERATURE_SITES[site]) : coded(body);
  const valueQuantity = quantity((degrees - 32) / 1.8, 'Cel', 2, '°C');
  return { extension: enteredAs(values, ['bodyTemperature', '[degF]']), code, valueQuantity };
}

function bloodPressure(values: VitalValues): Reading | undefined {
  const { bloodPressureSystole: systole, bloodPressureDiastole: diastole } = values;
  if (systole === undefined && diastole === undefined) return undefined;
  const [position, ...limb] = values.bloodPressurePositionAndSite?.split('-') ?? [];
  return filled({
    extension: position ? [{ url: BODY_POSITION, valueCodeableConcept: POSITIONS[position] } as Extension] : [],
    code: coded(loinc('85354-9', 'Blood pressure panel with all children optional')),
    bodySite: LIMBS[limb.join('-')],
    component: [
      pressure(loinc('8480-6', 'Systolic blood pressure'), values, 'bloodPressureSystole'),
      pressure(loinc('8462-4', 'Diastolic blood pressure'), values, 'bloodPressureDiastole'),
    ],
  });
}

/** The profile requires both; a missing one is marked as such. */
function pressure(
  code: Coding,
  values: VitalValues,
  name: 'bloodPressureSystole' | 'bloodPressureDiastole',
): ObservationComponent {
  const valueQuantity = asEntered(values, name, 'mm[Hg]', 'mmHg');
  return valueQuantity ? { code: coded(code), valueQuantity } : { code: coded(code), dataAbsentReason: UNKNOWN };
}

function pulse(values: VitalValues): Reading | undefined {
  const { pulseRhythm: rhythm } = values;
  const valueQuantity = asEntered(values, 'pulse', '/min', 'beats/min');
  if (!valueQuantity) return undefined;
  const valueCodeableConcept = rhythm && { text: rhythm.replaceAll('-', ' ') };
  return filled({
    code: coded(loinc('8867-4', 'Heart rate')),
    valueQuantity,
    component: valueCodeableConcept
      ? [{ code: coded(loinc('8884-9', 'Heart rate rhythm')), valueCodeableConcept }]
      : [],
  });
}

function respiration(values: VitalValues): Reading | undefined {
  const valueQuantity = asEntered(values, 'respirationRate', '/min', 'breaths/min');
  return valueQuantity && { code: coded(loinc('9279-1', 'Respiratory rate')), valueQuantity };
}

function oxygen(values: VitalValues): Reading | undefined {
  const { supplementalOxygen: answer } = values;
  const valueQuantity = asEntered(values, 'oxygenSaturation', '%');
  if (!valueQuantity) return undefined;
  const pulseOximetry = loinc('59408-5', 'Oxygen saturation in Arterial blood by Pulse oximetry');
  const valueCodeableConcept = { coding: [{ system: LOINC, code: answer }] };
  return filled({
    code: coded(loinc('2708-6', 'Oxygen saturation in Arterial blood'), pulseOximetry),
    valueQuantity,
    component: answer ? [{ code: { text: 'Supplemental oxygen' }, valueCodeableConcept }] : [],
  });
}

function loinc(code: string, display: string): Coding {
  return { system: LOINC, code, display };
}

function coded(...coding: Coding[]): CodeableConcept {
  return { coding };
}

/** Values stored in the unit entered, digit by digit. */
function asEntered(
  values: VitalValues,
  name: 'bloodPressureSystole' | 'bloodPressureDiastole' | 'pulse' | 'respirationRate' | 'oxygenSaturation',
  code: string,
  unit = code,
): Quantity | undefined {
  const value = values[name];
  if (value === undefined) return undefined;
  return copyLiteral({ value, unit, system: UCUM, code }, 'value', values, name);
}

/** Two decimals are enough to convert back to the inches, pounds, or degrees Fahrenheit entered. */
function quantity(value: number, code: string, decimals = 2, unit = code): Quantity {
  return { value: Number(value.toFixed(decimals)), unit, system: UCUM, code };
}
