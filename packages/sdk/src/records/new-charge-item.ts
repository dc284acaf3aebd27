// A new billing line, shared by all writers: a clinician's command, or a plugin's effect.

import type { ChargeItem, CodeableConcept } from '@medplum/fhirtypes';
import { filled } from '#kit/filled.ts';
import { EXTENSION } from '#kit/systems.ts';

export interface NewChargeItem {
  readonly code: CodeableConcept;
  /** `Patient/1` */
  readonly patient: string;
  /** `Encounter/1` */
  readonly encounter?: string;
  readonly units?: number;
  /** Of two letters or digits, in order. */
  readonly modifiers?: readonly string[];
  /** What was done. */
  readonly service?: ChargeItem['service'];
  /** Ids of the conditions that justify it. */
  readonly conditions?: readonly string[];
  /** ISO 8601. */
  readonly at: string;
}

export function newChargeItem(line: NewChargeItem): ChargeItem {
  return filled<ChargeItem>({
    resourceType: 'ChargeItem',
    extension: line.modifiers?.map((valueCode) => ({ url: EXTENSION.billingModifier, valueCode })),
    status: 'billable',
    code: line.code,
    subject: { reference: line.patient },
    context: line.encounter ? { reference: line.encounter } : undefined,
    quantity: { value: line.units ?? 1 },
    enteredDate: line.at,
    service: line.service,
    supportingInformation: line.conditions?.map((id) => ({ reference: `Condition/${id}` })),
  });
}
