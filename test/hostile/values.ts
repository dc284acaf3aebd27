// Values that servers fall over: the ends of ranges, what looks like something else, and what no database can hold.

import type { Random } from './random.ts';

const DAYS = [
  ...[
    '0000',
    '0001',
    '9999',
    '10000',
    '-001',
    '2024-00',
    '2024-13',
    '0000-01-01',
    '0000-12-31',
    '0001-01-01',
    '9999-12-31',
  ],
  ...[
    '2023-02-29',
    '2024-02-29',
    '2024-02-30',
    '0001-01-01 BC',
    '2024-W01',
    'infinity',
    '-infinity',
    'today',
    'epoch',
    'now',
  ],
];
const CLOCKS = [
  ...['00:00', '00:00:00', '24:00:00', '23:59:59', '23:59:60', '23:60:00', '23:59:59.9', '23:59:59.999999999'],
  ...['12:00:00.1234567890123', '00:00:00.000000', '23:59:59.9999999'],
];
const ZONES = ['', 'Z', '+14:00', '-14:00', '-12:00', '+99:99', '+00:00', '-00:00', ' 14:00', 'z', '+1400', '+23:59'];

/** Dates and times of any precision, possible and impossible. */
export function instant(random: Random): string {
  const day = random.pick(DAYS);
  return random.once(3) ? day : `${day}T${random.pick(CLOCKS)}${random.pick(ZONES)}`;
}

/** Times that a validator of RFC 3339 may let pass. */
export function timestamp(random: Random): string {
  const day = random.pick(DAYS.filter((one) => /^\d{4}-\d\d-\d\d$/.test(one)));
  return `${day}T${random.pick(CLOCKS.filter((one) => one.length > 5))}${random.pick(ZONES.filter((one) => one !== ''))}`;
}

export const NUMBERS: readonly string[] = [
  ...[
    '0',
    '-0',
    '1',
    '-1',
    '00',
    '1e400',
    '-1e400',
    '1e-400',
    '1e308',
    '1.8e308',
    '5e-324',
    '0e999',
    '1e999',
    '9e-999',
  ],
  ...['NaN', 'Infinity', '-Infinity', '0x10', '1_000', '1,5', '.5', '5.', '+5', '1e', 'e5', '--5', '1e+5', '1e-5'],
  ...['2147483647', '2147483648', '-2147483649', '9007199254740993', '9223372036854775807', '9223372036854775808'],
  ...['999999999999999999', '99999999999999999999', '0.000000000000000001', '123456789012345678.123456789012345678'],
  '9'.repeat(400),
];

export const TEXTS: readonly string[] = [
  ...[
    '',
    ' ',
    '\0',
    'a\0b',
    '\u0001',
    '\u007f',
    '\u2028',
    '\u202e',
    '\ufeff',
    '\ufffe',
    '\u{10ffff}',
    '💊',
    'ﬃ',
    'İ',
    'ß',
  ],
  ...[
    '\ud800',
    '\udc00',
    'a\ud800b',
    '\u0301',
    '\u0301\u0301',
    'null',
    'undefined',
    'true',
    '[object Object]',
    '%',
    '_',
    '%%%',
  ],
  ...[
    "'",
    '"',
    '\\',
    '\\\\',
    '\\,',
    ',',
    ',,',
    '|',
    '||',
    '|||',
    '$',
    'a$b$c',
    '$$',
    '`',
    ';',
    '--',
    "'; DROP TABLE record; --",
  ],
  ...[
    '{{7*7}}',
    '#{x}',
    '%00',
    '%c3%28',
    '%ED%A0%80',
    '../../etc/passwd',
    '..',
    '.',
    '/',
    '//',
    '#',
    '?',
    '&',
    '=',
    '*',
    '~',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'Patient/',
    'Patient/1/_history/1',
    'urn:uuid:',
    'http://[',
    'a:b',
  ],
  ...[
    '<script>',
    '\r\nX: y',
    '(((((',
    'a*',
    '^$',
    '\\d+',
    '9999-12-31',
    'Patient?name=x',
    'http://example.org/fhir/Patient/1',
  ],
  'x'.repeat(300),
  'é'.repeat(2000),
];

/** Text that does not compress, since indexes of a database refuse long keys of it. */
export function noise(random: Random, length: number): string {
  let text = '';
  while (text.length < length) text += String.fromCharCode(33 + random.below(94));
  return text.replaceAll(/[\\"%&#+=<>|$,]/g, 'x').slice(0, length);
}

/** Text of any kind. */
export function anything(random: Random): string {
  switch (random.below(9)) {
    case 0:
    case 1:
      return instant(random);
    case 2:
    case 3:
      return random.pick(NUMBERS);
    case 4:
      return `${random.pick(TEXTS)}${random.pick(TEXTS)}`;
    case 5:
      return random.once(8) ? noise(random, 3000) : noise(random, 40);
    default:
      return random.pick(TEXTS);
  }
}

const CURSOR_TIMES = [
  ...[
    '2024-01-01 00:00:00+00',
    '9999-99-99 99:99:99+99',
    '0000-01-01 00:00:00+00',
    '2024-02-30 00:00:00+00',
    '-infinity',
    'infinity',
  ],
  ...[
    '999999-12-31 23:59:59.999999+00',
    '4714-01-01 00:00:00+00 BC',
    '2024-01-01 00:00:00+99:99:99',
    '2024-01-01 24:00:01+00',
  ],
  ...[
    '2024-01-01T00:00:00.000000Z',
    '9999-99-99T99:99:99.999999Z',
    '0000-00-00T00:00:00.000000Z',
    '999999-01-01T00:00:00.000000Z',
  ],
  ...['1', '1 BC', 'Sat', '2024', '2024-01-01', '2024-01-01 00:00:00 America/New_York', 'now', 'today'],
];

/** What looks like the cursor of some page. */
export function cursor(random: Random): string {
  const part = (): unknown =>
    random.pick<() => unknown>([
      () => random.pick(CURSOR_TIMES),
      () => random.pick(['1', 'x', 'Patient', 'Task', '~', '']),
      () => random.pick(TEXTS),
      () => Number(random.pick(NUMBERS)),
      () => random.pick([null, {}, [], true, -1, 2 ** 31 - 1, 2 ** 31, 1.5]),
    ])();
  const encode = (text: string): string => Buffer.from(text).toString('base64url');
  switch (random.below(6)) {
    case 0:
      return encode(
        JSON.stringify([
          random.pick(['_lastUpdated', 'birthdate', '-date', 'family,-birthdate', 'value-quantity', '']),
          random.pick([0, 1]),
          random.once(2) ? null : random.pick(CURSOR_TIMES),
          random.pick(['1', 'x', 'a-b.c']),
          ...Array.from({ length: random.below(3) }, part),
        ]),
      );
    case 1:
      return `${random.pick(NUMBERS)}.${random.pick(NUMBERS)}.${random.pick(NUMBERS)}`;
    case 2:
      return random.pick([...NUMBERS, '1.99999999999999999999.1', '1.1.9999999999999999999', '999999999.1.1', '0.0.0']);
    case 3:
      return encode(
        JSON.stringify([
          random.pick(CURSOR_TIMES),
          random.pick(['1', 'x', 'Task']),
          random.pick(['1', 'x', 1, 2 ** 31 - 1]),
        ]),
      );
    case 4:
      return encode(JSON.stringify([random.pick(CURSOR_TIMES), random.pick(['1', 'x', 'Task'])]));
    default:
      return encode(JSON.stringify(Array.from({ length: random.below(5) }, part)));
  }
}

/** Percent-encoded, also what is no text: half a surrogate pair as the bytes that it would be. */
export function percent(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9\-._~]/gu, (char) => {
    const code = char.codePointAt(0)!;
    const bytes =
      code >= 0xd800 && code <= 0xdfff
        ? [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)]
        : Buffer.from(char);
    return [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  });
}
