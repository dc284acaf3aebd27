// Undoes text escapes: percent-encoding, JSON and JavaScript escapes, HTML character references. Keeps the original positions.

/** Bytes, each with the start and end of its source in the original text. */
export interface View {
  readonly bytes: Uint8Array;
  readonly from: Uint32Array;
  readonly to: Uint32Array;
}

export function viewOf(bytes: Uint8Array): View {
  const from = new Uint32Array(bytes.length);
  const to = new Uint32Array(bytes.length);
  for (let index = 0; index < bytes.length; index++) {
    from[index] = index;
    to[index] = index + 1;
  }
  return { bytes, from, to };
}

/** The view with one layer of escapes undone; undefined if there is none. */
export function unescaped(view: View): View | undefined {
  const { bytes } = view;
  if (!bytes.includes(PERCENT) && !bytes.includes(BACKSLASH) && !bytes.includes(AMPERSAND)) return undefined;
  const out = room(bytes.length);
  let undone = false;
  for (let at = 0; at < bytes.length; ) {
    const short = shortAt(bytes, at);
    const found = short === NONE ? longAt(bytes, at) : undefined;
    const size = found?.size ?? (short === NONE ? 1 : short >> 8);
    const to = view.to[at + size - 1]!;
    if (found) for (const byte of found.bytes) out.add(byte, view.from[at]!, to);
    else out.add(short === NONE ? bytes[at]! : short & 0xff, view.from[at]!, to);
    undone ||= size > 1;
    at += size;
  }
  return undone ? out.view() : undefined;
}

/** The view with each byte mapped by `change`; bytes mapped to -1 are dropped. */
export function changed({ bytes, from, to }: View, change: Int16Array): View {
  const out = room(bytes.length);
  for (let at = 0; at < bytes.length; at++) {
    const byte = change[bytes[at]!]!;
    if (byte >= 0) out.add(byte, from[at]!, to[at]!);
  }
  return out.view();
}

function room(size: number): { add(byte: number, from: number, to: number): void; view(): View } {
  const bytes = new Uint8Array(size);
  const froms = new Uint32Array(size);
  const tos = new Uint32Array(size);
  let length = 0;
  return {
    add(byte, from, to) {
      bytes[length] = byte;
      froms[length] = from;
      tos[length] = to;
      length += 1;
    },
    view: () => ({ bytes: bytes.subarray(0, length), from: froms, to: tos }),
  };
}

const PERCENT = 0x25;
const BACKSLASH = 0x5c;
const AMPERSAND = 0x26;
const NUMBER_SIGN = 0x23;
const SEMICOLON = 0x3b;
const ZERO = 0x30;
const LETTER_U = 0x75;
const LETTER_X = 0x78;

const NONE = -1;

/** Value of a hexadecimal digit; 16 or more for any other byte. */
const HEX = new Uint8Array(256).map((_, byte) => {
  const value = Number.parseInt(String.fromCharCode(byte), 16);
  return Number.isNaN(value) ? 0xff : value;
});

/** The character that a letter means after a backslash; 0 if none. */
const SINGLE = new Uint8Array(128).map((_, byte) => {
  const character = String.fromCharCode(byte);
  if (byte < 0x20 || byte === 0x7f || /[uUxX0-9]/.test(character)) return 0;
  const control: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', v: '\v' };
  return (control[character] ?? character).charCodeAt(0);
});

/** Most escapes: one byte, in hexadecimal or as a letter. Returns length times 256 plus the byte, or NONE. */
function shortAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  if (byte !== PERCENT && byte !== BACKSLASH) return NONE;
  let digits = at + 1;
  if (byte === BACKSLASH) {
    if (bytes[at + 1] === LETTER_X) digits = at + 2;
    else if (bytes[at + 1] === LETTER_U && bytes[at + 2] === ZERO && bytes[at + 3] === ZERO) digits = at + 4;
    else return SINGLE[bytes[at + 1] ?? 0] ? 0x200 | SINGLE[bytes[at + 1]!]! : NONE;
  }
  if (digits + 1 >= bytes.length) return NONE;
  const value = (HEX[bytes[digits]!]! << 4) | HEX[bytes[digits + 1]!]!;
  // `\u00e9` is two bytes in UTF-8.
  return value > 0xff || (value > 0x7f && digits === at + 4) ? NONE : ((digits + 2 - at) << 8) | value;
}

/** An escape is never shorter than its meaning. */
interface Escape {
  readonly size: number;
  readonly bytes: readonly number[] | Uint8Array;
}

function longAt(bytes: Uint8Array, at: number): Escape | undefined {
  const byte = bytes[at];
  if (byte !== PERCENT && byte !== BACKSLASH && byte !== AMPERSAND) return undefined;
  if (byte === AMPERSAND && bytes[at + 1] === NUMBER_SIGN) return numberAt(bytes, at);
  let text = '';
  for (let index = at; index < at + LONGEST && index < bytes.length; index++)
    text += String.fromCharCode(bytes[index]!);
  if (byte === PERCENT) return percentAt(text);
  return byte === BACKSLASH ? backslashAt(text) : nameAt(text);
}

/** `&#65;`, `&#x41;`, with or without the semicolon. */
function numberAt(bytes: Uint8Array, at: number): Escape | undefined {
  const isHex = (bytes[at + 2]! | 0x20) === LETTER_X;
  const [start, base] = isHex ? [at + 3, 16] : [at + 2, 10];
  let code = 0;
  let end = start;
  for (; end < bytes.length && HEX[bytes[end]!]! < base && code <= 0x10ffff; end++)
    code = code * base + HEX[bytes[end]!]!;
  if (end === start) return undefined;
  return character(bytes[end] === SEMICOLON ? end + 1 - at : end - at, code);
}

/** `&DiacriticalGrave;` is the longest. */
const LONGEST = 18;

function percentAt(text: string): Escape | undefined {
  const hex = /^%u([0-9a-f]{4})/i.exec(text);
  return hex ? character(6, Number.parseInt(hex[1]!, 16)) : undefined;
}

function backslashAt(text: string): Escape | undefined {
  const pair = /^\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})/i.exec(text);
  if (pair) {
    const [high, low] = [Number.parseInt(pair[1]!, 16), Number.parseInt(pair[2]!, 16)];
    return character(12, 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
  }
  const hex = /^\\u(?:([0-9a-f]{4})|\{([0-9a-f]{1,8})\})/i.exec(text);
  if (hex) return character(hex[0].length, Number.parseInt((hex[1] ?? hex[2])!, 16));
  return undefined;
}

/** HTML 5 names of ASCII punctuation. */
const NAMED: Readonly<Record<string, string>> = {
  Tab: '\t',
  NewLine: '\n',
  nbsp: ' ',
  excl: '!',
  quot: '"',
  QUOT: '"',
  num: '#',
  dollar: '$',
  percnt: '%',
  amp: '&',
  AMP: '&',
  apos: "'",
  lpar: '(',
  rpar: ')',
  ast: '*',
  midast: '*',
  plus: '+',
  comma: ',',
  period: '.',
  sol: '/',
  colon: ':',
  semi: ';',
  lt: '<',
  LT: '<',
  equals: '=',
  gt: '>',
  GT: '>',
  quest: '?',
  commat: '@',
  lbrack: '[',
  lsqb: '[',
  bsol: '\\',
  rbrack: ']',
  rsqb: ']',
  Hat: '^',
  lowbar: '_',
  UnderBar: '_',
  grave: '`',
  DiacriticalGrave: '`',
  lbrace: '{',
  lcub: '{',
  verbar: '|',
  vert: '|',
  VerticalLine: '|',
  rbrace: '}',
  rcub: '}',
};

function nameAt(text: string): Escape | undefined {
  const name = /^&([A-Za-z]+);/.exec(text)?.[1];
  if (name === undefined || !Object.hasOwn(NAMED, name)) return undefined;
  return { size: name.length + 2, bytes: [NAMED[name]!.charCodeAt(0)] };
}

function character(size: number, code: number): Escape | undefined {
  if (code < 0x80) return { size, bytes: [code] };
  if (code > 0x10ffff) return undefined;
  const bytes = Buffer.from(String.fromCodePoint(code));
  return bytes.length > size ? undefined : { size, bytes };
}
