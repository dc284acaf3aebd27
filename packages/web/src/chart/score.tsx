// What the answers to a questionnaire come to: the score, what it means, and the answers that call for action.

import { OctagonAlert } from 'lucide-react';
import { Badge } from '../ui/badge.tsx';
import type { ScoreShape } from './chart-data.ts';

export function Score({ of }: { readonly of: ScoreShape }) {
  const { name, score, max, sum, answered, asked, band, abnormal } = of;
  return (
    <>
      <span className="font-medium">
        {name} {score === null ? 'not scored' : score}
      </span>{' '}
      <span className="text-ink-3 text-xs tabular">
        {score === null ? `${answered} of ${asked} questions answered, ${sum} so far` : `of ${max}`}
      </span>{' '}
      {band !== null && <Badge tone={abnormal ? 'danger' : 'ok'}>{band}</Badge>}
      <CriticalAnswers answers={of.critical.map(({ question, answer }) => `${question}: ${answer}`)} />
    </>
  );
}

/** Each with its question. */
export function CriticalAnswers({ answers }: { readonly answers: readonly string[] }) {
  return answers.map((answer) => (
    <span
      key={answer}
      className="mt-0.5 flex items-start gap-1 rounded-sm bg-danger-soft px-1.5 py-0.5 font-medium text-danger-text text-xs"
    >
      <OctagonAlert aria-hidden className="mt-px size-3.5 shrink-0" />
      <span className="min-w-0">
        <span className="sr-only">Critical answer: </span>
        {answer}
      </span>
    </span>
  ));
}
