// What patient and clinician agreed to reach.

import type { Goal } from '@medplum/fhirtypes';
import { codeText, conceptText, quantityText, rangeText } from '../fhir/words.ts';
import { Badge, type Tone } from '../ui/badge.tsx';
import { dayText } from '../ui/time.tsx';
import { recordsOf } from './chart-data.ts';
import { useLooking } from './opened.tsx';
import { Past, Row } from './row.tsx';
import { Section } from './section.tsx';
import { tableOf } from '../table-of.ts';
import { Entry } from '../ui/entry.tsx';

const OVER = ['completed', 'cancelled', 'rejected'];
const TONES: Readonly<Record<string, Tone>> = tableOf({
  achieved: 'ok',
  improving: 'ok',
  worsening: 'warn',
  'not-achieved': 'warn',
  'not-attainable': 'warn',
});

export function Goals() {
  const { chart } = useLooking();
  const goals = recordsOf(chart, 'Goal');
  const present = goals.filter(({ lifecycleStatus }) => !OVER.includes(lifecycleStatus ?? ''));
  const past = goals.filter((goal) => !present.includes(goal));
  return (
    <Section
      name="goals"
      title="Goals"
      digit="4"
      count={goals.length}
      types={['Goal']}
      empty="None recorded. A Goal in a note adds one."
    >
      <ul>
        {present.map((goal) => (
          <Entry key={goal.id} of={goal}>
            {() => <Line goal={goal} />}
          </Entry>
        ))}
      </ul>
      {past.length > 0 && (
        <Past label={`${past.length} closed`}>
          {() =>
            past.map((goal) => (
              <Entry key={goal.id} of={goal}>
                {() => <Line goal={goal} faded />}
              </Entry>
            ))
          }
        </Past>
      )}
    </Section>
  );
}

export function targetText({ target = [] }: Goal): string {
  return target
    .map(({ measure, detailQuantity, detailRange, detailString, detailCodeableConcept, dueDate }) => {
      const detail =
        quantityText(detailQuantity) || rangeText(detailRange) || detailString || conceptText(detailCodeableConcept);
      return [conceptText(measure), detail, dueDate && `by ${dayText(dueDate)}`].filter(Boolean).join(' ');
    })
    .filter(Boolean)
    .join('; ');
}

function Line({ goal, faded }: { readonly goal: Goal; readonly faded?: boolean }) {
  const { open } = useLooking();
  const { id = '', description, achievementStatus, lifecycleStatus } = goal;
  const achievement = codeText(achievementStatus?.coding);
  return (
    <Row
      onOpen={() => open({ type: 'Goal', id })}
      main={conceptText(description) || 'Unnamed goal'}
      below={targetText(goal)}
      {...(faded && { faded })}
      aside={
        <Badge tone={TONES[achievement ?? ''] ?? 'neutral'}>
          {(conceptText(achievementStatus) || (lifecycleStatus ?? '')).replaceAll('-', ' ').toLowerCase()}
        </Badge>
      }
    />
  );
}
