// What the patient has, and had.

import type { Condition } from '@medplum/fhirtypes';
import { ICD10CM } from '@chartwire/sdk/internal/kit/systems';
import { codeText, conceptText } from '../fhir/words.ts';
import { Badge } from '../ui/badge.tsx';
import { Day } from '../ui/time.tsx';
import { recordsOf } from './chart-data.ts';
import { useLooking } from './opened.tsx';
import { Past, Row } from './row.tsx';
import { Section } from './section.tsx';
import { Entry } from '../ui/entry.tsx';

const OVER = ['resolved', 'inactive', 'remission'];

export function isOver({ clinicalStatus, verificationStatus }: Condition): boolean {
  const verified = codeText(verificationStatus?.coding);
  return OVER.includes(codeText(clinicalStatus?.coding) ?? '') || verified === 'refuted';
}

export function Conditions() {
  const { chart } = useLooking();
  const conditions = recordsOf(chart, 'Condition');
  const present = conditions.filter((condition) => !isOver(condition));
  const past = conditions.filter(isOver);
  return (
    <Section
      name="conditions"
      title="Conditions"
      digit="1"
      count={conditions.length}
      types={['Condition']}
      empty="None recorded. A Diagnose in a note adds one."
    >
      <ul>
        {present.map((condition) => (
          <Entry key={condition.id} of={condition}>
            {() => <Line condition={condition} />}
          </Entry>
        ))}
      </ul>
      {past.length > 0 && (
        <Past label={`${past.length} resolved`}>
          {() =>
            past.map((condition) => (
              <Entry key={condition.id} of={condition}>
                {() => <Line condition={condition} faded />}
              </Entry>
            ))
          }
        </Past>
      )}
    </Section>
  );
}

function Line({ condition, faded }: { readonly condition: Condition; readonly faded?: boolean }) {
  const { open } = useLooking();
  const { id = '', code, clinicalStatus, onsetDateTime, abatementDateTime, recordedDate } = condition;
  const status = codeText(clinicalStatus?.coding);
  const icd10 = code?.coding?.find(({ system }) => system === ICD10CM)?.code;
  const since = onsetDateTime ?? recordedDate;
  return (
    <Row
      onOpen={() => open({ type: 'Condition', id })}
      main={conceptText(code) || 'Unnamed condition'}
      {...(faded && { faded })}
      aside={
        <>
          {status !== undefined && !['active', 'resolved'].includes(status) && <Badge>{status}</Badge>}
          {icd10 && <span>{icd10}</span>}
          <span className="w-22 text-right">
            <Day date={faded ? (abatementDateTime ?? since) : since} />
          </span>
        </>
      }
    />
  );
}
