// A condition reviewed in a visit: the ClinicalImpression that raises CONDITION_ASSESSED.

import type { ClinicalImpression, CodeableConcept, Condition, Reference } from '@medplum/fhirtypes';
import type { CommandDesk } from '#kit/command-desk.ts';
import { filled } from '#kit/filled.ts';
import { visitOf } from './visit.ts';

interface Impression {
  readonly condition: Reference<Condition>;
  /** How it came about. */
  readonly background?: string;
  readonly finding?: CodeableConcept;
  readonly summary?: string;
}

export function writeImpression(desk: CommandDesk, { condition, background, finding, summary }: Impression): void {
  const { subject, encounter, author } = visitOf(desk);
  desk.draft.create(
    filled<ClinicalImpression>({
      resourceType: 'ClinicalImpression',
      status: 'completed',
      description: background,
      subject,
      encounter,
      effectiveDateTime: desk.at,
      date: desk.at,
      assessor: author,
      problem: [condition],
      summary,
      finding: finding && [{ itemCodeableConcept: finding }],
    }),
  );
}
