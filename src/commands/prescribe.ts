// Prescribe: an order for a medication.

import { Type } from 'typebox';
import { defineCommand } from '#kit/command-kind.ts';
import { choice, closed, Option, text } from '#kit/schema.ts';
import { RXNORM } from '#kit/systems.ts';
import { diagnosisCodes } from './diagnosis-codes.ts';
import { practitioner } from './staff.ts';

/** In what the quantity is counted, for the pharmacy: NDC of a representative package and NCPDP qualifier (C48542: tablet). */
const TypeToDispense = closed({
  representativeNdc: Type.String({ pattern: '^\\d{10,11}$' }),
  ncpdpQuantityQualifierCode: Type.String({ pattern: '^C\\d+$' }),
  display: Type.Optional(text(200)),
});

const Compound = closed({
  formulation: text(105),
  potencyUnitCode: Type.String({ pattern: '^C\\d+$' }),
  controlledSubstance: choice(['N', 'II', 'III', 'IV', 'V'], 'DEA schedule; N for none'),
  controlledSubstanceNdc: Type.Optional(Type.String({ pattern: '^\\d{10,11}$' })),
  active: Type.Optional(Type.Boolean()),
});

export const Prescribe = defineCommand({
  key: 'prescribe',
  prefix: 'PRESCRIBE',
  label: 'Prescribe',
  summary: 'An order for a medication: one of prescribe, compoundMedicationId and compoundMedicationData.',
  review: true,
  actions: ['review', 'make-changes', 'sign', 'send'],
  fields: {
    prescribe: {
      label: 'Medication',
      schema: Option,
      needed: { unless: ['compoundMedicationId', 'compoundMedicationData'] },
      search: { from: 'terms', systems: [RXNORM] },
    },
    indications: diagnosisCodes(2),
    sig: { label: 'Sig', schema: text(1000), needed: true },
    daysSupply: { label: 'Days’ supply', schema: Type.Integer({ minimum: 1, maximum: 999 }), unit: 'd' },
    quantityToDispense: { label: 'Quantity', schema: Type.Number({ exclusiveMinimum: 0 }), needed: true },
    typeToDispense: { label: 'Unit', schema: TypeToDispense, needed: true },
    refills: { label: 'Refills', schema: Type.Integer({ minimum: 0, maximum: 99 }), needed: true },
    substitutions: { label: 'Substitutions', schema: choice(['allowed', 'not_allowed']), needed: true },
    pharmacy: { label: 'Pharmacy', schema: Option, search: { from: 'records', types: ['Organization'] } },
    prescriber: { label: 'Prescriber', ...practitioner, needed: true, initial: 'author' },
    supervisingProvider: { label: 'Supervising provider', ...practitioner },
    noteToPharmacist: { label: 'Note to pharmacist', schema: text(210) },
    compoundMedicationId: { label: 'Compound medication', schema: text(64) },
    compoundMedicationData: { label: 'New compound medication', schema: Compound },
  },
});
