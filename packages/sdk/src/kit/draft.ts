// How anything changes a chart: the draft of a unit of work. A port: chart/draft.ts implements it.

import type { ExtractResource, Resource, ResourceType } from '@medplum/fhirtypes';

/** A JSON Patch operation (RFC 6902). */
export interface PatchOperation {
  readonly op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test';
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

/**
 * Changes collected until they are committed together. Reads see the draft's own writes. Every method throws a
 * `Refusal` with an error code when it cannot be done; then nothing of the draft is written.
 */
export interface Draft {
  /** The record as the draft would leave it; undefined when it does not exist or was deleted. */
  read<T extends ResourceType>(type: T, id: string): Promise<ExtractResource<T> | undefined>;
  /** Committed records only: FHIR search parameters as a query string. */
  search<T extends ResourceType>(type: T, query: string): Promise<ExtractResource<T>[]>;
  /** Adds a record, with an id of its own unless one is given in `resource.id`. Returns it with its id. */
  create<R extends Resource>(resource: R): R & { id: string };
  /** Replaces a record; `resource.id` names it. */
  update<R extends Resource>(
    resource: R & { id: string },
    options?: { ifVersion?: number },
  ): Promise<R & { id: string }>;
  patch<T extends ResourceType>(
    type: T,
    id: string,
    patch: readonly PatchOperation[],
    options?: { ifVersion?: number },
  ): Promise<ExtractResource<T>>;
  delete(type: ResourceType, id: string, options?: { ifVersion?: number }): Promise<void>;
  /** ISO 8601 time of the unit of work. */
  readonly at: string;
  /** A new UUIDv7. */
  newId(): string;
}
