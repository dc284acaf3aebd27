// The answers to a questionnaire as they were kept: each with its question, in the groups that they were given in.

import type { QuestionnaireResponseItem, QuestionnaireResponseItemAnswer } from '@medplum/fhirtypes';
import { keptAnswer } from '@chartwire/sdk/internal/commands/answer-text';
import { useRecord } from '../api/queries.ts';
import { classes } from '../ui/classes.ts';
import { Loaded, Skeleton } from '../ui/states.tsx';
import { dayText, exactText } from '../ui/time.tsx';

export function AnsweredQuestions({ id }: { readonly id: string }) {
  const kept = useRecord('QuestionnaireResponse', id);
  return (
    <Loaded from={kept} skeleton={<Skeleton lines={3} />}>
      {({ item = [] }) => <Items items={item} />}
    </Loaded>
  );
}

function Items({
  items,
  within = false,
}: {
  readonly items: readonly QuestionnaireResponseItem[];
  readonly within?: boolean;
}) {
  return (
    <ul
      aria-label="Answers"
      className={classes('mt-1 flex flex-col gap-1', within && 'border-line-strong border-l-2 pl-3')}
    >
      {items.map(({ linkId, text, answer = [], item = [] }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what repeats is known by its place
        <li key={`${linkId} ${index}`} className="text-sm">
          <span className={answer.length > 0 ? 'text-ink-2' : 'font-semibold text-ink-2 text-xs'}>
            {text ?? linkId}
          </span>{' '}
          {answer.some((one) => one.item) ? (
            answer.map((one, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: what repeats is known by its place
              <div key={at} className="font-medium">
                {shown(one)}
                {one.item && <Items items={one.item} within />}
              </div>
            ))
          ) : (
            <span className="whitespace-pre-line font-medium">{answer.map(shown).join(', ')}</span>
          )}
          {item.length > 0 && <Items items={item} within />}
        </li>
      ))}
    </ul>
  );
}

function shown(answer: QuestionnaireResponseItemAnswer): string {
  const { valueDate, valueDateTime, valueTime } = answer;
  if (valueDate) return dayText(valueDate);
  if (valueDateTime) return valueDateTime.includes('T') ? exactText(valueDateTime) : dayText(valueDateTime);
  if (valueTime) return valueTime.replace(/^(\d\d:\d\d):00$/, '$1');
  return keptAnswer(answer) ?? 'Not said';
}
