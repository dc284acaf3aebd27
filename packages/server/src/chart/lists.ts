// Lists for screens that FHIR search can't express, within the caller's authority. Each record in an answer is reported to the
// origin's sink.

import type { Encounter, Patient, Resource } from '@medplum/fhirtypes';
import { callerOf } from '@chartwire/sdk/internal/kit/event';
import type { Permission } from '@chartwire/sdk/internal/kit/scopes';
import { TASK_LABEL } from '@chartwire/sdk/internal/kit/systems';
import type { Entry, EntryOf, EntryType, RecordOf } from '@chartwire/sdk/internal/records/chart-record';
import { type ChartRecords, type Moment, readChart, readTimeline, type Shown, type Wanted } from '#store/charts.ts';
import type { Located, Store, StoredVersion } from '#store/contract.ts';
import { findThreads, type Thread, type ThreadQuery } from '#store/messages.ts';
import { findPatients, lastVisits, type PatientWay, recentPatients } from '#store/patients.ts';
import type { PostgresStore } from '#store/postgres.ts';
import { type FoundReport, findReports, type ReportQuery } from '#store/reports.ts';
import { type FoundTask, findTasks, type TaskQuery } from '#store/tasks.ts';
import { recordsOf } from '#store/versions.ts';
import { inReach, reachOf, requirePermission, requireReach, requireSome } from './authority.ts';
import type { Disclosure, Origin } from './origin.ts';
import { commandIds, inOrder, notesOf, resultsOf, type StoredEntry, scoresOf, storedEntry } from './entries-of.ts';
import { allWithEarlier, withEarlier } from './note-history.ts';
import { requireStillInReach } from './still-in-reach.ts';

/** A store with its pool, and searches in a caller's budget. */
export type ReadableStore = Store & Pick<PostgresStore, 'merges' | 'pool' | 'searching'>;

export interface ListServices {
  readonly store: ReadableStore;
  readonly origin: Origin;
  tell(how: Disclosure['how'], records: readonly Located[]): void;
}

/** A note as of one of its versions. */
export interface NoteAt {
  readonly note: StoredEntry<'Note'>;
  /** In the order of its page. */
  readonly commands: readonly StoredEntry<'Command'>[];
  /** When: ISO 8601. */
  readonly at: string;
}

interface Page<Row> {
  readonly items: Row[];
  readonly next: string | null;
}

export class ChartLists {
  readonly #store: ListServices['store'];
  readonly #origin: Origin;
  readonly #tell: ListServices['tell'];

  constructor({ store, origin, tell }: ListServices) {
    this.#store = store;
    this.#origin = origin;
    this.#tell = tell;
  }

  /** For patients in reach whose charts were merged: where their records are now. */
  async survivors(patients: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.#store.merges.survivors(patients.filter((one) => inReach(this.#origin, 'Patient', 'r', one)));
  }

  /** Tasks of one patient, if named. Words of a patient's name match only for callers who may read patients. */
  async tasks({ patient, ...query }: Omit<TaskQuery, 'named' | 'patient'> & { patient?: string | undefined }) {
    const within = this.#limit('Task', 's', patient);
    const named = this.#may('Patient', 'r');
    const found = await findTasks(this.#searching, { ...query, named, ...(within && { patient: within }) }, TASK_LABEL);
    this.#told(found.items.map((task) => ({ ...task, type: 'Task' })));
    return found satisfies Page<FoundTask>;
  }

  async threads(query: Omit<ThreadQuery, 'patient'>): Promise<Page<Thread>> {
    requirePermission(this.#origin, 'Patient', 'r');
    const patient = this.#limit('Communication', 's', undefined);
    const found = await findThreads(this.#searching, { ...query, patient });
    this.#told(found.items.map(({ patient: of, last }) => locatedIn(of, last)));
    return found;
  }

  /** The timeline of a chart, for types that may be read. */
  async timeline(
    patient: string,
    shown: readonly Shown[],
    page: { after?: string; limit: number },
  ): Promise<Page<Moment>> {
    requireReach(this.#origin, 'Patient', 'r', patient);
    return this.#moments(
      patient,
      shown.filter(({ type }) => inReach(this.#origin, type, 'r', patient)),
      page,
    );
  }

  async #moments(patient: string, readable: readonly Shown[], page: { after?: string; limit: number }) {
    const found: Page<Moment> = await readTimeline(this.#store.pool, patient, readable, page);
    this.#told(found.items.map(({ type, id, version }) => ({ type, id, version, patient })));
    return found;
  }

  async messages(patient: string, shown: readonly Shown[], page: { after?: string; limit: number }) {
    requireReach(this.#origin, 'Communication', 'r', patient);
    return this.#moments(patient, shown, page);
  }

  /** For types that may be searched. */
  async reports({ types, patient, ...query }: ReportQuery): Promise<Page<FoundReport>> {
    requirePermission(this.#origin, 'Patient', 'r');
    const searched = types.filter((type) => this.#may(type, 's'));
    const limits = searched.map((type) => this.#limit(type, 's', patient ?? undefined));
    const within = limits.find((one) => one !== null) ?? null;
    const found = await findReports(this.#searching, { ...query, types: searched, patient: within });
    this.#told(found.items);
    return found;
  }

  /** The newest records of a chart, for types that may be read; undefined for an unknown patient. */
  async summary(patient: string, wanted: readonly Wanted[], most: number): Promise<ChartRecords | undefined> {
    requireReach(this.#origin, 'Patient', 'r', patient);
    const readable = wanted.filter(({ type }) => inReach(this.#origin, type, 'r', patient));
    const found = await readChart(this.#store.pool, patient, readable, most);
    this.#told(
      [...(found?.records.values() ?? [])].flat().map((record) => locatedIn(patient, record)),
      'chart',
    );
    return found;
  }

  /** Ids of patients who match all of `asked`; without criteria, the most recently changed. */
  async patients(asked: readonly (readonly PatientWay[])[], limit: number): Promise<StoredVersion<Patient>[]> {
    const within = this.#limit('Patient', 's', undefined);
    const { pool } = this.#store;
    const ids = await (asked.length > 0
      ? findPatients(this.#searching, asked, { limit, within })
      : recentPatients(pool, limit, within));
    const found = await this.#store.currentAll(ids.map((id) => ({ type: 'Patient' as const, id })));
    const byId = new Map(found.map((one) => [one.id, one]));
    const shown = ids.flatMap((id) => byId.get(id) ?? []);
    this.#told(shown);
    return shown;
  }

  /** Start of each patient's last visit, for those whose visits may be read: ISO 8601. */
  lastVisits(patients: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return lastVisits(
      this.#store.pool,
      patients.filter((one) => inReach(this.#origin, 'Encounter', 'r', one)),
    );
  }

  /** Records of a type in several charts or with one of several tokens, as far as they may be read. */
  async around<T extends string>(type: T, wanted: { patients?: readonly string[]; tokens?: readonly string[] }) {
    if (!this.#may(type, 'r')) return [];
    const found = await recordsOf(this.#store.pool, type, wanted);
    const shown = found.filter(({ patient }) => inReach(this.#origin, type, 'r', patient));
    this.#told(shown);
    return shown;
  }

  /** Visits with one of several tokens, which link appointments to notes, for callers who may read either. */
  async visitsOf(tokens: readonly string[]): Promise<StoredVersion<Encounter>[]> {
    if (this.#may('Encounter', 'r') || !this.#may('Note', 'r')) return this.around('Encounter', { tokens });
    const found = await recordsOf(this.#store.pool, 'Encounter', { tokens });
    return found.filter(({ patient }) => inReach(this.#origin, 'Note', 'r', patient));
  }

  /** Records by id, as far as they may be read. */
  async several<T extends string>(
    references: readonly { type: T; id: string }[],
  ): Promise<StoredVersion<RecordOf<T>>[]> {
    const found = await this.#store.currentAll(references);
    const shown = found.filter(({ type, patient }) => inReach(this.#origin, type, 'r', patient));
    this.#told(shown);
    return shown;
  }

  /** For names on a page: a patient's, and those of people in their chart, for callers who may read the patient. */
  async called<T extends string>(
    references: readonly { type: T; id: string }[],
  ): Promise<StoredVersion<RecordOf<T>>[]> {
    const found = await this.#store.currentAll(references);
    return found.filter(({ patient }) => patient === null || inReach(this.#origin, 'Patient', 'r', patient));
  }

  /** A patient's notes, newest first. */
  async notes(page: Parameters<typeof notesOf>[1] & { readonly patient: string }): Promise<StoredEntry<'Note'>[]> {
    requireReach(this.#origin, 'Note', 's', page.patient);
    return this.#notes(await notesOf(this.#store, page));
  }

  /** Notes of all patients with a token, newest first. */
  async notesWith(token: string, page: { before?: string; limit: number }): Promise<StoredEntry<'Note'>[]> {
    const patient = this.#limit('Note', 's', undefined);
    return this.#notes(await notesOf(this.#store, { ...page, token, ...(patient !== null && { patient }) }));
  }

  async #notes(found: readonly StoredEntry<'Note'>[]): Promise<StoredEntry<'Note'>[]> {
    this.#told(found.map(({ entry: { id, patient }, version }) => ({ type: 'Note', id, version, patient })));
    const notes = await allWithEarlier(
      this.#store,
      found.map(({ entry }) => entry),
    );
    return found.map(({ version }, index) => ({ version, entry: notes[index]! }));
  }

  /** A note with its history from before notes stored it; a command as it is. */
  async withEarlier<T extends EntryType>({ entry, version }: StoredEntry<T>): Promise<StoredEntry<T>> {
    const found: Entry = entry;
    if (found.resourceType !== 'Note') return { entry, version };
    return { entry: (await withEarlier(this.#store, found)) as EntryOf<T>, version };
  }

  /** The note at a version, with its commands at that time; undefined if it has no such version. */
  async noteAt(id: string, version: number): Promise<NoteAt | undefined> {
    requirePermission(this.#origin, 'Note', 'r');
    const found = await this.#store.version('Note', id, version);
    const stored = storedEntry('Note', found);
    if (!found || !stored) return undefined;
    await requireStillInReach(this.#store, this.#origin, found);
    requireReach(this.#origin, 'Note', 'r', found.patient);
    requireReach(this.#origin, 'Command', 'r', found.patient);
    const ids = commandIds(stored.entry);
    const commands = await this.#store.beside(found, { type: 'Command', ids });
    this.#told([found, ...commands], 'history');
    return { note: await this.withEarlier(stored), commands: inOrder(ids, commands), at: found.at };
  }

  async entry<T extends EntryType>(type: T, id: string): Promise<StoredEntry<T> | undefined> {
    requirePermission(this.#origin, type, 'r');
    const found = await this.#store.current(type, id);
    if (!found) return undefined;
    requireReach(this.#origin, type, 'r', found.patient);
    if (found.record) this.#told([found], 'read');
    const stored = storedEntry(type, found);
    return stored && this.withEarlier(stored);
  }

  /** The commands of a note, in the order of its page. */
  async commandsOf(note: EntryOf<'Note'>): Promise<StoredEntry<'Command'>[]> {
    requireReach(this.#origin, 'Command', 'r', note.patient);
    const ids = commandIds(note);
    return inOrder(ids, await this.several(ids.map((id) => ({ type: 'Command', id }))));
  }

  /** The results of a command's answers, shown with the command to those who may read it. */
  resultsOf(command: EntryOf<'Command'>) {
    return resultsOf(this.#store, command);
  }

  /** Their scores by the questionnaire's scoring, also shown with the command. */
  scoresOf(commands: readonly EntryOf<'Command'>[]) {
    return scoresOf(this.#store, commands);
  }

  /** For long reads: in the caller's budget. Chartwire's own have none. */
  get #searching() {
    const { actor } = this.#origin;
    return actor.type === 'system' ? this.#store.pool : this.#store.searching(callerOf(actor));
  }

  /** The only patient a list covers: the named one, or the authority's; null for all. */
  #limit(type: string, permission: Permission, patient: string | undefined): string | null {
    requireSome(this.#origin, type, permission);
    if (reachOf(this.#origin, type, permission) === 'any') return patient ?? null;
    if (patient !== undefined) requireReach(this.#origin, type, permission, patient);
    return this.#origin.authority.patient;
  }

  #may(type: string, permission: Permission): boolean {
    return reachOf(this.#origin, type, permission) !== 'none';
  }

  #told(records: readonly Located[], how: Disclosure['how'] = 'list'): void {
    this.#tell(how, records);
  }
}

function locatedIn(patient: string, { resourceType, id = '', meta }: Resource): Located {
  return { type: resourceType, id, version: Number(meta?.versionId), patient };
}
