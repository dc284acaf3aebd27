// Values and reference ranges as laboratories print them (`<0.01`, `12.5 H`, `Positive 1:320`), as the R4 types that hold them.

import type { CodeableConcept, Coding, Observation, Quantity } from '@medplum/fhirtypes';
import { filled } from '#kit/filled.ts';
import { copyLiteral, setLiteral } from '#kit/json/literals.ts';
import { SNOMED } from '#kit/systems.ts';

export type ResultValue = Pick<
  Observation,
  'valueQuantity' | 'valueRatio' | 'valueRange' | 'valueCodeableConcept' | 'valueString'
>;

/** A value, and the flag printed with it or implied by its word: a code of HL7 v3 ObservationInterpretation. */
export interface Printed {
  readonly value: ResultValue;
  readonly flag?: string;
}

/** The normal range: two printed numbers, either of which may be missing, or a word. */
export interface Bounds {
  readonly low?: number;
  readonly high?: number;
  /** The bound itself is out of range: `< 200`. */
  readonly lowOpen?: boolean;
  readonly highOpen?: boolean;
  /** Flag of the expected word: `NEG`. */
  readonly expected?: string;
}

/**
 * Text that fits nothing else stays in `valueString`; so does an ambiguous number, `1,234`.
 * @param unit the unit printed next to the value, if any
 */
export function readPrintedValue(text: string, unit?: string): Printed {
  const written = plain(text);
  if (written.search(TWO_WAYS) >= 0) return asWritten(text, unit);
  for (const { rest, flag } of flaggings(written)) {
    const value = amountOf(rest, unit) ?? wordOf(rest)?.value;
    if (value) return filled({ value, flag: flag ?? wordOf(rest)?.flag });
  }
  return wordAndAmount(written, unit) ?? { value: { valueString: text.trim() } };
}

/** As text, with the flag that both readings share. */
function asWritten(text: string, unit: string | undefined): Printed {
  const [way] = waysToRead(plain(text));
  return filled({ value: { valueString: text.trim() }, flag: way && readPrintedValue(way, unit).flag });
}

/** Undefined if it adds nothing to its text; then there is nothing to compare a value with. */
export function readPrintedRange(text: string): Bounds | undefined {
  const written = plain(text).replace(/^\((.*)\)$/, '$1');
  const expected = wordOf(written)?.flag;
  if (expected) return { expected };
  const between = RANGE.exec(written);
  if (between && isUnit(between[3])) {
    const [low, high] = [between[1]!, between[2]!];
    return printedAs(printedAs({ low: numberOf(low), high: numberOf(high) }, 'low', low), 'high', high);
  }
  const titer = TITER.exec(written);
  if (titer?.[1]) return boundBy(titer[1], { value: Number(titer[3]) });
  const limit = AMOUNT.exec(written.replace(/^up to\s+/i, '<= '));
  if (!limit?.[1] || !isUnit(limit[5])) return undefined;
  return boundBy(limit[1], printedAs({ value: scaled(limit) }, 'value', limit[2]!));
}

function boundBy(comparator: string, number: { readonly value: number }): Bounds {
  const { value } = number;
  const isHigh = comparator.startsWith('<');
  const open = comparator === '<' || comparator === '>';
  const bounds: Bounds = isHigh
    ? { high: value, ...(open && { highOpen: true }) }
    : { low: value, ...(open && { lowOpen: true }) };
  return copyLiteral(bounds, isHigh ? 'high' : 'low', number, 'value');
}

// ── the pieces

const NUMBER = String.raw`[-+]?(?:[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?|[1-9]\d{0,2}(?:\.\d{3})+,\d+|\d+(?:[.,]\d+)?|\.\d+)`;
const POWER = String.raw`(?:\s*[x*]\s*10\s*(?:\^|\*\*?)\s*([-+]?\d+)|e([-+]?\d+))`;
const UNIT = String.raw`(?:\s*(\S(?:.*\S)?))?`;
/** Comparator, number, power of ten in either form, unit. */
const AMOUNT = new RegExp(`^(<=|>=|<|>)?\\s*(${NUMBER})${POWER}?${UNIT}$`, 'i');
const RANGE = new RegExp(`^(${NUMBER})\\s*(?:-|to)\\s*(${NUMBER})${UNIT}$`, 'i');
/** Comparator, and the two numbers of a titer: `1:320` or `1/320`. Up to `1/31` it may be a date or a ratio. */
const TITER = /^(<=|>=|<|>)?\s*(\d+(?=\s*:)|1(?=\/(?:3[2-9]|[4-9]\d|[1-9]\d{2,})$))\s*[:/]\s*(\d+)$/;

/** What they are behind a whole number. */
const FRACTIONS: Readonly<Record<string, string>> = { '½': '.5', '¼': '.25', '¾': '.75' };

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** Normalizes dashes, comparison signs, superscripts, and spaces. */
function plain(text: string): string {
  return (
    text
      .replaceAll(/[\u2010-\u2015\u2212]/g, '-')
      .replaceAll('≤', '<=')
      .replaceAll('≥', '>=')
      .replaceAll(/=([<>])/g, '$1=')
      .replaceAll(/\b(?:less than|under)\b/gi, '<')
      .replaceAll(/\b(?:greater than|more than|over)\b/gi, '>')
      .replaceAll('×', 'x')
      .replaceAll(/(\d*)\s*([½¼¾])/g, (_, whole, part) => `${whole || '0'}${FRACTIONS[part]}`)
      // `x10(3)/uL`, `x10E3/uL`
      .replaceAll(/\b(x\s*)?10\s*\(\s*([-+]?\d+)\s*\)/gi, '$110^$2')
      .replaceAll(/(?<=\d\s*[x*]\s*|\d\s+)10E(?=\d)/gi, '10^')
      .replaceAll(/(?<=10)[⁺⁻]?[⁰¹²³⁴-⁹]+/g, (power) => `^${digitsOf(power)}`)
      .replaceAll(/\s+/g, ' ')
      .trim()
  );
}

function digitsOf(superscript: string): string {
  return [...superscript]
    .map((digit) => (digit === '⁻' ? '-' : digit === '⁺' ? '' : SUPERSCRIPTS.indexOf(digit)))
    .join('');
}

function numberOf(text: string): number {
  return Number(plainNumber(text));
}

/**
 * Removes thousands separators and writes a decimal point. Points are thousands separators if a comma follows, `1.234,5`; in
 * `1.234` the point is decimal, as is usual where this is used.
 */
function plainNumber(text: string): string {
  if (/\..*,/.test(text)) return text.replaceAll('.', '').replace(',', '.');
  const thousands = /^[-+]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/.test(text);
  return thousands ? text.replaceAll(',', '') : text.replace(',', '.');
}

/** One comma before three digits is ambiguous: `1,234` is 1234 in one country and 1.234 in another. */
const TWO_WAYS = /(?<![\d.,])([1-9]\d{0,2}),(\d{3})(?![\d,]|\.\d)/g;

/** The possible readings of a value whose commas are ambiguous: `1,234 H` as `1234 H` and `1.234 H`. */
export function waysToRead(text: string): readonly string[] {
  if (text.search(TWO_WAYS) < 0) return [];
  const ways = [text.replaceAll(TWO_WAYS, '$1$2'), text.replaceAll(TWO_WAYS, '$1.$2')];
  // Remarks aren't analyzed.
  return ways.every((one) => readPrintedValue(one).value.valueString === undefined) ? ways : [];
}

/** The number of an amount with its power of ten. */
function scaled([, , number, power, exponent]: RegExpExecArray): number {
  return Number(`${numberOf(number!)}e${power ?? exponent ?? 0}`);
}

/** Printed flags: the meaning of letters, words, and signs. */
const FLAG = String.raw`HH|LL|AA|H|L|A|N|HI|LO|(?:(?:critical(?:ly)?|panic)\s+)?(?:high|low)|critical|crit|panic|abnormal|abn|[*!]+|↑+|↓+`;
/**
 * `12.5 H`, `12.5(H)`, `98 %!`, `7.1 mmol/L critical high`, `Positive (A)`. A letter after a word or unit is separated by a
 * space.
 */
const FLAG_BEHIND = new RegExp(`^(.*?(?:[\\d+)%]\\s*|[([]|\\s))(${FLAG})[*!\\s]*[)\\]]?$`, 'i');
const FLAG_BEFORE = new RegExp(`^(?:[([]\\s*)?(${FLAG})[)\\]:]?\\s+(?=[<>\\d.])(.*)$`, 'i');
/** `12.0 L %` */
const FLAG_BETWEEN = /^(\S*\d)\s+(HH|LL|AA|H|L|A|\*+|!+)\s+([^\s/\d]\S*)$/;

interface Flagging {
  readonly rest: string;
  readonly flag?: string;
}

/** A text's possible values without its flag, likeliest first: without two flags (`7.5 H critical`), without one, unchanged. */
function flaggings(text: string): readonly Flagging[] {
  const between = FLAG_BETWEEN.exec(text);
  const behind = FLAG_BEHIND.exec(text);
  const before = FLAG_BEFORE.exec(text);
  const found: Flagging[] = [];
  if (behind) found.push({ rest: behind[1]!.replace(/[([\s]+$/, ''), flag: flagOf(behind[2]!) });
  if (before) found.push({ rest: before[2]!, flag: flagOf(before[1]!) });
  if (between) found.push({ rest: `${between[1]} ${between[3]}`, flag: flagOf(between[2]!) });
  const twice = found.flatMap(({ rest, flag }) => {
    const second = FLAG_BEHIND.exec(rest);
    return second ? [{ rest: second[1]!.replace(/[([\s]+$/, ''), flag: both(flag!, flagOf(second[2]!)) }] : [];
  });
  return [...twice, ...found, { rest: text }];
}

/** A direction and "critical" are one flag; otherwise the more severe counts. */
function both(one: string, other: string): string {
  const flags = [one, other];
  const side = flags.find((each) => /^[HL]/.test(each));
  if (side && flags.some((each) => /^(?:HH|LL|AA)$/.test(each))) return side[0]!.repeat(2);
  return side ?? one;
}

function flagOf(printed: string): string {
  const letters = printed.toUpperCase();
  if (/^[*!]$/.test(letters) || /^ABN/.test(letters)) return 'A';
  if (/^[*!]+$/.test(letters) || /^(?:CRIT(?:ICAL)?|PANIC)$/.test(letters)) return 'AA';
  if (/^↑/.test(letters)) return letters.length > 1 ? 'HH' : 'H';
  if (/^↓/.test(letters)) return letters.length > 1 ? 'LL' : 'L';
  if (letters.endsWith('HIGH')) return letters === 'HIGH' ? 'H' : 'HH';
  if (letters.endsWith('LOW')) return letters === 'LOW' ? 'L' : 'LL';
  return letters === 'HI' ? 'H' : letters === 'LO' ? 'L' : letters;
}

/** Units without `/`, `%`, or `°`, which would distinguish a unit from a remark. */
const BARE_UNITS = new Set(
  'mm[hg] g mg ug mcg µg μg ng pg kg mol mmol umol µmol nmol pmol meq iu u miu uiu ku l dl ml ul fl mm cm m nm s sec seconds min minutes f cel degc degf h hr hours days mmhg mosm copies cells index ratio au bpm kpa sd gpl mpl mets'.split(
    ' ',
  ),
);

function isUnit(text: string | undefined): boolean {
  if (text === undefined) return true;
  const unit = text.replace(/^log\w* /, '').replace(/ m[2²]$/, '');
  return (
    !/\s/.test(unit) &&
    (/^[a-zµμ[{]*(?:[%°]|\/(?!\d))|^\[.*\]$|^\{.*\}$|^(?:x ?)?10[*^]/i.test(unit) || BARE_UNITS.has(unit.toLowerCase()))
  );
}

function quantity(value: number, unit: string | undefined, comparator?: string): Quantity {
  return filled<Quantity>({ value, comparator: comparator as Quantity['comparator'], unit });
}

/** Keeps the printed decimals: `12.50` is more precise than `12.5`. */
function asPrinted(made: Quantity, printed: string): Quantity {
  return printedAs(made, 'value', printed);
}

/** Keeps how the number at a key is printed, as a JSON number: `.50` is 0.50, `+7.0` is 7.0. */
function printedAs<T extends object>(made: T, key: string & keyof T, printed: string): T {
  const literal = plainNumber(printed)
    .replace('+', '')
    .replace(/^(-?)0*(?=\d)/, '$1')
    .replace(/^(-?)\./, (_, sign) => `${sign}0.`);
  if (literal.includes('.') && Number(literal) === made[key]) setLiteral(made, key, literal);
  return made;
}

/** A number with its comparator, two numbers, or a titer; undefined for anything else. */
function amountOf(text: string, beside: string | undefined): ResultValue | undefined {
  const titer = TITER.exec(text);
  if (titer) {
    const [, comparator, numerator, denominator] = titer;
    return {
      valueRatio: {
        numerator: quantity(Number(numerator), undefined, comparator),
        denominator: { value: Number(denominator) },
      },
    };
  }
  const range = RANGE.exec(text);
  if (range && isUnit(range[3])) {
    const [low, high] = [numberOf(range[1]!), numberOf(range[2]!)];
    const unit = range[3] ?? beside;
    if (low <= high) {
      const bounds = {
        low: asPrinted(quantity(low, unit), range[1]!),
        high: asPrinted(quantity(high, unit), range[2]!),
      };
      return { valueRange: bounds };
    }
  }
  const amount = AMOUNT.exec(text);
  if (!amount || !isUnit(amount[5])) return undefined;
  const [, comparator, number, power, , unit] = amount;
  // Blood counts are printed as `4.5 x10^3/uL`, where the power belongs to the unit.
  if (power !== undefined && unit?.startsWith('/'))
    return { valueQuantity: asPrinted(quantity(numberOf(number!), `10*${power}${unit}`, comparator), number!) };
  const value = scaled(amount);
  return Number.isFinite(value)
    ? { valueQuantity: asPrinted(quantity(value, unit ?? beside, comparator), number!) }
    : undefined;
}

// ── words

interface Word {
  readonly text: string;
  /** Of SNOMED CT. */
  readonly code?: string;
  readonly flag?: string;
}

const WORDS: ReadonlyMap<string, Word> = new Map(
  (
    [
      ['negative|neg', { text: 'Negative', code: '260385009', flag: 'NEG' }],
      ['positive|pos', { text: 'Positive', code: '10828004', flag: 'POS' }],
      ['weakly positive|weak positive', { text: 'Weakly positive', code: '260408008', flag: 'POS' }],
      ['detected', { text: 'Detected', code: '260373001', flag: 'DET' }],
      ['not detected|none detected|undetected|undetectable', { text: 'Not detected', code: '260415000', flag: 'ND' }],
      ['reactive', { text: 'Reactive', code: '11214006', flag: 'RR' }],
      ['weakly reactive', { text: 'Weakly reactive', flag: 'WR' }],
      ['nonreactive|non-reactive|non reactive|not reactive', { text: 'Non-reactive', code: '131194007', flag: 'NR' }],
      ['indeterminate', { text: 'Indeterminate', code: '82334004', flag: 'IND' }],
      ['equivocal|borderline', { text: 'Equivocal', code: '42425007', flag: 'E' }],
      ['present', { text: 'Present', code: '52101004', flag: 'DET' }],
      ['absent|not present|none', { text: 'Absent', code: '2667000', flag: 'ND' }],
      ['normal', { text: 'Normal', code: '17621005', flag: 'N' }],
      ['abnormal', { text: 'Abnormal', code: '263654008', flag: 'A' }],
      ['trace|tr', { text: 'Trace', code: '260405006' }],
      ['+/-|plus-minus', { text: '+/-' }],
      ['1+|+', { text: '1+', code: '260347006' }],
      ['2+|++', { text: '2+', code: '260348001' }],
      ['3+|+++', { text: '3+', code: '260349009' }],
      ['4+|++++', { text: '4+', code: '260350009' }],
      ['none seen|not seen', { text: 'None seen', flag: 'ND' }],
      ['no growth', { text: 'No growth', flag: 'NEG' }],
      ['susceptible|sensitive', { text: 'Susceptible', flag: 'S' }],
      ['intermediate', { text: 'Intermediate', flag: 'I' }],
      ['resistant', { text: 'Resistant', flag: 'R' }],
      ...[
        'small',
        'large',
        'rare',
        'few',
        'occasional',
        'moderate',
        'many',
        'clear',
        'cloudy',
        'turbid',
        'hazy',
        'yellow',
        'amber',
        'straw',
      ].map((word) => [word, { text: `${word.charAt(0).toUpperCase()}${word.slice(1)}` }] as const),
    ] as readonly (readonly [string, Word])[]
  ).flatMap(([spellings, word]) => spellings.split('|').map((spelling) => [spelling, word])),
);

/** SNOMED CT names grades differently: `Present +++ out of ++++`. */
function codingOf({ text }: Word, code: string): Coding {
  return { system: SNOMED, code, ...(!/^\d/.test(text) && { display: text }) };
}

/** A laboratory's word for a result, and the flag it implies. */
export function wordOf(text: string): { value: ResultValue; flag?: string } | undefined {
  const word = WORDS.get(plain(text).replace(/[.*]$/, '').toLowerCase());
  if (!word) return undefined;
  const valueCodeableConcept: CodeableConcept = filled({
    coding: word.code === undefined ? undefined : [codingOf(word, word.code)],
    text: word.text,
  });
  return filled({ value: { valueCodeableConcept }, flag: word.flag });
}

/** `Positive 1:320`, `Detected (1,200 copies/mL)`: the amount is the value, the word its flag. */
function wordAndAmount(text: string, unit: string | undefined): Printed | undefined {
  const parts = /^([a-z][a-z -]*[a-z])[\s,:;]+(?:at |titer |titre )*\(?([<>=\d.].*?)\)?$/i.exec(text);
  const word = parts && wordOf(parts[1]!);
  const value = word?.flag && amountOf(parts![2]!, unit);
  return value ? { value, flag: word.flag! } : undefined;
}
