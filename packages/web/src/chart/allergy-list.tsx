// What the patient does not tolerate.

import type { AllergyIntolerance } from '@medplum/fhirtypes';
import { conceptText } from '../fhir/words.ts';
import { Badge } from '../ui/badge.tsx';
import { Day } from '../ui/time.tsx';
import { isSevere, noneKnownOf, stands } from '@chartwire/sdk/internal/substances/allergy-state';
import { reactionText } from './allergies.ts';
import { recordsOf } from './chart-data.ts';
import { useLooking } from './opened.tsx';
import { countOf, OthersAt, othersIn } from './other-records.tsx';
import { Past, Row } from './row.tsx';
import { BeginCommands } from './begin-commands.tsx';
import { Quiet, Section } from './section.tsx';
import { presetCommand } from '../note/presets.ts';
import { Entry } from '../ui/entry.tsx';

export function Allergies() {
  const { chart } = useLooking();
  const allergies = recordsOf(chart, 'AllergyIntolerance');
  const present = allergies.filter(stands);
  const past = allergies.filter((allergy) => !stands(allergy));
  const others = countOf(othersIn(chart, 'allergies'));
  return (
    <Section
      name="allergies"
      title="Allergies"
      digit="3"
      count={allergies.length + others}
      types={['AllergyIntolerance']}
      empty={<NotAsked />}
    >
      {present.length === 0 && (
        <Quiet>
          <NotAsked again={allergies.length > 0} />
        </Quiet>
      )}
      <ul>
        {present.map((allergy) => (
          <Entry key={allergy.id} of={allergy}>
            {() => <Line allergy={allergy} />}
          </Entry>
        ))}
      </ul>
      {past.length > 0 && (
        <Past label={`${past.length} inactive`}>
          {() =>
            past.map((allergy) => (
              <Entry key={allergy.id} of={allergy}>
                {() => <Line allergy={allergy} faded />}
              </Entry>
            ))
          }
        </Past>
      )}
      <OthersAt place="allergies" />
    </Section>
  );
}

/** Nothing on the list says nothing: who asked and knows of none records that. */
function NotAsked({ again = false }: { readonly again?: boolean }) {
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
      <span>{again ? 'None listed now, and “no known allergies” isn’t recorded.' : 'Not asked yet.'}</span>
      <BeginCommands commands={[{ ...presetCommand('no-known-allergies'), commit: true }]} label="No known allergies" />
      <BeginCommands commands={[{ command: 'allergy' }]} label="Add an allergy" />
    </span>
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
          {noneKnownOf(allergy) && <Badge tone="ok">asked</Badge>}
          {type === 'intolerance' && <Badge>intolerance</Badge>}
          {isSevere(allergy) && <Badge tone="danger">severe</Badge>}
          <Day date={onsetDateTime ?? recordedDate} />
        </>
      }
    />
  );
}
