// Whether and how a result is abnormal, for every list, table, line, and count: by the laboratory's flag, or without one by the
// reference range.

import type { CodeableConcept, Observation, ObservationReferenceRange, Quantity } from '@medplum/fhirtypes';
import { type Bounds, readPrintedRange, wordOf } from './printed-value.ts';

/** How a result is abnormal. */
export interface Flag {
  /** For narrow places: `H`. */
  readonly letter: string;
  readonly word: string;
  readonly critical: boolean;
}

/** A value and its interpretation: an Observation, or a component of one. */
export type Judged = Pick<
  Observation,
  | 'interpretation'
  | 'referenceRange'
  | 'valueQuantity'
  | 'valueInteger'
  | 'valueRange'
  | 'valueRatio'
  | 'valueString'
  | 'valueCodeableConcept'
>;

const flag = (letter: string, word: string, critical = false): Flag => ({ letter, word, critical });

/** Codes of HL7 v3 ObservationInterpretation that need attention; those of HL7 v2 table 0078 are the same. */
const FLAGS: ReadonlyMap<string, Flag> = new Map([
  ['H', flag('H', 'High')],
  ['HU', flag('H', 'Very high', true)],
  ['H>', flag('H', 'Very high', true)],
  ['HH', flag('H', 'Critically high', true)],
  ['HX', flag('H', 'Above the limit')],
  ['>', flag('H', 'Above what can be measured')],
  ['L', flag('L', 'Low')],
  ['LU', flag('L', 'Very low', true)],
  ['L<', flag('L', 'Very low', true)],
  ['LL', flag('L', 'Critically low', true)],
  ['LX', flag('L', 'Below the limit')],
  ['<', flag('L', 'Below what can be measured')],
  ['A', flag('A', 'Abnormal')],
  ['AA', flag('A', 'Critically abnormal', true)],
  ['EX', flag('A', 'Outside the limits')],
  ['POS', flag('A', 'Positive')],
  ['DET', flag('A', 'Detected')],
  ['RR', flag('A', 'Reactive')],
  ['WR', flag('A', 'Weakly reactive')],
  ['CAR', flag('A', 'Carrier')],
  ['UNE', flag('A', 'Unexpected')],
  ['R', flag('R', 'Resistant')],
  ['NS', flag('R', 'Not susceptible')],
  ['IND', flag('I', 'Indeterminate')],
  ['E', flag('I', 'Equivocal')],
]);

/** Codes that mean normal. Others (better, worse) don't say, so the range decides. */
const NORMAL: ReadonlySet<string> = new Set(['N', 'NEG', 'ND', 'NR', 'S', 'EXP', 'I', 'SDD', 'MS', 'SYN-S']);

/** Undefined if it is normal or unknown. */
export function flagOf(judged: Judged): Flag | undefined {
  const codes = judged.interpretation?.flatMap(codesOf) ?? [];
  const flags = codes.flatMap((code) => FLAGS.get(code) ?? []);
  if (flags.length > 0) return flags.find(({ critical }) => critical) ?? flags[0];
  return codes.some((code) => NORMAL.has(code)) ? undefined : flagByRange(judged);
}

/** The flag for a code; undefined if it needs no attention. */
export function flagOfCode(code: string): Flag | undefined {
  return FLAGS.get(code);
}

function codesOf({ coding = [], text = '' }: CodeableConcept): string[] {
  const codes = coding.flatMap(({ code }) => code?.toUpperCase() ?? []);
  const known = codes.filter((code) => FLAGS.has(code) || NORMAL.has(code));
  return known.length > 0 ? known : [text, ...coding.map(({ display = '' }) => display)].map(codeOfWords);
}

/** Some laboratories use words instead of codes: `Critical high`. */
function codeOfWords(words: string): string {
  const said = words.trim().toUpperCase();
  if (FLAGS.has(said) || NORMAL.has(said)) return said;
  const flagged = wordOf(words)?.flag;
  if (flagged) return flagged;
  const critical = /CRITICAL|PANIC/.test(said);
  if (/\bHIGH|ABOVE/.test(said)) return critical ? 'HH' : 'H';
  if (/\bLOW|BELOW/.test(said)) return critical ? 'LL' : 'L';
  if (critical) return 'AA';
  return /\bABNORMAL/.test(said) ? 'A' : '';
}

// ── by the reference range

function flagByRange(judged: Judged): Flag | undefined {
  const flags = normalRanges(judged).map((range) => sideOf(judged, range));
  // With several ranges (by age, by sex) it is unknown which applies, so only a value outside all of them is abnormal.
  return flags.length > 0 && flags.every(Boolean) ? flags[0] : undefined;
}

function normalRanges({ referenceRange = [] }: Judged): readonly ObservationReferenceRange[] {
  return referenceRange.filter(
    ({ type }) => !type?.coding?.length || type.coding.some(({ code }) => code === 'normal'),
  );
}

function sideOf(judged: Judged, range: ObservationReferenceRange): Flag | undefined {
  const bounds = boundsOf(range);
  if (!bounds) return undefined;
  if (bounds.expected) return againstWord(judged, bounds.expected);
  const extent = extentOf(judged, range);
  if (!extent) return undefined;
  const { low, high, lowOpen, highOpen } = bounds;
  if (low !== undefined && (extent.most < low || (extent.most === low && (lowOpen || extent.mostOpen))))
    return FLAGS.get('L');
  if (high !== undefined && (extent.least > high || (extent.least === high && (highOpen || extent.leastOpen))))
    return FLAGS.get('H');
  return undefined;
}

/** Its numbers, or else those in its text. */
export function boundsOf({ low, high, text }: ObservationReferenceRange): Bounds | undefined {
  const printed = text === undefined ? undefined : readPrintedRange(text);
  if (low?.value === undefined && high?.value === undefined) return printed;
  return {
    ...(low?.value !== undefined && {
      low: low.value,
      lowOpen: printed?.lowOpen === true && printed.low === low.value,
    }),
    ...(high?.value !== undefined && {
      high: high.value,
      highOpen: printed?.highOpen === true && printed.high === high.value,
    }),
  };
}

/** The bounds of the true value; an end is exclusive if the value only approaches it. */
interface Extent {
  readonly least: number;
  readonly most: number;
  readonly leastOpen?: boolean;
  readonly mostOpen?: boolean;
}

function extentOf(
  { valueQuantity, valueInteger, valueRange, valueRatio }: Judged,
  range: ObservationReferenceRange,
): Extent | undefined {
  if (valueInteger !== undefined) return { least: valueInteger, most: valueInteger };
  if (valueRange) {
    const [least, most] = [valueRange.low?.value, valueRange.high?.value];
    return least === undefined || most === undefined ? undefined : { least, most };
  }
  const quantity = valueRatio ? titerOf(valueRatio) : valueQuantity;
  if (quantity?.value === undefined || !sameUnit(quantity, range.low ?? range.high)) return undefined;
  const { value, comparator } = quantity;
  switch (comparator) {
    case '<':
    case '<=':
      return { least: Number.NEGATIVE_INFINITY, most: value, mostOpen: comparator === '<' };
    case '>':
    case '>=':
      return { least: value, leastOpen: comparator === '>', most: Number.POSITIVE_INFINITY };
    default:
      return { least: value, most: value };
  }
}

/** For `<1:40` the 40, as in ranges of titers. */
function titerOf({ numerator, denominator }: NonNullable<Observation['valueRatio']>): Quantity | undefined {
  if (numerator?.value !== 1 || denominator?.value === undefined) return undefined;
  return { value: denominator.value, ...(numerator.comparator && { comparator: numerator.comparator }) };
}

/** Numbers in different units can't be compared. A number without a unit is assumed to have the other's. */
function sameUnit(value: Quantity, bound: Quantity | undefined): boolean {
  if (!bound) return true;
  if (value.code !== undefined && bound.code !== undefined) return value.code === bound.code;
  const [one, other] = [value, bound].map(({ unit, code }) => (unit ?? code)?.toLowerCase().replaceAll(' ', ''));
  return one === undefined || other === undefined || one === other;
}

/** Compared with `Negative` and similar. */
function againstWord(judged: Judged, expected: string): Flag | undefined {
  if (!NORMAL.has(expected)) return undefined;
  const { valueCodeableConcept, valueString, valueRatio } = judged;
  const words =
    valueString ?? valueCodeableConcept?.text ?? valueCodeableConcept?.coding?.find(({ display }) => display)?.display;
  // A titer where none is expected; one below the first dilution counts as none.
  if (words === undefined)
    return valueRatio && !valueRatio.numerator?.comparator?.startsWith('<') ? FLAGS.get('A') : undefined;
  const word = wordOf(words);
  if (!word) return undefined;
  // A grade (`2+`, `Trace`) has no flag of its own; it only differs from what was expected.
  return word.flag === undefined ? FLAGS.get('A') : FLAGS.get(word.flag);
}
