// Which options match the typed words. The others are guesses: shown, but taken only if someone selects them.

import type { ShownOption } from '@chartwire/sdk/internal/effects/answers';
import { codeKey } from '#terms/systems.ts';
import { wordsOf } from '#terms/words.ts';

/** An option as a field shows it. */
export interface FittingOption extends ShownOption {
  /** It matches the typed words, so Enter may take it. False if nothing was typed. */
  readonly fits: boolean;
}

/** Whether every word starts one of the option's words, or the text is exactly one of its codes. */
export function fitsWords({ text, coding = [] }: ShownOption, query: string): boolean {
  const words = wordsOf(query);
  if (words.length === 0) return false;
  const said = [text, ...coding.map(({ display = '' }) => display)].flatMap(wordsOf);
  return words.every((word) => said.some((each) => each.startsWith(word))) || isCoded(coding, query);
}

/** Whether the text is one of the codes, with or without dots and hyphens. */
export function isCoded(coding: NonNullable<ShownOption['coding']>, query: string): boolean {
  const typed = codeKey(query);
  return typed !== '' && coding.some(({ code }) => codeKey(code) === typed);
}
