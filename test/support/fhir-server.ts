// The FHIR API over real HTTP on 127.0.0.1, on a real chart and a new database; only the caller is simulated.

import { after } from 'node:test';
import type { Bundle, OperationOutcome, Resource } from '@medplum/fhirtypes';
import Fastify from 'fastify';
import { createChart } from '#chart/chart.ts';
import type { Chart } from '#chart/contract.ts';
import type { Access, AuditEntry } from '#fhir/access-port.ts';
import { fhirErrorReply } from '#fhir/error-reply.ts';
import { fhirRoutes } from '#fhir/routes.ts';
import { Refusal } from '#kit/errors.ts';
import { ScopeSet } from '#kit/scopes.ts';
import { openStore, type PostgresStore } from '#store/postgres.ts';
import { freshDatabase } from './database.ts';

/** Resources as tests read them: freely. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers whose type is what they test
export type Loose = any;

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined for an empty body. */
  readonly body: Loose;
  readonly text: string;
}

export interface Sending {
  readonly body?: unknown;
  /** As it is, without JSON.stringify. */
  readonly raw?: string | Buffer;
  readonly type?: string;
  readonly headers?: Record<string, string>;
  /** From `grant`. Defaults to the token with every permission. Null: no token. */
  readonly token?: string | null;
}

export interface FhirServer {
  /** `http://127.0.0.1:port/fhir/R4`. */
  readonly baseUrl: string;
  readonly chart: Chart;
  readonly store: PostgresStore;
  /** What the API reported to the audit, oldest first. */
  readonly audits: AuditEntry[];
  /** What was logged as an error: bugs. */
  readonly failures: unknown[];
  /** A token with these scopes, bound to one patient when that is given. */
  grant(scopes: readonly string[], patient?: string): string;
  send(method: string, path: string, sending?: Sending): Promise<Reply>;
  /** Creates a record and gives back what the server made of it. */
  create<R extends Resource>(
    resource: R,
  ): Promise<R & { id: string; meta: { versionId: string; lastUpdated: string } }>;
  count(type: string): Promise<number>;
}

export const FULL_ACCESS = 'full-access';

/** Started once for a test file, closed after its last test. */
export async function startFhirServer(): Promise<FhirServer> {
  const database = await freshDatabase();
  const store = await openStore(database.connection);
  const chart = createChart({ store });
  const audits: AuditEntry[] = [];
  const failures: unknown[] = [];
  const tokens = new Map<string, Access>();
  const grant = (token: string, scopes: readonly string[], patient: string | null): void => {
    const audit = (entry: AuditEntry): void => void audits.push(entry);
    tokens.set(token, { actor: { type: 'client', id: token }, scopes: new ScopeSet(scopes), patient, audit });
  };
  grant(FULL_ACCESS, ['system/*.cruds'], null);

  const log = { level: 'error', stream: { write: (line: string) => void failures.push(JSON.parse(line)) } };
  const fastify = Fastify({
    logger: log,
    bodyLimit: 8 * 1024 * 1024,
    frameworkErrors: (error, _request, reply) => void fhirErrorReply(error, reply),
  });
  const accessOf = (authorization: string | undefined): Access | undefined =>
    tokens.get(authorization?.replace('Bearer ', '') ?? '');
  fastify.addHook('onRequest', async (request) => {
    if (request.routeOptions.url !== '/fhir/R4/metadata' && !accessOf(request.headers.authorization)) {
      throw new Refusal('access.unauthenticated');
    }
  });
  let origin = '';
  const options = {
    chart,
    access: {
      of: (request: { headers: { authorization?: string | undefined } }) => accessOf(request.headers.authorization)!,
    },
    get baseUrl() {
      return `${origin}/fhir/R4`;
    },
  };
  await fastify.register(fhirRoutes(options), { prefix: '/fhir/R4' });
  origin = await fastify.listen({ host: '127.0.0.1', port: 0 });
  after(async () => {
    // A request that never ends must not keep the tests from ending.
    fastify.server.closeAllConnections();
    await fastify.close();
    await store.close();
    // When the file runs by itself, its PostgreSQL is stopped already, and the database is gone with it.
    await database.drop().catch(() => {});
  });

  let granted = 0;
  const server: FhirServer = {
    baseUrl: options.baseUrl,
    chart,
    store,
    audits,
    failures,
    grant(scopes, patient) {
      const token = `token-${++granted}`;
      grant(token, scopes, patient ?? null);
      return token;
    },
    send: (method, path, sending) => send(options.baseUrl, method, path, sending),
    async create(resource) {
      const reply = await server.send('POST', resource.resourceType, { body: resource });
      if (reply.status !== 201) throw new Error(`create failed: ${reply.text}`);
      return reply.body;
    },
    async count(type) {
      return (await server.send('GET', `${type}?_summary=count`)).body.total;
    },
  };
  return server;
}

async function send(baseUrl: string, method: string, path: string, sending: Sending = {}): Promise<Reply> {
  const { body, raw, type = 'application/fhir+json', headers = {}, token = FULL_ACCESS } = sending;
  const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const url = path.startsWith('http') ? path : `${baseUrl}${path === '' ? '' : `/${path}`}`;
  const response = await fetch(url, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(payload === undefined ? {} : { 'content-type': type }),
      ...headers,
    },
    ...(payload === undefined ? {} : { body: payload }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text), text };
}

/** Codes of the errors in an OperationOutcome, each once: `record.not-found`. */
export function codesOf(reply: Reply): string[] {
  const outcome: OperationOutcome = reply.body;
  if (outcome?.resourceType !== 'OperationOutcome')
    throw new Error(`no OperationOutcome: ${reply.status} ${reply.text}`);
  return [...new Set(outcome.issue.flatMap(({ details }) => details?.coding?.[0]?.code ?? []))];
}

export function expressionsOf(reply: Reply): string[] {
  const outcome: OperationOutcome = reply.body;
  return outcome.issue.flatMap(({ expression }) => expression ?? []);
}

export function resourcesOf(bundle: Bundle): Loose[] {
  return (bundle.entry ?? []).map(({ resource }) => resource);
}
