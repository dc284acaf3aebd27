// What the patient was vaccinated with, a line a vaccine.

import type { Immunization } from '@medplum/fhirtypes';
import { conceptText } from '../fhir/words.ts';
import { Badge } from '../ui/badge.tsx';
import { Day, dayText } from '../ui/time.tsx';
import { recordsOf } from './chart-data.ts';
import { useLooking } from './opened.tsx';
import { countOf, othersIn, OthersAt } from './other-records.tsx';
import { Row } from './row.tsx';
import { Section } from './section.tsx';
import { Entry } from '../ui/entry.tsx';

export function Immunizations() {
  const { chart } = useLooking();
  const all = recordsOf(chart, 'Immunization');
  const vaccines = Object.entries(Object.groupBy(all, ({ vaccineCode }) => conceptText(vaccineCode)));
  return (
    <Section
      name="immunizations"
      title="Immunizations"
      digit="7"
      count={all.length + countOf(othersIn(chart, 'immunizations'))}
      types={['Immunization']}
      empty="None recorded. Immunize and Immunization statement in a note add them."
    >
      <ul>
        {vaccines.map(([vaccine, doses = []]) => (
          <Entry key={vaccine} of={doses[0] ?? {}}>
            {() => <Line vaccine={vaccine} doses={doses} />}
          </Entry>
        ))}
      </ul>
      <OthersAt place="immunizations" />
    </Section>
  );
}

function Line({ vaccine, doses }: { readonly vaccine: string; readonly doses: readonly Immunization[] }) {
  const { open } = useLooking();
  const [latest, ...before] = doses;
  if (!latest) return null;
  const { id = '', occurrenceDateTime, occurrenceString, status } = latest;
  return (
    <Row
      onOpen={() => open({ type: 'Immunization', id })}
      main={vaccine || 'Unnamed vaccine'}
      below={before.length > 0 && `before: ${before.map((dose) => dayText(dose.occurrenceDateTime)).join(', ')}`}
      aside={
        <>
          {status === 'not-done' && <Badge tone="warn">not given</Badge>}
          {doses.length > 1 && <span>{doses.length} doses</span>}
          {occurrenceDateTime ? <Day date={occurrenceDateTime} /> : occurrenceString}
        </>
      }
    />
  );
}
