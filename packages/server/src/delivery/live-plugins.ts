// The plugins as they are in this process: loaded into the host, with what they may do and what they are told; or not
// loaded, and why.

import type { Asked } from '#chart/bus.ts';
import { ScopeSet } from '@chartwire/sdk/internal/kit/scopes';
import type { HandlerInfo, PluginBuild, PluginHost } from '#plugin-host/contract.ts';
import { type Manifest, parseManifest } from '#plugin-host/manifest.ts';
import type { InstalledPlugin } from './plugin-table.ts';
import type { Variables, VariableValues } from './plugin-variables.ts';
import type { PluginGrant } from './run.ts';
import { refuseBadSchedules } from './schedule.ts';

/** A plugin in memory: what runs need at once. */
export interface Live {
  readonly build: PluginBuild;
  readonly handlers: readonly HandlerInfo[];
  readonly grant: {
    readonly version: string;
    readonly manifest: Manifest;
    readonly scopes: ScopeSet;
    variables: VariableValues;
    revision: string;
  };
}

/** What the table has that did not load here. */
interface Failure {
  readonly installed: InstalledPlugin;
  readonly reason: string;
}

/** The revision of what is not in the table yet. */
const UNSAVED = '';

export class LivePlugins {
  readonly #host: PluginHost;
  readonly #variables: Variables;
  readonly #live = new Map<string, Live>();
  readonly #failures = new Map<string, Failure>();

  constructor(host: PluginHost, variables: Variables) {
    this.#host = host;
    this.#variables = variables;
  }

  get(name: string): Live | undefined {
    return this.#live.get(name);
  }

  /** Of those that are live and of those that failed. */
  names(): readonly string[] {
    return [...this.#live.keys(), ...this.#failures.keys()];
  }

  /** Those that are live. */
  live(): readonly string[] {
    return [...this.#live.keys()];
  }

  grant(name: string): PluginGrant | undefined {
    return this.#live.get(name)?.grant;
  }

  /** Which state of the table it is live with, or failed with. */
  revision(name: string): string | undefined {
    return this.#live.get(name)?.grant.revision ?? this.#failures.get(name)?.installed.revision;
  }

  /** Why it did not load; undefined when it did. */
  failure(name: string): string | undefined {
    return this.#failures.get(name)?.reason;
  }

  /**
   * Who answers questions of a type, in the order in which they are asked: priority (lowest first), then name. Those of a
   * plugin that did not load are among them, and cannot answer: what its gates hold back passes no node unseen.
   */
  handlersOf(type: string): readonly Asked[] {
    const live = [...this.#live.values()].map(({ build: { manifest }, handlers }) => ({ manifest, handlers }));
    const failed = [...this.#failures.values()].map(({ installed }) => installed);
    const asked = [...live, ...failed].flatMap(({ manifest, handlers }) =>
      handlers
        .filter(({ respondsTo }) => respondsTo.includes(type))
        .map(({ name }) => ({
          name: `${manifest.name}/${name}`,
          plugin: manifest.name,
          policy: manifest.gates.policy,
          priority: manifest.priority,
        })),
    );
    return asked.sort((a, b) => a.priority - b.priority || (a.name < b.name ? -1 : 1));
  }

  /** In the place of what was live under its name. Throws when its script does not load, or what it declares is refused. */
  async load(build: PluginBuild, revision = UNSAVED): Promise<readonly HandlerInfo[]> {
    // What an earlier version took in may be refused by now: then this plugin fails, and nothing else.
    const manifest = parseManifest(build.manifest);
    const { name, version, scopes } = manifest;
    // Before: from when the host has it, its handlers are those that are asked.
    const variables = await this.#variables.values(build.manifest);
    const { handlers } = await this.#host.load(build);
    refuseBadSchedules(handlers);
    this.#live.set(name, {
      build,
      handlers,
      grant: { version, manifest, scopes: new ScopeSet(scopes), variables, revision },
    });
    this.#failures.delete(name);
    return handlers;
  }

  /** It is in the table now as it is live here. */
  saved(name: string, revision: string): void {
    const live = this.#live.get(name);
    if (live) live.grant.revision = revision;
  }

  async unload(name: string): Promise<void> {
    this.#live.delete(name);
    this.#failures.delete(name);
    await this.#host.unload(name);
  }

  /** It did not load: nothing of it runs here, not what was there before either. */
  async fail(installed: InstalledPlugin, error: unknown): Promise<void> {
    const { name } = installed.manifest;
    const unloaded = this.unload(name);
    this.#failures.set(name, { installed, reason: error instanceof Error ? error.message : 'unknown' });
    await unloaded;
  }

  /** Variables that were set hold from the next call on. */
  async takeVariables(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      const live = this.#live.get(name);
      if (live) live.grant.variables = await this.#variables.values(live.build.manifest);
    }
  }
}
