// Redacts secrets in what another system answers, in any form: plain or in another case, with spaces or line breaks in between,
// escaped for URLs, JSON, or HTML (even in layers), in Base64 together with other data, or in hexadecimal.

import { setImmediate as turn } from 'node:timers/promises';
import { changed, unescaped, type View, viewOf } from './escapes.ts';

export interface Value {
  /** The variable's name. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A pattern to find in a view of the text. */
interface Needle {
  readonly name: string;
  readonly bytes: Buffer;
  /** In Base64, the neighboring characters that share bits with the value. */
  readonly before: number;
  readonly after: number;
}

interface Range {
  readonly name: string;
  readonly from: number;
  to: number;
}

/** How many layers of escapes are undone: `%2525` is a URL in a URL in a URL. */
const LAYERS = 4;
/** Bytes to scan per turn of the event loop: a few milliseconds. */
const PIECE_BYTES = 32_000;
/** Longest form of one byte, escaped twice. */
const MOST_A_BYTE = 16;

export class Redactor {
  readonly #text: readonly Needle[];
  readonly #base64: readonly Needle[];
  readonly #overlap: number;

  constructor(values: readonly Value[]) {
    const given = values.filter(({ bytes }) => bytes.length > 0);
    this.#text = given.flatMap(textNeedles);
    this.#base64 = given.flatMap(base64Needles);
    this.#overlap = Math.max(64, ...given.map(({ bytes }) => bytes.length)) * MOST_A_BYTE;
  }

  /** The text with `[redacted NAME]` in place of each value. Long texts take several turns of the event loop. */
  async redact(text: string): Promise<string> {
    if (this.#text.length === 0) return text;
    const bytes = Buffer.from(text);
    const ranges: Range[] = [];
    for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
      if (from > 0) await turn();
      this.#find(bytes.subarray(from, from + PIECE_BYTES + this.#overlap), from, ranges);
    }
    return ranges.length === 0 ? text : without(bytes, ranges);
  }

  #find(piece: Buffer, offset: number, ranges: Range[]): void {
    let view: View | undefined = viewOf(piece);
    for (let layer = 0; view && layer < LAYERS; layer++) {
      search(changed(view, AS_TEXT), this.#text, offset, ranges);
      search(changed(view, AS_BASE64), this.#base64, offset, ranges);
      view = unescaped(view);
    }
  }
}

function search({ bytes, from, to }: View, needles: readonly Needle[], offset: number, ranges: Range[]): void {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (const { name, bytes: needle, before, after } of needles) {
    for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + needle.length)) {
      const first = Math.max(0, at - before);
      const last = Math.min(text.length, at + needle.length + after) - 1;
      ranges.push({ name, from: offset + from[first]!, to: offset + to[last]! });
    }
  }
}

function without(bytes: Buffer, found: Range[]): string {
  const ranges: Range[] = [];
  for (const range of found.sort((a, b) => a.from - b.from || b.to - a.to)) {
    const last = ranges.at(-1);
    if (last && range.from < last.to) last.to = Math.max(last.to, range.to);
    else ranges.push({ ...range });
  }
  let text = '';
  let kept = 0;
  for (const { name, from, to } of ranges) {
    text += `${bytes.toString('utf8', kept, from)}[redacted ${name}]`;
    kept = to;
  }
  return text + bytes.toString('utf8', kept);
}

/** Ignores case, spaces, and `+`, which is a space in a form; drops control characters. */
const AS_TEXT = new Int16Array(256).map((_, byte) => {
  if (byte <= 0x20 || byte === 0x7f || byte === 0x2b) return -1;
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
});

/** Treats both alphabets of RFC 4648 as one, without line breaks. */
const AS_BASE64 = new Int16Array(256).map((_, byte) => {
  if (byte <= 0x20) return -1;
  if (byte === 0x2d) return 0x2b;
  return byte === 0x5f ? 0x2f : byte;
});

function textNeedles({ name, bytes }: Value): Needle[] {
  const value = Buffer.from(bytes);
  const texts = cases(value)
    .flatMap((form) => [form, ...otherCharsets(form)])
    .map((form) => Buffer.from(changed(viewOf(form), AS_TEXT).bytes));
  const hex = forms(value).flatMap((form) => {
    const digits = form.toString('hex');
    return ['', ':', '-'].map((between) => Buffer.from(digits.replace(/..(?!$)/g, `$&${between}`)));
  });
  return distinct([...texts, ...hex]).map((needle) => ({ name, bytes: needle, before: 0, after: 0 }));
}

/** For a value beyond ASCII: in Latin-1, and as UTF-8 misread as Latin-1. */
function otherCharsets(value: Buffer): Buffer[] {
  const text = value.toString('utf8');
  if (/^[\0-\x7f]*$/.test(text)) return [];
  const latin = /^[\0-\xff]*$/.test(text) ? [Buffer.from(text, 'latin1')] : [];
  return [...latin, Buffer.from(value.toString('latin1'))];
}

/** Forms in which a value may have been encoded: plain, in another case, escaped. */
function forms(value: Buffer): Buffer[] {
  const text = value.toString('utf8');
  if (!Buffer.from(text).equals(value)) return [value];
  const percent = encodeURIComponent(text.toWellFormed());
  const escaped = [JSON.stringify(text).slice(1, -1), percent, percent.replaceAll('%20', '+')];
  return distinct([...cases(value), ...escaped.map((form) => Buffer.from(form))]);
}

function cases(value: Buffer): Buffer[] {
  const text = value.toString('utf8');
  if (!Buffer.from(text).equals(value)) return [value];
  return distinct([value, Buffer.from(text.toLowerCase()), Buffer.from(text.toUpperCase())]);
}

/**
 * Encoded after zero, one, or two other bytes (the rest of a group of three), without the characters that share bits with them.
 */
function base64Needles({ name, bytes }: Value): Needle[] {
  const value = Buffer.from(bytes);
  return forms(value).flatMap((form) =>
    [0, 1, 2].flatMap((others) => {
      const encoded = Buffer.concat([Buffer.alloc(others), form])
        .toString('base64')
        .replace(/=+$/, '');
      const start = [0, 2, 3][others]!;
      const end = Math.floor(((others + form.length) * 8) / 6);
      if (end - start < 3) return [];
      return {
        name,
        bytes: Buffer.from(encoded.slice(start, end)),
        before: others > 0 ? 1 : 0,
        after: encoded.length - end,
      };
    }),
  );
}

function distinct(forms: readonly Buffer[]): Buffer[] {
  return [...new Map(forms.filter(({ length }) => length > 0).map((form) => [form.toString('latin1'), form])).values()];
}
