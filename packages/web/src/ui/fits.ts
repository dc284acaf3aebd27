// Whether what is found answers the words typed, where the server does not say so.

/** Each word typed begins one of the words that are said; false where nothing is typed. */
export function fitsWords(said: string, typed: string): boolean {
  const words = wordsOf(typed);
  const all = wordsOf(said);
  return words.length > 0 && words.every((word) => all.some((one) => one.startsWith(word)));
}

/** Lower case, without accents. */
function wordsOf(text: string): readonly string[] {
  const plain = text
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/\p{M}+|['’]/gu, '');
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}
