// Billing line items of a visit.

import { type Static, Type } from 'typebox';
import { AddBillingLineItem } from '@chartwire/sdk/internal/effects/billing-line-item';
import { FhirId, Named, only, orNull } from './parameters.ts';
import { row } from './row.ts';

/** A line has the same members whether a person or a plugin adds it. */
const { code, system, display, units, modifiers, conditions } = AddBillingLineItem.payload.properties;

export const NewLine = only({ code, system, display, units, modifiers, conditions });
export type NewLine = Static<typeof NewLine>;

const Line = Type.Object({
  id: FhirId,
  note: FhirId,
  patient: FhirId,
  encounter: orNull(FhirId),
  code: Type.String(),
  system: Type.String(),
  units: Type.Integer(),
  modifiers: Type.Array(Type.String()),
  conditions: Type.Array(FhirId),
});

export const VISITS = {
  addBillingLineItem: row({
    method: 'POST',
    path: '/api/notes/:id/billing-line-items',
    operation: 'billing-line-items.create',
    summary: 'Bills a code for the visit of an open note',
    needs: 'ChargeItem.c',
    about: 'Note',
    idempotent: true,
    params: Named,
    body: NewLine,
    answer: { status: 201, description: 'The line: a ChargeItem with this id.', schema: Line },
  }),
};
