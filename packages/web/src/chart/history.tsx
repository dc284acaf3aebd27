// What was: the family's diseases, procedures, and how the patient lives.

import type { FamilyMemberHistory, Observation } from '@medplum/fhirtypes';
import { resultText } from '@chartwire/sdk/internal/records/result-text';
import { conceptText, quantityText } from '../fhir/words.ts';
import { Day } from '../ui/time.tsx';
import { recordsOf } from './chart-data.ts';
import { useLooking } from './opened.tsx';
import { codeOf, hasCategory, whenOf } from './readings.ts';
import { Past, Row } from './row.tsx';
import { Section } from './section.tsx';
import { Entry } from '../ui/entry.tsx';

const OPEN = 5;

export function History() {
  const { chart, open } = useLooking();
  const relatives = recordsOf(chart, 'FamilyMemberHistory');
  const procedures = recordsOf(chart, 'Procedure').filter(({ status }) => status !== 'not-done');
  const scored = new Set(chart.scores?.map(({ code, interview }) => `${code} ${interview}`));
  const findings = latestOfEach(recordsOf(chart, 'Observation').filter((one) => !isScored(one, scored)));
  const line = (procedure: (typeof procedures)[number]) => (
    <Entry key={procedure.id} of={procedure}>
      {() => (
        <Row
          onOpen={() => open({ type: 'Procedure', id: procedure.id })}
          main={conceptText(procedure.code) || 'Unnamed procedure'}
          aside={<Day date={procedure.performedDateTime ?? procedure.performedPeriod?.start} />}
        />
      )}
    </Entry>
  );
  return (
    <Section
      name="history"
      title="Family, procedures, social history"
      count={relatives.length + procedures.length + findings.length}
      types={['FamilyMemberHistory', 'Procedure', 'Observation']}
      empty="Nothing recorded. Family history and Perform in a note add to it."
    >
      <ul>
        {relatives.map((relative) => (
          <Entry key={relative.id} of={relative}>
            {() => (
              <Row
                onOpen={() => open({ type: 'FamilyMemberHistory', id: relative.id })}
                main={capital(conceptText(relative.relationship) || 'Relative')}
                below={relativeText(relative)}
              />
            )}
          </Entry>
        ))}
        {findings.map((finding) => (
          <Entry key={finding.id} of={finding}>
            {() => (
              <Row
                onOpen={() => open({ type: 'Observation', id: finding.id })}
                main={conceptText(finding.code) || 'Unnamed finding'}
                below={resultText(finding)}
                aside={<Day date={whenOf(finding)} />}
              />
            )}
          </Entry>
        ))}
        {procedures.slice(0, OPEN).map(line)}
      </ul>
      {procedures.length > OPEN && (
        <Past label={`${procedures.length - OPEN} older procedures`}>{() => procedures.slice(OPEN).map(line)}</Past>
      )}
    </Section>
  );
}

/** A score that is shown with its questionnaire. */
function isScored({ code, derivedFrom = [] }: Observation, scored: ReadonlySet<string>): boolean {
  return (code.coding ?? []).some((coding) =>
    derivedFrom.some(({ reference }) =>
      scored.has(`${coding.code} ${reference?.replace('QuestionnaireResponse/', '')}`),
    ),
  );
}

/** Social history and scores of other questionnaires: what was said last. */
function latestOfEach<O extends Observation>(observations: readonly O[]): readonly O[] {
  const of = observations.filter(
    ({ category }) => hasCategory(category, 'social-history') || hasCategory(category, 'survey'),
  );
  return of.filter((one, index) => of.findIndex((other) => codeOf(other) === codeOf(one)) === index);
}

export function relativeText({ condition = [], deceasedBoolean }: FamilyMemberHistory): string {
  const conditions = condition.map(({ code, onsetAge, onsetString }) => {
    const age = onsetAge ? `at ${quantityText(onsetAge)}` : onsetString;
    return [conceptText(code), age].filter(Boolean).join(' ');
  });
  return [conditions.join('; '), deceasedBoolean && 'deceased'].filter(Boolean).join(' · ');
}

function capital(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
