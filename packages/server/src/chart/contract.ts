// The interface to charts for API handlers, plugins, and the clock: one way to read, one way to change.

import type { Binary, ExtractResource, Resource, ResourceType } from '@medplum/fhirtypes';
import type { DraftEvent } from '@chartwire/sdk/internal/kit/event';
import type { Fault } from '@chartwire/sdk/internal/kit/errors';
import type { Permission } from '@chartwire/sdk/internal/kit/scopes';
import type { RecordOf } from '@chartwire/sdk/internal/records/chart-record';
import type { Completion, ExecutionWrite, SearchPage, StoredVersion } from '#store/contract.ts';
import type { RequestWrites } from '#store/outgoing.ts';
import type { ChartDraft } from './draft.ts';
import type { ChartLists } from './lists.ts';
import type { Origin } from './origin.ts';

/** Parts of a written record that couldn't be checked. */
export interface Warning {
  readonly type: string;
  readonly id: string;
  readonly fault: Fault;
}

/** What a unit of work wrote. */
export interface Written {
  readonly versions: readonly StoredVersion[];
  /** Records whose write changed nothing, as found; another writer may have changed them since. */
  readonly unchanged: readonly StoredVersion[];
  readonly warnings?: readonly Warning[];
  readonly events: readonly { id: string; type: string }[];
}

export interface UnitOptions {
  /**
   * Keys that no other unit of work may hold at the same time; taken before `work` runs and released after it. For conditional
   * writes, whose search and write must not be separated. Costs a transaction of several statements.
   */
  readonly exclusive?: readonly string[];
  /** Recorded in the same transaction. Called after `work` with the effects' outcomes. */
  readonly finish?: () => {
    executions: readonly ExecutionWrite[];
    completions: readonly Completion[];
    requests?: RequestWrites;
  };
  /** Events in addition to those derived from changes. */
  readonly emit?: readonly DraftEvent[];
}

export interface Chart {
  /**
   * The only way to change a chart. `work` fills a draft; its changes are validated, gates run, events are derived, and
   * everything is written in one transaction. `work` reruns if a record it read has changed in the meantime, unless it named the
   * version itself, so it must do nothing but fill the draft. Side effects go to `draft.afterCommit`, and questions through
   * `draft.askOnce`.
   *
   * @throws {Refusal} when the change isn't valid or allowed
   */
  withChart<T>(
    origin: Origin,
    work: (draft: ChartDraft) => Promise<T>,
    options?: UnitOptions,
  ): Promise<{ result: T; written: Written }>;

  /** The only way to read a chart: within the authority of `origin`, with each record reported to its sink. */
  reader(origin: Origin): ChartReader;
}

export interface HistoryPage {
  readonly count: number;
  /** The previous page's `next`. */
  readonly before?: string;
  /** ISO 8601. */
  readonly since?: string;
}

export interface History {
  readonly versions: readonly StoredVersion[];
  readonly next?: string;
  /** The record's current owner; for the history of a type, none. */
  readonly patient: string | null;
}

/** The requested part of a chart. */
export interface Everything {
  /** Defaults to everything that may be read. */
  readonly types?: readonly string[];
  /** Changed since then: milliseconds since 1970. */
  readonly since?: number;
  /** The chart as of this version. Defaults to its current state. */
  readonly chartVersion?: number;
}

/**
 * Reads under an authority. Forbidden reads are refused with `access.forbidden`, for plugins with `host.forbidden`; lists leave
 * them out.
 */
export interface ChartReader {
  /** Lists for screens. */
  readonly lists: ChartLists;
  /** Refuses at once if no record of a type is allowed. */
  require(type: string, ...permissions: readonly Permission[]): void;
  /** Those of `types` of which at least some records may be read. */
  readable(types: readonly string[]): string[];
  /** Refuses unless allowed in every chart; `action` says what it is needed for. */
  requireEverywhere(type: string, permission: Permission, action: string): void;
  /** The current version, including a deleted record's; undefined if it never existed. */
  current<T extends string>(type: T, id: string): Promise<StoredVersion<RecordOf<T>> | undefined>;
  version<T extends string>(type: T, id: string, version: number): Promise<StoredVersion<RecordOf<T>> | undefined>;
  /**
   * Newest first. Without `id`, of the whole type.
   *
   * @throws {Refusal} `record.not-found`
   */
  history(type: string, id: string | undefined, page: HistoryPage): Promise<History>;
  /** FHIR search parameters as a query string. `living` excludes charts of deleted patients, as lists do. */
  search<T extends ResourceType>(
    type: T,
    query: string,
    only?: { readonly living?: true },
  ): Promise<SearchResult<ExtractResource<T>>>;
  /**
   * Records of a chart, of the types that may be read.
   *
   * @throws {Refusal} `record.not-found`, `record.deleted`
   */
  everything(patient: string, only?: Everything): Promise<StoredVersion[]>;
  /**
   * The content of a document. Permission to read the document includes its Binary (http://hl7.org/fhir/R4/binary.html#security);
   * any other needs `Binary.r`.
   */
  contentOf(document: string, binary: string): Promise<Binary | undefined>;
  /** A record after a write, as written or as found unchanged. Permission to write it includes seeing it. */
  afterwards<T extends string>(written: Written, type: T, id: string): Promise<StoredVersion<RecordOf<T>> | undefined>;
}

export interface SearchResult<R extends Resource = Resource> {
  readonly matches: readonly R[];
  /** Added by _include and _revinclude. */
  readonly included: readonly Resource[];
  /** The same as stored, for passing on without parsing. */
  readonly located: SearchPage['located'];
  /** With `_total=accurate` or `_summary=count`. */
  readonly total?: number;
  /** Query string of the next page. */
  readonly next?: string;
}
