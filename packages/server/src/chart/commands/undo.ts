// Enters a command in error: marks what its commit made, and restores what it changed. A charge that was already billed stays
// billed, and says what happened to its reason.

import type { ChargeItem, CodeableConcept, Resource, ResourceType } from '@medplum/fhirtypes';
import type { Draft } from '@chartwire/sdk/internal/kit/draft';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { fromEntriesOf, isRewritten, literalOf, setLiteral } from '@chartwire/sdk/internal/kit/json/literals';
import { printJson } from '@chartwire/sdk/internal/kit/json/print';
import type { Made } from '@chartwire/sdk/internal/records/command-entry';
import type { Store } from '#store/contract.ts';

/** Where R4 marks a record as entered in error, by type; a coded element is a CodeableConcept. */
const ERRONEOUS: Readonly<Record<string, (record: Resource) => Resource>> = {
  AllergyIntolerance: (record) =>
    verification(record, 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification'),
  Condition: (record) =>
    verification(withoutAbatement(record), 'http://terminology.hl7.org/CodeSystem/condition-ver-status'),
  FamilyMemberHistory: status,
  Goal: (record) => ({ ...record, lifecycleStatus: 'entered-in-error' }) as Resource,
};

function status(record: Resource): Resource {
  return { ...record, status: 'entered-in-error' } as Resource;
}

/** R4 con-3, con-5, and ait-2: a record entered in error has no clinical status. */
function verification(record: Resource, system: string): Resource {
  const { clinicalStatus: _, ...rest } = record as Resource & { clinicalStatus?: unknown };
  return { ...rest, verificationStatus: { coding: [{ system, code: 'entered-in-error' }] } } as Resource;
}

/** R4 con-4: only a condition with a clinical status can be abated. */
function withoutAbatement(record: Resource): Resource {
  const kept = Object.entries(record).filter(([element]) => !element.startsWith('abatement'));
  return fromEntriesOf(record, kept) as unknown as Resource;
}

/** Fills the draft. Refuses if someone has since changed what the command changed. */
export async function undo(draft: Draft, store: Store, made: readonly Made[]): Promise<void> {
  for (const { type, id, version, created } of made.toReversed()) {
    const now = await draft.read(type as ResourceType, id);
    // Records that have been deleted or entered in error need no undoing.
    if (!now || isErroneous(now)) continue;
    const record = now as Resource & { id: string };
    if (isBilled(record)) await draft.update({ ...baseless(record, draft.at), id });
    else await draft.update(created ? erroneous(record) : await restored(store, record, version));
  }
}

function erroneous(record: Resource & { id: string }): Resource & { id: string } {
  return (ERRONEOUS[record.resourceType] ?? status)(record) as Resource & { id: string };
}

function isErroneous(record: Resource): boolean {
  const { status, lifecycleStatus, verificationStatus } = record as unknown as Partial<Record<string, string>> & {
    readonly verificationStatus?: CodeableConcept;
  };
  const said = [status, lifecycleStatus, ...(verificationStatus?.coding ?? []).map(({ code }) => code)];
  return said.includes('entered-in-error');
}

/** The payer has it: marking it here wouldn't withdraw it there. */
function isBilled(record: Resource): record is ChargeItem {
  return record.resourceType === 'ChargeItem' && record.status === 'billed';
}

function baseless(charge: ChargeItem, at: string): ChargeItem {
  const text = 'What was billed here was entered in error after it was billed. Take the charge back with the payer.';
  return { ...charge, note: [...(charge.note ?? []), { time: at, text }] };
}

/** The record with the elements that the command changed restored; later changes of others are kept. */
async function restored(
  store: Store,
  now: Resource & { id: string },
  version: number,
): Promise<Resource & { id: string }> {
  const [before, after] = await Promise.all([
    store.version(now.resourceType, now.id, version - 1),
    store.version(now.resourceType, now.id, version),
  ]);
  const [was, became] = [elements(before?.record), elements(after?.record)];
  const result: Record<string, unknown> = { ...elements(now) };
  for (const name of new Set([...Object.keys(was), ...Object.keys(became)])) {
    if (name === 'meta' || same(was, became, name)) continue;
    if (!same(result, became, name)) {
      throw new Refusal('command.state', {
        reason: `${now.resourceType}/${now.id} was changed again since the command was committed (${name})`,
      });
    }
    if (was[name] === undefined) delete result[name];
    else result[name] = was[name];
    setLiteral(result, name, literalOf(was, name));
  }
  return result as unknown as Resource & { id: string };
}

function elements(record: Resource | undefined): Record<string, unknown> {
  return (record ?? {}) as Record<string, unknown>;
}

function same(a: Record<string, unknown>, b: Record<string, unknown>, name: string): boolean {
  return !isRewritten(a, b, name) && printJson(a[name]) === printJson(b[name]);
}
