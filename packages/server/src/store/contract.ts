// The interface to the database. One implementation: PostgreSQL (postgres.ts and its neighbors).

import type { Resource } from '@medplum/fhirtypes';
import type { HostCall } from '@chartwire/client/internal/contract/execution';
import type { Unchanging } from '@chartwire/client/internal/contract/row';
import type { Actor, EventEnvelope } from '@chartwire/sdk/internal/kit/event';
import type { ChartRecord, RecordOf } from '@chartwire/sdk/internal/records/chart-record';
import type { AuditRow } from './audit/row.ts';
import type { RequestWrites } from './outgoing.ts';

/** A position in the event log. Readers go in this order, and only below the watermark, where nothing can be added. */
export interface Position {
  /** Increases when a log moves to another database cluster, whose transaction ids start over. */
  readonly epoch: number;
  /** PostgreSQL's 64-bit transaction id, in decimal. */
  readonly xid: string;
  /** Order inside one transaction, in decimal. */
  readonly seq: string;
}

/** What of the log was committed at a moment. */
export interface LogSnapshot {
  readonly epoch: number;
  /** PostgreSQL's pg_snapshot as text: `xmin:xmax:` and the transactions running in between. */
  readonly text: string;
}

/** Search values of one record, extracted by the R4 SearchParameter definitions. Type and id are the record's. */
export interface SearchIndex {
  /** `code=http://loinc.org|8480-6`, `code=|8480-6` (any system), `subject=Patient/1`, `url=http://...`: docs/decisions/0004. */
  readonly tokens: readonly string[];
  /** Periods as half-open ranges in ISO 8601 UTC; an open end is null. */
  readonly dates: readonly { p: string; l: string | null; h: string | null }[];
  /** Normalized text (lower case, no accents) and the original. */
  readonly strings: readonly { p: string; v: string; x: string }[];
  /** Numbers and quantities, as ranges if a comparator or a Range says so; an open end is null. `s` system, `c` code or unit. */
  readonly quantities: readonly { p: string; l: number | null; h: number | null; s?: string; c?: string }[];
}

/** One new version of one record. */
export interface RecordWrite {
  readonly type: string;
  readonly id: string;
  /** FHIR id of its chart's patient; null outside any chart. */
  readonly patient: string | null;
  /** The version it must have now: 0 for a record that must not exist. The new version is one more. */
  readonly expect: number;
  readonly deleted: boolean;
  /** ISO 8601 in UTC: `meta.lastUpdated`, never before the previous version's. */
  readonly at: string;
  /** JSON text of the resource with `meta.versionId` and `meta.lastUpdated`; null when deleted. */
  readonly content: string | null;
  readonly index: SearchIndex;
}

/** An event to log with the records of its unit of work. */
export interface EventWrite extends Omit<EventEnvelope, 'at' | 'chartVersion' | 'context'> {
  /** The changed record (the target itself, or e.g. the Task of a TaskComment). */
  readonly record: { type: string; id: string; version: number; previous: number | null } | null;
  /** Paths of the record that changed, as FHIRPath: `Task.status`. */
  readonly changed: readonly string[];
  /** What the context adds to record, previous, and changed. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** The record of one execution, written with its effects, or alone if it had none. */
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
  /** Its reads, searches, and HTTP calls in order, with digests of the answers. */
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

/** An event pending for a subscription. */
export interface DeliveryKey {
  readonly subscription: string;
  readonly event: string;
}

/**
 * How the end of an execution is recorded in the transaction of its effects. `cursor`: the lane moves past the event; refused if
 * the fence is lost. `retry`: the event is in a retry row, which is finished.
 */
export type Completion =
  | {
      readonly kind: 'cursor';
      readonly subscription: string;
      readonly part: number;
      readonly fence: string;
      readonly to: Position;
      /** The event failed (or waits behind a failed one of its patient) and continues as a retry row. */
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
  readonly state: 'waiting' | 'behind' | 'dead' | 'skipped';
  readonly nextAt: string | null;
  /** `letter`: the dead letter of the loop with which it was skipped. */
  readonly error: { code: string; message: string; letter?: string } | null;
}

/** A merge or its undoing, written with the unit of work that moves the records. */
export interface MergeWrite {
  readonly undo: boolean;
  /** FHIR ids of the patients: the chart that ends, and the one that continues. */
  readonly source: string;
  readonly target: string;
  /** ISO 8601. */
  readonly at: string;
  readonly by: Actor;
  readonly reason: string | null;
  /** Versions of both charts when read, which they must still have. */
  readonly sourceVersion: number;
  readonly targetVersion: number;
  /** Records of neither chart that referred to the source, as changed by the merge. */
  readonly elsewhere: readonly Held[];
  /** For an undoing: charts with no change but the merge since before it, and their versions then and now. */
  readonly spans?: readonly { readonly chart: string; readonly before: number; readonly now: number }[];
}

/** A unit of work, ready to be written: all of it in one transaction, or none. */
export interface UnitOfWork {
  /**
   * Event orders it takes part in: a patient's id, or `Type/id` for a record outside any chart. Each is locked before anything is
   * written, and each patient's chart version increases by one.
   */
  readonly charts: readonly string[];
  /** ISO 8601 in UTC: the `at` of its events. */
  readonly at: string;
  readonly records: readonly RecordWrite[];
  readonly events: readonly EventWrite[];
  readonly executions: readonly ExecutionWrite[];
  readonly completions: readonly Completion[];
  /** Records of its charts that it depends on without changing them: each must still have this version. */
  readonly holds?: readonly Held[];
  /** Its rows in the audit trail, written by the same statement so that neither exists without the other. */
  readonly audit?: readonly AuditRow[];
  /** Requests to other systems that it queues or ends. */
  readonly requests?: RequestWrites;
  /** The merge of two charts, or its undoing. */
  readonly merge?: MergeWrite;
}

export interface Held {
  readonly type: string;
  readonly id: string;
  readonly version: number;
}

/** Thrown by `commit` if a record doesn't have the version that its write or hold expects. Nothing was written. */
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

/** Thrown by `commit` if the patient of a written record has been deleted. Nothing was written. */
export class PatientDeleted extends Error {
  readonly patient: string;
  constructor(patient: string) {
    super(`Patient/${patient} is deleted`);
    this.name = 'PatientDeleted';
    this.patient = patient;
  }
}

/** Thrown by `commit` if the chart of a written record has been merged into another. Nothing was written. */
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

/** Thrown by `commit` if another node now holds the delivery's lease. Nothing was written. */
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
  /** JSON text of the record as stored; undefined for a deletion. */
  readonly text: string | undefined;
  /** Undefined for a deletion. Parsed on first use. */
  readonly record: R | undefined;
}

/** A stored event, with its record before and after. */
export interface StoredEvent extends EventWrite, Pick<EventEnvelope, 'at' | 'chartVersion'> {
  /** Which of the log's 64 parts it is in. */
  readonly part: number;
  /** Its event order: the patient's id, or `Type/id` outside any chart. */
  readonly chart: string;
  /** Patients whose earlier events come first: the record's former patient, and those merged into this chart. */
  readonly follows?: readonly string[];
  /** The patient to whose chart it would belong now, if the chart had been merged when the event was read. */
  readonly mergedInto?: string | null;
  readonly position: Position;
  /** JSON texts of the record as stored. */
  readonly texts: { readonly after: string | null; readonly before: string | null };
  /** Parsed on first use. */
  readonly after: ChartRecord | null;
  readonly before: ChartRecord | null;
}

/** Version and patient of a record, since a search may return partial records without them. */
export type Located = Pick<StoredVersion, 'type' | 'id' | 'version' | 'patient'>;

/** One result of a search. */
export interface Found extends Located {
  /** JSON text of the record, or of the requested parts. */
  readonly text: string;
}

/** A page of results; `chart/contract.ts` adds types. */
export interface SearchPage {
  /** Parsed on first use. */
  readonly matches: readonly Resource[];
  readonly included: readonly Resource[];
  /** In the same order. */
  readonly located: { readonly matches: readonly Found[]; readonly included: readonly Found[] };
  readonly total?: number;
  readonly next?: string;
}

/** Which records a search may return. */
export interface SearchReach {
  /** Only this patient's compartment, also for chained and included records. */
  readonly within?: string;
  /**
   * Instead of `within`, by type: the only patient whose records may be found, chained, or included; undefined for all patients,
   * null for none.
   */
  readonly whose?: (type: string, how: 'found' | 'included') => string | null | undefined;
  /** Only this patient's chart, and records outside any chart. */
  readonly open?: string;
  /** Excludes charts of deleted patients. */
  readonly living?: true;
  /**
   * Only records with each of these words (as searches compare text) at the start of a word of their `name`; with `whole`, as an
   * entire word.
   */
  readonly called?: { readonly words: readonly string[]; readonly whole: boolean };
}

/** The caller whose budget a search uses: `user/1`, `plugin/x`. Chartwire's own have none. */
export interface SearchCaller {
  readonly caller?: string;
}

/** Reads and writes of the clinical store. */
export interface Store {
  /** One transaction, durable when it resolves. Units that wait at the same time may share one. */
  commit(unit: UnitOfWork): Promise<{ chartVersions: ReadonlyMap<string, number> }>;
  /** Holds `keys` (advisory locks) while `work` runs; other holders of a key wait. Commits inside see earlier ones. */
  exclusively<T>(keys: readonly string[], work: () => Promise<T>): Promise<T>;
  /** Runs `work` while only its `commit` writes into `charts`; other writers wait. */
  holding<T>(charts: readonly string[], work: (commit: Store['commit']) => Promise<T>): Promise<T>;
  current<T extends string>(type: T, id: string): Promise<StoredVersion<RecordOf<T>> | undefined>;
  /** Several in one round trip; missing ones are left out. */
  currentAll<T extends string>(references: readonly { type: T; id: string }[]): Promise<StoredVersion<RecordOf<T>>[]>;
  version<T extends string>(type: T, id: string, version: number): Promise<StoredVersion<RecordOf<T>> | undefined>;
  history(
    type: string,
    id: string | undefined,
    page: { count: number; before?: string; since?: string; within?: string },
  ): Promise<{ versions: StoredVersion[]; next?: string }>;
  asOf(patient: string, chartVersion: number): Promise<StoredVersion[]>;
  /** Records of one type as of the moment when a record of the same chart was written at a version. */
  beside<T extends string>(
    written: { type: string; id: string; version: number },
    others: { type: T; ids: readonly string[] },
  ): Promise<StoredVersion<RecordOf<T>>[]>;
  /** The versions of one type's records that changed their `state`, oldest first, and their authors. */
  stateChanges<T extends string>(
    type: T,
    ids: readonly string[],
  ): Promise<(StoredVersion<RecordOf<T>> & { readonly by: Actor | null })[]>;
  /** Records of one type that aren't deleted, by chart and search token; ordered by id, newest (largest) first. */
  entries<T extends string>(
    type: T,
    filter: { patient?: string; token?: string; before?: string; limit: number },
  ): Promise<StoredVersion<RecordOf<T>>[]>;
  /** FHIR search; `query` is a URL query string without the leading `?`. */
  search(type: string, query: string, reach?: SearchReach & SearchCaller): Promise<SearchPage>;
}
