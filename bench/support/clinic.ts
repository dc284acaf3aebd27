// A whole server to measure in, on an embedded database that pgbench can reach too, and a client for its preparation.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ClientConfig } from 'pg';
import { packPlugin } from '#plugin-host/package.ts';
import { openDatabase } from '#store/embedded/database.ts';
import { startApp } from '#app.ts';
import type { Sent, Took } from './command-load.ts';

const TOKEN = 'cw_bench-admin-token-that-only-lives-for-one-run-00';

export interface Clinic {
  readonly url: string;
  readonly connection: ClientConfig;
  /** The JSON of the answer. Throws with the server's own words when it refuses. */
  // biome-ignore lint/suspicious/noExplicitAny: each bench knows what it asked for
  ask(method: string, path: string, body?: unknown): Promise<any>;
  install(plugin: string, source: string): Promise<void>;
  remove(plugin: string): Promise<void>;
  /** The file packed with brotli; answers the report. */
  importTerms(system: string, file: Buffer): Promise<{ rows: number }>;
  /**
   * Sends requests from another process, as clients do: over so many connections, at a steady rate if one is given.
   * `cpuMs`: what this process, the server, spent on each, which depends less than time on what else the machine does.
   */
  send(requests: readonly Sent[], how: { connections: number; perSecond?: number }): Promise<Took & { cpuMs: number }>;
  close(): Promise<void>;
}

export async function openClinic(): Promise<Clinic> {
  const folder = await mkdtemp(join(tmpdir(), 'chartwire-bench-'));
  const dataFolder = join(folder, 'data');
  const database = await openDatabase({ dataFolder });
  const { host, port, user, password, database: name } = database.connection;
  const databaseUrl = `postgres://${user}:${password}@/${name}?host=${encodeURIComponent(host!)}&port=${port}`;
  const app = await startApp({ port: 0, host: '127.0.0.1', dataFolder, databaseUrl, adminToken: TOKEN, demo: false });
  const send = async (method: string, path: string, type?: string, body?: string | Uint8Array<ArrayBuffer>) => {
    const headers = { authorization: `Bearer ${TOKEN}`, ...(type && { 'content-type': type }) };
    const response = await fetch(app.url + path, { method, headers, ...(body && { body }) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 500)}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  return {
    url: app.url,
    connection: database.connection,
    ask(method, path, body) {
      const type = path.startsWith('/fhir') ? 'application/fhir+json' : 'application/json';
      return body === undefined ? send(method, path) : send(method, path, type, JSON.stringify(body));
    },
    async install(plugin, source) {
      const tgz = await packSource(join(folder, plugin), plugin, source);
      await send('PUT', `/api/plugins/${plugin}`, 'application/gzip', new Uint8Array(tgz));
    },
    importTerms: (system, file) =>
      send('PUT', `/api/terms?system=${system}&compression=br`, 'application/octet-stream', new Uint8Array(file)),
    remove: (plugin) => send('DELETE', `/api/plugins/${plugin}`),
    async send(requests, { connections, perSecond = 0 }) {
      const script = fileURLToPath(new URL('./command-load.ts', import.meta.url));
      const child = fork(script, [app.url, TOKEN, String(connections), String(perSecond)]);
      const ended = once(child, 'exit').then(() => Promise.reject(new Error('the client ended without an answer')));
      ended.catch(() => {});
      await Promise.race([once(child, 'message'), ended]);
      const before = process.cpuUsage();
      child.send(requests);
      const [took] = (await Promise.race([once(child, 'message'), ended])) as [Took];
      const { user, system } = process.cpuUsage(before);
      return { ...took, cpuMs: (user + system) / 1_000 / requests.length };
    },
    async close() {
      await app.close();
      await database.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function packSource(folder: string, name: string, source: string): Promise<Buffer> {
  const manifest = { name, version: '1.0.0', description: 'For a bench.', entry: 'src/index.ts' };
  await mkdir(join(folder, 'src'), { recursive: true });
  await writeFile(join(folder, 'chartwire.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'src/index.ts'), source);
  return packPlugin(folder);
}
