// Wires the floors together: the one file that knows them all.

import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Logger, pino } from 'pino';
import { createChart } from '#chart/chart.ts';
import { COMMANDS } from '#commands/index.ts';
import { Deliveries } from '#delivery/deliveries.ts';
import { DeliveryEngine } from '#delivery/engine.ts';
import { EventLog } from '#delivery/event-log.ts';
import { PluginLog } from '#delivery/plugin-log.ts';
import { Plugins } from '#delivery/plugins.ts';
import type { RetryPolicy } from '#delivery/policy.ts';
import { readsFor } from '#delivery/services.ts';
import { loadDemo } from '#demo/load.ts';
import { fhirRoutes } from '#fhir/routes.ts';
import { createPluginHost } from '#plugin-host/host.ts';
import { packPlugin } from '#plugin-host/package.ts';
import { adminToken } from '#server/access/admin-token.ts';
import { AuditTrail } from '#server/access/audit.ts';
import { fhirAccess } from '#server/access/request-access.ts';
import { Tokens } from '#server/access/tokens.ts';
import { createServer } from '#server/server.ts';
import { openDatabase } from '#store/embedded/database.ts';
import { openStore, type PostgresStore } from '#store/postgres.ts';

export interface AppOptions {
  /** 0 for any free port. */
  readonly port: number;
  readonly host: string;
  /** Where the embedded database, the admin token and the node's name are kept. */
  readonly dataFolder: string;
  /** An outside PostgreSQL instead of the embedded one. */
  readonly databaseUrl?: string;
  /** A bearer token to accept as the administrator's; without it one is made and kept in the data folder. */
  readonly adminToken?: string;
  /** On the first start: demo patients and an example plugin. */
  readonly demo: boolean;
  readonly log?: Logger;
  /** `host:port` that plugins may reach although they are private, or over plain HTTP. */
  readonly allowPrivateHttp?: readonly string[];
  readonly retryPolicy?: RetryPolicy;
}

export interface App {
  /** `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Where the admin token is kept; null when it was given. */
  readonly adminTokenFile: string | null;
  /** True when this start loaded the demo. */
  readonly demoLoaded: boolean;
  /** Ends what is under way, then everything. */
  close(): Promise<void>;
}

/** The example that a first start installs. */
const EXAMPLE = new URL('../examples/abnormal-lab-task/', import.meta.url);

/** Starts all of it. Whatever was started is stopped again when something does not start. */
export async function startApp(options: AppOptions): Promise<App> {
  const closing: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    return await start(options, closing, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(options: AppOptions, closing: (() => Promise<unknown>)[], close: () => Promise<void>): Promise<App> {
  const log = options.log ?? pino({ level: 'silent' });
  const database = await openDatabase(options);
  closing.push(() => database.stop());
  const store = await openStore(database.connection);
  closing.push(() => store.close());
  const chart = createChart({ store });
  const pluginLog = new PluginLog(store.pool);
  closing.push(() => pluginLog.stop());

  const host = createPluginHost({ log, http: { allowPrivate: options.allowPrivateHttp ?? [] } });
  await host.start();
  closing.push(() => host.stop());
  const plugins = new Plugins(store, host, pluginLog);
  const engine = new DeliveryEngine({
    store,
    chart,
    node: await nodeName(options.dataFolder),
    policy: options.retryPolicy,
    run: {
      chart,
      host,
      now: Date.now,
      grant: (plugin) => plugins.grant(plugin),
      services: (plugin, event) => readsFor(chart, plugins.grant(plugin)!.scopes, event.patient),
      log: (plugin, handler, execution, lines) =>
        pluginLog.append(lines.map((line) => ({ ...line, plugin, handler, execution }))),
    },
  });
  const firstStart = await isFirstStart(store);
  if (firstStart && options.demo) await loadDemo(chart, new Date());
  await plugins.start(engine);
  await engine.start();
  closing.push(() => engine.stop());
  if (firstStart && options.demo) await plugins.install('abnormal-lab-task', await packPlugin(EXAMPLE.pathname));
  if (firstStart) await store.pool.query('UPDATE instance SET prepared_at = now()');

  const admin = await adminToken(options.dataFolder, options.adminToken);
  const audit = new AuditTrail(store.pool);
  let url = '';
  const server = createServer({
    pool: store.pool,
    log,
    tokens: new Tokens(store.pool, admin.token),
    audit,
    fhir: fhirRoutes({
      chart,
      access: fhirAccess,
      get baseUrl() {
        return `${url}/fhir/R4`;
      },
    }),
    events: new EventLog(store, chart),
    plugins,
    pluginLog,
    deliveries: new Deliveries(store.pool, engine),
    commands: COMMANDS,
  });
  closing.push(() => server.close());
  url = await server.listen({ port: options.port, host: options.host });
  return { url, adminTokenFile: admin.file, demoLoaded: firstStart && options.demo, close };
}

/** Nothing was ever put into this database by a start that came to its end. */
async function isFirstStart(store: PostgresStore): Promise<boolean> {
  const { rows } = await store.pool.query<{ first: boolean }>('SELECT prepared_at IS NULL AS first FROM instance');
  return rows[0]!.first;
}

/** A name that stays, so that a node which starts again takes its own leases back at once. */
async function nodeName(dataFolder: string): Promise<string> {
  const file = join(dataFolder, 'node');
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch {
    const name = randomUUID();
    await writeFile(file, `${name}\n`, { mode: 0o600 });
    return name;
  }
}
