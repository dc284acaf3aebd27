// Questionnaires that were answered: the latest score of each, what it means, and where it tends.

import { Day } from '../ui/time.tsx';
import { Entry } from '../ui/entry.tsx';
import type { ScoreShape } from './chart-data.ts';
import { useLooking } from './opened.tsx';
import { Row } from './row.tsx';
import { Score } from './score.tsx';
import { Section } from './section.tsx';
import { Sparkline } from './sparkline.tsx';

export function Scores() {
  const { chart, open } = useLooking();
  const latest = latestScores(chart.scores ?? []);
  return (
    <Section
      name="scores"
      title="Questionnaires"
      count={latest.length}
      types={['QuestionnaireResponse']}
      empty="None answered. Questionnaire in a note asks one, and its score is shown here."
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
