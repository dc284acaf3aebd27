// Records at the FHIR R4 door.

import type { Bundle, ExtractResource, Resource, ResourceType } from '@medplum/fhirtypes';
import { type Query, queryText, type Sending, type Transport } from './transport.ts';

/** Where the door is. */
const FHIR = '/fhir/R4';

/** https://www.rfc-editor.org/rfc/rfc6902#section-4 */
export type PatchOperation =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }
  | { readonly op: 'move' | 'copy'; readonly from: string; readonly path: string };

/** A record that is stored. */
export type Stored<R> = R & { readonly id: string };

export class Fhir {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** `/fhir/R4/Patient/1/_history`: where something is, for a link or the key of a cache. */
  path(type: ResourceType, id?: string, more?: '_history'): string {
    const parts = [type, id, more].filter((part) => part !== undefined);
    return [FHIR, ...parts.map(encodeURIComponent)].join('/');
  }

  /** The record as it is now. */
  async read<T extends ResourceType>(type: T, id: string, sending: Sending = {}): Promise<Stored<ExtractResource<T>>> {
    return this.#answer('GET', this.path(type, id), sending);
  }

  /** What matches, with what was included. */
  async search<T extends ResourceType>(
    type: T,
    query: Query = {},
    sending: Sending = {},
  ): Promise<Bundle<ExtractResource<T>>> {
    return this.#answer('GET', this.path(type) + queryText(query), sending);
  }

  /** The versions of a record, newest first. */
  async history<T extends ResourceType>(
    type: T,
    id: string,
    query: Query = {},
    sending: Sending = {},
  ): Promise<Bundle<ExtractResource<T>>> {
    return this.#answer('GET', this.path(type, id, '_history') + queryText(query), sending);
  }

  async create<R extends Resource>(record: R, sending: Sending = {}): Promise<Stored<R>> {
    return this.#answer('POST', this.path(record.resourceType), { ...sending, body: record });
  }

  /**
   * Writes a record anew. Where `seen` says which version it was made from, as a read does in `meta`, the write is refused
   * if somebody wrote another since.
   */
  async update<R extends Resource>(
    record: R & { readonly id?: string | undefined },
    seen: Pick<Resource, 'meta'> = record,
    sending: Sending = {},
  ): Promise<Stored<R>> {
    const version = seen.meta?.versionId;
    const headers = { ...sending.headers, ...(version && { 'if-match': `W/"${version}"` }) };
    return this.#answer('PUT', this.path(record.resourceType, record.id), { ...sending, headers, body: record });
  }

  /** Changes a record by a JSON Patch, RFC 6902. It is refused where a `test` in it fails. */
  async patch<T extends ResourceType>(
    type: T,
    id: string,
    operations: readonly PatchOperation[],
    sending: Sending = {},
  ): Promise<Stored<ExtractResource<T>>> {
    const headers = { 'content-type': 'application/json-patch+json', ...sending.headers };
    return this.#answer('PATCH', this.path(type, id), { ...sending, headers, body: operations });
  }

  /** What comes back is of the type that was asked for: the server validates every record it stores. */
  async #answer<T>(method: string, path: string, sending: Sending & { readonly body?: unknown }): Promise<T> {
    return (await this.#transport.json({ ...sending, method, path })) as T;
  }
}
