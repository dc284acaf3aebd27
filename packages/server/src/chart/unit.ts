// From a draft to a unit of work: what changed, whether it is allowed, and which events follow.

import type { Resource } from '@medplum/fhirtypes';
import { changedPaths, deriveEvents } from '@chartwire/sdk/internal/events/derive';
import { deriveEntryEvents } from '@chartwire/sdk/internal/events/entries';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { DraftEvent } from '@chartwire/sdk/internal/kit/event';
import { printJson } from '@chartwire/sdk/internal/kit/json/print';
import { indexRecord, patientOf } from '#r4/search-index.ts';
import { reasonOf, validate } from '#r4/validate.ts';
import type { Change as RecordChange } from '@chartwire/sdk/internal/kit/record-kind';
import { type ChartRecord, type Entry, isEntry } from '@chartwire/sdk/internal/records/chart-record';
import { kindOfRecord } from '@chartwire/sdk/internal/records/index';
import { ownExtensionFaults } from '@chartwire/sdk/internal/records/own-extensions';
import { isR4Resource } from '@chartwire/sdk/internal/records/resource-types';
import { noEffectOf } from '@chartwire/sdk/internal/records/without-effect';
import type { EventWrite, RecordWrite, SearchIndex, StoredVersion } from '#store/contract.ts';
import type { Origin } from './origin.ts';
import type { Check, DraftRecord } from './draft.ts';
import { indexEntry, noteOf } from './entry.ts';
import { indexMessage, indexResult, indexTask } from './list-index.ts';
import { indexPatient } from './patient-index.ts';
import { withPatientsNamed } from './patients-named.ts';
import { Slices } from './slice.ts';

/** A record that actually changes. */
export interface Change {
  readonly write: RecordWrite;
  readonly version: StoredVersion;
  readonly pinned: boolean;
  readonly by: number | undefined;
  /** Its note; undefined means the origin's. */
  readonly note: string | undefined;
  readonly checks: readonly Check[];
  /** The patient of its previous chart, if any. */
  readonly from: string | null;
  /** Moved to another chart unchanged. */
  readonly moved: boolean;
  readonly before: ChartRecord | null;
  readonly after: ChartRecord | null;
  readonly paths: readonly string[];
  readonly events: readonly DraftEvent[];
}

/** A change made by an effect is refused: the refusal, and the effect's index. */
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

/** The refusal of a change, with the effect that made it, if any. */
export function refusalOf(refusal: Refusal, effect: number | undefined): Error {
  return effect === undefined ? refusal : new ChangeRefused(refusal, effect);
}

const NO_INDEX: SearchIndex = { tokens: [], dates: [], strings: [], quantities: [] };

/** The validated changes of a draft. An unchanged record is no change. */
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

/** How changes of entries and of resources are prepared for writing. */
interface Handling<R extends ChartRecord> {
  /** The record to write: valid, with what the chart adds. */
  complete(after: R, before: R | null, record: DraftRecord, newId: () => string): R;
  patientOf(record: R): string | null;
  /** Its note; undefined if it names none. */
  noteOf(record: R): string | undefined;
  indexOf(record: R): SearchIndex;
  eventsOf(change: RecordChange<R>): DraftEvent[];
}

const ENTRIES: Handling<Entry> = {
  complete: (after) => after,
  patientOf: ({ patient }) => patient,
  noteOf,
  indexOf: indexEntry,
  eventsOf: deriveEntryEvents,
};

const RESOURCES: Handling<Resource> = {
  complete(after, before, { by, moved }, newId) {
    if (moved) return after;
    // Done first, since later steps rely on the record's type.
    refuseInvalid(after, by);
    return isR4Resource(after) ? (kindOfRecord(after).complete?.(after, before, newId) ?? after) : after;
  },
  patientOf,
  noteOf: () => undefined,
  indexOf: indexResource,
  eventsOf: deriveEvents,
};

/** Separates entries from resources once per change. A record keeps its type, so its previous version is of the same kind. */
function changeOf(record: DraftRecord, now: string, newId: () => string): Change | undefined {
  const drafted = { before: record.before?.record ?? null, after: record.after };
  return isEntry(drafted.after ?? drafted.before)
    ? changeBy(ENTRIES, drafted as RecordChange<Entry>, record, now, newId)
    : changeBy(RESOURCES, drafted as RecordChange<Resource>, record, now, newId);
}

function changeBy<R extends ChartRecord>(
  handling: Handling<R>,
  { before, after: drafted }: RecordChange<R>,
  record: DraftRecord,
  now: string,
  newId: () => string,
): Change | undefined {
  const completed = drafted && handling.complete(drafted, before, record, newId);
  const paths = changedPaths(before, completed);
  if (paths.length === 0) return undefined;
  const expect = record.before?.version ?? 0;
  // A clock may be set back; history must not be.
  const at = record.before && record.before.at > now ? record.before.at : now;
  const after = completed && stamp(completed, expect + 1, at);
  const text = after ? printJson(after) : undefined;
  const either = (after ?? before)!;
  const patient = handling.patientOf(either);
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
      index: after && text ? withPatientsNamed(handling.indexOf(after), text, patient) : NO_INDEX,
    },
    version: {
      type,
      id,
      version: expect + 1,
      patient,
      deleted: after === null,
      at,
      text,
      record: after ?? undefined,
    },
    pinned: record.pinned,
    by: record.by,
    note: handling.noteOf(either) ?? record.note,
    checks: record.checks,
    from: record.before?.patient ?? null,
    moved: record.moved === true,
    before,
    after,
    paths,
    events: handling.eventsOf({ before, after }),
  };
}

function indexResource(resource: Resource): SearchIndex {
  switch (resource.resourceType) {
    case 'Patient':
      return indexPatient(resource);
    case 'Task':
      return indexTask(resource);
    case 'Communication':
      return indexMessage(resource);
    case 'Observation':
      return indexResult(resource);
    default:
      return indexRecord(resource);
  }
}

/** The server's part of `meta`; the rest is the writer's. */
function stamp<R extends ChartRecord>(record: R, version: number, at: string): R {
  return { ...record, meta: { ...record.meta, versionId: String(version), lastUpdated: at } };
}

/** Caches validity: a draft replaces records and never changes them in place. */
const valid = new WeakSet<Resource>();

function refuseInvalid(resource: Resource, effect: number | undefined): void {
  if (valid.has(resource)) return;
  const refusal = refusalOfRecord(resource);
  if (refusal) throw refusalOf(refusal, effect);
  valid.add(resource);
}

/** Refuses invalid ones before anything relies on their type. */
export async function refuseInvalidOf(records: readonly DraftRecord[]): Promise<void> {
  const slices = new Slices();
  for (const { after, by, moved } of records) {
    if (!after || moved || isEntry(after)) continue;
    refuseInvalid(after, by);
    await slices.pause();
  }
}

/** Why a record can't be stored at all. */
export function refusalOfRecord(resource: Resource): Refusal | undefined {
  const { resourceType: type } = resource;
  const found = validate(resource);
  const faults = found.length > 0 ? found : ownExtensionFaults(resource);
  if (faults.length > 0) return new Refusal('record.invalid', { type, reason: reasonOf(faults) }, faults);
  const { reason, instead } = noEffectOf(resource) ?? {};
  return reason && instead ? new Refusal('record.no-effect', { type, reason, instead }) : undefined;
}

/** The events of changes, in order. */
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
  const told = change.checks.length > 0 ? { checks: change.checks } : {};
  return change.events.map(({ target, context, ...event }) => ({
    ...eventWrite(
      {
        ...event,
        target: target.type === type && target.id === id ? { type, id, version } : target,
        patient,
        note: change.note,
        context: { ...context, ...told },
      },
      origin,
      newId,
      change.by,
    ),
    record: { type, id, version, previous: change.before ? version - 1 : null },
    changed: change.paths,
  }));
}

/** An event to write that isn't from a record's change. */
export function eventWrite(event: DraftEvent, origin: Origin, newId: () => string, effect?: number): EventWrite {
  return {
    id: newId(),
    type: event.type,
    target: event.target,
    patient: event.patient ?? null,
    note: event.note ?? origin.note ?? null,
    actor: origin.actor,
    source: origin.source,
    cause: origin.cause ? { ...origin.cause, effect: effect ?? origin.cause.effect } : null,
    depth: origin.depth ?? 0,
    record: null,
    changed: [],
    detail: event.context ?? {},
  };
}
