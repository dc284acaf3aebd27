// Wires the floors together. Only this file imports all of them.

import { fileURLToPath } from 'node:url';
import type { ClientConfig } from 'pg';
import { type Logger, pino } from 'pino';
import { createChart } from '#chart/chart.ts';
import { termsOf } from '#chart/commands/coded-terms.ts';
import { Commands } from '#chart/commands/commands.ts';
import type { Chart } from '#chart/contract.ts';
import type { Origin } from '#chart/origin.ts';
import { WORD } from '#chart/patient-index.ts';
import { keepShipped } from '#chart/questionnaires/keep.ts';
import { COMMANDS } from '@chartwire/sdk/internal/commands/index';
import { Answers } from '#delivery/answers.ts';
import { PluginBus } from '#delivery/ask.ts';
import { Clock } from '#delivery/clock.ts';
import { Deliveries } from '#delivery/deliveries.ts';
import { DeliveryEngine } from '#delivery/engine.ts';
import { EventLog } from '#delivery/event-log.ts';
import { OUTGOING_POLICY } from '#delivery/outgoing/outcome.ts';
import { Requests } from '#delivery/outgoing/requests.ts';
import { Sender } from '#delivery/outgoing/sender.ts';
import { PluginLog } from '#delivery/plugin-log.ts';
import { eventRows } from '#delivery/plugin-trail.ts';
import { Plugins } from '#delivery/plugins.ts';
import type { RetryPolicy } from '#delivery/policy.ts';
import type { CallServices, RunServices } from '#delivery/run.ts';
import { readsFor } from '#delivery/services.ts';
import { FairShares } from '#delivery/shares.ts';
import { DEMO_PHYSICIAN, loadDemo } from '#demo/load.ts';
import { EVENTS } from '@chartwire/sdk/internal/events/catalogue';
import { fhirRoutes } from '#fhir/routes.ts';
import { SYSTEM } from '@chartwire/sdk/internal/kit/authority';
import type { PluginHost } from '#plugin-host/contract.ts';
import { createPluginHost } from '#plugin-host/host.ts';
import { createPluginHttp } from '#plugin-host/http.ts';
import { packPlugin } from '#plugin-host/package.ts';
import { adminToken } from '#server/access/admin-token.ts';
import { SignInAttempts } from '#server/access/attempts.ts';
import type { Address } from '#server/access/browser.ts';
import { KnownBrowsers } from '#server/access/known-browsers.ts';
import { welcomeLink } from '#server/access/links.ts';
import { Oidc, type OidcSettings } from '#server/access/oidc.ts';
import { OidcUsers } from '#server/access/oidc-users.ts';
import { practiceNames } from '#server/access/practice-names.ts';
import { fhirAccess } from '#server/access/request-access.ts';
import { type SessionLimits, Sessions } from '#server/access/sessions.ts';
import { SignIn } from '#server/access/sign-in.ts';
import { Tokens } from '#server/access/tokens.ts';
import { type NewUser, Users } from '#server/access/users.ts';
import { createServer } from '#server/server.ts';
import type { Services } from '#server/services.ts';
import { Retention, type RetentionRule } from '#store/audit/retention.ts';
import { AuditTrail } from '#store/audit/trail.ts';
import { checksOff } from '#store/check-switches.ts';
import { checkRoom } from '#store/room.ts';
import { isUnavailable } from '#store/unavailable.ts';
import { openDatabase } from '#store/embedded/database.ts';
import { nodeName } from '#store/embedded/node-name.ts';
import { openStore, type PostgresStore } from '#store/postgres.ts';
import { PatientWords } from '#store/patients.ts';
import { PracticeSettings } from '#store/practice.ts';
import type { SearchBudget } from '#store/search/budget.ts';
import { LoadedTerms } from '#terms/loaded.ts';
import { ensureStarter } from '#terms/starter.ts';

export interface CoreOptions {
  /** Name of this node. After a restart under the same name, it takes back its own leases at once. */
  readonly node: string;
  readonly log?: Logger;
  /** `host:port` values that plugins may reach at a private address, or over plain HTTP. */
  readonly allowPrivateHttp?: readonly string[];
  readonly retryPolicy?: RetryPolicy;
  /** Of requests that plugins queue: when they are retried, and the clock by which they are, in milliseconds since 1970. */
  readonly outgoing?: { readonly policy?: RetryPolicy; readonly now?: () => number };
  /** Total time in milliseconds for the plugins that answer one operation or search. Defaults to 300. */
  readonly gateBudget?: number;
  /** Limits on the cost of a search, and on the number of long searches at once. */
  readonly searches?: SearchBudget;
  /** IANA time zone for a practice that hasn't chosen one. Defaults to the system's. */
  readonly timeZone?: string;
}

/** Everything except the HTTP server. Tests and benchmarks also start it. */
export interface Core {
  readonly store: PostgresStore;
  readonly audit: AuditTrail;
  readonly chart: Chart;
  readonly practice: PracticeSettings;
  readonly terms: LoadedTerms;
  readonly commands: Commands;
  readonly host: PluginHost;
  readonly plugins: Plugins;
  readonly pluginLog: PluginLog;
  readonly engine: DeliveryEngine;
  /** Runs only in a server; elsewhere the caller supplies its minutes. */
  readonly clock: Clock;
  readonly events: EventLog;
  readonly deliveries: Deliveries;
  /** Requests of plugins to other systems. */
  readonly outgoing: Requests;
  /** Loads the installed plugins and starts to deliver. */
  run(): Promise<void>;
  close(): Promise<void>;
}

export interface AppOptions extends Omit<CoreOptions, 'node'> {
  /** 0 picks a free port. */
  readonly port: number;
  readonly host: string;
  /** The folder for the embedded database, the admin token, and the node's name. */
  readonly dataFolder: string;
  /** An external PostgreSQL, instead of the embedded one. */
  readonly databaseUrl?: string;
  /** A bearer token to accept as the administrator's. If absent, one is generated and stored in the data folder. */
  readonly adminToken?: string;
  /** Creates demo patients and installs an example plugin on the first start. */
  readonly demo: boolean;
  /** The folder of the built web app. Not served if absent. */
  readonly web?: Promise<string>;
  /** The folder of the built documentation. Not served if absent. */
  readonly docs?: Promise<string>;
  /** An identity provider for sign-in. */
  readonly oidc?: OidcSettings;
  /** How long rows of the audit trail are kept. Forever if absent. */
  readonly auditRule?: RetentionRule;
  /** How long sessions last. */
  readonly sessions?: SessionLimits;
  /** Addresses of trusted proxies: `loopback`, `10.0.0.0/8,fc00::/7`. */
  readonly trustProxy?: string;
  /** The address that people use, `https://chart.example.org`. Defaults to the address it listens on. */
  readonly origin?: string;
  /** For tests: checks each answer of /api against its row, and reports mismatches. */
  readonly onUnfitAnswer?: (fault: string) => void;
}

export interface App {
  /** `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Path of the admin token's file; null if the token was given. */
  readonly adminTokenFile: string | null;
  /** Why the database doesn't protect the audit trail; null if it does. */
  readonly trailUnprotected: string | null;
  /** The link with which the first administrator chooses a password; null once one has. */
  readonly welcome: { readonly login: string; readonly link: string } | null;
  /** True if this start loaded the demo. */
  readonly demoLoaded: boolean;
  /** Finishes the work in progress, then stops everything. */
  close(): Promise<void>;
}

/** The example that the first start installs. */
const EXAMPLES = import.meta.filename.endsWith('.ts') ? '../../../examples/' : './examples/';
const EXAMPLE = fileURLToPath(new URL(`${EXAMPLES}abnormal-lab-task/`, import.meta.url));

/** Opens a database and builds the floors on it. */
export async function openCore(connection: ClientConfig, options: CoreOptions): Promise<Core> {
  const closing = new Closing();
  try {
    const allowPrivate = { allowPrivate: options.allowPrivateHttp ?? [] };
    const http = createPluginHttp(allowPrivate);
    const host = createPluginHost({
      log: options.log ?? SILENT,
      http: allowPrivate,
      eventTypes: new Set(EVENTS.map(({ type }) => type)),
      onQuarantine: (plugin, until) => plugins.quarantined(plugin, until),
    });
    // The runners and the database start in parallel.
    const hostStarted = host.start();
    hostStarted.catch(() => {});
    closing.add(() => host.stop());
    const report = (sentence: string): void => (options.log ?? SILENT).warn(sentence);
    const store = await openStore(connection, { report, ...(options.searches && { searches: options.searches }) });
    closing.add(() => store.close());
    const terms = new LoadedTerms(store.pool);
    await ensureStarter(terms);
    const practice = new PracticeSettings(store.pool, options.timeZone);
    const chart = createChart({
      store,
      timeZone: () => practice.timeZone(),
      report,
    });
    const audit = new AuditTrail(store.pool);
    await keepShipped(chart);
    const pluginLog = new PluginLog(store.pool);
    closing.add(() => pluginLog.stop());
    const answers = new Answers(store.pool);
    closing.add(() => answers.stop());
    await hostStarted;
    const { policy: outgoingPolicy = OUTGOING_POLICY, now: outgoingNow = Date.now } = options.outgoing ?? {};
    const requests = new Requests(store.pool, outgoingNow);
    const plugins = new Plugins({
      store,
      host,
      pluginLog,
      chart,
      requests,
      timeZone: () => practice.timeZone(),
      log: options.log ?? SILENT,
    });
    const calls: CallServices = {
      host,
      now: Date.now,
      timeZone: () => practice.timeZone(),
      grant: (plugin) => plugins.grant(plugin),
      services: (origin) => readsFor(chart, audit, origin),
      told: (origin, event) => audit.write(eventRows(origin, event)),
      log: (plugin, handler, execution, lines) =>
        pluginLog.append(lines.map((line) => ({ ...line, plugin, handler, execution }))),
    };
    const commands = new Commands({
      store,
      bus: new PluginBus(plugins, answers, calls),
      terms: termsOf(terms),
      budgetMs: options.gateBudget,
      checksOff: () => checksOff(store.pool),
    });
    const run: RunServices = {
      ...calls,
      chart,
      commands,
      turns: new FairShares({ all: 128, plugin: 64, chart: 4 }),
      outgoing: { http, requests },
      isMerged: async (patient) => (await store.merges.of(patient)) !== undefined,
    };
    const { node, retryPolicy: policy } = options;
    const engine = new DeliveryEngine({ store, chart, node, run, ...(policy ? { policy } : {}) });
    const sender = new Sender({
      requests,
      http,
      chart,
      node,
      policy: outgoingPolicy,
      owners: () => plugins.live(),
      owner: (name) => plugins.grant(name),
      patientNow: async (patient) => (await store.merges.survivors([patient])).get(patient) ?? patient,
      now: outgoingNow,
      report,
    });
    return {
      store,
      audit,
      chart,
      practice,
      terms,
      commands,
      host,
      plugins,
      pluginLog,
      engine,
      clock: new Clock({ pool: store.pool, chart, timeZone: () => practice.timeZone() }),
      events: new EventLog(store, chart),
      deliveries: new Deliveries(store.pool, engine),
      outgoing: requests,
      async run() {
        closing.add(() => engine.stop());
        await plugins.start(engine);
        await engine.start();
        closing.add(() => sender.stop());
        await sender.start();
        closing.add(() => plugins.stop());
        plugins.follow();
      },
      close: () => closing.close(),
    };
  } catch (error) {
    return closing.closeAfter(error);
  }
}

/** Starts everything. If a part fails to start, stops the parts already started. */
export async function startApp(options: AppOptions): Promise<App> {
  const closing = new Closing();
  try {
    const report = (sentence: string): void => (options.log ?? SILENT).warn(sentence);
    const database = await openDatabase({ ...options, report });
    closing.add(() => database.stop());
    const core = await openCore(database.connection, { ...options, node: await nodeName(options.dataFolder) });
    closing.add(() => core.close());
    const demoLoaded = await prepare(core, options.demo);
    closing.add(() => core.clock.stop());
    core.clock.start();
    closing.add(await keepTrail(core, options));
    const admin = await adminToken(options.dataFolder, options.adminToken);
    const users = new Users(core.store.pool, options.oidc?.issuer);
    const { server, address, listen } = serverOf(core, users, admin.token, options, {
      web: await options.web,
      docs: await options.docs,
    });
    closing.add(() => server.close());
    const url = await listen();
    const invitation = await users.welcome(await firstUser(core));
    const welcome = invitation && { login: invitation.login, link: welcomeLink(address.origin, invitation.secret) };
    const { reason: trailUnprotected } = await core.audit.protection();
    return { url, adminTokenFile: admin.file, trailUnprotected, welcome, demoLoaded, close: () => closing.close() };
  } catch (error) {
    return closing.closeAfter(error);
  }
}

/**
 * Warns if the audit trail is unprotected, and removes the rows that its rule no longer keeps. Returns a function that stops it.
 */
async function keepTrail(
  { audit, store }: Core,
  { log = SILENT, auditRule }: AppOptions,
): Promise<() => Promise<void>> {
  const { reason } = await audit.protection();
  if (reason !== null)
    log.warn({ reason }, 'nothing in the database protects the audit trail: see /docs/operating.html#verify-it');
  if (!auditRule) return async () => {};
  const retention = new Retention(store.pool, auditRule, (error) => {
    const { name, code, message } = error as Error & { code?: string };
    log.error({ error: { name, code, message } }, 'old rows of the audit trail could not be removed');
  });
  retention.start();
  return () => retention.stop();
}

function serverOf(core: Core, users: Users, admin: string, options: AppOptions, built: Pick<Services, 'web' | 'docs'>) {
  const { pool } = core.store;
  const sessions = new Sessions(pool, options.sessions);
  const browsers = new KnownBrowsers(pool);
  let url = '';
  const address: Address = {
    // Known only once the server listens, since the port may be any free one.
    get origin() {
      return options.origin ?? url;
    },
    given: options.origin !== undefined,
  };
  const practice = () => practiceNames(pool, address.origin);
  const server = createServer({
    ...core,
    charting: core.commands,
    pool,
    log: options.log ?? SILENT,
    tokens: new Tokens(pool, admin),
    patientWords: new PatientWords(pool, WORD),
    users,
    sessions,
    browsers,
    address,
    signIn: new SignIn({ users, sessions, attempts: new SignInAttempts(pool, browsers), practice }),
    oidc: options.oidc ? new Oidc(options.oidc) : null,
    oidcUsers: new OidcUsers(pool, sessions),
    trustProxy: options.trustProxy,
    ...(options.onUnfitAnswer && { onUnfitAnswer: options.onUnfitAnswer }),
    ...built,
    fhir: fhirRoutes({
      chart: core.chart,
      access: fhirAccess,
      get baseUrl() {
        return `${address.origin}/fhir/R4`;
      },
    }),
    commands: COMMANDS,
    ready: () => checkRoom(core.store.room, options.databaseUrl ? undefined : options.dataFolder),
  });
  const listen = async (): Promise<string> => {
    url = await server.listen({ port: options.port, host: options.host });
    return url;
  };
  return { server, address, listen };
}

/** Starts delivery; on the first start, loads the demo and installs the example first. */
async function prepare(core: Core, demo: boolean): Promise<boolean> {
  const { rows } = await core.store.pool.query<{ first: boolean }>('SELECT prepared_at IS NULL AS first FROM instance');
  const first = rows[0]!.first;
  // Before anyone listens: the demo's records are history, not new events.
  if (first && demo) await loadDemo(core.chart, new Date(), await core.practice.timeZone());
  await core.run();
  if (first && demo) await core.plugins.install('abnormal-lab-task', await packPlugin(EXAMPLE), () => {});
  if (first) await core.store.pool.query('UPDATE instance SET prepared_at = now()');
  return first && demo;
}

const START: Origin = { actor: { type: 'system', id: 'chartwire' }, source: 'system', authority: SYSTEM };

/** The first user; in the demo, one of its physicians. */
async function firstUser({ chart }: Core): Promise<NewUser> {
  const { name, id } = DEMO_PHYSICIAN;
  const demo = (await chart.reader(START).current('Practitioner', id))?.record != null;
  return {
    login: 'admin@localhost',
    name: demo ? name : 'Administrator',
    roles: ['admin', 'clinician'],
    practitioner: demo ? id : null,
  };
}

/** What to stop, in reverse order of its start. */
class Closing {
  readonly #steps: (() => Promise<unknown>)[] = [];

  add(step: () => Promise<unknown>): void {
    this.#steps.push(step);
  }

  /**
   * Runs every step, even after one fails. If the database is unavailable some will fail, and the next start recovers from that.
   */
  async close(): Promise<void> {
    const errors: unknown[] = [];
    for (const step of this.#steps.splice(0).reverse()) {
      await step().catch((error: unknown) => {
        if (!isUnavailable(error)) errors.push(error);
      });
    }
    if (errors.length > 0) throw errors.length === 1 ? errors[0] : new AggregateError(errors);
  }

  /** After a failed start, reports the original error, whatever else fails now. */
  async closeAfter(error: unknown): Promise<never> {
    await this.close().catch(() => {});
    throw error;
  }
}

const SILENT = pino({ level: 'silent' });
