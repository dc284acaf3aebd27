// What an effect's apply() may do: the draft of a unit of work. Implemented by chart/draft.ts.

import type { Resource, ResourceType, ExtractResource } from '@medplum/fhirtypes';

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

/** Who asks for an effect: the plugin, and the scopes its manifest was granted. */
export interface EffectRequest {
  readonly plugin: string;
  readonly handler: string;
  readonly execution: string;
  /** The event being answered. */
  readonly event: {
    readonly id: string;
    readonly type: string;
    readonly patient: string | null;
    readonly note: string | null;
  };
  /** Writes a line to the plugin's log. */
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string): void;
}
