// What doors, plugins and the clock know of a chart: one way to read it, one way to change it.

import type { ExtractResource, Resource, ResourceType } from '@medplum/fhirtypes';
import type { Actor, Cause, Source } from '#kit/event.ts';
import type { Completion, ExecutionWrite, SearchCaller, StoredVersion } from '#store/contract.ts';
import type { ChartDraft } from './draft.ts';

/** Who changes a chart, through which door, and why. */
export interface Origin {
  readonly actor: Actor;
  readonly source: Source;
  /** The note it happens in. */
  readonly note?: string | null;
  /** Set when an event caused it. */
  readonly cause?: Cause | null;
  /** Depth of the cause, plus one; 0 otherwise. */
  readonly depth?: number;
}

/** What a unit of work wrote. */
export interface Written {
  readonly versions: readonly StoredVersion[];
  readonly events: readonly { id: string; type: string }[];
}

/** An event named by hand rather than derived from a change: CRON, or `POST /api/events`. */
export interface EmittedEvent {
  readonly type: string;
  readonly target: { type: string; id: string };
  readonly patient?: string | null;
  /** The note it happens in; that of the origin unless given. */
  readonly note?: string;
  readonly context?: Readonly<Record<string, unknown>>;
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
  readonly emit?: readonly EmittedEvent[];
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

  /** The current version, also of a deleted record; undefined when it never existed. */
  current(type: string, id: string): Promise<StoredVersion | undefined>;
  version(type: string, id: string, version: number): Promise<StoredVersion | undefined>;
  /** Newest first. Without `id`, of the whole type. */
  history(
    type: string,
    id: string | undefined,
    page: { count: number; before?: string; since?: string },
  ): Promise<{ versions: StoredVersion[]; next?: string }>;
  /** FHIR search parameters as a query string. `within` limits it to the compartment of one patient; `caller` has its budget. */
  search<T extends ResourceType>(
    type: T,
    query: string,
    options?: { within?: string } & SearchCaller,
  ): Promise<SearchResult<ExtractResource<T>>>;
  /** Every record of a chart as it was at a chart version. */
  asOf(patient: string, chartVersion: number): Promise<StoredVersion[]>;
}

export interface SearchResult<R extends Resource = Resource> {
  readonly matches: readonly R[];
  /** Added by _include and _revinclude. */
  readonly included: readonly Resource[];
  /** With `_total=accurate` or `_summary=count`. */
  readonly total?: number;
  /** Query string of the next page. */
  readonly next?: string;
}
