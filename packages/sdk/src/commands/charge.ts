// Charges for something done in a visit.

import type { ChargeItem, CodeableConcept } from '@medplum/fhirtypes';
import type { CommandDesk } from '#kit/command-desk.ts';
import { filled } from '#kit/filled.ts';
import { CPT, HCPCS } from '#kit/systems.ts';
import { newChargeItem } from '#records/new-charge-item.ts';

/** One line with the billing codes of what was done; none if it has no such code. */
export function writeCharge(
  desk: CommandDesk,
  { coding = [], text }: CodeableConcept,
  service: NonNullable<ChargeItem['service']>[number],
): void {
  const billed = coding.filter(({ system }) => system === HCPCS || system === CPT);
  if (billed.length === 0) return;
  desk.draft.create(
    newChargeItem({
      code: filled({ coding: billed, text }),
      patient: desk.subject.reference,
      encounter: desk.encounter?.reference,
      service: [service],
      at: desk.at,
    }),
  );
}
