// From a draft to a unit of work: what changed, whether it may stand, and which events follow from it.

import type { Resource } from '@medplum/fhirtypes';
import { changedPaths, type DerivedEvent, deriveEvents } from '@chartwire/sdk/internal/events/derive';
import { deriveEntryEvents } from '@chartwire/sdk/internal/events/entries';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { printJson } from '@chartwire/sdk/internal/kit/json/print';
import { indexRecord, patientOf } from '#r4/search-index.ts';
import { reasonOf, validate } from '#r4/validate.ts';
import { kindOfRecord } from '@chartwire/sdk/internal/records/index';
import { ownExtensionFaults } from '@chartwire/sdk/internal/records/own-extensions';
import { isR4Resource } from '@chartwire/sdk/internal/records/resource-types';
import { noEffectOf } from '@chartwire/sdk/internal/records/without-effect';
import type { EventWrite, RecordWrite, SearchIndex, StoredVersion } from '#store/contract.ts';
import type { EmittedEvent } from './emitted-event.ts';
import type { Origin } from './origin.ts';
import type { Check, DraftRecord } from './draft.ts';
import { entryOf, indexEntry, noteOf } from './entry.ts';
import { indexMessage, indexResult, indexTask } from './list-index.ts';
import { indexPatient } from './patient-index.ts';
import { Slices } from './slice.ts';

/** One record that really changes. */
export interface Change {
  readonly write: RecordWrite;
  readonly version: StoredVersion;
  readonly pinned: boolean;
  readonly by: number | undefined;
  /** The note it happens in; that of the origin where it is undefined. */
  readonly note: string | undefined;
  readonly checks: readonly Check[];
  /** The patient in whose chart it was, where it was in one. */
  readonly from: string | null;
  /** Put into another chart as it is. */
  readonly moved: boolean;
  readonly before: Resource | null;
  readonly after: Resource | null;
  readonly paths: readonly string[];
}

/** Thrown when a change that an effect made may not stand: the refusal, and the effect's position. */
export class ChangeRefused extends Error {
  readonly refusal: Refusal;
  readonly effect: number;

  constructor(refusal: Refusal, effect: number) {
    super(refusal.message);
    this.name = 'ChangeRefused';
    this.refusal = refusal;
    this.effect = effect;
  }
}

/** The refusal of a change: with the effect that made it, when one did. */
export function refusalOf(refusal: Refusal, effect: number | undefined): Error {
  return effect === undefined ? refusal : new ChangeRefused(refusal, effect);
}

const NO_INDEX: SearchIndex = { tokens: [], dates: [], strings: [], quantities: [] };

/** The changes of a draft, validated. A record that is as it was is no change. */
export async function changesOf(records: readonly DraftRecord[], at: string, newId: () => string): Promise<Change[]> {
  const slices = new Slices();
  const changes: Change[] = [];
  for (const record of records) {
    const change = changeOf(record, at, newId);
    if (change) changes.push(change);
    await slices.pause();
  }
  return changes;
}

function changeOf(record: DraftRecord, now: string, newId: () => string): Change | undefined {
  const before = record.before?.resource ?? null;
  if (!before && !record.after) return undefined;
  // First of all: what follows takes a record for what its type says.
  const moved = record.moved === true;
  if (record.after && !entryOf(record.after) && !moved) refuseInvalid(record.after, record.by);
  const completed = record.after && (moved ? record.after : complete(record.after, before, newId));
  const paths = changedPaths(before, completed);
  if (paths.length === 0) return undefined;
  const expect = record.before?.version ?? 0;
  // A clock may be set back; a history may not.
  const at = record.before && record.before.at > now ? record.before.at : now;
  const after = completed && stamp(completed, expect + 1, at);
  const text = after ? printJson(after) : undefined;
  const entry = entryOf(after ?? before);
  const patient = entry ? entry.patient : patientOf(after ?? before!);
  const { type, id } = record;
  return {
    write: {
      type,
      id,
      patient,
      expect,
      deleted: after === null,
      at,
      content: text ?? null,
      index: indexOf(after),
    },
    version: {
      type,
      id,
      version: expect + 1,
      patient,
      deleted: after === null,
      at,
      text,
      resource: after ?? undefined,
    },
    pinned: record.pinned,
    by: record.by,
    note: entry ? noteOf(entry) : record.note,
    checks: record.checks,
    from: record.before?.patient ?? null,
    moved,
    before,
    after,
    paths,
  };
}

function indexOf(after: Resource | null): SearchIndex {
  if (!after) return NO_INDEX;
  const entry = entryOf(after);
  if (entry) return indexEntry(entry);
  switch (after.resourceType) {
    case 'Patient':
      return indexPatient(after);
    case 'Task':
      return indexTask(after);
    case 'Communication':
      return indexMessage(after);
    case 'Observation':
      return indexResult(after);
    default:
      return indexRecord(after);
  }
}

function complete(resource: Resource, before: Resource | null, newId: () => string): Resource {
  if (!isR4Resource(resource)) return resource;
  return kindOfRecord(resource).complete?.(resource, before, newId) ?? resource;
}

/** The server's part of `meta`; the rest of it is the writer's. */
function stamp(resource: Resource, version: number, at: string): Resource {
  return { ...resource, meta: { ...resource.meta, versionId: String(version), lastUpdated: at } };
}

/** Found valid: a record that a draft leaves is replaced as a whole, never changed in place. */
const valid = new WeakSet<Resource>();

function refuseInvalid(resource: Resource, effect: number | undefined): void {
  if (valid.has(resource)) return;
  const refusal = refusalOfRecord(resource);
  if (refusal) throw refusalOf(refusal, effect);
  valid.add(resource);
}

/** Refuses those that aren't valid before anything takes them for what their type says. */
export async function refuseInvalidOf(records: readonly DraftRecord[]): Promise<void> {
  const slices = new Slices();
  for (const { after, by, moved } of records) {
    if (!after || moved || entryOf(after)) continue;
    refuseInvalid(after, by);
    await slices.pause();
  }
}

/** Why a record may not be kept, whatever else there is. */
export function refusalOfRecord(resource: Resource): Refusal | undefined {
  const { resourceType: type } = resource;
  const found = validate(resource);
  const faults = found.length > 0 ? found : ownExtensionFaults(resource);
  if (faults.length > 0) return new Refusal('record.invalid', { type, reason: reasonOf(faults) }, faults);
  const { reason, instead } = noEffectOf(resource) ?? {};
  return reason && instead ? new Refusal('record.no-effect', { type, reason, instead }) : undefined;
}

/** The events of changes, in their order. */
export async function eventsOf(changes: readonly Change[], origin: Origin, newId: () => string): Promise<EventWrite[]> {
  const slices = new Slices();
  const events: EventWrite[] = [];
  for (const change of changes) {
    events.push(...eventsOfOne(change, origin, newId));
    await slices.pause();
  }
  return events;
}

function eventsOfOne(change: Change, origin: Origin, newId: () => string): EventWrite[] {
  const { type, id, version, patient } = change.version;
  return derive(change).map((derived) => ({
    ...originOf(origin, newId, change.by),
    note: change.note ?? origin.note ?? null,
    type: derived.type,
    target: derived.target.type === type && derived.target.id === id ? { type, id, version } : derived.target,
    patient,
    record: { type, id, version, previous: change.before ? version - 1 : null },
    changed: change.paths,
    detail: change.checks.length > 0 ? { ...derived.detail, checks: change.checks } : derived.detail,
  }));
}

function derive({ before, after }: Change): DerivedEvent[] {
  return entryOf(after ?? before)
    ? deriveEntryEvents(entryOf(before) ?? null, entryOf(after) ?? null)
    : deriveEvents({ before, after });
}

/** An event named by hand. */
export function emittedEvent(event: EmittedEvent, origin: Origin, newId: () => string): EventWrite {
  return {
    ...originOf(origin, newId),
    ...(event.note === undefined ? {} : { note: event.note }),
    type: event.type,
    target: event.target,
    patient: event.patient ?? null,
    record: null,
    changed: [],
    detail: event.context ?? {},
  };
}

function originOf(
  origin: Origin,
  newId: () => string,
  effect?: number,
): Pick<EventWrite, 'id' | 'note' | 'actor' | 'source' | 'cause' | 'depth'> {
  return {
    id: newId(),
    note: origin.note ?? null,
    actor: origin.actor,
    source: origin.source,
    cause: origin.cause ? { ...origin.cause, effect: effect ?? origin.cause.effect } : null,
    depth: origin.depth ?? 0,
  };
}
