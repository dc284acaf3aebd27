// Medication Statement: what the patient reports taking.

import type { MedicationStatement as R4MedicationStatement } from '@medplum/fhirtypes';
import { defineCommand } from '#kit/command-kind.ts';
import { filled } from '#kit/filled.ts';
import { Option, PartialDate, text } from '#kit/schema.ts';
import { RXNORM } from '#kit/systems.ts';
import { conceptOf } from './concepts.ts';
import { refuseOutsideLife } from './days.ts';
import { visitOf } from './visit.ts';

export const MedicationStatement = defineCommand(
  {
    key: 'medicationStatement',
    prefix: 'MEDICATION_STATEMENT',
    label: 'Medication Statement',
    summary: 'A medication the patient takes, whoever prescribed it.',
    fields: {
      medication: {
        label: 'Medication',
        schema: Option,
        needed: true,
        search: { from: 'terms', systems: [RXNORM], words: true },
      },
      sig: { label: 'Sig', schema: text(1000) },
      approximateStartDate: { label: 'Since', schema: PartialDate },
    },
  },
  async ({ medication, sig, approximateStartDate: start }, desk) => {
    await refuseOutsideLife(desk, 'approximateStartDate', start);
    const { subject, encounter } = visitOf(desk);
    desk.draft.create(
      filled<R4MedicationStatement>({
        resourceType: 'MedicationStatement',
        status: 'active',
        medicationCodeableConcept: conceptOf(medication, RXNORM),
        subject,
        context: encounter,
        effectivePeriod: start ? { start } : undefined,
        dateAsserted: desk.at,
        dosage: sig ? [{ text: sig }] : [],
      }),
    );
  },
);
