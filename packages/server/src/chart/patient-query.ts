// Parses a search for patients: words of a name, a birth date in one of its many spellings, a telephone number, or an identifier,
// in any order.

import { nameWords, phoneDigits } from '#r4/search-text.ts';
import type { PatientWay } from '#store/patients.ts';
import { compact, PHONE, PHONE_END, reversed, WORD } from './patient-index.ts';

/** One criterion with several alternatives; the best match counts. */
export type Asked = readonly PatientWay[];

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH = `(?:${MONTHS.join('|')})[a-z]*\\.?`;

/** Formats of days, read by `dayIn`. */
const DAYS = new RegExp(
  [
    '\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}',
    '\\d{1,2}[-/.]\\d{1,2}[-/.](?:\\d{4}|\\d{2})',
    `${MONTH} \\d{1,2}(?:st|nd|rd|th)?,? \\d{4}`,
    `\\d{1,2}(?:st|nd|rd|th|\\.)? ${MONTH},? \\d{4}`,
  ]
    .map((form) => `(?<![\\w.])${form}(?![\\w])`)
    .join('|'),
  'gi',
);

/** Formats of months: `1998-05`, `5/1998`, `May 1998`; read by `monthIn`. */
const MONTHS_OF_YEARS = new RegExp(
  ['(?:19|20)\\d\\d[-/.]\\d{1,2}', '\\d{1,2}[-/.](?:19|20)\\d\\d', `${MONTH},? (?:19|20)\\d\\d`]
    .map((form) => `(?<![\\w./-])${form}(?![\\w/-])`)
    .join('|'),
  'gi',
);

/** Seven or more digits, grouped as people write them, optionally with an extension. */
const PHONES = /(?<!\w)\+?\(?\d(?:[ ().-]{0,2}\d){6,14}(?:[ ,;]*(?:ext(?:ension|n)?|x|#)[ .:=#]*\d{1,7})?(?!\w)/gi;

/** @param similar other spellings of a word that occur */
export function askedOf(text: string, today: Date, similar: (word: string) => readonly string[]): readonly Asked[] {
  const asked: Asked[] = [];
  const take = (pattern: RegExp, read: (match: string) => Asked): void => {
    rest = rest.replace(pattern, (match) => {
      const ways = read(match);
      if (ways.length > 0) asked.push(ways);
      return ways.length > 0 ? ' ' : match;
    });
  };
  let rest = text.normalize('NFC').trim();
  take(DAYS, (match) => daysIn(match, today).map((day) => birth(day, day, 3)));
  take(MONTHS_OF_YEARS, (match) => {
    const month = monthIn(match);
    // Or an identifier.
    return month ? [birth(month.first, month.last, 3), ...wordWays(compact(match), similar)] : [];
  });
  // Digits alone are ambiguous, and are read with the words.
  take(PHONES, (match) => (/^\d+$/.test(match) ? [] : numberWays(match)));
  for (const chunk of rest.split(/[\s,]+/)) {
    // Text with a digit is one term, whatever separates it: MRN-00417.
    const words = /\d/.test(chunk) ? [compact(chunk)] : nameWords(chunk);
    for (const word of words) asked.push(wordWays(word, similar));
  }
  return asked;
}

function wordWays(word: string, similar: (word: string) => readonly string[]): Asked {
  const named = [exactly(WORD, word, 3), beginning(WORD, word, 2)];
  if (/^\d+$/.test(word)) return [...named, ...digitWays(word)];
  return [...named, ...similar(word).map((other) => exactly(WORD, other, 1))];
}

/** A number may be an identifier, a year or day, or the start or end of a telephone number. */
function digitWays(digits: string): Asked {
  const year = /^(19|20)\d\d$/.test(digits) ? [birth(`${digits}-01-01`, `${digits}-12-31`, 2)] : [];
  const day = /^(\d{4})(\d\d)(\d\d)$/.exec(digits);
  const born = day && isDay(`${day[1]}-${day[2]}-${day[3]}`) ? `${day[1]}-${day[2]}-${day[3]}` : undefined;
  const phone = digits.length < 4 ? [] : numberWays(digits);
  return [...year, ...(born ? [birth(born, born, 3)] : []), ...phone];
}

function numberWays(text: string): Asked {
  const digits = phoneDigits(text);
  return [beginning(PHONE, digits, 2), beginning(PHONE_END, reversed(digits), 2)];
}

function exactly(param: string, value: string, score: number): PatientWay {
  return { in: 'words', param, from: value, to: `${value}\u0001`, score };
}

function beginning(param: string, value: string, score: number): PatientWay {
  return { in: 'words', param, from: value, to: `${value}\u{10ffff}`, score };
}

/** From the start of the first day to the end of the last. */
function birth(first: string, last: string, score: number): PatientWay {
  const end = new Date(Date.parse(last) + 86_400_000).toISOString();
  return { in: 'birth', from: new Date(first).toISOString(), to: end, score };
}

/** The days it may mean, as `1980-05-12`: `5/12/1980` and `5-12-1980` are read both ways, `12.5.1980` day first. */
function daysIn(text: string, today: Date): string[] {
  const named = new RegExp(`(${MONTH})`, 'i').exec(text)?.[1];
  const numbers = (text.match(/\d+/g) ?? []).map(Number);
  if (named) {
    const [day, year] = numbers;
    return valid([[year!, MONTHS.indexOf(named.slice(0, 3).toLowerCase()) + 1, day!]]);
  }
  const [first, second, third] = numbers as [number, number, number];
  if (/^\d{4}/.test(text)) return valid([[first, second, third]]);
  const year = /\d{4}$/.test(text) ? third : century(third, today);
  const dayFirst: Day = [year, second, first];
  return valid(text.includes('.') ? [dayFirst] : [[year, first, second], dayFirst]);
}

function monthIn(text: string): { readonly first: string; readonly last: string } | undefined {
  const named = new RegExp(`^(${MONTH})`, 'i').exec(text)?.[1];
  const year = Number(/\d{4}/.exec(text)![0]);
  const month = named
    ? MONTHS.indexOf(named.slice(0, 3).toLowerCase()) + 1
    : Number(text.match(/\d+/g)!.find((digits) => digits.length < 4));
  const [first] = valid([[year, month, 1]]);
  return first === undefined
    ? undefined
    : { first, last: new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10) };
}

type Day = readonly [year: number, month: number, day: number];

/** Nobody is born in the future: `80` is 1980, `24` is 2024. */
function century(year: number, today: Date): number {
  const now = today.getUTCFullYear();
  const base = now - (now % 100);
  return base + year > now ? base - 100 + year : base + year;
}

function valid(days: readonly Day[]): string[] {
  const written = days.map(([year, month, day]) =>
    [String(year).padStart(4, '0'), ...[month, day].map((part) => String(part).padStart(2, '0'))].join('-'),
  );
  return [...new Set(written)].filter(isDay);
}

function isDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}
