// A plugin as administrators see it: what was installed, and how it stands by now.

import type { HandlerInfo, PluginStatus } from '#plugin-host/contract.ts';
import type { InstalledPlugin } from './plugin-table.ts';
import type { VariableView } from './plugin-variables.ts';

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

export function viewOf(
  { manifest, enabled, state, reason, handlers, installedAt, updatedAt }: InstalledPlugin,
  variables: readonly VariableView[],
  standing: PluginStatus | undefined,
): PluginView {
  const { name, version, description = '', scopes, network } = manifest;
  return {
    name,
    version,
    description,
    enabled,
    state: state === 'live' && standing?.where === 'quarantined' ? 'quarantined' : state,
    reason,
    handlers,
    scopes,
    network,
    variables,
    health: standing ? { where: standing.where, strikes: standing.strikes } : null,
    installedAt: installedAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
