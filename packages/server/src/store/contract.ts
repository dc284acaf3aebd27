// What the rest of Chartwire knows of its database. One implementation: PostgreSQL (postgres.ts and its neighbours).

import type { Resource } from '@medplum/fhirtypes';
import type { HostCall } from '@chartwire/client/internal/contract/execution';
import type { Unchanging } from '@chartwire/client/internal/contract/row';
import type { Actor, EventEnvelope } from '@chartwire/sdk/internal/kit/event';
import type { ChartRecord, RecordOf } from '@chartwire/sdk/internal/records/chart-record';
import type { AuditRow } from './audit/row.ts';

/** A place in the event log. Logs are read in this order and only below the watermark, where nothing can still appear. */
export interface Position {
  /** Grows when a log moves to another database cluster, whose transaction ids begin again. */
  readonly epoch: number;
  /** PostgreSQL's 64-bit transaction id, in decimal. */
  readonly xid: string;
  /** Order inside one transaction, in decimal. */
  readonly seq: string;
}

/** What of the log was committed at a moment. */
export interface LogSnapshot {
  readonly epoch: number;
  /** PostgreSQL's pg_snapshot as text: `xmin:xmax:` and the transactions between them that ran. */
  readonly text: string;
}

/** Search values of one record, taken from it by the R4 SearchParameter definitions. Type and id are the record's. */
export interface SearchIndex {
  /** `code=http://loinc.org|8480-6`, `code=|8480-6` (any system), `subject=Patient/1`, `url=http://...`: docs/decisions/0004. */
  readonly tokens: readonly string[];
  /** Periods as half-open ranges in ISO 8601 UTC; an open end is null. */
  readonly dates: readonly { p: string; l: string | null; h: string | null }[];
  /** Normalised text (lower case, no accents) beside the text as it was written. */
  readonly strings: readonly { p: string; v: string; x: string }[];
  /** Numbers and quantities, as ranges where a comparator or a Range says so; an open end is null. `s` system, `c` code or unit. */
  readonly quantities: readonly { p: string; l: number | null; h: number | null; s?: string; c?: string }[];
}

/** One new version of one record. */
export interface RecordWrite {
  readonly type: string;
  readonly id: string;
  /** FHIR id of the patient whose chart holds it; null for records outside any chart. */
  readonly patient: string | null;
  /** The version it must be at now: 0 for a record that must not exist. The new version is one more. */
  readonly expect: number;
  readonly deleted: boolean;
  /** ISO 8601 in UTC: `meta.lastUpdated`, never before that of the version it follows. */
  readonly at: string;
  /** JSON text of the resource with `meta.versionId` and `meta.lastUpdated`; null when deleted. */
  readonly content: string | null;
  readonly index: SearchIndex;
}

/** One event to be logged with the records of its unit of work. */
export interface EventWrite extends Omit<EventEnvelope, 'at' | 'chartVersion' | 'context'> {
  /** The record that changed (the target itself, or e.g. the Task of a TaskComment). */
  readonly record: { type: string; id: string; version: number; previous: number | null } | null;
  /** Paths of the record that changed, as FHIRPath: `Task.status`. */
  readonly changed: readonly string[];
  /** What the context holds beside record, previous and changed. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What one execution leaves behind; written with the effects it had, or alone when it had none. */
export interface ExecutionWrite {
  readonly id: string;
  readonly delivery: DeliveryKey;
  readonly plugin: string;
  readonly pluginVersion: string;
  readonly handler: string;
  readonly attempt: number;
  readonly state: 'completed' | 'failed';
  /** ISO 8601. */
  readonly startedAt: string;
  /** Wall time of compute() in milliseconds. */
  readonly ms: number;
  /** An error code of `kit/errors/`, with its sentence and, for a throw, a stack in the author's files. */
  readonly error: { code: string; message: string; stack?: string } | null;
  /** Reads, searches and HTTP calls it made, in order, with their answers' digests. */
  readonly calls: readonly Unchanging<HostCall>[];
  /** Each effect as returned, with its outcome. */
  readonly effects: readonly EffectOutcome[];
  readonly logs: readonly { level: string; message: string; at: string }[];
}

export interface EffectOutcome {
  readonly type: string;
  readonly payload: unknown;
  readonly outcome: 'applied' | 'refused' | 'not-applied';
  /** What it changed, as references: `Task/123`. */
  readonly references: readonly string[];
  /** Why it was refused. */
  readonly error?: { code: string; message: string };
}

/** An event owed to a subscription. */
export interface DeliveryKey {
  readonly subscription: string;
  readonly event: string;
}

/**
 * How an execution's end is recorded in the transaction that applies its effects.
 * `cursor`: the lane moves past the event; refused when the fence is no longer held.
 * `retry`: the event had left the lane for a retry row, which is finished.
 */
export type Completion =
  | {
      readonly kind: 'cursor';
      readonly subscription: string;
      readonly part: number;
      readonly fence: string;
      readonly to: Position;
      /** The event failed (or waits behind one of its patient that did) and goes on as a retry row. */
      readonly park?: RetryWrite;
    }
  | {
      readonly kind: 'retry';
      readonly id: string;
      readonly fence: string;
      /** `done` ends it; `again` waits until `nextAt`; `dead` keeps it as a dead letter. */
      readonly state: 'done' | 'again' | 'dead';
      readonly nextAt: string | null;
      readonly error: { code: string; message: string } | null;
    };

export interface RetryWrite {
  readonly id: string;
  readonly subscription: string;
  readonly event: string;
  readonly eventAt: string;
  readonly part: number;
  readonly chart: string;
  readonly position: Position;
  readonly attempts: number;
  readonly state: 'waiting' | 'behind' | 'dead';
  readonly nextAt: string | null;
  readonly error: { code: string; message: string } | null;
}

/** A merge, or the undoing of one, written with the unit of work that moves the records. */
export interface MergeWrite {
  readonly undo: boolean;
  /** FHIR ids of the patients: the chart that ends, and the one that goes on. */
  readonly source: string;
  readonly target: string;
  /** ISO 8601. */
  readonly at: string;
  readonly by: Actor;
  readonly reason: string | null;
  /** Versions of both charts when they were read: they must still be at them. */
  readonly sourceVersion: number;
  readonly targetVersion: number;
  /** Records of neither chart that referred to the source, as the merge leaves them. */
  readonly elsewhere: readonly Held[];
  /** Of an undoing: the charts in which nothing but the merge happened since before it, and their versions then and now. */
  readonly spans?: readonly { readonly chart: string; readonly before: number; readonly now: number }[];
}

/** A unit of work, ready to be written: all of it in one transaction, or none. */
export interface UnitOfWork {
  /**
   * Orders of events it takes part in: a patient's id, or `Type/id` for a record outside any chart. Each is locked
   * before anything is written; each patient's chart version grows by one.
   */
  readonly charts: readonly string[];
  /** ISO 8601 in UTC: the `at` of its events. */
  readonly at: string;
  readonly records: readonly RecordWrite[];
  readonly events: readonly EventWrite[];
  readonly executions: readonly ExecutionWrite[];
  readonly completions: readonly Completion[];
  /** Records of its charts that it rests on and leaves as they are: each must still be at this version. */
  readonly holds?: readonly Held[];
  /** What the audit trail says of it: in the same statement, so that neither is there without the other. */
  readonly audit?: readonly AuditRow[];
  /** The merge of two charts, or the undoing of one, that it carries out. */
  readonly merge?: MergeWrite;
}

export interface Held {
  readonly type: string;
  readonly id: string;
  readonly version: number;
}

/** Thrown by `commit` when a record is not at the version its write or hold expects. Nothing was written. */
export class VersionConflict extends Error {
  readonly type: string;
  readonly id: string;
  constructor(type: string, id: string) {
    super(`${type}/${id} is not at the expected version`);
    this.name = 'VersionConflict';
    this.type = type;
    this.id = id;
  }
}

/** Thrown by `commit` when a record is written into the chart of a patient who is deleted by then. Nothing was written. */
export class PatientDeleted extends Error {
  readonly patient: string;
  constructor(patient: string) {
    super(`Patient/${patient} is deleted`);
    this.name = 'PatientDeleted';
    this.patient = patient;
  }
}

/** Thrown by `commit` when a record is written into a chart that was merged into another by then. Nothing was written. */
export class ChartMerged extends Error {
  readonly source: string;
  readonly target: string;
  constructor(source: string, target: string) {
    super(`Patient/${source} was merged into Patient/${target}`);
    this.name = 'ChartMerged';
    this.source = source;
    this.target = target;
  }
}

/** Thrown by `commit` when the lease under which a delivery ran is held by another node now. Nothing was written. */
export class FenceLost extends Error {
  constructor() {
    super('the lease of this delivery has been taken over');
    this.name = 'FenceLost';
  }
}

/** A version of a record as it is stored. */
export interface StoredVersion<R extends ChartRecord = ChartRecord> {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly patient: string | null;
  readonly deleted: boolean;
  /** ISO 8601. */
  readonly at: string;
  /** JSON text of the record, as it is stored; undefined for a deletion. */
  readonly text: string | undefined;
  /** Undefined for a deletion. Read from the text when it is first asked for. */
  readonly record: R | undefined;
}

/** An event as it is stored, with the record it is about as it became and as it was. */
export interface StoredEvent extends EventWrite, Pick<EventEnvelope, 'at' | 'chartVersion'> {
  /** Which of the log's 64 parts it is in. */
  readonly part: number;
  /** The order it belongs to: the patient's id, or `Type/id` outside any chart. */
  readonly chart: string;
  /** Patients whose earlier events come first: the one in whose chart the record was, and those merged into this chart. */
  readonly follows?: readonly string[];
  /** The patient in whose chart it would happen now, where the chart was merged into another one when the event was read. */
  readonly mergedInto?: string | null;
  readonly position: Position;
  /** JSON texts of the record, as they are stored. */
  readonly texts: { readonly after: string | null; readonly before: string | null };
  /** Read from their texts when they are first asked for. */
  readonly after: ChartRecord | null;
  readonly before: ChartRecord | null;
}

/** Which version of which record it is, and whose: a search may answer with parts of a record that don't say. */
export type Located = Pick<StoredVersion, 'type' | 'id' | 'version' | 'patient'>;

/** One that a search answers with. */
export interface Found extends Located {
  /** JSON text of the record, or of the parts of it that were asked for. */
  readonly text: string;
}

/** What a search answers; `chart/contract.ts` gives it types. */
export interface SearchPage {
  /** Read from their texts when they are first asked for. */
  readonly matches: readonly Resource[];
  readonly included: readonly Resource[];
  /** Of each of them, in their order. */
  readonly located: { readonly matches: readonly Found[]; readonly included: readonly Found[] };
  readonly total?: number;
  readonly next?: string;
}

/** Which records a search may answer with. */
export interface SearchReach {
  /** Only those of this patient's compartment, and none of others asked about or included. */
  readonly within?: string;
  /**
   * Instead of `within`, by type: the patient whose records alone may be found, asked about or included; undefined for
   * everybody's, null for none at all.
   */
  readonly whose?: (type: string, how: 'found' | 'included') => string | null | undefined;
  /** Only those of this patient's chart, and those outside any. */
  readonly open?: string;
  /** None of a chart whose patient was deleted. */
  readonly living?: true;
  /** Only those with each of these words, as searches compare text, at the beginning of a word of their `name`; `whole`: as a word. */
  readonly called?: { readonly words: readonly string[]; readonly whole: boolean };
}

/** In whose name a search is made, whose budget it is of: `user/1`, `plugin/x`. Chartwire's own are of nobody's. */
export interface SearchCaller {
  readonly caller?: string;
}

/** Reads and writes of the clinical store. */
export interface Store {
  /** One transaction, durable when it resolves. Units that wait at the same time may share a transaction. */
  commit(unit: UnitOfWork): Promise<{ chartVersions: ReadonlyMap<string, number> }>;
  /** Holds `keys` (advisory locks) while `work` runs; other holders of a key wait. Commits inside see what came before. */
  exclusively<T>(keys: readonly string[], work: () => Promise<T>): Promise<T>;
  /** Runs `work` while nothing is written into `charts` but by the `commit` it is given; other writers wait. */
  holding<T>(charts: readonly string[], work: (commit: Store['commit']) => Promise<T>): Promise<T>;
  current<T extends string>(type: T, id: string): Promise<StoredVersion<RecordOf<T>> | undefined>;
  /** Several at once, in one round trip; missing ones are left out. */
  currentAll<T extends string>(references: readonly { type: T; id: string }[]): Promise<StoredVersion<RecordOf<T>>[]>;
  version<T extends string>(type: T, id: string, version: number): Promise<StoredVersion<RecordOf<T>> | undefined>;
  history(
    type: string,
    id: string | undefined,
    page: { count: number; before?: string; since?: string; within?: string },
  ): Promise<{ versions: StoredVersion[]; next?: string }>;
  asOf(patient: string, chartVersion: number): Promise<StoredVersion[]>;
  /** Records of one type as they were when a record of the same chart was written at a version. */
  beside<T extends string>(
    written: { type: string; id: string; version: number },
    others: { type: T; ids: readonly string[] },
  ): Promise<StoredVersion<RecordOf<T>>[]>;
  /** The versions of records of one type that changed their `state`, oldest first, and who wrote them. */
  stateChanges<T extends string>(
    type: T,
    ids: readonly string[],
  ): Promise<(StoredVersion<RecordOf<T>> & { readonly by: Actor | null })[]>;
  /** Records of one type that are not deleted, of a chart and with a search token; by id, newest (largest) first. */
  entries<T extends string>(
    type: T,
    filter: { patient?: string; token?: string; before?: string; limit: number },
  ): Promise<StoredVersion<RecordOf<T>>[]>;
  /** FHIR search; `query` is a URL query string without the leading `?`. */
  search(type: string, query: string, reach?: SearchReach & SearchCaller): Promise<SearchPage>;
}
