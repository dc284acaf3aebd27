// Text as searches compare it: https://hl7.org/fhir/R4/search.html#string

const COMBINING = /\p{M}+/gu;

/** Lower case, without accents, whitespace folded to single spaces. */
export function normalise(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII
  const plain = /^[\u0000-\u007f]*$/.test(text) ? text : text.normalize('NFD').replace(COMBINING, '');
  return plain.toLowerCase().replace(/\s+/g, ' ').trim();
}
