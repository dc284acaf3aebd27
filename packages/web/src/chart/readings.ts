// Findings as lines over time: the vital signs that are watched, and whatever a code was measured as.

import type { CodeableConcept, Observation } from '@medplum/fhirtypes';
import { dateIn } from '@chartwire/sdk/internal/kit/partial-date';
import { enteredText } from '@chartwire/sdk/internal/records/entered-as';
import { unitOf } from '@chartwire/sdk/internal/records/result-text';
import { converted } from '@chartwire/sdk/internal/records/units';
import { codeText, conceptText } from '../fhir/words.ts';
import { instantFrom } from '../ui/instant.ts';
import { practiceZone } from '../ui/zone.ts';

/** One value at one time. */
export interface Reading {
  readonly at: string;
  readonly value: number;
  readonly unit: string;
  /** The record it is from. */
  readonly id: string;
}

/** What is measured again and again. */
export interface Line {
  /** LOINC of the observation. */
  readonly code: string;
  readonly label: string;
  readonly unit: string;
  /** Oldest first. With two, the first is written over the other: `128/82`. */
  readonly readings: readonly (readonly Reading[])[];
  /** The record of the latest. */
  readonly latest: Observation;
  /** The latest as it was entered, where it is kept in other units: `180 lb`. */
  readonly entered?: string;
}

interface Watched {
  readonly label: string;
  /** Any of these is it; the first names the line. */
  readonly codes: readonly string[];
  /** LOINC of the components that are its values. */
  readonly parts?: readonly string[];
}

export const WEIGHT = ['29463-7', '3141-9'];
export const HEIGHT = ['8302-2'];
export const BODY_MASS_INDEX = ['39156-5'];

/** In the order they are shown; those with a line of their own first. */
export const WATCHED: readonly Watched[] = [
  { label: 'Blood pressure', codes: ['85354-9', '55284-4'], parts: ['8480-6', '8462-4'] },
  { label: 'Heart rate', codes: ['8867-4'] },
  { label: 'Weight', codes: WEIGHT },
  { label: 'BMI', codes: BODY_MASS_INDEX },
  { label: 'Temperature', codes: ['8310-5', '8331-1'] },
  { label: 'Respiration', codes: ['9279-1'] },
  { label: 'Oxygen', codes: ['2708-6', '59408-5'] },
  { label: 'Height', codes: HEIGHT },
  { label: 'Head', codes: ['9843-4', '8287-5'] },
];

/** @param observations newest first, as a chart has them */
export function vitalLines(observations: readonly Observation[]): readonly Line[] {
  const vitals = observations.filter(({ category }) => hasCategory(category, 'vital-signs'));
  return WATCHED.flatMap((watched) => lineOf(vitals, watched) ?? []);
}

/** The line of any code, vital sign or laboratory value. */
export function lineOfCode(observations: readonly Observation[], code: string): Line | undefined {
  const watched = WATCHED.find(({ codes }) => codes.includes(code));
  return lineOf(observations, watched ?? { label: '', codes: [code] });
}

function lineOf(observations: readonly Observation[], { label, codes, parts }: Watched): Line | undefined {
  const of = observations.filter(({ code }) => code?.coding?.some((coding) => codes.includes(coding.code ?? '')));
  const read = parts ?? [undefined];
  const readings = read.map((part) => of.flatMap((one) => readingOf(one, part) ?? []).reverse());
  const latest = of.find((one) => read.some((part) => readingOf(one, part)));
  if (!latest) return undefined;
  const unit = readings[0]?.at(-1)?.unit ?? '';
  const entered = enteredText(latest);
  const inOne = readings.map((line) => line.flatMap((reading) => inUnit(reading, unit)));
  return {
    code: codes[0]!,
    label: label || conceptText(latest.code),
    unit,
    readings: inOne,
    latest,
    ...(entered !== undefined && { entered }),
  };
}

/** A line is of one unit: pounds are not drawn among kilograms. What can't be turned into it is left to the list below. */
function inUnit(reading: Reading, unit: string): Reading[] {
  const value = converted(reading.value, reading.unit, unit);
  return value === undefined ? [] : [{ ...reading, value, unit }];
}

function readingOf(observation: Observation, part: string | undefined): Reading | undefined {
  const at = whenOf(observation);
  const component = observation.component?.find(({ code }) => code.coding?.some((coding) => coding.code === part));
  const quantity = part === undefined ? observation.valueQuantity : component?.valueQuantity;
  if (at === undefined || Number.isNaN(instantFrom(at).getTime())) return undefined;
  // A number beyond what JavaScript has can't be drawn.
  if (quantity?.value === undefined || !Number.isFinite(quantity.value)) return undefined;
  return { at, value: quantity.value, unit: unitOf(quantity), id: observation.id ?? '' };
}

export function whenOf({
  effectiveDateTime,
  effectivePeriod,
  effectiveInstant,
  issued,
}: Observation): string | undefined {
  return effectiveDateTime ?? effectivePeriod?.start ?? effectiveInstant ?? issued;
}

export function hasCategory(categories: readonly CodeableConcept[] | undefined, code: string): boolean {
  return categories?.some(({ coding }) => coding?.some((one) => one.code === code)) ?? false;
}

/** Read in whole numbers. */
const WHOLE = ['mmHg', '/min', '%'];

/** As many decimals as tell two values of its size apart. */
export function valueText(value: number, unit = ''): string {
  const size = Math.abs(value);
  if (size > 0 && size < 1) return String(Number(value.toPrecision(2)));
  const decimals = size >= 100 || WHOLE.includes(unit) ? 0 : size >= 10 ? 1 : 2;
  return String(Number(value.toFixed(decimals)));
}

/** `128/82`. */
export function latestText({ readings }: Line): string {
  return readings
    .map((line) => line.at(-1))
    .map((reading) => (reading ? valueText(reading.value, reading.unit) : '–'))
    .join('/');
}

/** From the last but one to the last, with its sign; of two values that of the first. */
export function changeText({ readings: [line] }: Line): string | undefined {
  const [before, last] = [line?.at(-2), line?.at(-1)];
  if (!before || !last || before.unit !== last.unit) return undefined;
  const change = last.value - before.value;
  const size = valueText(Math.abs(change), last.unit);
  return size === '0' ? '±0' : `${change > 0 ? '+' : '−'}${size}`;
}

export function codeOf({ code }: Observation): string {
  return codeText(code?.coding) ?? conceptText(code);
}

/** The day at the practice on which it was measured. */
export function dayOf(observation: Observation): string {
  return dateIn(practiceZone(), whenOf(observation) ?? '');
}

/** Whether it is what one of these codes, or names, says. */
export function isOf({ code }: Observation, codes: readonly string[]): boolean {
  return codes.includes(conceptText(code)) || (code.coding ?? []).some((coding) => codes.includes(coding.code ?? ''));
}
