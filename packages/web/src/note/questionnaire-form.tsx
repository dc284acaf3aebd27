// A questionnaire: which one, its questions as it asks them (only those that the other answers call for), and the score so
// far where its options have scores.

import type { Questionnaire } from '@medplum/fhirtypes';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useEffect } from 'react';
import { type Finder, findCanonical, searchNamed } from '@chartwire/sdk/internal/commands/canonicals';
import { itemsSoFar } from '@chartwire/sdk/internal/commands/questionnaire-answers';
import { type ChoicesOf, choicesOf } from '@chartwire/sdk/internal/commands/questionnaire-choices';
import { answerFaults } from '@chartwire/sdk/internal/commands/questionnaire-faults';
import { isOption } from '@chartwire/sdk/internal/commands/words';
import { fromEntriesOf } from '@chartwire/sdk/internal/kit/json/literals';
import type { Problem } from '@chartwire/client/internal/client/index';
import { api } from '../api/client.ts';
import { useRecord } from '../api/queries.ts';
import { Badge } from '../ui/badge.tsx';
import { Loaded, Skeleton } from '../ui/states.tsx';
import { valueAt } from './command-doc.ts';
import type { FormProps } from './form-props.ts';
import { FieldRow } from './field-row.tsx';
import { levelAt, proposed, stillAsked, toThese } from './question-levels.ts';
import { QuestionList } from './question-list.tsx';
import { type Answers, scoreOf } from './questions.ts';

export function QuestionnaireForm({ doc, view }: FormProps) {
  const chosen = valueAt(view, 'questionnaire');
  const id = isOption(chosen) ? chosen.value.replace(/^Questionnaire\//, '') : undefined;
  const asked = useRecord('Questionnaire', id);
  return (
    <div className="flex flex-col gap-3">
      <FieldRow doc={doc} view={view} name="questionnaire" />
      {id && (
        <Loaded from={asked} skeleton={<Skeleton lines={5} />}>
          {(questionnaire) => <WithChoices doc={doc} view={view} questionnaire={questionnaire} />}
        </Loaded>
      )}
      <FieldRow doc={doc} view={view} name="result" placeholder="Result in words" />
    </div>
  );
}

type Asked = FormProps & { readonly questionnaire: Questionnaire };

function WithChoices({ questionnaire, ...form }: Asked) {
  const choices = useChoices(questionnaire);
  return (
    <Loaded from={choices} skeleton={<Skeleton lines={5} />}>
      {(sets) => <Questions {...form} key={questionnaire.id} questionnaire={questionnaire} sets={sets} />}
    </Loaded>
  );
}

/** What its value sets hold; of those that aren't here, nothing. */
function useChoices(questionnaire: Questionnaire): UseQueryResult<ChoicesOf, Problem> {
  return useQuery<ChoicesOf, Problem>({
    queryKey: ['choices', questionnaire.id, questionnaire.meta?.versionId],
    queryFn: () => choicesOf(questionnaire, (canonical) => findCanonical(VALUE_SETS, 'ValueSet', canonical)),
    meta: { hears: { types: ['ValueSet'] } },
  });
}

const VALUE_SETS: Finder = {
  read: (type, id) => api.fhir.read(type, id),
  named: (type, url, version) =>
    searchNamed(
      {
        async search(of, query) {
          const { entry = [] } = await api.fhir.search(of, Object.fromEntries(new URLSearchParams(query)));
          return entry.flatMap(({ resource }) => (resource ? [resource as never] : []));
        },
      },
      type,
      url,
      version,
    ),
};

function Questions({ doc, view, questionnaire, sets }: Asked & { readonly sets: ChoicesOf }) {
  const { item: items = [] } = questionnaire;
  const given = valueAt(view, 'answers') as Answers | undefined;
  const answers = given ?? {};
  const initial = proposed(items, sets);
  const isProposed = Object.keys(initial).length > 0;
  const change = (all: Answers): void => {
    const asked = stillAsked(items, all, sets);
    const some = Object.entries(asked).filter(([, one]) => !isNothing(one));
    const kept = fromEntriesOf(asked, some);
    // Where something was proposed, nothing is an answer too: it is not proposed again.
    doc.saving.edit('answers', Object.keys(kept).length > 0 || isProposed ? kept : undefined);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the questionnaire is chosen
  useEffect(() => {
    const own = toThese(items, answers);
    const foreign = Object.keys(answers).length > Object.keys(own).length;
    if (Object.keys(own).length === 0 && (foreign || (given === undefined && isProposed))) change(initial);
    else if (foreign) change(own);
  }, []);
  const refused = view.problem?.code === 'command.fields';
  const status = refused ? 'completed' : 'in-progress';
  const faults = answerFaults(questionnaire, { status, item: itemsSoFar(items, answers, sets) }, sets);
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
          <QuestionList
            asking={{ sets, faults, refused }}
            items={items}
            answers={answers}
            level={levelAt(items, answers, sets)}
            onChange={change}
          />
        </fieldset>
      )}
    />
  );
}

function isNothing(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}
