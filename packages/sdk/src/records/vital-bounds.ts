// Unusual vital signs of an adult at rest. Shown to help the reader; values are stored as entered.

import type { Observation, ObservationComponent, Quantity } from '@medplum/fhirtypes';
import { type Flag, flagOf, flagOfCode } from './interpretation.ts';
import { unitOf } from './result-text.ts';
import { converted } from './units.ts';

/** Outside `usual` is flagged; outside `critical` flagged strongly. */
interface Bounds {
  /** Of the Vitals command. */
  readonly field: string;
  /** LOINC's. */
  readonly codes: readonly string[];
  /** UCUM. */
  readonly unit: string;
  /** The command's unit, if different. */
  readonly enteredIn?: string;
  /** Physically possible range, in the command's unit; anything else is a typing error. */
  readonly possible: readonly [low: number, high: number];
  readonly usual: readonly [low: number, high: number];
  readonly critical: readonly [low: number, high: number];
}

const BOUNDS: readonly Bounds[] = [
  {
    field: 'bloodPressureSystole',
    codes: ['8480-6'],
    unit: 'mm[Hg]',
    possible: [30, 305],
    usual: [90, 139],
    critical: [80, 179],
  },
  {
    field: 'bloodPressureDiastole',
    codes: ['8462-4'],
    unit: 'mm[Hg]',
    possible: [20, 180],
    usual: [60, 89],
    critical: [50, 119],
  },
  { field: 'pulse', codes: ['8867-4'], unit: '/min', possible: [30, 250], usual: [60, 100], critical: [40, 130] },
  { field: 'respirationRate', codes: ['9279-1'], unit: '/min', possible: [6, 60], usual: [12, 20], critical: [8, 29] },
  {
    field: 'oxygenSaturation',
    codes: ['2708-6', '59408-5'],
    unit: '%',
    possible: [60, 100],
    usual: [95, 100],
    critical: [90, 100],
  },
  {
    field: 'bodyTemperature',
    codes: ['8310-5', '8331-1'],
    unit: 'Cel',
    enteredIn: '[degF]',
    possible: [85, 107],
    usual: [36, 37.9],
    critical: [35, 39.9],
  },
];

/** Whether a LOINC code means body temperature. */
export function isTemperature(code: string | undefined): boolean {
  return BOUNDS.some(({ field, codes }) => field === 'bodyTemperature' && codes.includes(code ?? ''));
}

/** The possible range of a field of the Vitals command, in its unit. */
export function possibleIn(field: string): readonly [low: number, high: number] {
  return BOUNDS.find((one) => one.field === field)!.possible;
}

/** Why a value isn't possible for a vital sign, in words; undefined if it is possible, or isn't a vital sign. */
export function impossibleVital(
  code: string | undefined,
  { valueQuantity }: Pick<Observation, 'valueQuantity'>,
): string | undefined {
  const bounds = code === undefined ? undefined : BOUNDS.find(({ codes }) => codes.includes(code));
  if (!bounds) return undefined;
  if (valueQuantity?.value === undefined) return 'it is no number';
  const own = bounds.enteredIn ?? bounds.unit;
  const unit = unitOf(valueQuantity);
  const known = /^[CF]$/i.test(unit) ? `°${unit.toUpperCase()}` : unit;
  const value = known === '' ? valueQuantity.value : converted(valueQuantity.value, known, unitOf({ code: own }));
  const [low, high] = bounds.possible;
  if (value !== undefined && value >= low && value <= high) return undefined;
  return `it is not between ${low} and ${high} ${unitOf({ code: own })}`;
}

/** Of a field of the Vitals command, as it is entered. */
export function flagOfField(field: string, value: number): Flag | undefined {
  const bounds = BOUNDS.find((one) => one.field === field);
  return bounds && flagWithin(bounds, value, { code: bounds.enteredIn ?? bounds.unit });
}

/** For fields read together, the more severe: of a blood pressure, of both. */
export function flagOfReading(name: string, fields: Readonly<Record<string, unknown>>): Flag | undefined {
  const together = name === 'bloodPressure' ? ['bloodPressureSystole', 'bloodPressureDiastole'] : [name];
  const flags = together.flatMap((field) => {
    const value = fields[field];
    return (typeof value === 'number' && flagOfField(field, value)) || [];
  });
  return flags.find(({ critical }) => critical) ?? flags[0];
}

/**
 * For any Observation, including vital signs: its own flag, or else by its range, or else by the usual values of adults. With
 * components, the most severe.
 */
export function findingFlag(observation: Observation, birthDate: string | undefined): Flag | undefined {
  const own = flagOf(observation);
  if (own || observation.interpretation) return own;
  const flags = (observation.component ?? []).flatMap((part) => flagOf(part) ?? []);
  const adult = isAdult(birthDate, observation.effectiveDateTime ?? observation.issued);
  if (adult) for (const part of [observation, ...(observation.component ?? [])]) flags.push(...(vitalFlag(part) ?? []));
  return flags.find(({ critical }) => critical) ?? flags[0];
}

function vitalFlag({ code, valueQuantity, interpretation }: Observation | ObservationComponent): Flag[] | undefined {
  if (valueQuantity?.value === undefined || interpretation) return undefined;
  const bounds = BOUNDS.find(({ codes }) => code.coding?.some((coding) => codes.includes(coding.code ?? '')));
  const flag = bounds && flagWithin(bounds, valueQuantity.value, valueQuantity);
  return flag ? [flag] : undefined;
}

function flagWithin({ unit: own, usual, critical }: Bounds, entered: number, quantity: Quantity): Flag | undefined {
  const [unit, known] = [unitOf(quantity), unitOf({ code: own })];
  const exact = unit === '' ? entered : converted(entered, unit, known);
  if (exact === undefined) return undefined;
  // At a thermometer's precision: 100.3 °F is 37.9 °C.
  const value = Math.round(exact * 10) / 10;
  if (value < critical[0]) return flagOfCode('LU');
  if (value > critical[1]) return flagOfCode('HU');
  if (value < usual[0]) return flagOfCode('L');
  return value > usual[1] ? flagOfCode('H') : undefined;
}

const ADULT_YEARS = 18;

/** At a time, or today. True without a date of birth. */
export function isAdult(birthDate: string | undefined, at = new Date().toISOString()): boolean {
  if (!birthDate) return true;
  return `${Number(birthDate.slice(0, 4)) + ADULT_YEARS}${birthDate.slice(4)}` <= at.slice(0, birthDate.length);
}
