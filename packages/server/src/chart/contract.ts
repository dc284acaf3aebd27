// What doors, plugins and the clock know of a chart: one way to read it, one way to change it.

import type { Binary, ExtractResource, Resource, ResourceType } from '@medplum/fhirtypes';
import type { DraftEvent } from '@chartwire/sdk/internal/kit/event';
import type { Fault } from '@chartwire/sdk/internal/kit/errors';
import type { Permission } from '@chartwire/sdk/internal/kit/scopes';
import type { RecordOf } from '@chartwire/sdk/internal/records/chart-record';
import type { Completion, ExecutionWrite, SearchPage, StoredVersion } from '#store/contract.ts';
import type { ChartDraft } from './draft.ts';
import type { ChartLists } from './lists.ts';
import type { Origin } from './origin.ts';

/** What could not be checked of a record, which was written all the same. */
export interface Warning {
  readonly type: string;
  readonly id: string;
  readonly fault: Fault;
}

/** What a unit of work wrote. */
export interface Written {
  readonly versions: readonly StoredVersion[];
  /** Records that it put as they already were, as it found them: another writer may have changed them since. */
  readonly unchanged: readonly StoredVersion[];
  readonly warnings?: readonly Warning[];
  readonly events: readonly { id: string; type: string }[];
}

export interface UnitOptions {
  /**
   * Keys that no other unit of work may hold at the same time; taken before `work` runs, released with its end. For
   * conditional writes, whose search and write must not be parted. Costs a transaction of several statements.
   */
  readonly exclusive?: readonly string[];
  /** Recorded in the same transaction; asked for after `work`, with what the effects came to. */
  readonly finish?: () => { executions: readonly ExecutionWrite[]; completions: readonly Completion[] };
  /** Events beside those derived from the changes. */
  readonly emit?: readonly DraftEvent[];
}

export interface Chart {
  /**
   * The only way to change a chart. `work` fills a draft; its changes are validated, gates are asked, events derived
   * from before and after, and all is written in one transaction. `work` is run again when a record it read was changed
   * meanwhile, unless it named the version itself: so it must do nothing but fill the draft. What else it causes waits
   * for `draft.afterCommit`, and what it asks others goes through `draft.askOnce`. Throws a `Refusal`.
   */
  withChart<T>(
    origin: Origin,
    work: (draft: ChartDraft) => Promise<T>,
    options?: UnitOptions,
  ): Promise<{ result: T; written: Written }>;

  /** The only way to read a chart: as far as the authority of `origin` reaches, each record told to its sink. */
  reader(origin: Origin): ChartReader;
}

export interface HistoryPage {
  readonly count: number;
  /** `next` of the page before. */
  readonly before?: string;
  /** ISO 8601. */
  readonly since?: string;
}

export interface History {
  readonly versions: readonly StoredVersion[];
  readonly next?: string;
  /** Whose the record is now; of the history of a type, nobody's. */
  readonly patient: string | null;
}

/** What of a chart is wanted. */
export interface Everything {
  /** All that may be read unless given. */
  readonly types?: readonly string[];
  /** Changed since then: milliseconds since 1970. */
  readonly since?: number;
  /** As the chart was at this version of it; as it is now unless given. */
  readonly chartVersion?: number;
}

/**
 * Reads on somebody's authority. What it doesn't allow is refused with `access.forbidden`, to a plugin with
 * `host.forbidden`; lists leave it out.
 */
export interface ChartReader {
  /** What screens list. */
  readonly lists: ChartLists;
  /** Refuses right away what isn't allowed with any record of a type. */
  require(type: string, ...permissions: readonly Permission[]): void;
  /** Those of `types` of which some records at least may be read. */
  readable(types: readonly string[]): string[];
  /** Refuses what isn't allowed in every chart; `action` says what it is needed for. */
  requireEverywhere(type: string, permission: Permission, action: string): void;
  /** The current version, also of a deleted record; undefined when it never existed. */
  current<T extends string>(type: T, id: string): Promise<StoredVersion<RecordOf<T>> | undefined>;
  version<T extends string>(type: T, id: string, version: number): Promise<StoredVersion<RecordOf<T>> | undefined>;
  /** Newest first. Without `id`, of the whole type. Throws `record.not-found`. */
  history(type: string, id: string | undefined, page: HistoryPage): Promise<History>;
  /** FHIR search parameters as a query string. `living`: none of a chart whose patient was deleted, as lists have it. */
  search<T extends ResourceType>(
    type: T,
    query: string,
    only?: { readonly living?: true },
  ): Promise<SearchResult<ExtractResource<T>>>;
  /** Records of a chart, of the types that may be read. Throws `record.not-found`, `record.deleted`. */
  everything(patient: string, only?: Everything): Promise<StoredVersion[]>;
  /**
   * The content of a document. Who may read the document may read a Binary that is there for it
   * (http://hl7.org/fhir/R4/binary.html#security); any other needs `Binary.r`.
   */
  contentOf(document: string, binary: string): Promise<Binary | undefined>;
  /** A record after a write: as the write left it, or found it to be already. Whoever may write it may see it. */
  afterwards<T extends string>(written: Written, type: T, id: string): Promise<StoredVersion<RecordOf<T>> | undefined>;
}

export interface SearchResult<R extends Resource = Resource> {
  readonly matches: readonly R[];
  /** Added by _include and _revinclude. */
  readonly included: readonly Resource[];
  /** The same as they are stored, for who hands them on without reading them. */
  readonly located: SearchPage['located'];
  /** With `_total=accurate` or `_summary=count`. */
  readonly total?: number;
  /** Query string of the next page. */
  readonly next?: string;
}
