// Refuses conditions and allergies that a command no longer applies to.

import type { AllergyIntolerance, Condition } from '@medplum/fhirtypes';
import type { CommandDesk } from '#kit/command-desk.ts';
import { ALLERGY_CLINICAL, ALLERGY_VERIFICATION, CONDITION_CLINICAL, CONDITION_VERIFICATION } from '#kit/systems.ts';
import { hasCoding } from '#records/codings.ts';

const MISTAKEN: ReadonlySet<string> = new Set(['refuted', 'entered-in-error']);
/** An inactive condition may still be resolved. */
const RESOLVED: ReadonlySet<string> = new Set(['resolved']);
const INACTIVE: ReadonlySet<string> = new Set(['inactive', 'resolved']);

/** Refuses a record entered in error or refuted. */
export function refuseMistaken(desk: CommandDesk, field: string, record: Condition | AllergyIntolerance): void {
  const system = record.resourceType === 'Condition' ? CONDITION_VERIFICATION : ALLERGY_VERIFICATION;
  if (!hasCoding(record.verificationStatus, system, MISTAKEN)) return;
  throw desk.refused(field, 'This was refuted or entered in error: pick another.');
}

/** Refuses a record that has already ended, since nothing would change. */
export function refuseEnded(desk: CommandDesk, field: string, record: Condition | AllergyIntolerance): void {
  const ended =
    record.resourceType === 'Condition'
      ? hasCoding(record.clinicalStatus, CONDITION_CLINICAL, RESOLVED)
      : hasCoding(record.clinicalStatus, ALLERGY_CLINICAL, INACTIVE);
  if (ended) throw desk.refused(field, 'This is already over: pick an active one.');
}
