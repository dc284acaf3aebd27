// The medication list: what is taken, with the prescription behind it where there is one.

import type { CodeableConcept, MedicationRequest, MedicationStatement, Reference } from '@medplum/fhirtypes';
import { conceptText } from '../fhir/words.ts';
import { type Chart, recordsOf } from './chart-data.ts';

export interface Taken {
  readonly record: MedicationStatement | MedicationRequest;
  readonly id: string;
  readonly name: string;
  readonly sig: string;
  /** When it began, or was said or prescribed. */
  readonly since: string | undefined;
  readonly ended: string | undefined;
  readonly current: boolean;
  /** The prescription behind a line of the list. */
  readonly prescription?: MedicationRequest;
}

export function medicationsOf(chart: Chart): readonly Taken[] {
  const requests = recordsOf(chart, 'MedicationRequest');
  const statements = recordsOf(chart, 'MedicationStatement');
  const behind = new Map(
    statements.flatMap((statement) =>
      [...(statement.basedOn ?? []), ...(statement.derivedFrom ?? [])].flatMap(({ reference }) => {
        const request = requests.find(({ id }) => reference === `MedicationRequest/${id}`);
        return request ? [[statement.id, request] as const] : [];
      }),
    ),
  );
  const shown = new Set(behind.values());
  return [
    ...statements.map((statement) => listed(statement, behind.get(statement.id))),
    ...requests.filter((request) => !shown.has(request)).map(prescribed),
  ];
}

function listed(statement: MedicationStatement, prescription: MedicationRequest | undefined): Taken {
  const { id = '', status, dosage, effectivePeriod, effectiveDateTime, dateAsserted } = statement;
  return {
    record: statement,
    id,
    name: medicationName(statement),
    sig: dosage?.[0]?.text ?? prescription?.dosageInstruction?.[0]?.text ?? '',
    since: effectivePeriod?.start ?? effectiveDateTime ?? dateAsserted,
    ended: effectivePeriod?.end,
    current: ['active', 'intended', 'on-hold', 'unknown'].includes(status ?? ''),
    ...(prescription && { prescription }),
  };
}

function prescribed(request: MedicationRequest): Taken {
  const { id = '', status, dosageInstruction, authoredOn } = request;
  return {
    record: request,
    id,
    name: medicationName(request),
    sig: dosageInstruction?.[0]?.text ?? '',
    since: authoredOn,
    ended: undefined,
    current: ['active', 'draft', 'on-hold', 'unknown'].includes(status ?? ''),
  };
}

interface Medicated {
  readonly medicationCodeableConcept?: CodeableConcept;
  readonly medicationReference?: Reference;
  readonly contained?: MedicationRequest['contained'];
}

export function medicationName({ medicationCodeableConcept, medicationReference, contained }: Medicated): string {
  const inside = contained?.find(({ id }) => medicationReference?.reference === `#${id}`);
  const code = inside?.resourceType === 'Medication' ? inside.code : medicationCodeableConcept;
  return conceptText(code) || medicationReference?.display || 'Unnamed medication';
}
