// Medication Statement, Prescribe, Stop Medication.

import { EXTENSION, ICD10CM, NCIT, NDC, RXNORM, UCUM } from '#kit/systems.ts';
import { DOCTOR, NOW, P1, TODAY, VISIT } from '../practice.ts';
import { type Case, coded, icd10, type RefusalCase, record, rxnorm } from './case.ts';

const LISINOPRIL = rxnorm('314076', 'lisinopril 10 MG Oral Tablet');
const ORDER = {
  sig: 'One tablet a day',
  quantityToDispense: 90,
  typeToDispense: { representativeNdc: '00071022223', ncpdpQuantityQualifierCode: 'C48542', display: 'Tablet' },
  refills: 3,
  substitutions: 'allowed',
  prescriber: record('d1'),
};
const COMPOUND = { formulation: 'Lidocaine 2 % gel', potencyUnitCode: 'C48155', controlledSubstance: 'N' };

export const MEDICATIONS: readonly Case[] = [
  {
    command: 'medicationStatement',
    rule: 'puts a medication on the list',
    fields: { medication: LISINOPRIL, sig: 'One a day' },
    writes: [
      {
        resourceType: 'MedicationStatement',
        status: 'active',
        medicationCodeableConcept: coded(RXNORM, '314076'),
        subject: P1,
        context: VISIT,
        dateAsserted: NOW,
        dosage: [{ text: 'One a day' }],
      },
    ],
    events: ['MEDICATION_LIST_ITEM_CREATED'],
  },
  {
    command: 'medicationStatement',
    rule: 'says since when as well as it is known',
    fields: { medication: LISINOPRIL, approximateStartDate: '2019-03' },
    writes: [{ resourceType: 'MedicationStatement', effectivePeriod: { start: '2019-03' } }],
    events: ['MEDICATION_LIST_ITEM_CREATED'],
  },
  {
    command: 'medicationStatement',
    rule: 'takes what no code system knows in words',
    fields: { medication: { value: 'turmeric', text: 'Turmeric' } },
    writes: [{ resourceType: 'MedicationStatement', medicationCodeableConcept: { text: 'Turmeric' } }],
    events: ['MEDICATION_LIST_ITEM_CREATED'],
  },
  {
    command: 'prescribe',
    rule: 'is an order, and an item on the list that derives from it',
    fields: {
      ...ORDER,
      prescribe: LISINOPRIL,
      indications: [icd10('I10', 'Essential (primary) hypertension')],
      daysSupply: 90,
      pharmacy: record('pharmacy'),
      supervisingProvider: record('d2'),
      noteToPharmacist: 'Large print',
    },
    writes: [
      {
        resourceType: 'MedicationRequest',
        status: 'active',
        intent: 'order',
        medicationCodeableConcept: {
          coding: [
            { system: RXNORM, code: '314076' },
            { system: NDC, code: '00071022223' },
          ],
        },
        extension: [{ url: EXTENSION.supervisingProvider, valueReference: { reference: 'Practitioner/d2' } }],
        subject: P1,
        encounter: VISIT,
        authoredOn: NOW,
        requester: DOCTOR,
        reasonCode: [coded(ICD10CM, 'I10')],
        note: [{ text: 'Large print' }],
        dosageInstruction: [{ text: ORDER.sig }],
        dispenseRequest: {
          numberOfRepeatsAllowed: 3,
          quantity: { value: 90, unit: 'Tablet', system: NCIT, code: 'C48542' },
          expectedSupplyDuration: { value: 90, system: UCUM, code: 'd' },
          performer: { reference: 'Organization/pharmacy' },
        },
        substitution: { allowedBoolean: true },
      },
      {
        resourceType: 'MedicationStatement',
        status: 'active',
        subject: P1,
        effectivePeriod: { start: TODAY },
        dosage: [{ text: ORDER.sig }],
      },
    ],
    events: ['PRESCRIPTION_CREATED', 'MEDICATION_LIST_ITEM_CREATED'],
  },
  {
    command: 'prescribe',
    rule: 'of a new compound makes the compound too, and without refills says so',
    fields: {
      ...ORDER,
      refills: 0,
      substitutions: 'not_allowed',
      compoundMedicationData: { ...COMPOUND, controlledSubstanceNdc: '00071022224' },
    },
    writes: [
      {
        resourceType: 'Medication',
        status: 'active',
        extension: [{ url: EXTENSION.controlledSubstance, valueCode: 'N' }],
        code: { ...coded(NDC, '00071022224'), text: 'Lidocaine 2 % gel' },
        form: coded(NCIT, 'C48155'),
      },
      {
        resourceType: 'MedicationRequest',
        medicationReference: { display: 'Lidocaine 2 % gel' },
        dispenseRequest: { numberOfRepeatsAllowed: 0 },
        substitution: { allowedBoolean: false },
      },
      { resourceType: 'MedicationStatement', medicationReference: { display: 'Lidocaine 2 % gel' } },
    ],
    events: ['MEDICATION_CREATED', 'PRESCRIPTION_CREATED', 'MEDICATION_LIST_ITEM_CREATED'],
  },
  {
    command: 'prescribe',
    rule: 'takes a drug in words, of no package',
    fields: {
      ...ORDER,
      typeToDispense: { ncpdpQuantityQualifierCode: 'C48542' },
      prescribe: { value: 'Willow bark tea', text: 'Willow bark tea' },
    },
    writes: [
      { resourceType: 'MedicationRequest', medicationCodeableConcept: { text: 'Willow bark tea' } },
      { resourceType: 'MedicationStatement', medicationCodeableConcept: { text: 'Willow bark tea' } },
    ],
    events: ['PRESCRIPTION_CREATED', 'MEDICATION_LIST_ITEM_CREATED'],
  },
  {
    command: 'prescribe',
    rule: 'takes a compound that is known',
    fields: { ...ORDER, compoundMedicationId: 'mouthwash' },
    writes: [
      { resourceType: 'MedicationRequest', medicationReference: { reference: 'Medication/mouthwash' } },
      { resourceType: 'MedicationStatement', medicationReference: { reference: 'Medication/mouthwash' } },
    ],
    events: ['PRESCRIPTION_CREATED', 'MEDICATION_LIST_ITEM_CREATED'],
  },
  {
    command: 'stopMedication',
    rule: 'ends the medication and the prescription behind it',
    fields: { medication: record('lisinopril'), rationale: 'Cough' },
    writes: [
      {
        resourceType: 'MedicationStatement',
        id: 'lisinopril',
        status: 'stopped',
        statusReason: [{ text: 'Cough' }],
        effectivePeriod: { start: '2026-01-01', end: NOW },
      },
      { resourceType: 'MedicationRequest', id: 'order', status: 'stopped', statusReason: { text: 'Cough' } },
    ],
    events: ['MEDICATION_LIST_ITEM_UPDATED', 'PRESCRIPTION_UPDATED'],
  },
  {
    command: 'stopMedication',
    rule: 'ends what was yet to start where it would have started',
    fields: { medication: record('planned') },
    writes: [
      {
        resourceType: 'MedicationStatement',
        id: 'planned',
        status: 'stopped',
        effectivePeriod: { start: '2026-10-01', end: '2026-10-01' },
      },
    ],
    events: ['MEDICATION_LIST_ITEM_UPDATED'],
  },
];

export const MEDICATION_REFUSALS: readonly RefusalCase[] = [
  {
    command: 'prescribe',
    rule: 'two medications at once',
    fields: { ...ORDER, prescribe: LISINOPRIL, compoundMedicationData: COMPOUND },
    at: 'prescribe',
    says: /one medication/,
  },
  {
    command: 'prescribe',
    rule: 'no medication at all',
    fields: ORDER,
    at: 'prescribe',
    says: /needed/,
  },
  {
    command: 'prescribe',
    rule: 'a compound that is not made any more',
    fields: { ...ORDER, compoundMedicationId: 'withdrawn' },
    at: 'compoundMedicationId',
    says: /inactive/,
  },
  {
    command: 'prescribe',
    rule: 'a prescriber who does not exist',
    fields: { ...ORDER, prescribe: LISINOPRIL, prescriber: record('nobody') },
    at: 'prescriber',
    says: /does not exist/,
  },
  ...[1e300, 100_000, 0, 1e-300].map((quantityToDispense) => ({
    command: 'prescribe' as const,
    rule: `a quantity of ${quantityToDispense}`,
    fields: { ...ORDER, prescribe: LISINOPRIL, quantityToDispense },
    at: 'quantityToDispense',
    says: quantityToDispense > 1 ? /at most 99999/ : /at least 0\.001/,
  })),
  ...[0, 1000, 1.5].map((daysSupply) => ({
    command: 'prescribe' as const,
    rule: `a supply for ${daysSupply} days`,
    fields: { ...ORDER, prescribe: LISINOPRIL, daysSupply },
    at: 'daysSupply',
    says: /must be a whole number from 1 to 999 \(days\)/,
  })),
  ...[-1, 100].map((refills) => ({
    command: 'prescribe' as const,
    rule: `${refills} refills`,
    fields: { ...ORDER, prescribe: LISINOPRIL, refills },
    at: 'refills',
    says: refills > 99 ? /must be at most 99/ : /must be at least 0/,
  })),
  {
    command: 'prescribe',
    rule: 'a third indication',
    fields: {
      ...ORDER,
      prescribe: LISINOPRIL,
      indications: ['I10', 'E11.9', 'I50.9'].map((code) => icd10(code, code)),
    },
    at: 'indications',
    says: /2 items/,
  },
  {
    command: 'stopMedication',
    rule: 'a medication of another patient',
    fields: { medication: record('foreign') },
    at: 'medication',
    says: /another patient/,
  },
  {
    command: 'stopMedication',
    rule: 'a medication that is stopped',
    fields: { medication: record('ended') },
    at: 'medication',
    says: /is stopped/,
  },
];
