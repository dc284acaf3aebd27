// Records of the FHIR R4 API.

import type { Bundle, ExtractResource, Resource, ResourceType } from '@medplum/fhirtypes';
import { type Query, queryText, type Sending, type Transport } from './transport.ts';

/** Base path of the FHIR API. */
const FHIR = '/fhir/R4';

/** One operation of a JSON Patch. https://www.rfc-editor.org/rfc/rfc6902#section-4 */
export type PatchOperation =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }
  | { readonly op: 'move' | 'copy'; readonly from: string; readonly path: string };

/** A stored record: it has an id. */
export type Stored<R> = R & { readonly id: string };

export class Fhir {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * The path of a type, a record, or its history, without the host: `/fhir/R4/Patient/1/_history`. Use it for links and cache
   * keys.
   */
  path(type: ResourceType, id?: string, more?: '_history'): string {
    const parts = [type, id, more].filter((part) => part !== undefined);
    return [FHIR, ...parts.map(encodeURIComponent)].join('/');
  }

  /**
   * Reads the current version of a record. https://hl7.org/fhir/R4/http.html#read
   *
   * @throws {Problem} 404 when the record doesn't exist, 410 when it was deleted, 403 when the token may not read it
   */
  async read<T extends ResourceType>(type: T, id: string, sending: Sending = {}): Promise<Stored<ExtractResource<T>>> {
    return this.#answer('GET', this.path(type, id), sending);
  }

  /**
   * Searches one type: a Bundle of matches and included records, one page at a time; `link` has the next page's address.
   * https://hl7.org/fhir/R4/search.html
   *
   * @throws {Problem} 400 for an unknown parameter or a wrong value, 403 when the token may not search the type
   */
  async search<T extends ResourceType>(
    type: T,
    query: Query = {},
    sending: Sending = {},
  ): Promise<Bundle<ExtractResource<T>>> {
    return this.#answer('GET', this.path(type) + queryText(query), sending);
  }

  /**
   * The versions of a record, newest first. https://hl7.org/fhir/R4/http.html#history
   *
   * @throws {Problem} 404 when the record doesn't exist, 403 when the token may not read it
   */
  async history<T extends ResourceType>(
    type: T,
    id: string,
    query: Query = {},
    sending: Sending = {},
  ): Promise<Bundle<ExtractResource<T>>> {
    return this.#answer('GET', this.path(type, id, '_history') + queryText(query), sending);
  }

  /**
   * Creates a record; the server assigns its id. https://hl7.org/fhir/R4/http.html#create
   *
   * @throws {Problem} 422 when it isn't valid, 403 when the token may not create the type
   */
  async create<R extends Resource>(record: R, sending: Sending = {}): Promise<Stored<R>> {
    return this.#answer('POST', this.path(record.resourceType), { ...sending, body: record });
  }

  /**
   * Replaces a record. If `seen.meta.versionId` is set (`record.meta` unless you pass `seen`), it is sent as If-Match.
   * https://hl7.org/fhir/R4/http.html#update
   *
   * @throws {Problem} 412 when someone has changed the record since that version, 422 when it isn't valid
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

  /**
   * Changes a record with a JSON Patch (RFC 6902). https://hl7.org/fhir/R4/http.html#patch
   *
   * @throws {Problem} when a `test` operation fails (nothing is changed), 422 when the result isn't valid
   */
  async patch<T extends ResourceType>(
    type: T,
    id: string,
    operations: readonly PatchOperation[],
    sending: Sending = {},
  ): Promise<Stored<ExtractResource<T>>> {
    const headers = { 'content-type': 'application/json-patch+json', ...sending.headers };
    return this.#answer('PATCH', this.path(type, id), { ...sending, headers, body: operations });
  }

  /** The cast is safe: the server validates each record that it stores, so the answer has the requested type. */
  async #answer<T>(method: string, path: string, sending: Sending & { readonly body?: unknown }): Promise<T> {
    return (await this.#transport.json({ ...sending, method, path })) as T;
  }
}
