// A server with example plugins at work, and what somebody at its doors does and sees.

import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { ExtractResource, Resource, ResourceType } from '@medplum/fhirtypes';
import { packPlugin } from '#plugin-host/package.ts';
import type { AppOptions } from '#app.ts';
import { until } from '../support/core.ts';
import { ADMIN, type RunningApp, runApp } from '../server/running-app.ts';

const EXAMPLES = new URL('../../examples/', import.meta.url);

/** What an operator sets: variables, and what they would write into the manifest. */
export interface Setting {
  readonly variables?: Readonly<Record<string, string>>;
  readonly manifest?: object;
}

export interface ExampleServer extends RunningApp {
  install(example: string, setting?: Setting): Promise<void>;
  /** Creates a record, and answers with it. */
  create<R extends Resource>(record: R): Promise<R & { id: string }>;
  /** Posts to /api, and answers with what it made or changed. */
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of it
  post(path: string, body?: object): Promise<any>;
  find<T extends ResourceType>(type: T, query: string): Promise<(ExtractResource<T> & { id: string })[]>;
  /** The events of a chart, in order. */
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of it
  events(patient: string): Promise<any[]>;
  /** Waits until a plugin has answered the `count` events of this type that there are in a chart. */
  answered(example: string, patient: string, type: string, count?: number): Promise<void>;
}

/**
 * Asserts until it holds. Plugins have 300 ms to answer a search: a busy machine may not give them to all of them, and
 * who was late five times is left out for half a minute.
 */
export async function eventually(assertion: () => Promise<void>): Promise<void> {
  const end = Date.now() + 90_000;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > end) throw error;
      await setTimeout(100);
    }
  }
}

export async function serveExamples(options: Partial<AppOptions> = {}): Promise<ExampleServer> {
  const app = await runApp({ retryPolicy: { waits: [30, 60, 90] }, ...options });
  const post: ExampleServer['post'] = async (path, body = {}) => {
    const { status, json, text } = await app.ask('POST', path, { body });
    assert.ok(status === 200 || status === 201, text);
    return json;
  };
  const items = async (path: string) => (await app.ask('GET', path)).json.items;
  const events: ExampleServer['events'] = (patient) => items(`/api/events?patient=${patient}&limit=500`);
  return {
    ...app,
    post,
    async install(example, { variables = {}, manifest = {} } = {}) {
      const response = await fetch(`${app.url}/api/plugins/${example}`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/gzip' },
        body: new Uint8Array(await packed(example, manifest)),
      });
      assert.equal(response.status, 200, await response.text());
      for (const [name, value] of Object.entries(variables)) {
        const set = await app.ask('PUT', `/api/plugins/${example}/variables/${name}`, { body: { value } });
        assert.ok(set.status < 300, set.text);
      }
    },
    create: (record) => post(`/fhir/R4/${record.resourceType}`, record),
    async find(type, query) {
      const { json, text } = await app.ask('GET', `/fhir/R4/${type}?${query}`);
      assert.equal(json.resourceType, 'Bundle', text);
      return (json.entry ?? []).map(({ resource }: { resource: Resource }) => resource);
    },
    events,
    async answered(example, patient, type, count = 1) {
      await until(async () => {
        const executions: { event: string; state: string }[] = await items(
          `/api/plugins/${example}/executions?limit=500`,
        );
        const done = new Set(executions.filter(({ state }) => state === 'completed').map(({ event }) => event));
        const happened = (await events(patient)).filter((event) => event.type === type);
        return happened.length === count && happened.every(({ id }) => done.has(id));
      });
    },
  };
}

/** The example's folder as `chartwire install` sends it, with some of its manifest written anew. */
async function packed(example: string, changes: object): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'chartwire-example-'));
  try {
    await cp(new URL(example, EXAMPLES), folder, { recursive: true });
    const manifest = join(folder, 'chartwire.json');
    const written = JSON.parse(await readFile(manifest, 'utf8'));
    await writeFile(manifest, JSON.stringify({ ...written, ...changes }));
    return await packPlugin(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
