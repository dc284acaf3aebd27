// A client of a running server: HTTP with a bearer token, and nothing else.

import type { Stored } from '@chartwire/client/internal/client/index';
import type { Resource } from '@medplum/fhirtypes';

export class Door {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  /** The JSON of the answer. Throws with the server's own words when it refuses. */
  async ask<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    const type = path.startsWith('/fhir') ? 'application/fhir+json' : 'application/json';
    return this.#send(method, path, body === undefined ? undefined : { type, content: JSON.stringify(body) });
  }

  /** The same client with another user's token. */
  async as(name: string, scopes: readonly string[]): Promise<Door> {
    const { token } = await this.ask<{ token: string }>('POST', '/api/tokens', { name, scopes });
    return new Door(this.#url, token);
  }

  async install(plugin: string, tgz: Buffer): Promise<void> {
    await this.#send('PUT', `/api/plugins/${plugin}`, { type: 'application/gzip', content: new Uint8Array(tgz) });
  }

  async create<R extends Resource>(record: R): Promise<Stored<R>> {
    return this.ask('POST', `/fhir/R4/${record.resourceType}`, record);
  }

  /** Puts elements over those that the record has. */
  async change<R extends Resource>(record: Stored<R>, elements: Partial<R>): Promise<Stored<R>> {
    return this.ask('PUT', `/fhir/R4/${record.resourceType}/${record.id}`, { ...record, ...elements });
  }

  async remove({ resourceType, id }: Stored<Resource>): Promise<void> {
    await this.ask('DELETE', `/fhir/R4/${resourceType}/${id}`);
  }

  async #send<T>(
    method: string,
    path: string,
    body: { type: string; content: string | Uint8Array<ArrayBuffer> } | undefined,
  ): Promise<T> {
    const response = await fetch(this.#url + path, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, ...(body && { 'content-type': body.type }) },
      ...(body && { body: body.content }),
    });
    const text = await response.text();
    if (!response.ok)
      throw new Error(`${method} ${path} was answered with ${response.status}: ${text.slice(0, 1_000)}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}
