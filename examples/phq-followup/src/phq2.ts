// What the answers to the PHQ-2 come to: Kroenke, Spitzer, Williams, Medical Care 41 (2003): 1284-1292.

import { ordinalsOf, type QuestionnaireResponse } from 'chartwire/sdk';

/** LOINC's codes of its questions, by which the answers are kept. */
const QUESTIONS = ['44250-9', '44255-8'];
/** From here on depression is likely enough to ask on. */
const POSITIVE = 3;

/** 0 to 6; null where an answer is missing. */
export function scoreOf(interview: QuestionnaireResponse): number | null {
  const counts = ordinalsOf(interview);
  const answers = QUESTIONS.flatMap((question) => counts.get(question) ?? []);
  return answers.length === QUESTIONS.length ? answers.reduce((sum, count) => sum + count, 0) : null;
}

export function isPositive(score: number | null): boolean {
  return score !== null && score >= POSITIVE;
}

export function finding(score: number | null): string {
  if (score === null) return 'The PHQ-2 cannot be scored: an answer is missing.';
  return `The PHQ-2 is ${isPositive(score) ? 'positive' : 'negative'}: ${score} of 6.`;
}
