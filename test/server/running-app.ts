// A whole server for the tests of its doors, on a database of its own.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { type AppOptions, startApp } from '#app.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

export const ADMIN = 'the-administrator-of-these-tests';

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of it
  readonly json: any;
}

export interface RunningApp {
  readonly url: string;
  readonly dataFolder: string;
  readonly database: FreshDatabase;
  /** What the server logged, one JSON object a line. */
  readonly logged: () => string;
  /** Asks as the administrator unless another token is given; `null` for none. */
  ask(method: string, path: string, options?: AskOptions): Promise<Answered>;
  /** A token with these scopes. */
  tokenFor(scopes: readonly string[], patient?: string): Promise<string>;
  close(): Promise<void>;
}

export interface AskOptions {
  readonly token?: string | null;
  /** Sent as JSON, text as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function runApp(options: Partial<AppOptions> = {}): Promise<RunningApp> {
  const database = await freshDatabase();
  const dataFolder = await mkdtemp(join(tmpdir(), 'chartwire-app-'));
  const lines: string[] = [];
  const unfit: string[] = [];
  const app = await startApp({
    port: 0,
    host: '127.0.0.1',
    dataFolder,
    databaseUrl: database.url,
    adminToken: ADMIN,
    demo: false,
    // A machine may be busy: plugins are given time to answer, and only one that never does takes all of it.
    gateBudget: 30_000,
    onUnfitAnswer: (fault) => void unfit.push(fault),
    log: pino({ level: 'info' }, { write: (line: string) => void lines.push(line) }),
    ...options,
  });

  const ask: RunningApp['ask'] = async (method, path, { token = ADMIN, body, headers = {} } = {}) => {
    const type = path.startsWith('/fhir') ? 'application/fhir+json' : 'application/json';
    const response = await fetch(app.url + path, {
      method,
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': type }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
  };

  return {
    url: app.url,
    dataFolder,
    database,
    logged: () => lines.join(''),
    ask,
    async tokenFor(scopes, patient) {
      const made = await ask('POST', '/api/tokens', { body: { name: 'a test', scopes, patient } });
      return made.json.token as string;
    },
    async close() {
      await app.close();
      await database.drop();
      await rm(dataFolder, { recursive: true, force: true });
      assert.deepEqual(unfit, [], 'answers that their rows do not declare');
    },
  };
}
