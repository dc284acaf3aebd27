// How text becomes the words that searches compare.

import { normalise } from '#r4/search-text.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII
const ASCII = /^[\u0000-\u007f]*$/;
const WORD = /[a-z0-9]+(?:\.[0-9]+)*%?/g;
const WORD_OF_ANY_SCRIPT = /[\p{L}\p{N}]+(?:\.\p{N}+)*%?/gu;

/** Words that a query can do without. `a` and `without` are none: hepatitis A, without aura. */
const FILLERS = new Set(['the', 'of', 'an', 'and', 'or', 'for', 'to', 'in', 'with', 'on', 'by', 'at', 'due', 'is']);

/** `Crohn's disease` is `crohns disease`; `1,000 MG/ML` is `1000 mg ml`; `0.05 MG` is `0.05 mg`. */
export function wordsOf(text: string): string[] {
  const plain = normalise(text)
    .replace(/['’]/g, '')
    .replace(/(\d),(?=\d{3}(?!\d))/g, '$1');
  return plain.match(ASCII.test(plain) ? WORD : WORD_OF_ANY_SCRIPT) ?? [];
}

/** The words of a query that have something to say; all of them when none has. */
export function tellingWords(text: string): string[] {
  const words = wordsOf(text);
  const telling = words.filter((word) => !FILLERS.has(word));
  return telling.length > 0 ? telling : words;
}
