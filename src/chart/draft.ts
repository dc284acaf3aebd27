// The draft of a unit of work: changes collected until they are committed together.

import type { ExtractResource, Resource, ResourceType } from '@medplum/fhirtypes';
import type { Draft, PatchOperation } from '#kit/draft.ts';
import { Refusal } from '#kit/errors.ts';
import { isFhirId } from '#kit/ids.ts';
import type { Held, Store, StoredVersion } from '#store/contract.ts';
import { Attempts } from './attempts.ts';
import type { EmittedEvent } from './contract.ts';
import type { Entry, EntryOf, EntryType } from './entry.ts';
import { patched } from './json-patch.ts';

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
  /** The note in which the draft first changed it; undefined outside any note. */
  readonly note: string | undefined;
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

/** Everything drafted so far; the views of one draft share it. */
interface Drafted {
  readonly services: DraftServices;
  readonly attempts: Attempts;
  /** ISO 8601. */
  readonly at: string;
  readonly records: Map<string, DraftRecord>;
  readonly held: Set<string>;
  readonly seen: Map<string, StoredVersion | undefined>;
  readonly emitted: EmittedEvent[];
  readonly afterCommit: (() => Promise<void>)[];
  /** Ids drawn so far. */
  drawn: number;
  effect: number | undefined;
}

export class ChartDraft implements Draft {
  readonly #drafted: Drafted;
  readonly #note: string | undefined;

  private constructor(drafted: Drafted, note?: string) {
    this.#drafted = drafted;
    this.#note = note;
  }

  /** An empty draft. `attempts` belongs to the unit of work, whose earlier attempts it remembers. */
  static begin(services: DraftServices, at: string, attempts: Attempts = new Attempts()): ChartDraft {
    return new ChartDraft({
      services,
      attempts,
      at,
      records: new Map(),
      held: new Set(),
      seen: new Map(),
      emitted: [],
      afterCommit: [],
      drawn: 0,
      effect: undefined,
    });
  }

  /** The same draft, for changes that happen in a note: their events name it. */
  inNote(note: string): ChartDraft {
    return new ChartDraft(this.#drafted, note);
  }

  get at(): string {
    return this.#drafted.at;
  }

  /** Position of the effect being applied, so that what follows from it can name it. */
  get effect(): number | undefined {
    return this.#drafted.effect;
  }

  set effect(position: number | undefined) {
    this.#drafted.effect = position;
  }

  /** What the draft changes, in the order in which it first touched each record. */
  get records(): readonly DraftRecord[] {
    return [...this.#drafted.records.values()];
  }

  /** Events beside those that follow from changes. */
  get emitted(): readonly EmittedEvent[] {
    return this.#drafted.emitted;
  }

  /** Adds an event that no change tells, such as a selection. */
  emit(event: EmittedEvent): void {
    this.#drafted.emitted.push({ ...event, ...(this.#note !== undefined && { note: this.#note }) });
  }

  /** A new UUIDv7; a unit of work that runs again draws the same ids in the same order. */
  newId(): string {
    const { attempts, services } = this.#drafted;
    return attempts.id(this.#drafted.drawn++, services.newId);
  }

  /** A new UUIDv7 for an event that plugins are asked about. */
  newEventId(): string {
    return this.#drafted.services.newId();
  }

  /** Asks `ask` the first time; an attempt that comes to the same question again gets the same answer, or refusal. */
  askOnce<T>(question: string, ask: () => Promise<T>): Promise<T> {
    return this.#drafted.attempts.answer(question, ask);
  }

  /** Does `work` once the draft is committed, and never if it isn't. A failure of it is logged; the commit stands. */
  afterCommit(work: () => Promise<void>): void {
    this.#drafted.afterCommit.push(work);
  }

  /** What waits for the commit, in order. */
  get waiting(): readonly (() => Promise<void>)[] {
    return this.#drafted.afterCommit;
  }

  /** The draft may stand only while this note or command is as it is now. */
  hold(type: EntryType, id: string): void {
    this.#drafted.held.add(key(type, id));
  }

  /** What is held and not changed by the draft itself, whose changes are held to their versions anyway. */
  get holds(): readonly Held[] {
    const { held, records, seen } = this.#drafted;
    return [...held].flatMap((name) => {
      const stored = records.has(name) ? undefined : seen.get(name);
      return stored ? [{ type: stored.type, id: stored.id, version: stored.version }] : [];
    });
  }

  async read<T extends ResourceType>(type: T, id: string): Promise<ExtractResource<T> | undefined> {
    const record = this.#drafted.records.get(key(type, id));
    const resource = record ? record.after : (await this.#stored(type, id))?.resource;
    return resource ? (structuredClone(resource) as ExtractResource<T>) : undefined;
  }

  async search<T extends ResourceType>(type: T, query: string): Promise<ExtractResource<T>[]> {
    const page = await this.#drafted.services.store.search(type, query);
    return page.matches as ExtractResource<T>[];
  }

  create<R extends Resource>(resource: R): R & { id: string } {
    const created = { ...structuredClone(resource), id: resource.id ?? this.newId() };
    this.#checkId(created);
    const existing = this.#drafted.records.get(key(created.resourceType, created.id));
    if (existing?.after) throw conflict(existing.type, existing.id, 'in this very unit of work');
    this.#drafted.records.set(key(created.resourceType, created.id), {
      type: created.resourceType,
      id: created.id,
      before: existing?.before,
      after: created,
      pinned: existing?.pinned ?? resource.id !== undefined,
      by: this.effect,
      note: existing?.note ?? this.#note,
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
    const result = patched(record.after, patch);
    if (result.resourceType !== type || result.id !== id) {
      throw new Refusal('patch.failed', { reason: 'resourceType and id cannot be changed' });
    }
    record.after = result;
    return structuredClone(result) as ExtractResource<T>;
  }

  async delete(type: ResourceType, id: string, options: { ifVersion?: number } = {}): Promise<void> {
    const record: DraftRecord = await this.#existing(type, id, options.ifVersion);
    record.after = null;
  }

  /** A note or command as the draft would leave it; undefined when there is none. */
  async entry<T extends EntryType>(type: T, id: string): Promise<EntryOf<T> | undefined> {
    const record = this.#drafted.records.get(key(type, id));
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
    const by = this.#drafted.records.get(key(entry.resourceType, entry.id))?.by;
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
    const record = this.#drafted.records.get(key(type, id));
    return record ? (record.before?.version ?? 0) + 1 : ((await this.#stored(type, id))?.version ?? 0);
  }

  async #existing(type: ResourceType, id: string, ifVersion?: number): Promise<DraftRecord & { after: Resource }> {
    const known = this.#drafted.records.get(key(type, id));
    const existed = known ? known.after !== null : Boolean((await this.#stored(type, id))?.resource);
    if (!existed) {
      const stored = known?.before ?? (await this.#stored(type, id));
      throw new Refusal(stored ? 'record.deleted' : 'record.not-found', { reference: `${type}/${id}` });
    }
    return (await this.#touch(type, id, ifVersion)) as DraftRecord & { after: Resource };
  }

  /** The draft's entry for a record, begun from what is stored. */
  async #touch(type: string, id: string, ifVersion?: number): Promise<DraftRecord> {
    let record = this.#drafted.records.get(key(type, id));
    if (!record) {
      const before = await this.#stored(type, id);
      const after = before?.resource ?? null;
      record = { type, id, before, after, pinned: false, by: undefined, note: this.#note, checks: [] };
      // Stored only now: a refused version must leave no trace in the draft.
      checkVersion(record, ifVersion);
      this.#drafted.records.set(key(type, id), record);
    } else {
      checkVersion(record, ifVersion);
    }
    record.pinned ||= ifVersion !== undefined;
    record.by = this.effect;
    return record;
  }

  async #stored(type: string, id: string): Promise<StoredVersion | undefined> {
    const name = key(type, id);
    if (!this.#drafted.seen.has(name))
      this.#drafted.seen.set(name, await this.#drafted.services.store.current(type, id));
    return this.#drafted.seen.get(name);
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
