// Detects bytes that aren't UTF-8. A lenient decoder would silently replace letters, for example of a name, with U+FFFD.

/** The first invalid byte. */
export interface NotUtf8 {
  /** The actual encoding, if certain. */
  readonly encoding: 'UTF-16LE' | 'UTF-16BE' | undefined;
  readonly line: number;
  /** Position in the line. Both count from 1. */
  readonly at: number;
  /** Undefined if the bytes are UTF-8, with or without a byte order mark. */
  readonly byte: number;
}

/** Undefined for what is UTF-8, with a byte order mark or without one. */
export function notUtf8In(bytes: Uint8Array): NotUtf8 | undefined {
  const encoding = wideEncoding(bytes);
  const at = encoding ? 0 : firstWrong(bytes);
  if (at < 0) return undefined;
  let line = 1;
  let start = 0;
  for (let index = bytes.indexOf(0x0a); index >= 0 && index < at; index = bytes.indexOf(0x0a, start)) {
    line++;
    start = index + 1;
  }
  return { encoding, line, at: at - start + 1, byte: bytes[at]! };
}

/** `it is UTF-16LE, not UTF-8`, `byte 57 of line 3 (0xE9) is not UTF-8`. */
export function utf8Reason({ encoding, at, byte, line }: NotUtf8): string {
  if (encoding) return `it is ${encoding}, not UTF-8`;
  return `byte ${at} of line ${line} (0x${byte.toString(16).toUpperCase()}) is not UTF-8`;
}

/** The command that converts it to UTF-8. If the encoding is uncertain, assumes the most common one. */
export function utf8Conversion({ encoding = undefined }: Pick<NotUtf8, 'encoding'>): string {
  return `iconv -f ${encoding ?? 'WINDOWS-1252'} -t UTF-8`;
}

/** Recognized by its byte order mark, or because one of its first two bytes is zero. */
function wideEncoding([first, second]: Uint8Array): NotUtf8['encoding'] {
  if (first === 0xff && second === 0xfe) return 'UTF-16LE';
  if (first === 0xfe && second === 0xff) return 'UTF-16BE';
  if (first === undefined || second === undefined || (first === 0) === (second === 0)) return undefined;
  return second === 0 ? 'UTF-16LE' : 'UTF-16BE';
}

/** Index of the first byte that isn't allowed there (RFC 3629); -1 if all are valid. */
function firstWrong(bytes: Uint8Array): number {
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at]!;
    if (first < 0x80) {
      at++;
      continue;
    }
    const more = first < 0xc2 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : 0;
    if (more === 0) return at;
    const [low, high] = secondOf(first);
    for (let step = 1; step <= more; step++) {
      const next = bytes[at + step];
      if (next === undefined || next < (step === 1 ? low : 0x80) || next > (step === 1 ? high : 0xbf)) return at;
    }
    at += more + 1;
  }
  return -1;
}

/** Excludes overlong forms, surrogates, and anything beyond U+10FFFF. */
function secondOf(first: number): readonly [low: number, high: number] {
  if (first === 0xe0) return [0xa0, 0xbf];
  if (first === 0xed) return [0x80, 0x9f];
  if (first === 0xf0) return [0x90, 0xbf];
  return first === 0xf4 ? [0x80, 0x8f] : [0x80, 0xbf];
}
