// The installed plugins: put in, taken out, switched on and off, given variables; live only when they are really live.
// What is changed here, the other nodes follow: plugin-follower.ts.

import type { PoolClient } from 'pg';
import type { Logger } from 'pino';
import type { Asked } from '#chart/bus.ts';
import type { Chart } from '#chart/contract.ts';
import { keepDefinedByPlugin } from '#chart/questionnaires/keep.ts';
import type { BuiltPlugin } from '#plugin-host/build.ts';
import type { HandlerInfo, PluginHost } from '#plugin-host/contract.ts';
import { endOfLog } from '#store/log.ts';
import type { PostgresStore } from '#store/postgres.ts';
import { inTransaction } from '#store/transaction.ts';
import { Breaker } from './breaker.ts';
import type { DeliveryEngine } from './engine.ts';
import type { Requests } from './outgoing/requests.ts';
import { type ExecutionQuery, type ExecutionView, pluginExecutions } from './executions.ts';
import { type Lag, lagsOf } from './lag.ts';
import { type Live, LivePlugins } from './live-plugins.ts';
import { PluginFollower } from './plugin-follower.ts';
import { tellOfPlugin } from './own-events.ts';
import { type PluginHealth, queueOf, runsOf, waitingIn } from './plugin-health.ts';
import type { PluginLog, StoredLogLine } from './plugin-log.ts';
import { buildNamed } from './plugin-package.ts';
import { type PluginPreview, previewOf } from './plugin-preview.ts';
import { type Backlog, buildOf, type InstalledPlugin, PluginTable } from './plugin-table.ts';
import { Variables, type VariableView } from './plugin-variables.ts';
import { type PluginView, viewOf } from './plugin-view.ts';
import type { PluginGrant } from './run.ts';
import { refuseBadSchedules } from './schedule.ts';
import { deactivate, type Dropped, droppedBy, skipPending, subscribe, unsubscribe } from './subscriptions.ts';

export interface PluginsServices {
  readonly store: PostgresStore;
  readonly host: PluginHost;
  readonly pluginLog: PluginLog;
  readonly chart: Chart;
  readonly requests: Requests;
  /** The practice's time zone. */
  readonly timeZone: () => Promise<string>;
  /** This node's own. */
  readonly log: Pick<Logger, 'warn'>;
}

export class Plugins {
  readonly #store: PostgresStore;
  readonly #host: PluginHost;
  readonly #log: PluginLog;
  readonly #chart: Chart;
  readonly #requests: Requests;
  readonly #timeZone: () => Promise<string>;
  readonly #nodeLog: PluginsServices['log'];
  readonly #table: PluginTable;
  readonly #variables: Variables;
  /** Which handlers are not asked anything for a while. */
  readonly breaker = new Breaker();
  readonly #live: LivePlugins;
  readonly #follower: PluginFollower;
  #engine: DeliveryEngine | undefined;
  /** One change at a time: installing and removing the same plugin must not cross. */
  #changes: Promise<unknown> = Promise.resolve();

  constructor({ store, host, pluginLog, chart, requests, timeZone, log }: PluginsServices) {
    this.#chart = chart;
    this.#requests = requests;
    this.#timeZone = timeZone;
    this.#nodeLog = log;
    this.#store = store;
    this.#host = host;
    this.#log = pluginLog;
    this.#table = new PluginTable(store.pool);
    this.#variables = new Variables(store.pool);
    this.#live = new LivePlugins(host, this.#variables);
    this.#follower = new PluginFollower({
      table: this.#table,
      live: this.#live,
      log,
      change: (work) => this.#change(work),
      held: (names, work) => this.#held(names, work),
    });
  }

  /** Loads what is installed and enabled, before `engine` delivers. One that does not load is failed; the others go on. */
  start(engine: DeliveryEngine): Promise<void> {
    this.#engine = engine;
    return this.#follower.begin();
  }

  /** From now on, while the engine delivers, takes in what other nodes change. */
  follow(): void {
    this.#follower.start();
  }

  stop(): Promise<void> {
    return this.#follower.stop();
  }

  /** What a plugin may do now; undefined when it is not live. */
  grant(name: string): PluginGrant | undefined {
    return this.#live.grant(name);
  }

  /** Names of those that are live at this node. */
  live(): readonly string[] {
    return this.#live.live();
  }

  /** Who answers questions of a type, in the order in which they are asked: priority (lowest first), then name. */
  handlersOf(type: string): readonly Asked[] {
    return this.#live.handlersOf(type);
  }

  /**
   * Installs or upgrades from a .tgz of its folder. Resolves only when it is live; otherwise what was there goes on.
   * `permits` refuses scopes that whoever installs it may not grant.
   */
  install(name: string, tgz: Buffer, permits: (scopes: readonly string[]) => void): Promise<PluginView> {
    return this.#change(async () => {
      const build = await buildNamed(name, tgz);
      permits(build.manifest.scopes);
      const before = await this.#table.find(name);
      await this.#held([name], async () => {
        if (before && !before.enabled && before.backlog === 'skip') await this.#skipPending(name);
        const dropped = await this.#putIn(build, tgz);
        if (before) await this.#tellOfUpdate(before, build, dropped);
      });
      return this.#shown(name);
    });
  }

  /** What installing a .tgz would bring, and what it would change of what is installed. Nothing is. */
  preview(name: string, tgz: Buffer): Promise<PluginPreview> {
    return this.#change(async () => {
      const { manifest, ...build } = await buildNamed(name, tgz);
      // Its handlers are known by what its code registers: it is loaded aside, under a name that no plugin can have.
      const aside = { ...build, manifest: { ...manifest, name: PREVIEW } };
      const { handlers } = await this.#host.load(aside).finally(() => this.#host.unload(PREVIEW));
      refuseBadSchedules(handlers);
      return previewOf(manifest, handlers, await this.#table.find(name));
    });
  }

  /** How it fares. */
  async health(name: string): Promise<PluginHealth> {
    await this.#table.get(name);
    const now = Date.now();
    const status = this.#host.status().find(({ plugin }) => plugin === name);
    const { pool } = this.#store;
    const [runs, queue, lags, pending, dead] = await Promise.all([
      runsOf(pool, name, now),
      queueOf(pool, name),
      lagsOf(pool, name),
      this.#requests.waitingOf(name),
      this.#requests.deadOf(name),
    ]);
    const { where = null, strikes = 0 } = status ?? {};
    const lag = lags.get(name) ?? { events: 0, seconds: 0 };
    return { where, strikes, leftOut: this.breaker.resting(name, now), queue, lag, requests: { pending, dead }, runs };
  }

  /** How far each is behind the log, by name. */
  lags(): Promise<Map<string, Lag>> {
    return lagsOf(this.#store.pool);
  }

  /** As they stand at this node, once it has taken in what was changed at others. */
  async list(): Promise<PluginView[]> {
    await this.#follower.catchUp();
    return Promise.all((await this.#table.list()).map((row) => this.#view(row)));
  }

  async get(name: string): Promise<PluginView> {
    await this.#follower.catchUp();
    return this.#shown(name);
  }

  /** With what waits for it, unless that is to be skipped; what was chosen when it was disabled holds unless it is given. */
  enable(name: string, pending?: Backlog): Promise<PluginView> {
    return this.#change(async () => {
      const row = await this.#table.get(name);
      await this.#held([name], async () => {
        // One that is live has nothing in its lanes meanwhile: what is skipped now isn't run as well.
        if (!row.enabled && (pending ?? row.backlog) === 'skip') await this.#skipPending(name);
        await this.#switchOn(row);
      });
      return this.#shown(name);
    });
  }

  /** What is pending, and what comes until it is enabled, waits for it, unless it is to be skipped. */
  disable(name: string, pending: Backlog = 'keep'): Promise<PluginView> {
    return this.#change(async () => {
      await this.#table.get(name);
      await this.#held([name], async () => {
        await inTransaction(this.#store.pool, async (client) => {
          await this.#table.disable(client, name, pending);
          await deactivate(client, name);
        });
        await this.#live.unload(name);
        // Nobody delivers to it any more, at any node: what there is may be many.
        const left = pending === 'skip' ? await this.#skipPending(name) : await this.#waiting(name);
        await tellOfPlugin(this.#chart, 'PLUGIN_DISABLED', { plugin: name, pending, ...left });
      });
      return this.#shown(name);
    });
  }

  /** The host has quarantined it, at this node. */
  quarantined(name: string, until: number): void {
    const context = { plugin: name, until: new Date(until).toISOString() };
    // Where the database is away, the log of this node has it.
    tellOfPlugin(this.#chart, 'PLUGIN_QUARANTINED', context).catch(() => {});
  }

  /** How many events and requests those were. */
  async #skipPending(name: string): Promise<Left> {
    const { pool } = this.#store;
    const end = await endOfLog(pool);
    return inTransaction(pool, async (client) => ({
      requests: await this.#requests.skipAll(client, name),
      count: await skipPending(client, name, end),
    }));
  }

  async #waiting(name: string): Promise<Left> {
    const count = waitingIn(await queueOf(this.#store.pool, name));
    return { count, requests: await this.#requests.waitingOf(name) };
  }

  async #tellOfUpdate(
    { manifest: { version: from } }: InstalledPlugin,
    { manifest: { name: plugin, version } }: BuiltPlugin,
    dropped: readonly Dropped[],
  ): Promise<void> {
    await tellOfPlugin(this.#chart, 'PLUGIN_UPDATED', { plugin, version, from, dropped, count: countOf(dropped) });
  }

  /**
   * What it did stays in the chart and in the executions; its questionnaires are retired; what is pending for it is
   * dropped, and an event says how many events that were. Its requests that were not sent stay in their list, skipped.
   */
  remove(name: string): Promise<void> {
    return this.#change(async () => {
      const { version } = (await this.#table.get(name)).manifest;
      await this.#held([name], async () => {
        const dropped = await droppedBy(this.#store.pool, name, []);
        await inTransaction(this.#store.pool, async (client) => {
          await this.#table.delete(client, name);
          await keepDefinedByPlugin(this.#chart, name, []);
          await unsubscribe(client, name);
          const requests = await this.#requests.skipAll(client, name);
          if (requests > 0) this.#nodeLog.warn({ plugin: name, requests }, 'requests of a removed plugin are not sent');
        });
        await this.#live.unload(name);
        const count = countOf(dropped);
        await tellOfPlugin(this.#chart, 'PLUGIN_UNINSTALLED', { plugin: name, version, dropped, count });
      });
    });
  }

  async variables(name: string): Promise<VariableView[]> {
    const { manifest } = await this.#table.get(name);
    return this.#variables.shown(manifest);
  }

  /** Only variables that the manifest names; holds from the next call on. */
  async setVariable(name: string, key: string, wish: { value: string }): Promise<VariableView> {
    const { manifest } = await this.#table.get(name);
    await this.#variables.set(manifest, key, wish.value);
    await this.#live.takeVariables(name);
    return (await this.#variables.shown(manifest)).find((variable) => variable.key === key)!;
  }

  async deleteVariable(name: string, key: string): Promise<void> {
    await this.#table.get(name);
    await this.#variables.delete(name, key);
    await this.#live.takeVariables(name);
  }

  async executions(name: string, query: ExecutionQuery): Promise<{ items: ExecutionView[]; next: string | null }> {
    await this.#table.get(name);
    return pluginExecutions(this.#store.pool, name, query);
  }

  async logs(
    name: string | null,
    query: { limit: number; after?: string },
  ): Promise<{ items: StoredLogLine[]; next: string | null }> {
    if (name !== null) await this.#table.get(name);
    return this.#log.list(name, query);
  }

  /** Returns what was pending for handlers, or of types, that it has no more. */
  async #putIn(build: BuiltPlugin, tgz: Buffer): Promise<readonly Dropped[]> {
    const { name } = build.manifest;
    const before = this.#live.get(name);
    try {
      const handlers = await this.#live.load(build);
      const dropped = await droppedBy(this.#store.pool, name, handlers);
      const revision = await this.#subscribe(name, handlers, async (client) => {
        // What a node that died was sending for a plugin of this name, which was removed since.
        if (!(await this.#table.find(name))) await this.#requests.skipAll(client, name);
        const saved = await this.#table.save(client, build, tgz, handlers);
        await keepDefinedByPlugin(this.#chart, name, build.questionnaires);
        return saved;
      });
      this.#live.saved(name, revision);
      return dropped;
    } catch (error) {
      await this.#restore(name, before);
      throw error;
    }
  }

  /** What was live goes on, without a moment in which its gates are not asked; else as the table has it. */
  async #restore(name: string, before: Live | undefined): Promise<void> {
    try {
      if (before) return void (await this.#live.load(before.build, before.grant.revision));
    } catch {
      // The database is away; the follower tries until it is back.
    }
    await this.#followAgain(name);
  }

  async #followAgain(name: string): Promise<void> {
    await this.#live.unload(name);
    this.#follower.again();
  }

  /** Loads what is installed anew, whether it was live or not: so a quarantine ends. */
  async #switchOn(row: InstalledPlugin): Promise<void> {
    const { name } = row.manifest;
    if (this.#live.get(name)) await this.#host.unload(name);
    try {
      const handlers = await this.#live.load(buildOf(row), row.revision);
      const revision = await this.#subscribe(name, handlers, (client) => this.#table.enable(client, row));
      this.#live.saved(name, revision);
    } catch (error) {
      await this.#followAgain(name);
      throw error;
    }
  }

  /** Gives them no events meanwhile; then those that the tables say they are owed, however `work` ended. */
  async #held(names: readonly string[], work: () => Promise<void>): Promise<void> {
    try {
      for (const name of names) await this.#engine!.pause(name);
      await work();
    } finally {
      await this.#engine!.refresh();
    }
  }

  /** In one transaction with `write`: what is in the table is what is owed events. */
  async #subscribe<T>(
    name: string,
    handlers: readonly HandlerInfo[],
    write: (client: PoolClient) => Promise<T>,
  ): Promise<T> {
    const { pool } = this.#store;
    const end = await endOfLog(pool);
    return inTransaction(pool, async (client) => {
      const written = await write(client);
      await subscribe(client, name, handlers, end);
      return written;
    });
  }

  async #shown(name: string): Promise<PluginView> {
    return this.#view(await this.#table.get(name));
  }

  async #view(row: InstalledPlugin): Promise<PluginView> {
    const { name } = row.manifest;
    const standing = this.#host.status().find(({ plugin }) => plugin === name);
    return viewOf(row, await this.#variables.shown(row.manifest), {
      standing,
      failure: this.#live.failure(name),
      timeZone: await this.#timeZone(),
    });
  }

  #change<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#changes.then(work, work);
    this.#changes = done.catch(() => {});
    return done;
  }
}

/** What a plugin has not been given, and what was not sent for it. */
interface Left {
  readonly count: number;
  readonly requests: number;
}

/** What a preview is loaded as. */
const PREVIEW = '~preview';

function countOf(dropped: readonly Dropped[]): number {
  return dropped.reduce((sum, { count }) => sum + count, 0);
}
