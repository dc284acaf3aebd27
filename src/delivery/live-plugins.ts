// The plugins that are live in this process: loaded into the host, with what they may do and what they are told.

import type { Asked } from '#chart/bus.ts';
import { ScopeSet } from '#kit/scopes.ts';
import type { HandlerInfo, PluginBuild, PluginHost } from '#plugin-host/contract.ts';
import { parseManifest } from '#plugin-host/manifest.ts';
import type { Variables, VariableValues } from './plugin-variables.ts';
import type { PluginGrant } from './run.ts';
import { refuseBadSchedules } from './schedule.ts';

/** A plugin in memory: what runs need at once. */
interface Live {
  readonly build: PluginBuild;
  readonly handlers: readonly HandlerInfo[];
  readonly grant: { readonly version: string; readonly scopes: ScopeSet; variables: VariableValues };
}

export class LivePlugins {
  readonly #host: PluginHost;
  readonly #variables: Variables;
  readonly #live = new Map<string, Live>();

  constructor(host: PluginHost, variables: Variables) {
    this.#host = host;
    this.#variables = variables;
  }

  has(name: string): boolean {
    return this.#live.has(name);
  }

  /** What it is live with; undefined when it is not. */
  build(name: string): PluginBuild | undefined {
    return this.#live.get(name)?.build;
  }

  grant(name: string): PluginGrant | undefined {
    return this.#live.get(name)?.grant;
  }

  /** Who answers questions of a type, in the order in which they are asked: priority (lowest first), then name. */
  handlersOf(type: string): readonly Asked[] {
    const asked = [...this.#live.values()].flatMap(({ build: { manifest }, handlers }) =>
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
  async load(build: PluginBuild): Promise<readonly HandlerInfo[]> {
    // What an earlier version took in may be refused by now: then this plugin fails, and nothing else.
    const { name, version, scopes } = parseManifest(build.manifest);
    const { handlers } = await this.#host.load(build);
    refuseBadSchedules(handlers);
    const variables = await this.#variables.values(build.manifest);
    this.#live.set(name, { build, handlers, grant: { version, scopes: new ScopeSet(scopes), variables } });
    return handlers;
  }

  async unload(name: string): Promise<void> {
    this.#live.delete(name);
    await this.#host.unload(name);
  }

  /** Of one that did not load: it is not live, whatever the host holds of it. */
  forget(name: string): void {
    this.#live.delete(name);
  }

  /** Variables that were set hold from the next call on. */
  async takeVariables(name: string): Promise<void> {
    const live = this.#live.get(name);
    if (live) live.grant.variables = await this.#variables.values(live.build.manifest);
  }
}
