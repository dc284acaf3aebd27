// The letters of printouts: Inter has Latin, Greek and Cyrillic. What it has no shape for is told, not left out in silence.

import { createRequire } from 'node:module';
import { type Font, openSync } from 'fontkit';
import { visibleText } from '@chartwire/sdk/internal/kit/visible';

const require = createRequire(import.meta.url);

export const FONTS = {
  regular: require.resolve('@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf'),
  bold: require.resolve('@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf'),
} as const;

let face: Font | undefined;

/** The same with every text in letters that a page can hold: composed, without tabs, what is unseen written out. */
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

/** Characters of the texts in it that the font has no shape for, as `U+738B`. */
export function missingFrom(value: unknown): string[] {
  face ??= openSync(FONTS.regular) as Font;
  const known = face;
  const missing = new Set<string>();
  withTexts(value, (text) => {
    for (const one of new Set(text))
      if (one !== '\n' && !known.hasGlyphForCodePoint(one.codePointAt(0)!)) missing.add(one);
    return text;
  });
  return [...missing].map((one) => `U+${one.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`);
}
