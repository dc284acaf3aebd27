// How a value of each FHIR datatype is indexed for each type of search parameter: https://hl7.org/fhir/R4/search.html#ptypes This
// is the specification's table per datatype; nothing is written per resource.

import { dateRange } from './date-range.ts';
import { nameWords, normalise, phoneDigits } from './search-text.ts';

/** The search values of one record while they are collected: `SearchIndex` of store/contract.ts. */
export interface Collected {
  readonly tokens: Set<string>;
  readonly dates: { p: string; l: string | null; h: string | null }[];
  readonly strings: { p: string; v: string; x: string }[];
  readonly quantities: { p: string; l: number | null; h: number | null; s?: string; c?: string }[];
}

/** Indexes `value` under parameter `p`. Values are from valid records; odd ones are skipped. */
type Convert<T> = (value: T, p: string, into: Collected) => void;

interface Coding {
  system?: string;
  code?: string;
  display?: string;
}
interface CodeableConcept {
  coding?: Coding[];
  text?: string;
}
interface Identifier {
  system?: string;
  value?: string;
  type?: CodeableConcept;
}
interface Quantity {
  value?: number;
  comparator?: string;
  unit?: string;
  system?: string;
  code?: string;
}
interface Period {
  start?: string;
  end?: string;
}

/**
 * `p=|code` whichever its system, `p=system|code` with one, `p=-|code` with none. A search for all codes of a system
 * reads the tokens of the rows that remain.
 */
function addToken(into: Collected, p: string, system: string | undefined, code: string | undefined): void {
  if (code === undefined) return;
  into.tokens.add(`${p}=|${code}`);
  into.tokens.add(system === undefined ? `${p}=-|${code}` : `${p}=${system}|${code}`);
}

/** Text under a token parameter answers its `:text`. */
function addText(into: Collected, p: string, text: string | undefined): void {
  if (text === undefined) return;
  const v = normalise(text);
  if (v !== '' && !into.strings.some((row) => row.p === p && row.x === text)) into.strings.push({ p, v, x: text });
}

function addDates(into: Collected, p: string, low: number | undefined, high: number | undefined): void {
  into.dates.push({ p, l: iso(low), h: iso(high) });
}

function iso(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString();
}

// ── token

const plainToken: Convert<unknown> = (value, p, into) => {
  if (typeof value !== 'object') into.tokens.add(`${p}=|${String(value)}`);
};

const codingToken: Convert<Coding> = ({ system, code, display }, p, into) => {
  addToken(into, p, system, code);
  addText(into, p, display);
};

const conceptToken: Convert<CodeableConcept> = ({ coding, text }, p, into) => {
  for (const one of coding ?? []) codingToken(one, p, into);
  addText(into, p, text);
};

const identifierToken: Convert<Identifier> = ({ system, value, type }, p, into) => {
  addToken(into, p, system, value);
  addText(into, p, type?.text);
  if (value === undefined) return;
  for (const { system: of, code } of type?.coding ?? [])
    into.tokens.add(`${p}:of-type=${of ?? ''}|${code ?? ''}|${value}`);
};

const TELEPHONES: ReadonlySet<string | undefined> = new Set(['phone', 'sms', 'fax', 'pager']);

/** Telephone numbers are also indexed by their digits, however written. Migration 0022 wrote the same. */
const contactToken: Convert<{ system?: string; value?: string }> = ({ system, value }, p, into) => {
  addToken(into, p, system, value);
  const digits = TELEPHONES.has(system) && value !== undefined ? phoneDigits(value) : '';
  if (digits !== '') addToken(into, digitsOf(p), system, digits);
};

/** Under which tokens the digits of a parameter's telephone numbers are. */
export function digitsOf(p: string): string {
  return `${p}:digits`;
}

// ── reference and uri

const referenceToken: Convert<{ reference?: string; identifier?: Identifier }> = (
  { reference, identifier },
  p,
  into,
) => {
  // Without a literal reference there is at least an identifier or a display: the element is not missing.
  into.tokens.add(`${p}=${reference === undefined ? '' : withoutVersion(reference)}`);
  if (identifier) addToken(into, `${p}:identifier`, identifier.system, identifier.value);
};

/** `Patient/1/_history/2` refers to Patient/1 as far as searches go. */
export function withoutVersion(reference: string): string {
  const at = reference.indexOf('/_history/');
  return at === -1 ? reference : reference.slice(0, at);
}

const uriToken: Convert<unknown> = (value, p, into) => {
  if (typeof value !== 'string') return;
  into.tokens.add(`${p}=${value}`);
  // A canonical is found with and without its version.
  const version = value.lastIndexOf('|');
  if (version > 0) into.tokens.add(`${p}=${value.slice(0, version)}`);
};

const resourceReference: Convert<{ resourceType?: string; id?: string }> = ({ resourceType, id }, p, into) => {
  if (resourceType && id) into.tokens.add(`${p}=${resourceType}/${id}`);
};

// ── date

const dateValue: Convert<unknown> = (value, p, into) => {
  const range = typeof value === 'string' ? dateRange(value) : undefined;
  if (range) addDates(into, p, range.low, range.high);
};

const periodDate: Convert<Period> = ({ start, end }, p, into) => {
  if (start === undefined && end === undefined) return;
  addDates(
    into,
    p,
    start === undefined ? undefined : dateRange(start)?.low,
    end === undefined ? undefined : dateRange(end)?.high,
  );
};

/** The outer limits of a schedule. */
const timingDate: Convert<{ event?: string[]; repeat?: { boundsPeriod?: Period } }> = ({ event, repeat }, p, into) => {
  const ranges = (event ?? []).flatMap((one) => dateRange(one) ?? []);
  if (ranges.length > 0) {
    addDates(into, p, Math.min(...ranges.map(({ low }) => low)), Math.max(...ranges.map(({ high }) => high)));
  }
  if (repeat?.boundsPeriod) periodDate(repeat.boundsPeriod, p, into);
};

// ── string

const plainString: Convert<unknown> = (value, p, into) => {
  if (typeof value !== 'string') return;
  addText(into, p, value);
  if (NAMES.has(p)) addWords(into, p, value);
};

/** Parameters for names: the text may be the start of any word of a name, without punctuation. */
const NAMES: ReadonlySet<string> = new Set(['name', 'family', 'given', 'phonetic']);
/** Maximum number of words of a name. */
const MOST_WORDS = 16;

/** The entries for the words of a parameter's values; undefined for parameters that aren't for names. */
export function wordsOf(p: string): string | undefined {
  return NAMES.has(p) ? `${p}:word` : undefined;
}

/** A name as words with single spaces; searches use the same form. */
export function inWords(text: string): string {
  return nameWords(text).slice(0, MOST_WORDS).join(' ');
}

/** `de la Cruz` also matches `la cruz` and `cruz`, and `O'Brien` matches `obrien`. Migration 0022 wrote the same. */
function addWords(into: Collected, p: string, text: string): void {
  const words = nameWords(text).slice(0, MOST_WORDS);
  const whole = normalise(text);
  for (const at of words.keys()) {
    const v = words.slice(at).join(' ');
    const known = v === whole || into.strings.some((row) => row.p === wordsOf(p) && row.v === v);
    if (!known) into.strings.push({ p: wordsOf(p)!, v, x: v });
  }
}

/** Each part of a name or an address is indexed separately. */
function partsString(parts: readonly string[]): Convert<Record<string, unknown>> {
  return (value, p, into) => {
    for (const part of parts) {
      const held = value[part];
      for (const text of Array.isArray(held) ? held : [held]) plainString(text, p, into);
    }
  };
}

const nameString = partsString(['text', 'family', 'given', 'prefix', 'suffix']);
const addressString = partsString(['text', 'line', 'city', 'district', 'state', 'postalCode', 'country']);

// ── number and quantity

const plainNumber: Convert<unknown> = (value, p, into) => {
  if (typeof value === 'number') into.quantities.push({ p, l: value, h: value });
};

/** A comparator leaves one end open. The unit is indexed by code and by name. */
const quantity: Convert<Quantity> = ({ value, comparator, unit, system, code }, p, into) => {
  if (value === undefined) return;
  const l = comparator?.startsWith('<') ? null : value;
  const h = comparator?.startsWith('>') ? null : value;
  into.quantities.push({ p, l, h, s: system, c: code ?? unit });
  if (unit !== undefined && code !== undefined && unit !== code) into.quantities.push({ p, l, h, c: unit });
};

const range: Convert<{ low?: Quantity; high?: Quantity }> = ({ low, high }, p, into) => {
  const like = low ?? high;
  if (like)
    into.quantities.push({
      p,
      l: low?.value ?? null,
      h: high?.value ?? null,
      s: like.system,
      c: like.code ?? like.unit,
    });
};

const money: Convert<{ value?: number; currency?: string }> = ({ value, currency }, p, into) => {
  if (value !== undefined) into.quantities.push({ p, l: value, h: value, s: 'urn:iso:std:iso:4217', c: currency });
};

/**
 * By parameter type, then by datatype. What R4's parameters meet beside these carries nothing to search by:
 * test/r4/search-index.test.ts lists it.
 */
const CONVERTERS = {
  token: {
    boolean: plainToken,
    canonical: plainToken,
    code: plainToken,
    id: plainToken,
    string: plainToken,
    uri: plainToken,
    Coding: codingToken,
    CodeableConcept: conceptToken,
    ContactPoint: contactToken,
    Identifier: identifierToken,
  },
  reference: {
    canonical: uriToken,
    uri: uriToken,
    Reference: referenceToken,
    Resource: resourceReference,
  },
  uri: { canonical: uriToken, oid: uriToken, uri: uriToken, url: uriToken },
  date: { date: dateValue, dateTime: dateValue, instant: dateValue, Period: periodDate, Timing: timingDate },
  string: { markdown: plainString, string: plainString, HumanName: nameString, Address: addressString },
  number: { decimal: plainNumber, integer: plainNumber, positiveInt: plainNumber, unsignedInt: plainNumber },
  quantity: { Age: quantity, Duration: quantity, Money: money, Quantity: quantity, Range: range },
  // biome-ignore lint/suspicious/noExplicitAny: each converter takes values of the datatype it is listed under
} as const satisfies Record<string, Record<string, Convert<any>>>;

/** How values of a datatype are indexed for a type of parameter; undefined if they aren't. */
export function converter(parameterType: string, datatype: string): Convert<unknown> | undefined {
  const row: Record<string, Convert<never>> | undefined = CONVERTERS[parameterType as keyof typeof CONVERTERS];
  return row?.[datatype] as Convert<unknown> | undefined;
}
