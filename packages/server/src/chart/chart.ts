// The chart: the only way to read it and the only way to change it.

import { randomFillSync } from 'node:crypto';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { MAX_DEPTH } from '@chartwire/sdk/internal/kit/event';
import { uuidv7 } from '@chartwire/sdk/internal/kit/ids';
import { pathOfReference } from '#r4/links.ts';
import {
  ChartMerged,
  PatientDeleted,
  type Store,
  type StoredVersion,
  type UnitOfWork,
  VersionConflict,
} from '#store/contract.ts';
import { chartOf } from '#store/work.ts';
import { Attempts } from './attempts.ts';
import type { Chart, UnitOptions, Written } from './contract.ts';
import type { Origin } from './origin.ts';
import { ChartDraft, type DraftRecord } from './draft.ts';
import { checkInterviews } from './interviews.ts';
import type { ReadableStore } from './lists.ts';
import { AuthorizedReader } from './reader.ts';
import { applyRules, KeysNeeded } from './rules/index.ts';
import { type Change, changesOf, eventsOf, eventWrite, refusalOf } from './unit.ts';

export interface ChartServices {
  readonly store: ReadableStore;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** The practice's time zone. Defaults to UTC. */
  readonly timeZone?: () => Promise<string>;
  /** Receives a sentence, without PHI, about a harmless failure after a commit. */
  readonly report?: (sentence: string) => void;
}

interface Attempted extends UnitOptions {
  readonly attempts: Attempts;
}

interface Done<T> {
  readonly result: T;
  readonly written: Written;
  readonly waiting: readonly (() => Promise<void>)[];
}

/** Nothing was written, since something changed in the meantime. */
interface Contended {
  readonly unit: UnitOfWork;
  /** The changed record, and the refusal for a writer after the last attempt; for a deleted patient there is none. */
  readonly name?: string;
  readonly refusal?: Refusal;
}

/** How often `work` reruns after another writer's change before the caller gets the conflict. */
const ATTEMPTS = 8;

export function createChart(services: ChartServices): Chart {
  const { store } = services;
  const now = services.now ?? Date.now;
  const timeZone = services.timeZone ?? (async () => 'UTC');
  const newId = (): string => uuidv7(now(), randomFillSync);
  const patients = new KnownPatients(store);
  const turns = new Turns();

  async function attempt<T>(origin: Origin, work: (draft: ChartDraft) => Promise<T>, options: Attempted) {
    const at = new Date(now()).toISOString();
    const draft = ChartDraft.begin({ store, newId, timeZone, asker: origin }, at, options.attempts);
    const result = await work(draft);
    await applyRules(draft, options.exclusive ?? []);
    const changes = await changesOf(draft.records, draft.at, newId);
    await patients.refuseUnknown(changes);
    await refuseDeletedMerged(store, changes);
    const written = changes.filter(({ moved }) => !moved);
    const warnings = await checkInterviews(written, draft);
    const events = [
      ...(await eventsOf(changes, origin, newId)),
      ...draft.emitted.map((event) => eventWrite(event, origin, newId)),
      ...(options.emit ?? []).map((event) => eventWrite(event, origin, newId)),
    ];
    if (events.length > 0) refuseDepth(origin);
    const unit: UnitOfWork = {
      charts: [...new Set([...changes.flatMap(chartsOf), ...events.map(chartOf)])],
      at: draft.at,
      records: changes.map(({ write }) => write),
      events,
      holds: draft.holds,
      ...(draft.merge && { merge: draft.merge }),
      audit: origin.trail?.rows(changes.map(({ version }) => version)) ?? [],
      ...(options.finish?.() ?? { executions: [], completions: [] }),
    };
    return { result, changes, unchanged: unchangedOf(draft.records, changes), warnings, unit, waiting: draft.waiting };
  }

  async function afterwards(waiting: readonly (() => Promise<void>)[]): Promise<void> {
    for (const work of waiting) {
      await work().catch((error: unknown) => {
        const name = error instanceof Error ? error.name : typeof error;
        services.report?.(`Something that follows a commit failed (${name}); the commit stands.`);
      });
    }
  }

  /** Commits one attempt's draft, or returns what another writer changed. */
  async function writeOnce<T>(
    origin: Origin,
    work: (draft: ChartDraft) => Promise<T>,
    options: Attempted,
    commit: Store['commit'],
  ): Promise<Done<T> | Contended> {
    const { result, changes, unchanged, warnings, unit, waiting } = await attempt(origin, work, options);
    const written: Written = {
      versions: changes.map(({ version }) => version),
      unchanged,
      ...(warnings.length > 0 && { warnings }),
      events: unit.events.map(({ id, type }) => ({ id, type })),
    };
    if (isEmpty(unit)) return { result, written, waiting: [] };
    try {
      await commit(unit);
      patients.learn(changes);
      origin.trail?.kept(written.versions);
      return { result, written, waiting };
    } catch (error) {
      if (error instanceof PatientDeleted) {
        // The next attempt finds the patient deleted, and refuses the write as if it had come later.
        patients.forget(error.patient);
        return { unit };
      }
      if (error instanceof ChartMerged) throw mergedRefusal(error);
      if (!(error instanceof VersionConflict)) throw error;
      const { type, id, version } = await conflicting(store, error, unit);
      const refusal = new Refusal('record.conflict', { reference: `${type}/${id}`, actual: version });
      // The next attempt refuses a stale version that the caller named, or an id that is now taken.
      const taken = changes.some(
        ({ write, pinned }) => pinned && write.expect === 0 && write.type === type && write.id === id,
      );
      if (taken) throw refusal;
      return { unit, name: `${type}/${id}`, refusal };
    }
  }

  async function write<T>(
    origin: Origin,
    work: (draft: ChartDraft) => Promise<T>,
    options: Attempted,
  ): Promise<{ result: T; written: Written }> {
    let contended: string | undefined;
    let held: readonly string[] = [];
    for (let tries = 1; ; tries++) {
      // Writers that found a record changed go one after another; in parallel, all but one would find it changed again.
      const done = contended === undefined ? undefined : await turns.take(contended);
      try {
        const once = (commit: Store['commit']) => writeOnce(origin, work, options, commit);
        const outcome = await (held.length > 0 ? store.holding(held, once) : once(store.commit));
        if ('written' in outcome) {
          await afterwards(outcome.waiting);
          return { result: outcome.result, written: outcome.written };
        }
        if (outcome.refusal && tries >= ATTEMPTS) throw outcome.refusal;
        contended = outcome.name ?? contended;
        // A merge reads whole charts, and would never finish between constant writes.
        if (outcome.unit.merge) held = [...new Set([...held, ...outcome.unit.charts])];
      } finally {
        done?.();
      }
    }
  }

  /** Runs with the given keys, and again with those that the rules for its changes need. */
  async function writeUnderKeys<T>(
    origin: Origin,
    work: (draft: ChartDraft) => Promise<T>,
    options: Attempted,
  ): Promise<{ result: T; written: Written }> {
    const { exclusive = [] } = options;
    try {
      return await (exclusive.length > 0
        ? store.exclusively(exclusive, () => write(origin, work, options))
        : write(origin, work, options));
    } catch (error) {
      if (!(error instanceof KeysNeeded)) throw error;
      return writeUnderKeys(origin, work, { ...options, exclusive: error.keys });
    }
  }

  return {
    withChart: (origin, work, options = {}) => writeUnderKeys(origin, work, { ...options, attempts: new Attempts() }),
    reader: (origin) => new AuthorizedReader(store, origin),
  };
}

/** Charts that a change belongs to: the patient's, including a former one, or its own outside any chart. */
function chartsOf({ write: { type, id, patient }, from }: Change): string[] {
  return [patient ?? `${type}/${id}`, ...(from === null || from === patient ? [] : [from])];
}

function mergedRefusal({ source, target }: Pick<ChartMerged, 'source' | 'target'>): Refusal {
  return new Refusal('chart.merged', { source: `Patient/${source}`, target: `Patient/${target}` });
}

/** A patient whose chart was merged is kept, so that links to them still resolve. */
async function refuseDeletedMerged({ merges }: ReadableStore, changes: readonly Change[]): Promise<void> {
  const deleted = changes.flatMap(({ write }) => (write.type === 'Patient' && write.deleted ? [write.id] : []));
  for (const [source, target] of await merges.survivors(deleted)) throw mergedRefusal({ source, target });
}

function unchangedOf(records: readonly DraftRecord[], changes: readonly Change[]): StoredVersion[] {
  const changed = new Set(changes.map(({ write }) => `${write.type}/${write.id}`));
  return records.flatMap(({ type, id, before }) => (before && !changed.has(`${type}/${id}`) ? [before] : []));
}

function isEmpty(unit: UnitOfWork): boolean {
  return [unit.records, unit.events, unit.executions, unit.completions].every((list) => list.length === 0);
}

function refuseDepth(origin: Origin): void {
  const depth = origin.depth ?? 0;
  if (depth > MAX_DEPTH) throw new Refusal('event.depth', { depth, limit: MAX_DEPTH });
}

/**
 * The record that caused the conflict, as it is now. The database can't always name it: if another writer advanced it by one
 * version, it looks like this writer's own result.
 */
async function conflicting(store: Store, { type, id }: VersionConflict, unit: UnitOfWork) {
  if (type !== '') return { type, id, version: (await store.current(type, id))?.version ?? 0 };
  const now = new Map((await store.currentAll(unit.records)).map((one) => [`${one.type}/${one.id}`, one.version]));
  const versions = unit.records.map((one) => ({ ...one, version: now.get(`${one.type}/${one.id}`) ?? 0 }));
  return versions.find(({ version, expect }) => version !== expect) ?? { type, id, version: 0 };
}

/** Turns at a record, among the writers of this process. */
class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Resolves when it is the caller's turn, with a function that ends it. A writer waits for one turn at a time. */
  async take(name: string): Promise<() => void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = this.#last.get(name);
    this.#last.set(name, promise);
    await before;
    return () => {
      if (this.#last.get(name) === promise) this.#last.delete(name);
      resolve();
    };
  }
}

/**
 * Refuses records of patients that don't exist. Caches existing patients, so that a write rarely queries; the commit detects one
 * deleted in the meantime.
 */
class KnownPatients {
  readonly #store: Store;
  readonly #known = new Set<string>();

  constructor(store: Store) {
    this.#store = store;
  }

  async refuseUnknown(changes: readonly Change[]): Promise<void> {
    /** The patients as the changes leave them. */
    const own = new Map(
      changes.flatMap(({ write }): [string, boolean][] =>
        write.type === 'Patient' ? [[write.id, !write.deleted]] : [],
      ),
    );
    const isUnknown = ({ write: { patient, deleted } }: Change): boolean =>
      !deleted && patient !== null && !(own.get(patient) ?? this.#known.has(patient));
    const asked = changes.filter(isUnknown);
    if (asked.length === 0) return;
    const patients = asked.map(({ write }) => ({ type: 'Patient', id: write.patient! }));
    for (const { id, deleted } of await this.#store.currentAll(patients)) if (!deleted) this.#remember(id);
    const change = asked.find(isUnknown);
    if (!change) return;
    const reference = `Patient/${change.write.patient}`;
    const expression = (change.after && pathOfReference(change.after, reference)) ?? change.write.type;
    const refusal = new Refusal('record.reference', { expression, reference }, [
      { path: expression, message: `The patient ${reference} does not exist.` },
    ]);
    throw refusalOf(refusal, change.by);
  }

  /** After a commit: forgets deleted patients. */
  learn(changes: readonly Change[]): void {
    for (const { write } of changes) {
      if (write.type !== 'Patient') continue;
      if (write.deleted) this.forget(write.id);
      else this.#remember(write.id);
    }
  }

  forget(id: string): void {
    this.#known.delete(id);
  }

  #remember(id: string): void {
    if (this.#known.size > 100_000) this.#known.clear();
    this.#known.add(id);
  }
}
