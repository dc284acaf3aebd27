// The draft of a unit of work: changes collected until they are committed together.

import type { ExtractResource, Resource, ResourceType } from '@medplum/fhirtypes';
import type { Draft, PatchOperation } from '@chartwire/sdk/internal/kit/draft';
import type { DraftEvent } from '@chartwire/sdk/internal/kit/event';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { isFhirId } from '@chartwire/sdk/internal/kit/ids';
import { adoptLiterals, copyJson } from '@chartwire/sdk/internal/kit/json/literals';
import type { Permission } from '@chartwire/sdk/internal/kit/scopes';
import type {
  ChartRecord,
  Entry,
  EntryOf,
  EntryType,
  RecordOf,
  RecordType,
} from '@chartwire/sdk/internal/records/chart-record';
import type { Note } from '@chartwire/sdk/internal/records/note';
import type { Held, MergeWrite, Store, StoredVersion } from '#store/contract.ts';
import type { Merges } from '#store/merges.ts';
import type { PostgresStore } from '#store/postgres.ts';
import { Attempts } from './attempts.ts';
import {
  inReach,
  requireChange,
  requireEverywhere,
  requirePermission,
  requireReach,
  type Warrant,
} from './authority.ts';
import type { Origin } from './origin.ts';
import { ownerOf } from './entry.ts';
import { patched } from './json-patch.ts';
import { withEarlier } from './note-history.ts';

/** One record of a draft: what it was when the draft first saw it, and what the draft makes of it. */
export interface DraftRecord {
  readonly type: string;
  readonly id: string;
  /** Undefined for a record that never existed. */
  readonly before: StoredVersion | undefined;
  /** Null for a deletion. */
  after: ChartRecord | null;
  /** Set when the caller named the version it saw: then a conflict is the caller's to solve. */
  pinned: boolean;
  /** Position of the effect that changed it last, when effects did. */
  by: number | undefined;
  /** The note in which the draft first changed it; undefined outside any note. */
  readonly note: string | undefined;
  /** The checks that were asked about the change and what they said; its events show it. */
  checks: readonly Check[];
  /** Put into another chart as it is: nobody wrote it anew, so nothing is asked about what it says. */
  readonly moved?: true;
}

/** What a gate said of a change that was made. */
export interface Check {
  /** `plugin/Handler`: what an override names. */
  readonly check: string;
  readonly event: string;
  readonly outcome: 'passed' | 'overridden' | 'amended' | 'did-not-run';
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
  readonly store: Store & Pick<PostgresStore, 'merges'>;
  readonly newId: () => string;
  /** The practice's time zone. */
  readonly timeZone: () => Promise<string>;
  /** Who fills it, on what authority. */
  readonly asker: Pick<Origin, 'actor' | 'authority'>;
}

/** How a view of a draft changes records: in which note, on whose permission. */
interface View {
  readonly note: string | undefined;
  readonly warrant: Warrant;
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
  readonly emitted: DraftEvent[];
  readonly afterCommit: (() => Promise<void>)[];
  merge: MergeWrite | undefined;
  /** Ids drawn so far. */
  drawn: number;
  effect: number | undefined;
}

export class ChartDraft implements Draft {
  readonly #drafted: Drafted;
  readonly #view: View;

  private constructor(drafted: Drafted, view: View) {
    this.#drafted = drafted;
    this.#view = view;
  }

  /** An empty draft. `attempts` belongs to the unit of work, whose earlier attempts it remembers. */
  static begin(services: DraftServices, at: string, attempts: Attempts = new Attempts()): ChartDraft {
    const drafted: Drafted = {
      services,
      attempts,
      at,
      records: new Map(),
      held: new Set(),
      seen: new Map(),
      emitted: [],
      afterCommit: [],
      merge: undefined,
      drawn: 0,
      effect: undefined,
    };
    return new ChartDraft(drafted, { note: undefined, warrant: 'own' });
  }

  /** The same draft, for changes that happen in a note: their events name it. */
  inNote(note: string): ChartDraft {
    return new ChartDraft(this.#drafted, { ...this.#view, note });
  }

  /**
   * The same draft, for changes that a permission for something else implies: to commit a command is to write its records.
   * Refuses where that permission isn't held at all.
   */
  implied(type: string, permission: Permission): ChartDraft {
    if (!this.#asker.authority.unattended) requirePermission(this.#asker, type, permission);
    return new ChartDraft(this.#drafted, { ...this.#view, warrant: { type, permission } });
  }

  /** The same draft, for changes of Chartwire's own, which nobody needs a permission for. */
  bySystem(): ChartDraft {
    return new ChartDraft(this.#drafted, { ...this.#view, warrant: 'system' });
  }

  /** Refuses right away what isn't allowed with any record of a type. */
  require(type: string, ...permissions: readonly Permission[]): void {
    requirePermission(this.#asker, type, ...permissions);
  }

  /** Whether a record in the chart of a patient (null: outside every chart) is in reach of whoever fills the draft. */
  reaches(type: string, permission: Permission, patient: string | null): boolean {
    return inReach(this.#asker, type, permission, patient);
  }

  /** Refuses what isn't allowed in the chart of a patient; with null, outside every chart. */
  requireReach(type: string, permission: Permission, patient: string | null): void {
    requireReach(this.#asker, type, permission, patient);
  }

  /** Refuses what isn't allowed in every chart. */
  requireEverywhere(type: string, permission: Permission, action: string): void {
    requireEverywhere(this.#asker, type, permission, action);
  }

  get #asker(): Pick<Origin, 'actor' | 'authority'> {
    return this.#drafted.services.asker;
  }

  get at(): string {
    return this.#drafted.at;
  }

  /** The practice's time zone. */
  timeZone(): Promise<string> {
    return this.#drafted.services.timeZone();
  }

  /** Position of the effect being applied, so that what follows from it can name it. */
  get effect(): number | undefined {
    return this.#drafted.effect;
  }

  set effect(position: number | undefined) {
    this.#drafted.effect = position;
  }

  /** Chartwire fills it for itself, as with the demo; nobody asked for it. */
  get isOwn(): boolean {
    return this.#asker.actor.type === 'system';
  }

  /** What the draft changes, in the order in which it first touched each record. */
  get records(): readonly DraftRecord[] {
    return [...this.#drafted.records.values()];
  }

  /** Events beside those that follow from changes. */
  get emitted(): readonly DraftEvent[] {
    return this.#drafted.emitted;
  }

  /** Adds an event that no change tells, such as a selection. */
  emit(event: DraftEvent): void {
    this.#drafted.emitted.push({ ...event, ...(this.#view.note !== undefined && { note: this.#view.note }) });
  }

  /** A new UUIDv7; a unit of work that runs again draws the same ids in the same order. */
  newId(): string {
    const { attempts, services } = this.#drafted;
    return attempts.id(this.#drafted.drawn++, services.newId);
  }

  /** Whether the draft drew this id itself: then nothing that is stored can refer to it yet. */
  drew(id: string): boolean {
    return this.#drafted.attempts.drew(id);
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
    const resource = record ? record.after : (await this.#stored(type, id))?.record;
    return resource ? (copyJson(resource) as ExtractResource<T>) : undefined;
  }

  /** Whether there is such a record, for whoever fills the draft: what is in a chart out of their reach isn't. */
  async isThere(type: string, id: string): Promise<boolean> {
    const stored = await this.#stored(type, id);
    if (!stored?.record) return false;
    const { patient } = this.#asker.authority;
    return stored.patient === null || patient === null || stored.patient === patient;
  }

  /** The same for whoever fills the draft to see: refuses what they may not read. */
  async shown<T extends ResourceType>(type: T, id: string): Promise<ExtractResource<T> | undefined> {
    this.require(type, 'r');
    const resource: Resource | undefined = await this.read(type, id);
    if (resource) this.requireReach(type, 'r', ownerOf(resource));
    return resource as ExtractResource<T> | undefined;
  }

  /**
   * A record that a command names by its id: its name goes into the command, so it is for those who may read it. One out of
   * their reach isn't there.
   */
  async named<T extends ResourceType>(type: T, id: string): Promise<ExtractResource<T> | undefined> {
    this.require(type, 'r');
    const resource: Resource | undefined = await this.read(type, id);
    const isTheirs = resource !== undefined && this.reaches(type, 'r', ownerOf(resource));
    return isTheirs ? (resource as ExtractResource<T>) : undefined;
  }

  /**
   * The record that is to be changed, as the draft would leave it; undefined when there is none. Refuses what isn't allowed,
   * before anybody is asked about it.
   */
  async claim<T extends RecordType>(type: T, id: string, permission: Permission): Promise<RecordOf<T> | undefined> {
    const record = this.#drafted.records.get(key(type, id));
    const before = record ? record.before : await this.#stored(type, id);
    const after = record ? record.after : before?.record;
    const isNew = record !== undefined && !before?.record;
    this.#allow(type, isNew ? 'c' : permission, after ?? before?.record, before);
    return after ? (copyJson(after) as RecordOf<T>) : undefined;
  }

  async search<T extends ResourceType>(type: T, query: string): Promise<ExtractResource<T>[]> {
    const page = await this.#drafted.services.store.search(type, query);
    return page.matches as ExtractResource<T>[];
  }

  create<R extends Resource>(resource: R): R & { id: string } {
    const created = { ...copyJson(resource), id: resource.id ?? this.newId() };
    this.#checkId(created);
    const existing = this.#drafted.records.get(key(created.resourceType, created.id));
    this.#allow(created.resourceType, existing?.before?.record ? 'u' : 'c', created);
    if (existing?.after) throw conflict(existing.type, existing.id, 'in this very unit of work');
    this.#drafted.records.set(key(created.resourceType, created.id), {
      type: created.resourceType,
      id: created.id,
      before: existing?.before,
      after: created,
      pinned: existing?.pinned ?? resource.id !== undefined,
      by: this.effect,
      note: existing?.note ?? this.#view.note,
      checks: [],
    });
    return created;
  }

  async update<R extends Resource>(
    resource: R & { id: string },
    options: { ifVersion?: number } = {},
  ): Promise<R & { id: string }> {
    this.#checkId(resource);
    const updated = copyJson(resource);
    const record = await this.#touch('u', updated.resourceType, updated.id, options.ifVersion);
    this.#leave(record, updated);
    return updated;
  }

  async patch<T extends ResourceType>(
    type: T,
    id: string,
    patch: readonly PatchOperation[],
    options: { ifVersion?: number } = {},
  ): Promise<ExtractResource<T>> {
    const record = await this.#existing('u', type, id, options.ifVersion);
    // Whether it passes tells what the record holds.
    if (patch.some(({ op }) => op === 'test')) this.requireReach(type, 'r', ownerOf(record.after));
    const result = patched(record.after, patch);
    if (result.resourceType !== type || result.id !== id) {
      throw new Refusal('patch.failed', { reason: 'resourceType and id cannot be changed' });
    }
    this.#leave(record, result);
    return copyJson(result) as ExtractResource<T>;
  }

  /**
   * Puts a stored record into another chart, or back: `after` is the same record but for what says whose it is. With the
   * record itself, rules take it for one that the draft has seen.
   */
  move(stored: StoredVersion, after: ChartRecord): void {
    const { type, id } = stored;
    for (const record of [stored.record, after]) this.#allow(type, 'u', record);
    const [by, note] = [this.effect, this.#view.note];
    const record: DraftRecord = { type, id, before: stored, after, pinned: false, by, note, checks: [], moved: true };
    this.#drafted.records.set(key(type, id), record);
  }

  /** Charts that were merged, and what a merge moves. */
  get merges(): Merges {
    return this.#drafted.services.store.merges;
  }

  /** The merge that the draft carries out, or undoes. */
  get merge(): MergeWrite | undefined {
    return this.#drafted.merge;
  }

  set merge(merge: MergeWrite | undefined) {
    this.#drafted.merge = merge;
  }

  async delete(type: ResourceType, id: string, options: { ifVersion?: number } = {}): Promise<void> {
    const record: DraftRecord = await this.#existing('d', type, id, options.ifVersion);
    record.after = null;
  }

  /** A note or command as the draft would leave it; undefined when there is none. */
  async entry<T extends EntryType>(type: T, id: string): Promise<EntryOf<T> | undefined> {
    const record = this.#drafted.records.get(key(type, id));
    const entry = record ? record.after : (await this.#stored(type, id))?.record;
    return entry ? (copyJson(entry) as EntryOf<T>) : undefined;
  }

  /** Writes a note or command, with what was asked about it. */
  async putEntry(entry: Entry, options: { ifVersion?: number; checks?: readonly Check[] } = {}): Promise<void> {
    const record = await this.#touch('u', entry.resourceType, entry.id, options.ifVersion);
    this.#leave(record, copyJson(entry));
    record.checks = [...record.checks, ...(options.checks ?? [])];
  }

  async removeEntry(
    type: EntryType,
    id: string,
    options: { ifVersion?: number | undefined; checks?: readonly Check[] } = {},
  ): Promise<void> {
    const record = await this.#touch('d', type, id, options.ifVersion);
    record.after = null;
    record.checks = [...record.checks, ...(options.checks ?? [])];
  }

  /** The version of a record that the draft will leave, or that is stored. */
  async versionOf(type: string, id: string): Promise<number> {
    const record = this.#drafted.records.get(key(type, id));
    return record ? (record.before?.version ?? 0) + 1 : ((await this.#stored(type, id))?.version ?? 0);
  }

  /** The version that a change of the record leaves. */
  async nextVersionOf(type: string, id: string): Promise<number> {
    const record = this.#drafted.records.get(key(type, id));
    const before = record ? record.before : await this.#stored(type, id);
    return (before?.version ?? 0) + 1;
  }

  /** A note that was last written before it kept who signed and unlocked it, with what its versions tell of that. */
  withEarlier(note: Note): Promise<Note> {
    return withEarlier(this.#drafted.services.store, note);
  }

  async #existing(
    permission: 'u' | 'd',
    type: ResourceType,
    id: string,
    ifVersion?: number,
  ): Promise<DraftRecord & { after: Resource }> {
    const known = this.#drafted.records.get(key(type, id));
    const existed = known ? known.after !== null : Boolean((await this.#stored(type, id))?.record);
    if (!existed) {
      const stored = known?.before ?? (await this.#stored(type, id));
      this.#allow(type, permission, null, stored);
      throw new Refusal(stored ? 'record.deleted' : 'record.not-found', { reference: `${type}/${id}` });
    }
    return (await this.#touch(permission, type, id, ifVersion)) as DraftRecord & { after: Resource };
  }

  /** The draft's entry for a record, begun from what is stored. */
  async #touch(permission: 'u' | 'd', type: string, id: string, ifVersion?: number): Promise<DraftRecord> {
    let record = this.#drafted.records.get(key(type, id));
    const before = record ? record.before : await this.#stored(type, id);
    if (before?.record) this.#allow(type, permission, before.record);
    else this.#allow(type, 'c', record?.after);
    if (!record) {
      const after = before?.record ?? null;
      record = { type, id, before, after, pinned: false, by: undefined, note: this.#view.note, checks: [] };
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

  #leave(record: DraftRecord, after: ChartRecord): void {
    this.#allow(record.type, record.before?.record ? 'u' : 'c', after);
    // A plugin may have copied a record by way of JSON.stringify: a number that it left as it was is written as it was.
    if (this.effect !== undefined) adoptLiterals(after, record.after);
    record.after = after;
  }

  /** Refuses a change that the authority doesn't allow; without a record, one that it allows with none of the type. */
  #allow(
    type: string,
    permission: Permission,
    record: ChartRecord | null | undefined,
    before?: Pick<StoredVersion, 'patient'>,
  ): void {
    const { warrant } = this.#view;
    // One that was deleted is in the chart where it was. What isn't known yet is asked for again when it is.
    const unwritten = () => (before ? before.patient : this.#asker.authority.patient);
    const owner = record ? () => ownerOf(record) : unwritten;
    requireChange(this.#asker, warrant, { type, permission, owner });
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
