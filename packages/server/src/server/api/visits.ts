// Billing line items of a visit.

import type { ChartDraft } from '#chart/draft.ts';
import { findNote, openNote } from '#chart/notes.ts';
import { type NewLine, VISITS } from '@chartwire/client/internal/contract/visits';
import { type Fault, Refusal } from '@chartwire/sdk/internal/kit/errors';
import { billingSystem } from '@chartwire/sdk/internal/records/billing-code';
import { newChargeItem } from '@chartwire/sdk/internal/records/new-charge-item';
import { once } from '../idempotency.ts';
import { route, type RoutesOf } from '../route.ts';
import { originOf } from './entries.ts';

export const VISIT_ROUTES: RoutesOf<typeof VISITS> = {
  addBillingLineItem: route(VISITS.addBillingLineItem, async (call, services) => {
    const { id: note } = call.params;
    return once(call, services, 'billing-line-items.create', async (turn) => {
      const id = turn.id(0) ?? null;
      const { result } = await services.chart.withChart(originOf(call, note), async (draft) => {
        const { patient, encounter } = await findNote(draft, note);
        call.concerns(patient);
        draft.requireReach('ChargeItem', 'c', patient);
        const again = id !== null && (await draft.read('ChargeItem', id)) !== undefined;
        return { made: again ? id : await addLine(draft, note, call.body, id), patient, encounter };
      });
      const { made, patient, encounter } = result;
      const { code, system = billingSystem(code), units = 1, modifiers = [], conditions = [] } = call.body;
      return { id: made, note, patient, encounter, code, system, units, modifiers, conditions };
    });
  }),
};

async function addLine(draft: ChartDraft, noteId: string, line: NewLine, id: string | null): Promise<string> {
  const note = await openNote(draft, noteId);
  const patient = `Patient/${note.patient}`;
  await refuseForeign(draft, line.conditions ?? [], patient);
  const { code, system = billingSystem(code), display, units, modifiers, conditions } = line;
  const item = newChargeItem({
    code: { coding: [{ system, code, ...(display && { display }) }] },
    patient,
    ...(note.encounter && { encounter: `Encounter/${note.encounter}` }),
    ...(units !== undefined && { units }),
    ...(modifiers?.length && { modifiers }),
    ...(conditions?.length && { conditions }),
    at: draft.at,
  });
  return draft.create({ ...item, ...(id && { id }) }).id;
}

async function refuseForeign(draft: ChartDraft, conditions: readonly string[], patient: string): Promise<void> {
  const faults: Fault[] = [];
  for (const [index, id] of conditions.entries()) {
    const condition = await draft.read('Condition', id);
    if (condition?.subject.reference === patient) continue;
    const message = condition ? 'is of another patient' : 'does not exist';
    faults.push({ path: `/conditions/${index}`, message });
  }
  if (faults.length === 0) return;
  throw new Refusal('request.invalid', { reason: `a condition ${faults[0]!.message}` }, faults);
}
