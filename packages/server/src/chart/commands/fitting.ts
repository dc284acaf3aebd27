// Which of the options found answer the words typed. The others are guesses: shown, and taken only when somebody picks them.

import type { ShownOption } from '@chartwire/sdk/internal/effects/answers';
import { codeKey } from '#terms/systems.ts';
import { wordsOf } from '#terms/words.ts';

/** An option as a field shows it. */
export interface FittingOption extends ShownOption {
  /** It answers the words typed: Enter may take it. False where nothing was typed. */
  readonly fits: boolean;
}

/** Whether every word begins one of the option's own words, or what was typed is one of its codes, whole. */
export function fitsWords({ text, coding = [] }: ShownOption, query: string): boolean {
  const words = wordsOf(query);
  if (words.length === 0) return false;
  const said = [text, ...coding.map(({ display = '' }) => display)].flatMap(wordsOf);
  return words.every((word) => said.some((each) => each.startsWith(word))) || isCoded(coding, query);
}

/** Whether one of the codes is what was typed, with or without its dots and hyphens. */
export function isCoded(coding: NonNullable<ShownOption['coding']>, query: string): boolean {
  const typed = codeKey(query);
  return typed !== '' && coding.some(({ code }) => codeKey(code) === typed);
}
