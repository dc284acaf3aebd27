// The draft of a unit of work: changes collected until they are committed together.

import { applyPatch, type Operation } from '@medplum/core';
import type { ExtractResource, Resource, ResourceType } from '@medplum/fhirtypes';
import type { Draft, PatchOperation } from '#kit/draft.ts';
import { Refusal } from '#kit/errors.ts';
import { isFhirId } from '#kit/ids.ts';
import type { Held, Store, StoredVersion } from '#store/contract.ts';
import type { EmittedEvent } from './contract.ts';
import type { Entry, EntryOf, EntryType } from './entry.ts';

/** One record of a draft: what it was when the draft first saw it, and what the draft makes of it. */
export interface DraftRecord {
  /** A resource type, or that of an entry of our own: Note, Command. */
  readonly type: string;
  readonly id: string;
  /** Undefined for a record that never existed. */
  readonly before: StoredVersion | undefined;
  /** Null for a deletion. */
  after: Resource | null;
  /** Set when the caller named the version it saw: then a conflict is the caller's to solve. */
  pinned: boolean;
  /** Position of the effect that changed it last, when effects did. */
  by: number | undefined;
  /** The checks that were asked about the change and what they said; its events show it. */
  checks: readonly Check[];
}

/** What a gate said. */
export interface Check {
  /** `plugin/Handler`: what an override names. */
  readonly check: string;
  readonly event: string;
  readonly outcome: 'passed' | 'refused' | 'confirm' | 'overridden' | 'amended' | 'did-not-run';
  readonly message?: string;
  readonly field?: string;
  /** Of one that was overridden: why it was done all the same. */
  readonly reason?: string;
  /** Milliseconds. */
  readonly ms: number;
  /** The run of the handler that said it; none when it was not run. */
  readonly execution?: string;
}

/** What a draft needs of its surroundings. */
export interface DraftServices {
  readonly store: Store;
  readonly newId: () => string;
}

export class ChartDraft implements Draft {
  readonly at: string;
  /** Position of the effect being applied, so that what follows from it can name it. */
  effect: number | undefined;
  /** The note in which what is drafted happens. */
  note: string | undefined;
  readonly #services: DraftServices;
  readonly #records = new Map<string, DraftRecord>();
  readonly #held = new Set<string>();
  readonly #seen = new Map<string, StoredVersion | undefined>();

  constructor(services: DraftServices, at: string) {
    this.#services = services;
    this.at = at;
  }

  /** What the draft changes, in the order in which it first touched each record. */
  get records(): readonly DraftRecord[] {
    return [...this.#records.values()];
  }

  /** Events beside those that follow from changes: a selection. */
  readonly emitted: EmittedEvent[] = [];

  newId(): string {
    return this.#services.newId();
  }

  /** The draft may stand only while this note or command is as it is now. */
  hold(type: EntryType, id: string): void {
    this.#held.add(key(type, id));
  }

  /** What is held and not changed by the draft itself, whose changes are held to their versions anyway. */
  get holds(): readonly Held[] {
    return [...this.#held].flatMap((name) => {
      const stored = this.#records.has(name) ? undefined : this.#seen.get(name);
      return stored ? [{ type: stored.type, id: stored.id, version: stored.version }] : [];
    });
  }

  async read<T extends ResourceType>(type: T, id: string): Promise<ExtractResource<T> | undefined> {
    const record = this.#records.get(key(type, id));
    const resource = record ? record.after : (await this.#stored(type, id))?.resource;
    return resource ? (structuredClone(resource) as ExtractResource<T>) : undefined;
  }

  async search<T extends ResourceType>(type: T, query: string): Promise<ExtractResource<T>[]> {
    const page = await this.#services.store.search(type, query);
    return page.matches as ExtractResource<T>[];
  }

  create<R extends Resource>(resource: R): R & { id: string } {
    const created = { ...structuredClone(resource), id: resource.id ?? this.newId() };
    this.#checkId(created);
    const existing = this.#records.get(key(created.resourceType, created.id));
    if (existing?.after) throw conflict(existing.type, existing.id, 'in this very unit of work');
    this.#records.set(key(created.resourceType, created.id), {
      type: created.resourceType,
      id: created.id,
      before: existing?.before,
      after: created,
      pinned: existing?.pinned ?? resource.id !== undefined,
      by: this.effect,
      checks: [],
    });
    return created;
  }

  async update<R extends Resource>(
    resource: R & { id: string },
    options: { ifVersion?: number } = {},
  ): Promise<R & { id: string }> {
    this.#checkId(resource);
    const updated = structuredClone(resource);
    const record = await this.#touch(updated.resourceType, updated.id, options.ifVersion);
    record.after = updated;
    return updated;
  }

  async patch<T extends ResourceType>(
    type: T,
    id: string,
    patch: readonly PatchOperation[],
    options: { ifVersion?: number } = {},
  ): Promise<ExtractResource<T>> {
    const record = await this.#existing(type, id, options.ifVersion);
    const patched = applyJsonPatch(record.after, patch);
    if (patched.resourceType !== type || patched.id !== id) {
      throw new Refusal('patch.failed', { reason: 'resourceType and id cannot be changed' });
    }
    record.after = patched;
    return structuredClone(patched) as ExtractResource<T>;
  }

  async delete(type: ResourceType, id: string, options: { ifVersion?: number } = {}): Promise<void> {
    const record: DraftRecord = await this.#existing(type, id, options.ifVersion);
    record.after = null;
  }

  /** A note or command as the draft would leave it; undefined when there is none. */
  async entry<T extends EntryType>(type: T, id: string): Promise<EntryOf<T> | undefined> {
    const record = this.#records.get(key(type, id));
    const entry = record ? record.after : (await this.#stored(type, id))?.resource;
    return entry ? (structuredClone(entry) as unknown as EntryOf<T>) : undefined;
  }

  /**
   * Writes a note or command, with what was asked about it. `bookkeeping`: a change of Chartwire's own, which the scopes
   * of the effect being applied need not allow.
   */
  async putEntry(
    entry: Entry,
    options: { ifVersion?: number; checks?: readonly Check[]; bookkeeping?: true } = {},
  ): Promise<void> {
    const by = this.#records.get(key(entry.resourceType, entry.id))?.by;
    const record = await this.#touch(entry.resourceType, entry.id, options.ifVersion);
    if (options.bookkeeping) record.by = by;
    // Entries travel as resources: the store keeps any JSON with a type and an id.
    record.after = structuredClone(entry) as unknown as Resource;
    record.checks = [...record.checks, ...(options.checks ?? [])];
  }

  async removeEntry(type: EntryType, id: string, checks: readonly Check[] = []): Promise<void> {
    const record = await this.#touch(type, id);
    record.after = null;
    record.checks = [...record.checks, ...checks];
  }

  /** The version of a record that the draft will leave, or that is stored. */
  async versionOf(type: string, id: string): Promise<number> {
    const record = this.#records.get(key(type, id));
    return record ? (record.before?.version ?? 0) + 1 : ((await this.#stored(type, id))?.version ?? 0);
  }

  async #existing(type: ResourceType, id: string, ifVersion?: number): Promise<DraftRecord & { after: Resource }> {
    const known = this.#records.get(key(type, id));
    const existed = known ? known.after !== null : Boolean((await this.#stored(type, id))?.resource);
    if (!existed) {
      const stored = known?.before ?? (await this.#stored(type, id));
      throw new Refusal(stored ? 'record.deleted' : 'record.not-found', { reference: `${type}/${id}` });
    }
    return (await this.#touch(type, id, ifVersion)) as DraftRecord & { after: Resource };
  }

  /** The draft's entry for a record, begun from what is stored. */
  async #touch(type: string, id: string, ifVersion?: number): Promise<DraftRecord> {
    let record = this.#records.get(key(type, id));
    if (!record) {
      const before = await this.#stored(type, id);
      record = { type, id, before, after: before?.resource ?? null, pinned: false, by: undefined, checks: [] };
      // Stored only now: a refused version must leave no trace in the draft.
      checkVersion(record, ifVersion);
      this.#records.set(key(type, id), record);
    } else {
      checkVersion(record, ifVersion);
    }
    record.pinned ||= ifVersion !== undefined;
    record.by = this.effect;
    return record;
  }

  async #stored(type: string, id: string): Promise<StoredVersion | undefined> {
    const name = key(type, id);
    if (!this.#seen.has(name)) this.#seen.set(name, await this.#services.store.current(type, id));
    return this.#seen.get(name);
  }

  #checkId(resource: Resource & { id: string }): void {
    if (!isFhirId(resource.id)) {
      throw new Refusal('record.invalid', { type: resource.resourceType, reason: 'its id is not a FHIR id' }, [
        { path: `${resource.resourceType}.id`, message: 'An id has 1 to 64 of A-Z, a-z, 0-9, - and .' },
      ]);
    }
  }
}

function key(type: string, id: string): string {
  return `${type}/${id}`;
}

function checkVersion(record: DraftRecord, expected: number | undefined): void {
  const actual = record.before?.version ?? 0;
  if (expected !== undefined && expected !== actual) {
    throw new Refusal('record.version-mismatch', { reference: key(record.type, record.id), actual, expected });
  }
}

function conflict(type: string, id: string, actual: string): Refusal {
  return new Refusal('record.conflict', { reference: key(type, id), actual });
}

/** RFC 6902, on a copy. Throws `patch.failed` naming the operation that does not fit. */
function applyJsonPatch(resource: Resource, patch: readonly PatchOperation[]): Resource {
  for (const [index, { path, from }] of patch.entries()) {
    const unsafe = [path, from].some((pointer) => /(^|\/)(__proto__|prototype|constructor)(\/|$)/.test(pointer ?? ''));
    if (unsafe) throw new Refusal('patch.failed', { reason: `operation ${index} has a path that no record has` });
  }
  const copy = structuredClone(resource);
  // The library has a type per operation; ours is one shape, checked by the door that took it in.
  const failures = applyPatch(copy, structuredClone(patch) as Operation[]);
  const failed = failures.findIndex((failure) => failure !== null);
  if (failed >= 0) {
    throw new Refusal('patch.failed', {
      reason: `operation ${failed} (${patch[failed]!.op} ${patch[failed]!.path}) does not fit the record`,
    });
  }
  return copy;
}
