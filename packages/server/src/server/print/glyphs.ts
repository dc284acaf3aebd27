// The characters of printouts: Inter has Latin, Greek, and Cyrillic. Any other character is printed as its code, never as an
// empty box. Fonts for other scripts wouldn't be enough: Arabic and Hebrew run from right to left, with the digits of a dose from
// left to right, which pdfkit doesn't support.

import { createRequire } from 'node:module';
import { type Font, openSync } from 'fontkit';
import { visibleText } from '@chartwire/sdk/internal/kit/visible';

const require = createRequire(import.meta.url);

export const FONTS = {
  regular: require.resolve('@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf'),
  bold: require.resolve('@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf'),
} as const;

let faces: readonly Font[] | undefined;

/** The value with every text made printable: composed, without tabs, with invisible characters written out. */
export function printable<T>(value: T): T {
  return withTexts(value, printableText) as T;
}

function withTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((one) => withTexts(one, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withTexts(one, change)]));
}

function printableText(text: string): string {
  return visibleText(text).normalize('NFC').replaceAll('\u202f', '\u00a0').replaceAll('\t', '    ');
}

/** Characters in its texts that a font lacks. */
export function missingFrom(value: unknown): Set<string> {
  faces ??= Object.values(FONTS).map((file) => openSync(file) as Font);
  const known = faces;
  const missing = new Set<string>();
  withTexts(value, (text) => {
    for (const one of new Set(text)) {
      const code = one.codePointAt(0)!;
      if (one !== '\n' && !known.every((face) => face.hasGlyphForCodePoint(code))) missing.add(one);
    }
    return text;
  });
  return missing;
}

/** `U+738B`. */
export function codeOf(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** The value with codes in place of missing characters: `[U+738B U+5C0F]`. */
export function withCodes<T>(value: T, missing: ReadonlySet<string>): T {
  if (missing.size === 0) return value;
  return withTexts(value, (text) => {
    let written = '';
    let run: string[] = [];
    const end = (): void => {
      if (run.length > 0) written += `[${run.join(' ')}]`;
      run = [];
    };
    for (const one of text) {
      if (missing.has(one)) run.push(codeOf(one));
      else {
        end();
        written += one;
      }
    }
    end();
    return written;
  }) as T;
}

const CODE = /\bU\+[0-9A-F]{4,6}\b/g;

/** Number of character codes in a line. */
export function codesIn(line: string): number {
  return line.match(CODE)?.length ?? 0;
}
