// An answer to a question of a questionnaire, in words.

import type { AnswerValue } from './questionnaire-answers.ts';

export function shownAnswer(answer: AnswerValue): string {
  if (typeof answer === 'boolean') return answer ? 'Yes' : 'No';
  if (typeof answer !== 'object') return String(answer);
  const { display, code, value, unit, reference, title } = answer as Readonly<Record<string, unknown>>;
  if (value !== undefined) return [value, unit ?? code].filter((one) => one !== undefined).join(' ');
  return String(display ?? title ?? code ?? reference ?? 'A file');
}
