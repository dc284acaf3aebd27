// The worker thread that estimates password strength. A long password can take half a second, too long for the main thread.

import { parentPort } from 'node:worker_threads';
import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import * as common from '@zxcvbn-ts/language-common';
import * as english from '@zxcvbn-ts/language-en';

export interface Question {
  readonly id: number;
  readonly password: string;
  /** What an attacker who knows the user would try first. */
  readonly known: readonly string[];
}

export interface Answer {
  readonly id: number;
  /** The number of guesses needed, as a power of ten. */
  readonly guesses: number;
  /** Its weakness, as a sentence; null if nothing stands out. */
  readonly warning: string | null;
  readonly suggestions: readonly string[];
}

const translations = {
  ...english.translations,
  warnings: {
    ...english.translations.warnings,
    userInputs: 'Names and addresses, yours or the practice’s, are easy to guess.',
    similarToCommon: 'It is like a password that many people use.',
    common: 'Many people use it.',
  },
};

const estimator = new ZxcvbnFactory({
  dictionary: { ...common.dictionary, ...english.dictionary },
  graphs: common.adjacencyGraphs,
  translations,
  // Each leetspeak spelling costs time; twenty find what an attacker would try.
  l33tMaxSubstitutions: 20,
});

parentPort!.on('message', ({ id, password, known }: Question) => {
  const { guessesLog10, feedback } = estimator.check(password, [...known]);
  parentPort!.postMessage({
    id,
    guesses: guessesLog10,
    warning: feedback.warning ?? null,
    suggestions: feedback.suggestions,
  } satisfies Answer);
});
