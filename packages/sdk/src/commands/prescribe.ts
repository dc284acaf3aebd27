// Prescribe: an order for a medication.

import type { MedicationRequest, MedicationStatement } from '@medplum/fhirtypes';
import { Type } from 'typebox';
import { defineCommand } from '#kit/command-kind.ts';
import { filled } from '#kit/filled.ts';
import { choice, Option, text } from '#kit/schema.ts';
import { EXTENSION, ICD10CM, RXNORM, UCUM } from '#kit/systems.ts';
import { conceptOf } from './concepts.ts';
import { diagnosisCodes } from './diagnosis-codes.ts';
import { maybeNamed, namedRecord } from './named-record.ts';
import { Compound, prescribedMedication, quantityToDispense, TypeToDispense } from './prescribed-medication.ts';
import { pharmacy } from './organizations.ts';
import { practitioner } from './staff.ts';
import { annotations, visitOf } from './visit.ts';

const DAYS = { unit: 'days', system: UCUM, code: 'd' } as const;

export const Prescribe = defineCommand(
  {
    key: 'prescribe',
    prefix: 'PRESCRIBE',
    label: 'Prescribe',
    paper: 'Prescription',
    summary: 'An order for a medication: one of prescribe, compoundMedicationId and compoundMedicationData.',
    review: true,
    actions: ['review', 'make-changes', 'sign', 'send'],
    fields: {
      prescribe: {
        label: 'Medication',
        schema: Option,
        needed: { unless: ['compoundMedicationId', 'compoundMedicationData'] },
        search: { from: 'terms', systems: [RXNORM], words: true },
      },
      indications: diagnosisCodes(2),
      sig: { label: 'Sig', schema: text(1000), needed: true },
      daysSupply: { label: 'Days’ supply', schema: Type.Integer({ minimum: 1, maximum: 999 }), unit: 'd' },
      quantityToDispense: { label: 'Quantity', schema: Type.Number({ minimum: 0.001, maximum: 99_999 }), needed: true },
      typeToDispense: { label: 'Unit', schema: TypeToDispense, needed: true },
      refills: { label: 'Refills', schema: Type.Integer({ minimum: 0, maximum: 99 }), needed: true },
      substitutions: { label: 'Substitutions', schema: choice(['allowed', 'not_allowed']), needed: true },
      pharmacy: { label: 'Pharmacy', ...pharmacy },
      prescriber: { label: 'Prescriber', ...practitioner, needed: true, initial: 'author' },
      supervisingProvider: { label: 'Supervising provider', ...practitioner },
      noteToPharmacist: { label: 'Note to pharmacist', schema: text(210) },
      compoundMedicationId: { label: 'Compound medication', schema: text(64) },
      compoundMedicationData: { label: 'New compound medication', schema: Compound },
    },
  },
  async (values, desk) => {
    const { subject, encounter, author } = visitOf(desk);
    const medication = await prescribedMedication(desk, values);
    const indications = values.indications?.map((option) => conceptOf(option, ICD10CM)) ?? [];
    const supervisor = await maybeNamed(desk, 'supervisingProvider', values.supervisingProvider, ['Practitioner']);
    const request = desk.draft.create(
      filled<MedicationRequest>({
        resourceType: 'MedicationRequest',
        extension: supervisor && [{ url: EXTENSION.supervisingProvider, valueReference: supervisor }],
        status: 'active',
        intent: 'order',
        ...medication,
        subject,
        encounter,
        authoredOn: desk.at,
        requester: await namedRecord(desk, 'prescriber', values.prescriber, ['Practitioner']),
        recorder: author,
        reasonCode: indications,
        note: annotations(desk, values.noteToPharmacist),
        dosageInstruction: [{ text: values.sig }],
        dispenseRequest: filled({
          numberOfRepeatsAllowed: values.refills,
          quantity: quantityToDispense(values),
          expectedSupplyDuration: values.daysSupply ? { ...DAYS, value: values.daysSupply } : undefined,
          performer: await maybeNamed(desk, 'pharmacy', values.pharmacy, ['Organization']),
        }),
        substitution: { allowedBoolean: values.substitutions === 'allowed' },
      }),
    );
    desk.draft.create(
      filled<MedicationStatement>({
        resourceType: 'MedicationStatement',
        status: 'active',
        ...medication,
        subject,
        context: encounter,
        effectivePeriod: { start: desk.today },
        dateAsserted: desk.at,
        derivedFrom: [{ reference: `MedicationRequest/${request.id}` }],
        reasonCode: indications,
        dosage: [{ text: values.sig }],
      }),
    );
  },
);
