// Text as searches compare it: https://hl7.org/fhir/R4/search.html#string

const COMBINING = /\p{M}+/gu;

/** Letters that no decomposition takes apart, as people without them on their keyboard write them; migration 0013 has the same. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
  ð: 'd',
  đ: 'd',
  ħ: 'h',
  ı: 'i',
  ł: 'l',
  ŋ: 'n',
  ø: 'o',
  ŧ: 't',
  '‘': "'",
  '’': "'",
  ʼ: "'",
};
const FOLDED = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'gu');

/** Lower case, without accents and special letters (`Łukasz` is `lukasz`), whitespace folded to single spaces. */
export function normalise(text: string): string {
  const lower = text.toLowerCase().replace(/\s+/g, ' ').trim();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII
  if (/^[\u0000-\u007f]*$/.test(lower)) return lower;
  const plain = lower.normalize('NFD').replace(COMBINING, '');
  return plain.replace(FOLDED, (letter) => LETTERS[letter] ?? letter);
}

/** `O’Brien-Smith` is `obrien` and `smith`. */
export function nameWords(text: string): string[] {
  return normalise(text)
    .replace(/['’]/g, '')
    .split(/[\s.,()/-]+/)
    .filter((word) => word !== '');
}

/** `ext. 12`, `x12`, `;ext=12`, `#12` after a telephone number. Migration 0023 reads the same. */
const EXTENSION = /\s*[;,]?\s*(?:ext(?:ension|n)?|x|#)\s*[.:=#]?\s*\d{1,7}\s*$/i;

/** A telephone number without the extension behind it. */
export function withoutExtension(text: string): string {
  return text.replace(EXTENSION, '');
}

/** Digits of a telephone number, without the country's code and the extension: people write a number with them and without. */
export function phoneDigits(text: string): string {
  return withoutExtension(text).replace(/\D/g, '').slice(-10);
}
