// What in a chart calls for action and nobody has looked at yet: critical values of reports that are not reviewed, critical
// answers to the questionnaires that were answered last. At the top of the chart, whatever section they are in.

import { OctagonAlert } from 'lucide-react';
import { findingsOf } from '@chartwire/sdk/internal/records/findings';
import { flagOf } from '@chartwire/sdk/internal/records/interpretation';
import { resultName, resultText, resultUnit, shortName } from '@chartwire/sdk/internal/records/result-text';
import { isReviewed } from '@chartwire/sdk/internal/records/review';
import { TONE } from '../ui/badge.tsx';
import { classes } from '../ui/classes.ts';
import { dayText } from '../ui/time.tsx';
import { type Chart, recordsOf } from './chart-data.ts';
import { type Opened, useLooking } from './opened.tsx';
import { codeOf, whenOf } from './readings.ts';
import { lookupIn, valuesIn } from './results.ts';
import { latestScores } from './scores.tsx';

interface Critical {
  readonly key: string;
  readonly text: string;
  readonly day: string;
  readonly opens: Opened;
}

/** So many are said; the others are counted. */
const SHOWN = 4;

export function CriticalFindings({ chart }: { readonly chart: Chart }) {
  const { open } = useLooking();
  const found = [...criticalAnswers(chart), ...criticalValues(chart)];
  if (found.length === 0) return null;
  return (
    <ul aria-label="Critical" className={classes('border-line border-t py-0.5', TONE.danger)}>
      {found.slice(0, SHOWN).map(({ key, text, day, opens }) => (
        <li key={key} className="flex min-h-7 items-center gap-2 px-4 text-sm">
          <OctagonAlert aria-hidden className="size-4 shrink-0" />
          <button
            type="button"
            title={text}
            onClick={() => open(opens)}
            className="min-h-6 min-w-0 flex-1 truncate rounded-sm text-left font-medium hover:underline"
          >
            {text}
          </button>
          <span className="shrink-0 text-xs">{day}</span>
        </li>
      ))}
      {found.length > SHOWN && <li className="px-10 pb-1 text-xs">and {found.length - SHOWN} more</li>}
    </ul>
  );
}

/** Of reports that nobody reviewed; not where a later value of the same is there. */
function criticalValues(chart: Chart): readonly Critical[] {
  const lookup = lookupIn(chart);
  const unreviewed = recordsOf(chart, 'DiagnosticReport').filter((report) => !isReviewed(report));
  const critical = unreviewed.flatMap((report) =>
    findingsOf(report, lookup).found.flatMap((finding) => {
      const flag = flagOf(finding.observation);
      return flag?.critical ? [{ ...finding, flag, report: report.id }] : [];
    }),
  );
  if (critical.length === 0) return [];
  const latest = new Map(
    valuesIn(chart)
      .toReversed()
      .map(({ observation }) => [codeOf(observation), whenOf(observation)]),
  );
  return critical
    .filter(({ observation }) => (whenOf(observation) ?? '') >= (latest.get(codeOf(observation)) ?? ''))
    .map(({ key, observation, flag, report }) => ({
      key,
      text: `${shortName(resultName(observation)) || 'Unnamed result'} ${resultText(observation)} ${resultUnit(observation)}: ${flag.word.toLowerCase()}, not reviewed`,
      day: dayText(whenOf(observation)),
      opens: { type: 'DiagnosticReport', id: report },
    }));
}

function criticalAnswers({ scores = [] }: Chart): readonly Critical[] {
  return latestScores(scores).flatMap(([{ name, interview, at, critical }]) =>
    critical.map(({ question, answer }) => ({
      key: `${interview} ${question}`,
      text: `${name}: ${question}: ${answer}`,
      day: dayText(at ?? undefined),
      opens: { type: 'QuestionnaireResponse', id: interview },
    })),
  );
}
