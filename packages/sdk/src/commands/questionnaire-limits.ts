// Limits of a question beyond its type, from R4's extensions: bounds, decimals, length, files, number of answers.
// http://hl7.org/fhir/R4/questionnaire-profiles.html

import type { Extension, QuestionnaireItem, QuestionnaireResponseItemAnswer, Quantity } from '@medplum/fhirtypes';
import { literalOf } from '#kit/json/literals.ts';
import { dateText, firstDay, lastDay } from '#kit/partial-date.ts';

const BASE = 'http://hl7.org/fhir/StructureDefinition/';
const MEGABYTE = 1_000_000;

/** One limit, in words that follow “takes”: `at most 10`. */
interface Limit {
  readonly words: string;
  readonly allows: (answer: QuestionnaireResponseItemAnswer) => boolean;
}

interface Limits {
  readonly ofAnswers: readonly Limit[];
  /** Minimum number of answers or repetitions, if there are any. */
  readonly least: number;
  readonly most: number;
}

const known = new WeakMap<QuestionnaireItem, Limits>();

function limitsOf(item: QuestionnaireItem): Limits {
  let limits = known.get(item);
  if (!limits) {
    limits = {
      ofAnswers: [...boundsOf(item), ...decimalsOf(item), ...lengthOf(item), ...filesOf(item)],
      least: find(item, 'questionnaire-minOccurs')?.valueInteger ?? 0,
      most: find(item, 'questionnaire-maxOccurs')?.valueInteger ?? Number.POSITIVE_INFINITY,
    };
    known.set(item, limits);
  }
  return limits;
}

/** The limit that an answer breaks, in words that follow “takes”. */
export function limitBroken(item: QuestionnaireItem, answer: QuestionnaireResponseItemAnswer): string | undefined {
  return limitsOf(item).ofAnswers.find(({ allows }) => !allows(answer))?.words;
}

/** The same for the number of answers or repetitions. Too few is no fault while the user is still answering. */
export function countBroken(item: QuestionnaireItem, count: number, finished: boolean): string | undefined {
  const { least, most } = limitsOf(item);
  if (count > most) return `at most ${countText(item, most)}`;
  return finished && count > 0 && count < least ? `at least ${countText(item, least)}` : undefined;
}

function countText({ type }: QuestionnaireItem, count: number): string {
  return `${count} ${type === 'group' ? 'repetition' : 'answer'}${count === 1 ? '' : 's'}`;
}

/** All limits of a question, for display; empty if it has none. */
export function limitsText(item: QuestionnaireItem): string {
  const { ofAnswers, least, most } = limitsOf(item);
  const words = ofAnswers.map((limit) => limit.words);
  if (least > 1) words.push(`at least ${countText(item, least)}`);
  if (Number.isFinite(most)) words.push(`at most ${countText(item, most)}`);
  const text = words.join(', ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** MIME types that a question accepts; empty if any. */
export function fileTypesOf({ extension = [] }: QuestionnaireItem): readonly string[] {
  return extension.flatMap(({ url, valueCode }) => (url === `${BASE}mimeType` && valueCode ? [valueCode] : []));
}

function find({ extension = [] }: QuestionnaireItem, name: string): Extension | undefined {
  return extension.find(({ url }) => url === BASE + name);
}

// ── bounds

function boundsOf(item: QuestionnaireItem): Limit[] {
  const [least, most] = [find(item, 'minValue'), find(item, 'maxValue')];
  return [
    ...(least ? boundOf(least, 'at least', (answer, bound) => answer.to >= bound.from) : []),
    ...(most ? boundOf(most, 'at most', (answer, bound) => answer.from <= bound.to) : []),
  ];
}

type Holds = (answer: Span, bound: Span) => boolean;
type Comparable = number | string;

/** A date known only to the year may be any of its days: it breaks a bound only if all of them do. */
interface Span {
  readonly from: Comparable;
  readonly to: Comparable;
}

function boundOf(extension: Extension, than: string, holds: Holds): Limit[] {
  const number = extension.valueDecimal ?? extension.valueInteger ?? extension.valueQuantity?.value;
  const written = extension.valueDate ?? extension.valueDateTime ?? extension.valueTime;
  const bound = number === undefined ? written && spanOf(written) : { from: number, to: number };
  if (!bound) return [];
  const literal = literalOf(extension, 'valueDecimal') ?? String(number);
  const words = number === undefined ? boundText(written!) : literal;
  const before = extension.valueDate || extension.valueDateTime ? { 'at least': 'from', 'at most': 'to' }[than] : than;
  return [
    {
      words: [before, words, extension.valueQuantity?.unit].filter(Boolean).join(' '),
      allows: (answer) => {
        const span = spanIn(answer, extension.valueQuantity, written?.includes('T') ?? false);
        // Values that can't be compared are accepted.
        if (!span || typeof span.from !== typeof bound.from) return true;
        return holds(span, bound);
      },
    },
  ];
}

function boundText(written: string): string {
  return written.includes('T') ? written : dateText(written);
}

function spanIn(
  answer: QuestionnaireResponseItemAnswer,
  unit: Quantity | undefined,
  toTheMinute: boolean,
): Span | undefined {
  const { valueDecimal, valueInteger, valueQuantity, valueDate, valueDateTime, valueTime } = answer;
  if (valueQuantity && unit && (valueQuantity.code ?? valueQuantity.unit) !== (unit.code ?? unit.unit))
    return undefined;
  const number = valueDecimal ?? valueInteger ?? valueQuantity?.value;
  if (number !== undefined) return { from: number, to: number };
  const written = valueDate ?? valueDateTime ?? valueTime;
  if (written === undefined) return undefined;
  // A bound that is a day includes all its times.
  return spanOf(written.includes('T') && !toTheMinute ? written.slice(0, 10) : written);
}

/** Days as text, times with a zone as milliseconds, times of day as text. */
function spanOf(written: string): Span {
  if (written.includes('T')) return { from: Date.parse(written), to: Date.parse(written) };
  if (/^\d\d:/.test(written)) return { from: written, to: written };
  return { from: firstDay(written), to: lastDay(written) };
}

// ── what it consists of

function decimalsOf(item: QuestionnaireItem): Limit[] {
  const most = find(item, 'maxDecimalPlaces')?.valueInteger;
  if (most === undefined) return [];
  const words = most === 0 ? 'no decimal places' : `at most ${most} decimal place${most === 1 ? '' : 's'}`;
  return [{ words, allows: (answer) => decimalsIn(answer) <= most }];
}

function decimalsIn(answer: QuestionnaireResponseItemAnswer): number {
  const { valueDecimal, valueQuantity } = answer;
  const written =
    valueDecimal === undefined
      ? valueQuantity?.value === undefined
        ? ''
        : (literalOf(valueQuantity, 'value') ?? String(valueQuantity.value))
      : (literalOf(answer, 'valueDecimal') ?? String(valueDecimal));
  const [, decimals = '', power = '0'] = /^-?\d+(?:\.(\d+))?(?:e([-+]?\d+))?$/i.exec(written) ?? [];
  return Math.max(0, decimals.length - Number(power));
}

function lengthOf(item: QuestionnaireItem): Limit[] {
  const least = find(item, 'minLength')?.valueInteger;
  if (least === undefined) return [];
  const allows = ({ valueString, valueUri }: QuestionnaireResponseItemAnswer): boolean => {
    const text = valueString ?? valueUri;
    return text === undefined || text.length >= least;
  };
  return [{ words: `at least ${least} character${least === 1 ? '' : 's'}`, allows }];
}

function filesOf(item: QuestionnaireItem): Limit[] {
  const types = fileTypesOf(item).map(plainType);
  const most = find(item, 'maxSize')?.valueDecimal;
  const limits: Limit[] = [];
  if (types.length > 0)
    limits.push({
      words: `a file of type ${types.join(' or ')}`,
      allows: ({ valueAttachment: file }) => !file || types.includes(plainType(file.contentType ?? '')),
    });
  if (most !== undefined)
    limits.push({
      words: `a file of at most ${most} MB`,
      allows: ({ valueAttachment: file }) => !file || bytesOf(file) <= most * MEGABYTE,
    });
  return limits;
}

/** Without parameters such as a charset. */
function plainType(type: string): string {
  return type.split(';')[0]!.trim().toLowerCase();
}

/** Its actual size, or else the stated one; 0 if unknown. */
function bytesOf({ data, size }: { readonly data?: string; readonly size?: number }): number {
  if (data === undefined) return size ?? 0;
  const digits = data.replace(/[\s=]/g, '').length;
  return Math.floor((digits * 3) / 4);
}
