// The installed plugins: put in, taken out, switched on and off, given variables; live only when they are really live.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Asked } from '#chart/bus.ts';
import type { Chart } from '#chart/contract.ts';
import { keepDefinedByPlugin } from '#chart/questionnaires/keep.ts';
import { Refusal } from '#kit/errors.ts';
import { ScopeSet } from '#kit/scopes.ts';
import { type BuiltPlugin, buildPlugin } from '#plugin-host/build.ts';
import type { HandlerInfo, PluginBuild, PluginHost } from '#plugin-host/contract.ts';
import { type Manifest, parseManifest } from '#plugin-host/manifest.ts';
import { unpackPlugin } from '#plugin-host/package.ts';
import type { PostgresStore } from '#store/postgres.ts';
import { Breaker, type Resting } from './breaker.ts';
import type { DeliveryEngine } from './engine.ts';
import { type ExecutionView, pluginExecutions } from './executions.ts';
import { type Queue, queueOf, type RunsOf, runsOf } from './plugin-health.ts';
import type { PluginLog, StoredLogLine } from './plugin-log.ts';
import { type PluginPreview, previewOf } from './plugin-preview.ts';
import type { PluginGrant } from './run.ts';
import { refuseBadSchedules } from './schedule.ts';
import { deactivate, subscribe, unsubscribe } from './subscriptions.ts';

/** A variable of a plugin; the value of a sensitive one is written, never shown. */
export interface VariableView {
  readonly key: string;
  readonly value: string | null;
  readonly sensitive: boolean;
  /** False for one that the manifest names and nobody has set. */
  readonly set: boolean;
  readonly description: string;
}

export interface PluginView {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly enabled: boolean;
  /** `live`: its handlers are given events. `disabled`: by hand. `quarantined`: after repeated failures. `failed`: does not load. */
  readonly state: 'live' | 'disabled' | 'quarantined' | 'failed';
  /** Why it is not live. */
  readonly reason: string | null;
  readonly handlers: readonly HandlerInfo[];
  readonly scopes: readonly string[];
  readonly network: readonly string[];
  readonly variables: readonly VariableView[];
  readonly health: { readonly where: string; readonly strikes: number } | null;
  readonly installedAt: string;
  readonly updatedAt: string;
}

/** How a plugin fares. */
export interface PluginHealth {
  /** Null when it is not loaded. */
  readonly where: string | null;
  readonly strikes: number;
  /** Handlers that are not asked anything for a while, since they failed repeatedly. */
  readonly leftOut: readonly Resting[];
  readonly queue: Queue;
  readonly runs: { readonly hour: RunsOf; readonly day: RunsOf };
}

/** A plugin in memory: what runs need at once. */
interface Loaded {
  readonly build: PluginBuild;
  readonly handlers: readonly HandlerInfo[];
  readonly grant: {
    version: string;
    scopes: ScopeSet;
    variables: Record<string, { value: string; sensitive: boolean }>;
  };
}

interface Row {
  name: string;
  version: string;
  manifest: unknown;
  code: string;
  source_map: string;
  digest: string;
  handlers: HandlerInfo[];
  enabled: boolean;
  state: 'live' | 'disabled' | 'failed';
  reason: string | null;
  installed_at: Date;
  updated_at: Date;
}

const ROW =
  'name, version, manifest, code, source_map, digest, handlers, enabled, state, reason, installed_at, updated_at';

export class Plugins {
  readonly #store: PostgresStore;
  readonly #host: PluginHost;
  readonly #log: PluginLog;
  readonly #chart: Chart;
  /** Which handlers are not asked anything for a while. */
  readonly breaker = new Breaker();
  readonly #loaded = new Map<string, Loaded>();
  #engine: DeliveryEngine | undefined;
  /** One change at a time: installing and removing the same plugin must not cross. */
  #changes: Promise<unknown> = Promise.resolve();

  constructor(store: PostgresStore, host: PluginHost, log: PluginLog, chart: Chart) {
    this.#chart = chart;
    this.#store = store;
    this.#host = host;
    this.#log = log;
  }

  /** Loads what is installed and enabled. A plugin that does not load is marked as failed; the others go on. */
  async start(engine: DeliveryEngine): Promise<void> {
    this.#engine = engine;
    const { rows } = await this.#store.pool.query<Row>(`SELECT ${ROW} FROM plugin WHERE enabled ORDER BY name`);
    await Promise.all(
      rows.map((row) => this.#load(buildOf(row)).catch((error: unknown) => this.#markFailed(row.name, error))),
    );
  }

  /** What a plugin may do now; undefined when it is not live. */
  grant(name: string): PluginGrant | undefined {
    return this.#loaded.get(name)?.grant;
  }

  /** Who answers questions of a type, in the order in which they are asked: priority (lowest first), then name. */
  handlersOf(type: string): readonly Asked[] {
    const asked = [...this.#loaded.values()].flatMap(({ build: { manifest }, handlers }) =>
      handlers.flatMap(({ name, respondsTo }) =>
        respondsTo.includes(type)
          ? [
              {
                name: `${manifest.name}/${name}`,
                plugin: manifest.name,
                policy: manifest.gates.policy,
                priority: manifest.priority,
              },
            ]
          : [],
      ),
    );
    return asked.sort((a, b) => a.priority - b.priority || (a.name < b.name ? -1 : 1));
  }

  /** Installs or upgrades from a .tgz of its folder. Resolves only when it is live; otherwise what was there goes on. */
  install(name: string, tgz: Buffer): Promise<PluginView> {
    return this.#change(async () => {
      const build = await buildPackage(tgz);
      refuseOtherName(build.manifest, name);
      const before = this.#loaded.get(name);
      await this.#engine!.pause(name);
      try {
        const handlers = await this.#load(build);
        await keepDefinedByPlugin(this.#chart, name, build.questionnaires);
        await this.#save(build, tgz, handlers);
        await subscribe(this.#store.pool, name, handlers);
      } catch (error) {
        this.#loaded.delete(name);
        if (before) await this.#load(before.build);
        else await this.#host.unload(name);
        throw error;
      } finally {
        await this.#engine!.refresh();
      }
      return this.get(name);
    });
  }

  /** What installing a .tgz would bring, and what it would change of what is installed. Nothing is. */
  preview(name: string, tgz: Buffer): Promise<PluginPreview> {
    return this.#change(async () => {
      const { manifest, ...build } = await buildPackage(tgz);
      refuseOtherName(manifest, name);
      // Its handlers are known by what its code registers: it is loaded aside, under a name that no plugin can have.
      const aside = { ...build, manifest: { ...manifest, name: PREVIEW } };
      const { handlers } = await this.#host.load(aside).finally(() => this.#host.unload(PREVIEW));
      refuseBadSchedules(handlers);
      const before = (await this.#rows(name))[0];
      return previewOf(manifest, handlers, before && parseManifest(before.manifest));
    });
  }

  /** How it fares. */
  async health(name: string): Promise<PluginHealth> {
    await this.#row(name);
    const now = Date.now();
    const status = this.#host.status().find(({ plugin }) => plugin === name);
    const { pool } = this.#store;
    const [runs, queue] = await Promise.all([runsOf(pool, name, now), queueOf(pool, name)]);
    const { where = null, strikes = 0 } = status ?? {};
    return { where, strikes, leftOut: this.breaker.resting(name, now), queue, runs };
  }

  async list(): Promise<PluginView[]> {
    const { rows } = await this.#store.pool.query<Row>(`SELECT ${ROW} FROM plugin ORDER BY name`);
    return Promise.all(rows.map((row) => this.#view(row)));
  }

  async get(name: string): Promise<PluginView> {
    return this.#view(await this.#row(name));
  }

  enable(name: string): Promise<PluginView> {
    return this.#change(async () => {
      const row = await this.#row(name);
      if (this.#loaded.has(name)) await this.#host.unload(name);
      const handlers = await this.#load(buildOf(row));
      await this.#setState(name, true, 'live', null);
      await subscribe(this.#store.pool, name, handlers);
      await this.#engine!.refresh();
      return this.get(name);
    });
  }

  disable(name: string): Promise<PluginView> {
    return this.#change(async () => {
      await this.#row(name);
      await this.#engine!.pause(name);
      await this.#setState(name, false, 'disabled', null);
      await deactivate(this.#store.pool, name);
      await this.#unload(name);
      await this.#engine!.refresh();
      return this.get(name);
    });
  }

  /**
   * What it did stays in the chart and in the executions; its questionnaires are retired; what was owed to it is
   * dropped.
   */
  remove(name: string): Promise<void> {
    return this.#change(async () => {
      await this.#row(name);
      await this.#engine!.pause(name);
      await keepDefinedByPlugin(this.#chart, name, []);
      await unsubscribe(this.#store.pool, name);
      await this.#store.pool.query('DELETE FROM plugin WHERE name = $1', [name]);
      await this.#unload(name);
    });
  }

  async variables(name: string): Promise<VariableView[]> {
    return this.#variableViews(await this.#row(name));
  }

  /** Only variables that the manifest names; holds from the next call on. */
  async setVariable(name: string, key: string, wish: { value: string }): Promise<VariableView> {
    const row = await this.#row(name);
    const declared = parseManifest(row.manifest).variables.find((variable) => variable.name === key);
    if (!declared) {
      throw new Refusal('request.invalid', { reason: `the plugin ${name} has no variable named ${key}` });
    }
    await this.#store.pool.query(
      `INSERT INTO plugin_variable (plugin, key, value, sensitive) VALUES ($1, $2, $3, $4)
        ON CONFLICT (plugin, key) DO UPDATE SET value = $3, sensitive = $4, updated_at = now()`,
      [name, key, wish.value, declared.sensitive ?? false],
    );
    await this.#reloadVariables(name);
    return (await this.#variableViews(row)).find((variable) => variable.key === key)!;
  }

  async deleteVariable(name: string, key: string): Promise<void> {
    await this.#row(name);
    await this.#store.pool.query('DELETE FROM plugin_variable WHERE plugin = $1 AND key = $2', [name, key]);
    await this.#reloadVariables(name);
  }

  async executions(
    name: string,
    query: { limit: number; after?: string; state?: string },
  ): Promise<{ items: ExecutionView[]; next: string | null }> {
    await this.#row(name);
    return pluginExecutions(this.#store.pool, name, query);
  }

  async logs(
    name: string | null,
    query: { limit: number; after?: string },
  ): Promise<{ items: StoredLogLine[]; next: string | null }> {
    if (name !== null) await this.#row(name);
    return this.#log.list(name, query);
  }

  async #load(build: PluginBuild): Promise<readonly HandlerInfo[]> {
    const { name, version, scopes } = build.manifest;
    const { handlers } = await this.#host.load(build);
    refuseBadSchedules(handlers);
    const variables = await this.#readVariables(build.manifest);
    this.#loaded.set(name, { build, handlers, grant: { version, scopes: new ScopeSet(scopes), variables } });
    return handlers;
  }

  async #unload(name: string): Promise<void> {
    this.#loaded.delete(name);
    await this.#host.unload(name);
  }

  async #save(build: PluginBuild, tgz: Buffer, handlers: readonly HandlerInfo[]): Promise<void> {
    const { manifest, code, sourceMap, digest } = build;
    await this.#store.pool.query(
      `INSERT INTO plugin (name, version, manifest, package, code, source_map, digest, handlers, state)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'live')
        ON CONFLICT (name) DO UPDATE SET version = $2, manifest = $3, package = $4, code = $5, source_map = $6, digest = $7,
          handlers = $8, state = 'live', reason = NULL, enabled = true, updated_at = now()`,
      [
        manifest.name,
        manifest.version,
        JSON.stringify(manifest),
        tgz,
        code,
        sourceMap,
        digest,
        JSON.stringify(handlers),
      ],
    );
  }

  async #setState(name: string, enabled: boolean, state: Row['state'], reason: string | null): Promise<void> {
    await this.#store.pool.query('UPDATE plugin SET enabled = $2, state = $3, reason = $4 WHERE name = $1', [
      name,
      enabled,
      state,
      reason,
    ]);
  }

  async #markFailed(name: string, error: unknown): Promise<void> {
    this.#loaded.delete(name);
    await this.#setState(name, true, 'failed', error instanceof Error ? error.message : 'unknown');
  }

  async #row(name: string): Promise<Row> {
    const [row] = await this.#rows(name);
    if (!row) throw new Refusal('plugin.not-found', { name });
    return row;
  }

  async #rows(name: string): Promise<Row[]> {
    return (await this.#store.pool.query<Row>(`SELECT ${ROW} FROM plugin WHERE name = $1`, [name])).rows;
  }

  async #view(row: Row): Promise<PluginView> {
    const { name, version, enabled, state, reason, handlers } = row;
    const manifest = parseManifest(row.manifest);
    const health = this.#host.status().find((status) => status.plugin === name);
    return {
      name,
      version,
      description: manifest.description ?? '',
      enabled,
      state: state === 'live' && health?.where === 'quarantined' ? 'quarantined' : state,
      reason,
      handlers,
      scopes: manifest.scopes,
      network: manifest.network,
      variables: await this.#variableViews(row),
      health: health ? { where: health.where, strikes: health.strikes } : null,
      installedAt: row.installed_at.toISOString(),
      updatedAt: row.updated_at.toISOString(),
    };
  }

  async #variableViews(row: Row): Promise<VariableView[]> {
    const values = await this.#stored(row.name);
    return parseManifest(row.manifest).variables.map((variable) => {
      const { name: key, sensitive = false, description = '' } = variable;
      const value = values.get(key) ?? variable.default ?? null;
      return { key, value: sensitive ? null : value, sensitive, set: value !== null, description };
    });
  }

  async #readVariables(manifest: Manifest): Promise<Record<string, { value: string; sensitive: boolean }>> {
    const values = await this.#stored(manifest.name);
    return Object.fromEntries(
      manifest.variables.flatMap(({ name, sensitive = false, default: fallback }) => {
        const value = values.get(name) ?? fallback;
        return value === undefined ? [] : [[name, { value, sensitive }]];
      }),
    );
  }

  async #reloadVariables(name: string): Promise<void> {
    const loaded = this.#loaded.get(name);
    if (loaded) loaded.grant.variables = await this.#readVariables(loaded.build.manifest);
  }

  async #stored(name: string): Promise<Map<string, string>> {
    const { rows } = await this.#store.pool.query<{ key: string; value: string }>(
      'SELECT key, value FROM plugin_variable WHERE plugin = $1',
      [name],
    );
    return new Map(rows.map(({ key, value }) => [key, value]));
  }

  #change<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#changes.then(work, work);
    this.#changes = done.catch(() => {});
    return done;
  }
}

/** What a preview is loaded as. */
const PREVIEW = '~preview';

function refuseOtherName(manifest: Manifest, name: string): void {
  if (manifest.name === name) return;
  throw new Refusal('plugin.package', { reason: `it is named ${manifest.name}, not ${name}` });
}

function buildOf(row: Row): PluginBuild {
  return { manifest: parseManifest(row.manifest), code: row.code, sourceMap: row.source_map, digest: row.digest };
}

async function buildPackage(tgz: Buffer): Promise<BuiltPlugin> {
  const folder = await mkdtemp(join(tmpdir(), 'chartwire-plugin-'));
  try {
    await unpackPlugin(tgz, folder);
    return await buildPlugin(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
