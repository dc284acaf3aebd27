// Questionnaires that were answered: the latest score of each, what it means, and where it tends; of those without a score,
// the latest answers.

import { keptAnswers } from '@chartwire/sdk/internal/commands/answer-text';
import { Badge } from '../ui/badge.tsx';
import { Entry } from '../ui/entry.tsx';
import { Day } from '../ui/time.tsx';
import { type Chart, type RecordOf, recordsOf, type ScoreShape } from './chart-data.ts';
import { useLooking } from './opened.tsx';
import { interviewTitle } from './record-facts.tsx';
import { Row } from './row.tsx';
import { Score } from './score.tsx';
import { Section } from './section.tsx';
import { Sparkline } from './sparkline.tsx';

export function Scores() {
  const { chart, open } = useLooking();
  const latest = latestScores(chart.scores ?? []);
  const others = latestUnscored(chart);
  return (
    <Section
      name="scores"
      title="Questionnaires"
      count={latest.length + others.length}
      types={['QuestionnaireResponse']}
      empty="None answered. Questionnaire in a note adds one, and its score appears here."
    >
      <ul>
        {latest.map(([score, ...before]) => (
          <Entry key={score.name} of={score} type={`Score ${score.name}`}>
            {() => (
              <Row
                onOpen={() => open({ type: 'QuestionnaireResponse', id: score.interview })}
                main={<Score of={score} />}
                aside={
                  <>
                    <Sparkline values={[score, ...before].flatMap((one) => one.score ?? []).reverse()} />
                    <Day date={score.at ?? undefined} />
                  </>
                }
              />
            )}
          </Entry>
        ))}
        {others.map((interview) => (
          <Entry key={interview.id} of={interview}>
            {() => (
              <Row
                onOpen={() => open({ type: 'QuestionnaireResponse', id: interview.id })}
                main={interviewTitle(interview, chart.questionnaires)}
                below={<span className="line-clamp-2">{keptAnswers(interview.item ?? [])}</span>}
                aside={
                  <>
                    {interview.status !== 'completed' && (
                      <Badge tone="warn">{interview.status?.replaceAll('-', ' ')}</Badge>
                    )}
                    <Day date={interview.authored} />
                  </>
                }
              />
            )}
          </Entry>
        ))}
      </ul>
    </Section>
  );
}

type Scored = readonly [latest: ScoreShape, ...before: ScoreShape[]];

/** By questionnaire, each the latest first; those with a critical answer before the others. */
export function latestScores(scores: readonly ScoreShape[]): readonly Scored[] {
  const newest = [...scores].sort((a, b) => (b.at ?? '').localeCompare(a.at ?? ''));
  const groups = Object.values(Object.groupBy(newest, ({ name }) => name)) as unknown as Scored[];
  return groups.sort(([a], [b]) => Number(b.critical.length > 0) - Number(a.critical.length > 0));
}

/** The latest answers to each questionnaire that has no score. */
function latestUnscored(chart: Chart): readonly RecordOf<'QuestionnaireResponse'>[] {
  const scored = new Set(chart.scores?.map(({ interview }) => interview));
  const interviews = recordsOf(chart, 'QuestionnaireResponse').filter(({ id }) => !scored.has(id));
  const newest = [...interviews].sort((a, b) => (b.authored ?? '').localeCompare(a.authored ?? ''));
  const named = ({ questionnaire, id }: RecordOf<'QuestionnaireResponse'>) => questionnaire?.split('|')[0] ?? id;
  return newest.filter((one, index) => newest.findIndex((other) => named(other) === named(one)) === index);
}
