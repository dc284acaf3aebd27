// What the patient takes, and took.

import { Badge } from '../ui/badge.tsx';
import { Day } from '../ui/time.tsx';
import { medicationsOf, type Taken } from './medications.ts';
import { useLooking } from './opened.tsx';
import { countOf, othersIn, OthersAt } from './other-records.tsx';
import { Past, Row } from './row.tsx';
import { Section } from './section.tsx';
import { Entry } from '../ui/entry.tsx';

export function Medications() {
  const { chart } = useLooking();
  const all = medicationsOf(chart);
  const current = all.filter(({ current }) => current);
  const past = all.filter(({ current }) => !current);
  return (
    <Section
      name="medications"
      title="Medications"
      digit="2"
      count={all.length + countOf(othersIn(chart, 'medications'))}
      types={['MedicationStatement', 'MedicationRequest']}
      empty="None recorded. A Prescribe or a Medication statement in a note adds one."
    >
      {current.length === 0 && <p className="px-7.5 pb-1 text-ink-3 text-sm">No current medications.</p>}
      <ul>
        {current.map((taken) => (
          <Entry key={taken.id} of={taken.record}>
            {() => <Line taken={taken} />}
          </Entry>
        ))}
      </ul>
      {past.length > 0 && (
        <Past label={`${past.length} stopped or completed`}>
          {() =>
            past.map((taken) => (
              <Entry key={taken.id} of={taken.record}>
                {() => <Line taken={taken} />}
              </Entry>
            ))
          }
        </Past>
      )}
      <OthersAt place="medications" />
    </Section>
  );
}

function Line({ taken: { record, id, name, sig, since, ended, current, prescription } }: { readonly taken: Taken }) {
  const { open } = useLooking();
  const refills = prescription?.dispenseRequest?.numberOfRepeatsAllowed;
  const below = [sig, refills !== undefined && `${refills} ${refills === 1 ? 'refill' : 'refills'}`];
  return (
    <Row
      onOpen={() => open({ type: record.resourceType, id })}
      main={name}
      below={below.filter(Boolean).join(' · ')}
      faded={!current}
      aside={
        <>
          {record.status === 'on-hold' && <Badge tone="warn">on hold</Badge>}
          {!current && <span>{record.status}</span>}
          <Day date={ended ?? since} />
        </>
      }
    />
  );
}
