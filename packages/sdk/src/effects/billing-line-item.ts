// Billing line items: what is billed for a visit.

import type { ChargeItem, Extension } from '@medplum/fhirtypes';
import { Type } from 'typebox';
import type { Draft } from '#kit/draft.ts';
import { parseReference } from '#kit/ids.ts';
import { closed, fhirId, text } from '#kit/schema.ts';
import { EXTENSION } from '#kit/systems.ts';
import { billingSystem } from '#records/billing-code.ts';
import { newChargeItem } from '#records/new-charge-item.ts';
import { defineEffect, needs } from './definition.ts';
import { existing, ofPatient, refused } from './existing.ts';

const Units = Type.Integer({ minimum: 1, maximum: 9999 });
const Modifiers = Type.Array(Type.String({ pattern: '^[A-Z0-9]{2}$' }), {
  maxItems: 4,
  uniqueItems: true,
  description: 'of two letters or digits, in order',
});
const Conditions = Type.Array(fhirId('of a Condition of the patient'), { maxItems: 12, uniqueItems: true });
const LineItem = fhirId('of the line');

export const AddBillingLineItem = defineEffect({
  type: 'ADD_BILLING_LINE_ITEM',
  summary: 'Bills a code.',
  writes:
    'A billable ChargeItem: units in quantity, modifiers in an extension, the conditions that justify it in supportingInformation.',
  payload: closed({
    patient: fhirId('who was treated'),
    encounter: Type.Optional(fhirId('of the visit')),
    code: text(20),
    system: Type.Optional(
      text(255, 'if not given, detected from the form of the code: CPT for 99213 or 0042T, HCPCS Level II for J1885'),
    ),
    display: Type.Optional(text(1000)),
    units: Type.Optional(Units),
    modifiers: Type.Optional(Modifiers),
    conditions: Type.Optional(Conditions),
  }),
  example: { patient: 'p1', encounter: 'e1', code: 'G0444', units: 1, modifiers: ['25'], conditions: ['c1'] },
  scopes: () => needs('ChargeItem', 'c'),
  async apply(
    { patient, encounter, code, system = billingSystem(code), display, units, modifiers, conditions = [] },
    draft,
  ) {
    if (encounter) await ofPatient(draft, 'ADD_BILLING_LINE_ITEM', 'Encounter', [encounter], patient);
    await ofPatient(draft, 'ADD_BILLING_LINE_ITEM', 'Condition', conditions, patient);
    const { id } = draft.create(
      newChargeItem({
        code: { coding: [{ system, code, ...(display && { display }) }] },
        patient: `Patient/${patient}`,
        encounter: encounter && `Encounter/${encounter}`,
        units,
        modifiers,
        conditions,
        at: draft.at,
      }),
    );
    return [`ChargeItem/${id}`];
  },
});

export const UpdateBillingLineItem = defineEffect({
  type: 'UPDATE_BILLING_LINE_ITEM',
  summary: 'Changes what is named of a line and leaves the rest. Refused once the line was billed or taken off.',
  writes: 'The ChargeItem, as its next version. Modifiers and conditions are replaced as a whole.',
  payload: closed(
    {
      billingLineItem: LineItem,
      units: Type.Optional(Units),
      modifiers: Type.Optional(Modifiers),
      conditions: Type.Optional(Conditions),
    },
    { minProperties: 2 },
  ),
  example: { billingLineItem: 'b1', units: 2 },
  scopes: () => needs('ChargeItem', 'u'),
  async apply({ billingLineItem, units, modifiers, conditions }, draft) {
    const line = await open(draft, 'UPDATE_BILLING_LINE_ITEM', billingLineItem);
    if (units !== undefined) line.quantity = { ...line.quantity, value: units };
    if (modifiers !== undefined) {
      const others = line.extension?.filter(({ url }) => url !== EXTENSION.billingModifier) ?? [];
      line.extension = filled([...others, ...modifiers.map(modifierOf)]);
    }
    if (conditions !== undefined) {
      const patient = parseReference(line.subject.reference)?.id ?? '';
      await ofPatient(draft, 'UPDATE_BILLING_LINE_ITEM', 'Condition', conditions, patient);
      const others = line.supportingInformation?.filter(({ reference }) => !reference?.startsWith('Condition/')) ?? [];
      line.supportingInformation = filled([...others, ...conditions.map(conditionOf)]);
    }
    await draft.update(line);
    return [`ChargeItem/${line.id}`];
  },
});

export const RemoveBillingLineItem = defineEffect({
  type: 'REMOVE_BILLING_LINE_ITEM',
  summary: 'Takes a line off. Refused once the line was billed.',
  writes: 'The ChargeItem, `aborted`: the charge is not processed, and its history stays.',
  payload: closed({ billingLineItem: LineItem }),
  example: { billingLineItem: 'b1' },
  scopes: () => needs('ChargeItem', 'u'),
  async apply({ billingLineItem }, draft) {
    const line = await open(draft, 'REMOVE_BILLING_LINE_ITEM', billingLineItem);
    await draft.update({ ...line, status: 'aborted' });
    return [`ChargeItem/${line.id}`];
  },
});

/** Reads a line that can still be changed, or refuses. */
async function open(draft: Draft, effect: string, id: string): Promise<ChargeItem & { id: string }> {
  const line = await existing(draft, effect, 'ChargeItem', id);
  if (['billed', 'aborted', 'entered-in-error'].includes(line.status)) {
    throw refused(effect, `ChargeItem/${id} is ${line.status}`);
  }
  return line;
}

function modifierOf(modifier: string): Extension {
  return { url: EXTENSION.billingModifier, valueCode: modifier };
}

function conditionOf(id: string): { reference: string } {
  return { reference: `Condition/${id}` };
}

/** FHIR has no empty lists. */
function filled<T>(list: T[]): T[] | undefined {
  return list.length > 0 ? list : undefined;
}
