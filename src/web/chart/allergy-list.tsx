// What the patient does not tolerate.

import type { AllergyIntolerance } from '@medplum/fhirtypes';
import { conceptText } from '../fhir/words.ts';
import { Badge } from '../ui/badge.tsx';
import { Day } from '../ui/time.tsx';
import { isPresent, isSevere, reactionText } from './allergies.ts';
import { recordsOf } from './chart-data.ts';
import { useLooking } from './opened.tsx';
import { Past, Row } from './row.tsx';
import { Section } from './section.tsx';
import { Entry } from '../ui/entry.tsx';

export function Allergies() {
  const { chart } = useLooking();
  const allergies = recordsOf(chart, 'AllergyIntolerance');
  const present = allergies.filter(isPresent);
  const past = allergies.filter((allergy) => !isPresent(allergy));
  return (
    <Section
      name="allergies"
      title="Allergies"
      digit="3"
      count={allergies.length}
      types={['AllergyIntolerance']}
      empty="Nobody asked yet: this is not the same as no known allergies. An Allergy in a note records either."
    >
      <ul>
        {present.map((allergy) => (
          <Entry key={allergy.id} of={allergy}>
            {() => <Line allergy={allergy} />}
          </Entry>
        ))}
      </ul>
      {past.length > 0 && (
        <Past label={`${past.length} no longer`}>
          {() =>
            past.map((allergy) => (
              <Entry key={allergy.id} of={allergy}>
                {() => <Line allergy={allergy} faded />}
              </Entry>
            ))
          }
        </Past>
      )}
    </Section>
  );
}

function Line({ allergy, faded }: { readonly allergy: AllergyIntolerance; readonly faded?: boolean }) {
  const { open } = useLooking();
  const { id = '', code, type, onsetDateTime, recordedDate } = allergy;
  return (
    <Row
      onOpen={() => open({ type: 'AllergyIntolerance', id })}
      main={conceptText(code) || 'Unnamed substance'}
      below={reactionText(allergy)}
      {...(faded && { faded })}
      aside={
        <>
          {type === 'intolerance' && <Badge>intolerance</Badge>}
          {isSevere(allergy) && <Badge tone="danger">severe</Badge>}
          <Day date={onsetDateTime ?? recordedDate} />
        </>
      }
    />
  );
}
