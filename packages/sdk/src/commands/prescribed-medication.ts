// What is prescribed, and its unit: a drug by its code, or a compound made by the pharmacy.

import type { Medication, MedicationRequest, Quantity } from '@medplum/fhirtypes';
import { type Static, Type } from 'typebox';
import type { CommandDesk } from '#kit/command-desk.ts';
import { filled } from '#kit/filled.ts';
import { copyLiteral } from '#kit/json/literals.ts';
import { choice, closed, type Option, text } from '#kit/schema.ts';
import { EXTENSION, NCIT, NDC, RXNORM } from '#kit/systems.ts';
import { conceptOf } from './concepts.ts';

/** Unit of the quantity for the pharmacy: NCPDP qualifier (C48542: tablet), and NDC of a representative package. */
export const TypeToDispense = closed({
  representativeNdc: Type.Optional(Type.String({ pattern: '^\\d{10,11}$' })),
  ncpdpQuantityQualifierCode: Type.String({
    pattern: '^C\\d+$',
    description: 'NCPDP code of the unit, such as C48542 for tablets.',
  }),
  display: Type.Optional(text(200)),
});
type TypeToDispense = Static<typeof TypeToDispense>;

export const Compound = closed({
  formulation: text(105),
  potencyUnitCode: Type.String({ pattern: '^C\\d+$' }),
  controlledSubstance: choice(['N', 'II', 'III', 'IV', 'V'], 'DEA schedule; N for none'),
  controlledSubstanceNdc: Type.Optional(Type.String({ pattern: '^\\d{10,11}$' })),
  active: Type.Optional(Type.Boolean()),
});
type Compound = Static<typeof Compound>;

interface Prescribed {
  readonly prescribe?: Option;
  readonly compoundMedicationId?: string;
  readonly compoundMedicationData?: Compound;
  readonly typeToDispense: TypeToDispense;
}

/** The medication[x] of a request and of the list. Requires exactly one medication. */
export async function prescribedMedication(
  desk: CommandDesk,
  { prescribe, compoundMedicationId: id, compoundMedicationData: data, typeToDispense }: Prescribed,
): Promise<Pick<MedicationRequest, 'medicationCodeableConcept' | 'medicationReference'>> {
  if ([prescribe, id, data].filter((one) => one !== undefined).length !== 1) {
    throw desk.refused('prescribe', 'Name one medication: a drug, a known compound or a new compound.');
  }
  if (prescribe) return { medicationCodeableConcept: drug(prescribe, typeToDispense) };
  if (data) {
    const { id: made } = desk.draft.create(compound(data));
    return { medicationReference: { reference: `Medication/${made}`, display: data.formulation } };
  }
  const known = await desk.chosen('Medication', 'compoundMedicationId', { value: id!, text: id! });
  if ((known.status ?? 'active') === 'active') return { medicationReference: { reference: `Medication/${known.id}` } };
  throw desk.refused('compoundMedicationId', `This compound is ${known.status}: name an active one.`);
}

/** Includes the representative package, if given, which identifies the product to the pharmacy. A compound has none. */
function drug(option: Option, { representativeNdc }: TypeToDispense) {
  const { coding = [], text: shown } = conceptOf(option, RXNORM);
  const packaged = representativeNdc ? [{ system: NDC, code: representativeNdc }] : [];
  return filled({ coding: [...coding, ...packaged], text: shown });
}

function compound({ formulation, potencyUnitCode, controlledSubstance, controlledSubstanceNdc, active }: Compound) {
  return filled<Medication>({
    resourceType: 'Medication',
    extension: [{ url: EXTENSION.controlledSubstance, valueCode: controlledSubstance }],
    code: filled({
      coding: controlledSubstanceNdc ? [{ system: NDC, code: controlledSubstanceNdc }] : [],
      text: formulation,
    }),
    status: active === false ? 'inactive' : 'active',
    form: { coding: [{ system: NCIT, code: potencyUnitCode }] },
  });
}

/** Keeps the digits as written. */
export function quantityToDispense(values: {
  readonly quantityToDispense: number;
  readonly typeToDispense: TypeToDispense;
}): Quantity {
  const { ncpdpQuantityQualifierCode: code, display: unit } = values.typeToDispense;
  const quantity = filled<Quantity>({ value: values.quantityToDispense, unit, system: NCIT, code });
  return copyLiteral(quantity, 'value', values, 'quantityToDispense');
}
