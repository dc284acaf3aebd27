// A questionnaire: which one, its questions as it asks them (only those that the other answers call for), and the score so
// far where its options have scores.

import type { Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import type { Answer } from '#commands/questionnaire-answers.ts';
import { useRecord } from '../api/queries.ts';
import { Badge } from '../ui/badge.tsx';
import { Loaded, Skeleton } from '../ui/states.tsx';
import { valueAt } from './command-doc.ts';
import type { FormProps } from './command-form.tsx';
import { FieldRow } from './field-row.tsx';
import { Question } from './question.tsx';
import { type Answers, askedItems, scoreOf } from './questions.ts';
import { isOption } from './words.ts';

export function QuestionnaireForm({ doc, view }: FormProps) {
  const chosen = valueAt(view, 'questionnaire');
  const id = isOption(chosen) ? chosen.value.replace(/^Questionnaire\//, '') : undefined;
  const asked = useRecord<Questionnaire>('Questionnaire', id);
  return (
    <div className="flex flex-col gap-3">
      <FieldRow doc={doc} view={view} name="questionnaire" />
      {id && (
        <Loaded from={asked} skeleton={<Skeleton lines={5} />}>
          {(questionnaire) => <Questions doc={doc} view={view} items={questionnaire.item ?? []} />}
        </Loaded>
      )}
      <FieldRow doc={doc} view={view} name="result" placeholder="What it comes to, in words" />
    </div>
  );
}

function Questions({ doc, view, items }: FormProps & { readonly items: readonly QuestionnaireItem[] }) {
  const answers = (valueAt(view, 'answers') ?? {}) as Answers;
  const answer = (linkId: string, value: Answer | undefined): void => {
    const all = { ...answers, [linkId]: value };
    // An answer to what is no longer asked would be refused: it is taken away with what called for it.
    const still = new Set(askedItems(items, all).map((item) => item.linkId));
    const kept = Object.entries(all).filter(([name, one]) => one !== undefined && still.has(name));
    doc.saving.edit('answers', kept.length > 0 ? Object.fromEntries(kept) : undefined);
  };
  const score = scoreOf(items, answers);
  return (
    <FieldRow
      doc={doc}
      view={view}
      name="answers"
      label="Questions"
      aside={score && <Badge tone="info">{`Score ${score.sum} · ${score.answered} of ${score.of}`}</Badge>}
      control={({ tied }) => (
        <fieldset
          id={tied.id}
          aria-label="Questions"
          className="flex flex-col divide-y divide-line rounded-md border border-line"
        >
          {askedItems(items, answers).map((item) => (
            <Question
              key={item.linkId}
              item={item}
              value={answers[item.linkId]}
              onChange={(value) => answer(item.linkId, value)}
            />
          ))}
        </fieldset>
      )}
    />
  );
}
