// What in a chart calls for action and nobody has looked at yet: critical values of reports that are not reviewed, and
// those in no report that are not; critical answers to the questionnaires that were answered last. At the top of the chart, whatever section they are in.

import type { Observation } from '@medplum/fhirtypes';
import { OctagonAlert } from 'lucide-react';
import { type Finding, findingsIn, findingsOf } from '@chartwire/sdk/internal/records/findings';
import { type Flag, flagOf } from '@chartwire/sdk/internal/records/interpretation';
import { resultName, resultText, resultUnit, shortName } from '@chartwire/sdk/internal/records/result-text';
import { isReviewed } from '@chartwire/sdk/internal/records/review';
import { TONE } from '../ui/badge.tsx';
import { classes } from '../ui/classes.ts';
import { dayText } from '../ui/time.tsx';
import { type Chart, recordsOf } from './chart-data.ts';
import { type Opened, useLooking } from './opened.tsx';
import { codeOf, hasCategory, whenOf } from './readings.ts';
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

interface CriticalValue extends Finding {
  readonly flag: Flag;
  readonly because: string;
  readonly opens: Opened;
}

/** Of reports, or of values in no report, that nobody reviewed; not where a later value of the same is there. */
function criticalValues(chart: Chart): readonly Critical[] {
  const lookup = lookupIn(chart);
  /** Keys of what reports tell. */
  const told = new Set<string>();
  const critical: CriticalValue[] = [];
  const add = (found: readonly Finding[], because: string, opens: Opened): void => {
    for (const finding of found) {
      const flag = flagOf(finding.observation);
      if (flag?.critical) critical.push({ ...finding, flag, because, opens });
    }
  };
  for (const report of recordsOf(chart, 'DiagnosticReport')) {
    const { found } = findingsOf(report, lookup);
    for (const { key } of found) told.add(key);
    if (!isReviewed(report)) add(found, 'not reviewed', { type: 'DiagnosticReport', id: report.id });
  }
  // A laboratory may send values without a report: each is reviewed by itself.
  for (const one of recordsOf(chart, 'Observation')) {
    if (!hasCategory(one.category, 'laboratory')) continue;
    const found = findingsIn(one, lookup).found.filter(({ key }) => !told.has(key));
    for (const { key } of found) told.add(key);
    if (!isReviewed(one)) add(found, 'in no report, not reviewed', { type: 'Observation', id: one.id });
  }
  if (critical.length === 0) return [];
  // One that was cancelled or is still to come is no later value.
  const latest = new Map(
    valuesIn(chart)
      .toReversed()
      .filter(({ observation }) => isMeasured(observation))
      .map(({ observation }) => [codeOf(observation), whenOf(observation)]),
  );
  return critical
    .filter(({ observation }) => {
      const [when, last] = [whenOf(observation), latest.get(codeOf(observation))];
      return when === undefined || last === undefined || when >= last;
    })
    .map(({ key, observation, flag, because, opens }) => ({
      key,
      text: `${shortName(resultName(observation)) || 'Unnamed result'} ${resultText(observation)} ${resultUnit(observation)}: ${flag.word.toLowerCase()}, ${because}`,
      day: dayText(whenOf(observation)),
      opens,
    }));
}

function isMeasured({ status, dataAbsentReason: _, ...valued }: Observation): boolean {
  return status !== 'cancelled' && status !== 'registered' && resultText(valued) !== '';
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
