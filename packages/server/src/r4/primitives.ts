// The formats of FHIR's primitive types in JSON: https://hl7.org/fhir/R4/datatypes.html#primitive

/** What is wrong with a value, as the end of a sentence; undefined when nothing is. */
export type PrimitiveCheck = (value: unknown) => string | undefined;

/** FHIR limits strings to 1 MB; base64Binary and xhtml are bound by the request's size alone. */
const MAX_STRING = 1024 * 1024;

const YEAR = '(?:[0-9](?:[0-9](?:[0-9][1-9]|[1-9]0)|[1-9]00)|[1-9]000)';
const MONTH = '(?:0[1-9]|1[0-2])';
const DAY = '(?:0[1-9]|[12][0-9]|3[01])';
const TIME = '(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\\.[0-9]{1,9})?';
const ZONE = '(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))';

const DATE = new RegExp(`^${YEAR}(?:-${MONTH}(?:-${DAY})?)?$`);
const DATE_TIME = new RegExp(`^${YEAR}(?:-${MONTH}(?:-${DAY}(?:T${TIME}${ZONE})?)?)?$`);
const INSTANT = new RegExp(`^${YEAR}-${MONTH}-${DAY}T${TIME}${ZONE}$`);

// A NUL or half a surrogate pair cannot be kept by PostgreSQL; the other control characters are not text.
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it looks for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;

function isText(value: string): boolean {
  return !CONTROL.test(value) && value.isWellFormed();
}

/** The last day of a month, where the text has a day. */
function isCalendarDate(text: string): boolean {
  if (text.length < 10) return true;
  const day = Number(text.slice(8, 10));
  return day <= 28 || day <= new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate();
}

function text(pattern: RegExp, otherwise: string, test: (value: string) => boolean = () => true): PrimitiveCheck {
  return (value) => {
    if (typeof value !== 'string') return 'must be a JSON string';
    if (value.length > MAX_STRING) return 'must not be longer than 1 MB';
    return pattern.test(value) && test(value) ? undefined : otherwise;
  };
}

function integer(low: number, high: number, otherwise: string): PrimitiveCheck {
  return (value) =>
    typeof value !== 'number'
      ? 'must be a JSON number'
      : Number.isInteger(value) && value >= low && value <= high
        ? undefined
        : otherwise;
}

const anyText = text(/\S/, 'must be text, not empty and without control characters', isText);
const uri = text(/^\S+$/, 'must be a URI, without spaces', isText);

/** By type code. `http://hl7.org/fhirpath/System.String` is how the definitions call the `id` of an element. */
export const PRIMITIVES: ReadonlyMap<string, PrimitiveCheck> = new Map<string, PrimitiveCheck>([
  ['base64Binary', base64],
  ['boolean', (value) => (typeof value === 'boolean' ? undefined : 'must be true or false')],
  ['canonical', uri],
  ['code', text(/^[^ \t\r\n]+(?: [^ \t\r\n]+)*$/, 'must be a code, without spaces around it or double spaces', isText)],
  ['date', text(DATE, 'must be a date: YYYY, YYYY-MM or YYYY-MM-DD', isCalendarDate)],
  [
    'dateTime',
    text(
      DATE_TIME,
      'must be a date, or a date and time with seconds and time zone: 2026-01-31T08:30:00Z',
      isCalendarDate,
    ),
  ],
  ['decimal', (value) => (typeof value === 'number' && Number.isFinite(value) ? undefined : 'must be a JSON number')],
  ['id', text(/^[A-Za-z0-9\-.]{1,64}$/, 'must be an id: 1 to 64 letters, digits, "-" and "."')],
  [
    'instant',
    text(INSTANT, 'must be a date and time with seconds and time zone: 2026-01-31T08:30:00Z', isCalendarDate),
  ],
  ['integer', integer(-(2 ** 31), 2 ** 31 - 1, 'must be a 32-bit integer')],
  ['markdown', anyText],
  ['oid', text(/^urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+$/, 'must be an OID: urn:oid:1.2.3')],
  ['positiveInt', integer(1, 2 ** 31 - 1, 'must be an integer of 1 or more')],
  ['string', anyText],
  ['time', text(new RegExp(`^${TIME}$`), 'must be a time: hh:mm:ss')],
  ['unsignedInt', integer(0, 2 ** 31 - 1, 'must be an integer of 0 or more')],
  ['uri', uri],
  ['url', uri],
  [
    'uuid',
    text(
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
      'must be a UUID in lower case: urn:uuid:...',
    ),
  ],
  ['xhtml', (value) => (typeof value === 'string' && isText(value) ? undefined : 'must be XHTML as a JSON string')],
  ['http://hl7.org/fhirpath/System.String', anyText],
]);

/** Types whose numbers are integers. */
export const INTEGERS: ReadonlySet<string> = new Set(['integer', 'positiveInt', 'unsignedInt']);

function base64(value: unknown): string | undefined {
  if (typeof value !== 'string') return 'must be a JSON string';
  const bare = /\s/.test(value) ? value.replace(/\s+/g, '') : value;
  return bare !== '' && bare.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(bare)
    ? undefined
    : 'must be base64 with its padding';
}
